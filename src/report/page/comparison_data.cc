// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "report/compare/comparison_page.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

void make_printable(Json& json) {
  if (json.is_string())
    json = printable(json.get_ref<const std::string&>());
  else if (json.is_structured())
    for (Json& each : json) make_printable(each);
}

}  // namespace

std::string comparison_data(const PageComparison& comparison) {
  Json json =
      Json::parse(std::visit([](const auto& what) { return comparison_json(what); }, comparison.what));
  json["of"] = comparison.of;
  json["sentence"] = comparison.sentence;
  make_printable(json);
  std::string text = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos;) text.replace(at, 1, "\\u003c");
  return text;
}

}  // namespace pw
