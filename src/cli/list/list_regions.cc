// SPDX-License-Identifier: GPL-3.0-or-later
// perfwatt list regions.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/list/list_regions.h"
#include "collect/collectors.h"
#include "options/options.h"
#include "options/report.h"

namespace pw {
namespace {

struct RegionRow {
  std::string name, sees, works, price, refusal;
};

std::vector<RegionRow> region_rows() {
  std::vector<RegionRow> rows{
      {"marks", "what the command marks itself: C, C++, Python (docs/regions.md)", "everywhere",
       "about 0.1 us a region in C and C++, 0.3 us in Python (1 us where ctypes stands in)", ""}};
  for (const Collector& one : collectors()) {
    const Result<> usable = usable_here(one);
    rows.push_back({std::string(one.name), std::string(one.sees), std::string(one.works),
                    std::string(one.price), usable ? "" : one_line(usable.error())});
  }
  return rows;
}

}  // namespace

int list_regions(const std::string& pattern) {
  std::vector<std::string> names;
  bool any = false;
  for (const RegionRow& row : region_rows()) {
    names.push_back(row.name);
    if (row.name.find(pattern) == std::string::npos) continue;
    any = true;
    fmt::print("{:<8} {}\n", row.name, row.refusal.empty() ? "usable" : "not usable: " + row.refusal);
    fmt::print("         sees:  {}\n         works: {}\n         costs: {}\n", row.sees, row.works,
               row.price);
  }
  if (any) return 0;
  const std::string meant = did_you_mean(pattern, names);
  return report_error({Failure::input, "no collector has '" + pattern + "' in its name", "list regions",
                       meant.empty() ? "there are " + join(names, ", ") : meant});
}

}  // namespace pw
