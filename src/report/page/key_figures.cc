// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/page/key_figures.h"

#include <algorithm>
#include <string_view>

#include "model/main_channel.h"

namespace pw {
namespace {

bool has_row(const Analysis& analysis, std::string_view quantity) {
  return std::ranges::find(analysis.summary, quantity, &SummaryRow::quantity) != analysis.summary.end();
}

class Figures {
 public:
  explicit Figures(const Analysis& analysis) : analysis_(analysis) {}

  // The first quantity that has a row; else `reason`.
  void add(const char* label, const std::vector<std::string>& quantities, const std::string& reason) {
    const auto at = std::ranges::find_if(quantities, [&](auto& name) { return has_row(analysis_, name); });
    if (at != quantities.end())
      all_.push_back({label, *at, ""});
    else if (!reason.empty())
      all_.push_back({label, "", reason});
  }

  std::vector<KeyFigure> take() { return std::move(all_); }

 private:
  const Analysis& analysis_;
  std::vector<KeyFigure> all_;
};

void add_power_figures(Figures& figures, const Recording& recording) {
  const auto channel = main_channel(recording);
  if (!channel) return figures.add("Energy of a test", {}, why_no_power(recording));
  const std::string prefix = channel_prefix(recording, *channel);
  const bool command = !power_alone(recording.experiment);
  figures.add(command ? "Energy of a test" : "Energy", {prefix + "energy-gross"}, "no channel has an energy");
  figures.add("Mean power", {prefix + "mean-power"}, "");
  if (command)
    figures.add("Energy above idle", {prefix + "energy-net"}, "");
  else
    figures.add("Peak power", {prefix + "peak-power"}, "");
}

}  // namespace

std::vector<KeyFigure> key_figures(const Recording& recording, const Analysis& analysis) {
  Figures figures(analysis);
  if (!power_alone(recording.experiment)) {
    figures.add("Time of a test", {"elapsed"}, "no test has one");
    figures.add("Items a second", {"items-per-second"}, "");
  }
  add_power_figures(figures, recording);
  if (!power_alone(recording.experiment)) {
    figures.add("Instructions per cycle", {"ipc"}, "");
    figures.add("CPUs used", {"cpus-used"}, "");
    figures.add("User time", {"user"}, "");
    figures.add("Largest resident set", {"max-rss"}, "");
  }
  std::vector<KeyFigure> all = figures.take();
  if (all.size() > 5) all.resize(5);
  return all;
}

}  // namespace pw
