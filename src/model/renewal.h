// SPDX-License-Identifier: GPL-3.0-or-later
// How often a sensor has something new: learned from when its readings differ.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "model/power.h"

namespace pw {

// Finds the interval in which one channel renews its value. Its changes lie then whole multiples of that
// apart (a new value may equal the old one), but for the time between two readings.
class Renewal {
 public:
  // A usable reading, in the order of time; or one that failed, of which nothing is known.
  void read(const PowerSample& sample);

  // The load changed (a test began or ended): that the power differs in the next two readings says nothing of
  // the sensor.
  void edge(Nanoseconds time) { edge_ = time; }

  // Nothing: unknown, or not much slower than it is read. Needs three gaps between changes and more where
  // they are few readings long: so many that random gaps would fit as well in one case of twenty. One of ten
  // may be another, and half of them at least are of one interval, not of several.
  std::optional<Nanoseconds> found() const { return found_; }

 private:
  struct Gap {
    double length = 0;   // between two changes, ns
    double spacing = 0;  // between the readings at its end, ns
  };
  void changed(Nanoseconds time, Nanoseconds spacing);
  std::optional<Nanoseconds> rhythm() const;
  std::span<const Gap> gaps() const { return std::span(gaps_).first(std::min(kMost, count_)); }

  static constexpr std::size_t kMost = 32;
  std::array<Gap, kMost> gaps_;  // the latest
  std::size_t count_ = 0;        // of all
  std::optional<double> value_;  // of the latest reading; nothing: it changed while that was made
  std::optional<Nanoseconds> last_, before_, changed_, edge_;
  std::optional<Nanoseconds> found_;
};

// The same of one channel's samples (a range of PowerSample), and of when the load changed; both in the order
// of time.
template <class Samples>
std::optional<Nanoseconds> renewal_of(const Samples& samples, std::span<const Nanoseconds> edges = {}) {
  Renewal renewal;
  for (const PowerSample& sample : samples) {
    for (; !edges.empty() && edges.front() <= sample.time; edges = edges.subspan(1))
      renewal.edge(edges.front());
    renewal.read(sample);
  }
  return renewal.found();
}

}  // namespace pw
