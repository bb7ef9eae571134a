// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/compare/confirmation_page.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "export/table_text.h"

namespace pw {
namespace {

std::string_view word_of(const ConfirmedLimit& one) { return one.confirmed ? "confirmed" : "not confirmed"; }

std::string sentence_of(const ConfirmedLimit& one) {
  return (one.first.variant.empty() ? "" : one.first.variant + ": ") + one.first.text +
         (one.again.empty() ? "" : "; again " + one.again);
}

}  // namespace

std::string confirmation_text(const Confirmation& confirmation, const TextStyle& style) {
  Page page(style, false);
  page.title("measured again (--confirm)");
  page.paragraph("command", printable(confirmation.command));
  page.paragraph("recording", printable(confirmation.recording));
  if (!confirmation.failure.empty()) page.paragraph("failed", printable(confirmation.failure));
  for (const ConfirmedLimit& one : confirmation.limits)
    page.paragraph(word_of(one), printable(sentence_of(one)));
  page.line();
  return page.text();
}

std::string confirmation_markdown(const Confirmation& confirmation) {
  std::string text = fmt::format("\n## Measured again\n\n{}\n\n", markdown_cell(confirmation.command));
  if (!confirmation.failure.empty()) text += "Failed: " + markdown_cell(confirmation.failure) + "\n\n";
  for (const ConfirmedLimit& one : confirmation.limits)
    text += fmt::format("- {}: {}\n", word_of(one), markdown_cell(sentence_of(one)));
  return text + "\n";
}

std::string confirmation_json(const Confirmation& confirmation, const std::string& first,
                              const std::string& again) {
  using Json = nlohmann::ordered_json;
  Json document = Json::parse(first);
  Json told = {{"command", confirmation.command},
               {"recording", confirmation.recording},
               {"failure", confirmation.failure},
               {"confirmed", any_confirmed(confirmation)},
               {"limits", Json::array()}};
  for (const ConfirmedLimit& one : confirmation.limits)
    told["limits"].push_back({{"variant", one.first.variant},
                              {"limit", one.first.limit.text},
                              {"first", one.first.text},
                              {"again", one.again},
                              {"confirmed", one.confirmed}});
  told["comparison"] = again.empty() ? Json() : Json::parse(again);
  document["confirmation"] = std::move(told);
  return document.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace pw
