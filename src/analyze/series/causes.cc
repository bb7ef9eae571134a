// SPDX-License-Identifier: GPL-3.0-or-later
// What may have made a test slow or fast.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/series/machine_states.h"
#include "analyze/series/odd_tests.h"
#include "analyze/series/partition.h"
#include "analyze/statistics/robust.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kFarthest = 3.5 * 1.4826;  // median deviations: 3.5 standard deviations of a normal one
constexpr double kMoreBy = 0.5;             // of the others' median
constexpr double kFrequencyApart = 0.05;
constexpr double kCoresApart = 0.05;

struct Cause {
  const char* name;
  double least;  // what it must exceed the others' median by
  std::optional<double> (*value)(const Recording&, const Execution&);
};

std::optional<double> migrations(const Recording& recording, const Execution& execution) {
  const auto event = find_event(recording, "cpu-migrations");
  const Reading* reading = event ? find_reading(execution, *event) : nullptr;
  return reading ? scaled_value(*reading) : std::nullopt;
}

std::optional<double> frequency(const Recording& recording, const Execution& execution) {
  const auto before = state_number(execution.before, "frequency_mean_mhz");
  const auto after = state_number(execution.after, "frequency_mean_mhz");
  return before && after ? std::optional((*before + *after) / 2)
                         : or_nothing(effective_frequency(recording, execution));
}

std::optional<double> cores(const Recording& recording, const Execution& execution) {
  return or_nothing(cores_consumed(recording, execution));
}

std::optional<double> steal_ms(const Recording& recording, const Execution& execution) {
  const auto seconds = or_nothing(steal_seconds(recording, execution));
  return seconds ? std::optional(1000 * *seconds) : std::nullopt;
}

constexpr Cause kCauses[] = {
    {"involuntary context switches", 10,
     [](const Recording&, const Execution& one) {
       return std::optional(static_cast<double>(one.involuntary_switches));
     }},
    {"CPU migrations", 5, migrations},
    {"major page faults", 10,
     [](const Recording&, const Execution& one) {
       return std::optional(static_cast<double>(one.major_faults));
     }},
    {"throttle events", 0.5, [](const Recording&, const Execution& one) { return throttled(one); }},
    {"ms of steal", 30, steal_ms},
};

struct Compared {
  double own = 0;
  double others = 0;     // their median
  double deviation = 0;  // their median deviation
};

std::optional<Compared> compare(const Series& series, int test) {
  std::optional<double> own;
  std::vector<double> others;
  others.reserve(series.tests.size());
  for (const TestValue& one : series.tests) {
    if (one.test == test)
      own = one.value;
    else
      others.push_back(one.value);
  }
  if (!own || others.empty()) return std::nullopt;
  return Compared{*own, median(others), median_deviation(others)};
}

std::string number(double value) { return grouped(std::llround(value)); }

}  // namespace

LikelyCauses::LikelyCauses(const Recording& recording) {
  const auto series = [&](const auto& value) {
    return series_of(recording, [&](const Execution& one) { return value(recording, one); });
  };
  for (const Cause& cause : kCauses) causes_.push_back(series(cause.value));
  frequency_ = series(frequency);
  cores_ = series(cores);
}

std::vector<std::string> LikelyCauses::of(int test) const {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < causes_.size(); ++i) {
    const Cause& cause = kCauses[i];
    const auto seen = compare(causes_[i], test);
    if (!seen) continue;
    const double margin = std::max({cause.least, kMoreBy * seen->others, kFarthest * seen->deviation});
    if (seen->own - seen->others >= margin)
      texts.push_back(fmt::format("{} {} against {}", number(seen->own), cause.name, number(seen->others)));
  }
  const auto mhz = compare(frequency_, test);
  if (mhz && std::abs(mhz->own - mhz->others) > kFrequencyApart * mhz->others)
    texts.push_back(fmt::format("{} MHz against {}", number(mhz->own), number(mhz->others)));
  const auto given = compare(cores_, test);
  if (given &&
      given->others - given->own > std::max(kCoresApart * given->others, kFarthest * given->deviation))
    texts.push_back(fmt::format("{:.3g} cores consumed against {:.3g}", given->own, given->others));
  return texts;
}

}  // namespace pw
