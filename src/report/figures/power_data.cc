// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/power_data.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <utility>

#include "base/text.h"

namespace pw {

std::string csv_of(const PowerLine& line) {
  std::string data = "time_s,watts,least,most\n";
  for (const PowerPoint& point : line.points)
    data += std::isnan(point.watts) ? "\n"
                                    : fmt::format("{:.6f},{:.6g},{:.6g},{:.6g}\n", point.time, point.watts,
                                                  point.least, point.most);
  return data;
}

std::string executions_csv(const Recording& recording, std::span<const EnergyRow> energy) {
  std::map<std::pair<int, int>, double> means;
  for (const EnergyRow& row : energy)
    if (row.mean) means[{row.test, row.pass}] = row.mean->value;
  std::string data = "test,pass,begin_s,end_s,mean_w\n";
  for (const Execution& one : recording.executions) {
    const auto mean = means.find({one.test, one.pass});
    data += fmt::format("{},{},{:.6f},{:.6f},{}\n", one.test, one.pass,
                        to_seconds(one.begin - recording.start).value,
                        to_seconds(one.end - recording.start).value,
                        one.warmup() || mean == means.end() ? "" : fmt::format("{:.6g}", mean->second));
  }
  return data;
}

std::string failed_csv(const PowerLine& line) {
  std::string data = "time_s\n";
  for (const double time : line.failed) data += exact_number(time) + "\n";
  return data;
}

}  // namespace pw
