// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/peaks.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::int64_t kMostPeakThreads = 1'000'000;

// Nothing where one is no rate.
std::vector<double> rates_of(std::string_view text) {
  std::vector<double> rates;
  for (const std::string& word : split(text, ' ')) {
    const auto rate = parse_number(word);
    if (!rate || !std::isfinite(*rate) || *rate <= 0 || rates.size() == kMostRepetitions) return {};
    rates.push_back(*rate);
  }
  return rates;
}

}  // namespace

std::string_view peak_unit(std::string_view quantity) {
  if (quantity == kPeakClock) return "Hz";
  const bool operations =
      quantity == kPeakFp64 || quantity == kPeakFp32 || quantity == kPeakBf16 || quantity == kPeakInt8;
  return operations ? "op/s" : "B/s";
}

double Peak::best() const { return *std::ranges::max_element(rates); }

double Peak::median() const {
  std::vector<double> sorted = rates;
  std::ranges::sort(sorted);
  return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
}

const Peak* MachinePeaks::of_one(std::string_view quantity) const {
  const auto found = std::ranges::find_if(
      peaks, [&](const Peak& one) { return one.quantity == quantity && one.threads == 1; });
  return found == peaks.end() ? nullptr : &*found;
}

const Peak* MachinePeaks::of_all(std::string_view quantity) const {
  const Peak* most = nullptr;
  for (const Peak& one : peaks)
    if (one.quantity == quantity && (!most || one.threads > most->threads)) most = &one;
  return most;
}

Fact peak_fact(const Peak& peak) {
  std::vector<std::string> rates;
  for (const double rate : peak.rates) rates.push_back(exact_number(rate));
  return {peak.quantity + " " + std::to_string(peak.threads), join(rates, " ") + "; " + peak.how};
}

std::optional<Peak> peak_of(const Fact& fact) {
  const std::size_t space = fact.key.rfind(' '), end = fact.value.find("; ");
  if (space == std::string::npos || space == 0 || end == std::string::npos) return std::nullopt;
  const auto threads = parse_integer(std::string_view(fact.key).substr(space + 1));
  Peak peak{fact.key.substr(0, space), 1, rates_of(std::string_view(fact.value).substr(0, end)),
            fact.value.substr(end + 2)};
  if (!threads || *threads < 1 || *threads > kMostPeakThreads || peak.rates.empty()) return std::nullopt;
  peak.threads = static_cast<int>(*threads);
  return peak;
}

}  // namespace pw
