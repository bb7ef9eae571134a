// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/page/page.h"

#include "report/page/page_parts.h"
#include "report/page/page_template.h"

namespace pw {
namespace {

void write_recording(JsonWriter& json, const PageRecording& one) {
  json.object([&] {
    write_head(json, one);
    write_quantities(json, one);
    write_power_lines(json, one);
    write_trees(json, one.recording, one.analysis);
    write_regions(json, one.recording, one.analysis);
    write_ranks(json, one.recording, one.analysis);
    write_gaps(json, one.recording, one.analysis);
    write_background(json, one.recording, one.analysis);
  });
}

}  // namespace

void write_page_data(JsonWriter& json, const PageInput& input) {
  json.object([&] {
    json.member("format", "perfwatt page");
    json.member("version", PERFWATT_VERSION);
    json.member("recordings", [&] {
      json.array([&] {
        for (const PageRecording& one : input.recordings) write_recording(json, one);
      });
    });
    json.member("comparisons", [&] {
      json.array([&] {
        for (const PageComparison& one : input.comparisons) json.value(JsonText{comparison_data(one)});
      });
    });
    write_history(json, input.history);
  });
}

Result<> page_possible() {
  const PageTemplate page = page_template();
  if (!page.html.empty()) return {};
  return fail(Failure::not_possible,
              "this perfwatt was built without the page: " + std::string(page.why_none), "perfwatt report",
              "perfwatt show, plot and export have the same numbers");
}

std::string page_beginning() {
  return std::string(page_template().html.substr(0, page_template().html.find('\n')));
}

void write_page(Output& out, const PageInput& input) {
  const std::string_view html = page_template().html;
  const std::size_t mark = html.find(kDataMark);
  out.text() += html.substr(0, mark);
  JsonWriter json(out, JsonStyle::page);
  write_page_data(json, input);
  out.text() += html.substr(mark + kDataMark.size());
}

}  // namespace pw
