// SPDX-License-Identifier: GPL-3.0-or-later
// What makes the numbers doubtful.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"
#include "report/text/words.h"

namespace pw {
namespace {

constexpr std::size_t kNotesShown = 12;
constexpr std::size_t kLongest = 4000;  // columns; the export has all

void append(std::vector<std::string>& texts, const std::vector<std::string>& more) {
  texts.insert(texts.end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> warnings_of(const Recording& recording, const Analysis& analysis) {
  const RunAnalysis& run = analysis.run;
  const auto shown = shown_findings(analysis.findings);
  std::vector<std::string> texts;
  for (const int test : run.unlike)
    texts.push_back(fmt::format("test {}: its passes differ by more than 1 % in instructions", test));
  for (const Incomplete& one : run.incomplete)
    texts.push_back(fmt::format("test {}: pass {} missing, {}", one.test, fmt::join(one.missing, ", "),
                                one.missing.size() < recording.passes.size()
                                    ? "its values are those of the other passes"
                                    : "it has no values"));
  append(texts, run.odd);
  append(texts, run.trends);
  append(texts, run.state_changes);
  for (const GivenWarning& one : run.given_warnings)
    if (std::ranges::none_of(shown, [&](const auto* finding) { return finding->rule == one.rule; }))
      texts.push_back(one.text);
  for (const Note& note : recording.notes)
    if (note.kind == NoteKind::warning || (note.kind == NoteKind::refusal && !recording.sources.empty()))
      texts.push_back(
          fmt::format("at {:.1f} s: {}", to_seconds(note.time - recording.start).value, note.text));
  return texts;
}

void add_warnings(Page& page, const Recording& recording, const Analysis& analysis) {
  const std::vector<std::string> texts = warnings_of(recording, analysis);
  if (texts.empty()) return;
  page.title("warnings");
  for (std::size_t i = 0; i < texts.size() && i < kNotesShown; ++i)
    page.line("  " + page.painted(wrapped(shortened(printable(texts[i]), kLongest), 96, 4), Ink::yellow));
  if (texts.size() > kNotesShown)
    page.line(fmt::format("  and {} more, in the export", texts.size() - kNotesShown));
}

}  // namespace pw
