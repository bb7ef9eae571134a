// SPDX-License-Identifier: GPL-3.0-or-later
// Against layers whose powers are known: the truth is a table, the sensor is simulated with its step, noise,
// jitter and drift.
#include "analyze/attribution/region_energy.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Regions of which none is within another.
std::vector<int> flat(std::size_t regions) { return std::vector<int>(regions, -1); }

constexpr std::size_t kLayers = 58;
constexpr double kInference = 0.07, kIdleWatts = 45;  // s; W

struct Sensor {
  double period;  // s
  double step;    // J
  double noise;   // W
  double jitter;  // s, of the readings' times
};
constexpr Sensor kThousandHertz{0.001, 6.1e-5, 2.0, 2e-5}, kHundredHertz{0.01, 6.1e-5, 0.6, 2e-5},
    kOcc{0.04, 1e-3, 0.5, 0}, kBmc{1, 1, 0.5, 0.01};

class Layers {
 public:
  explicit Layers(std::uint64_t seed) : random_(seed), seconds_(kLayers), watts_(kLayers) {
    std::lognormal_distribution<> spread(0, 0.9);
    for (double& one : seconds_) one = spread(random_);
    const double sum = std::accumulate(seconds_.begin(), seconds_.end(), 0.0);
    for (double& one : seconds_) one *= kInference / sum;
    for (double& one : watts_) one = std::uniform_real_distribution(60.0, 140.0)(random_);
  }

  // Inferences until `length`, with 3 % of jitter in each layer and a short time between.
  std::vector<RegionStretch> run(double length) {
    std::vector<RegionStretch> all;
    for (double t = 0; t < length; t += std::exponential_distribution(500.0)(random_))
      for (std::size_t i = 0; i < kLayers; ++i) {
        const double end = t + seconds_[i] * std::max(0.3, std::normal_distribution(1.0, 0.03)(random_));
        all.push_back({static_cast<int>(i), {t}, {end}});
        t = end;
      }
    return all;
  }

  std::vector<EnergyReading> read(const Sensor& sensor, std::span<const RegionStretch> ran, double length) {
    std::vector<EnergyReading> readings;
    double joules = 0, last = 0;
    std::size_t at = 0;
    const auto normal = [&](double deviation) { return deviation * std::normal_distribution()(random_); };
    for (int i = 0; i * sensor.period < length; ++i) {
      const double time = std::max(last, i * sensor.period + normal(sensor.jitter));
      const double drift = 1 + 0.01 * std::sin(time / 7);
      joules += energy(ran, at, last, time) * drift + normal(sensor.noise) * (time - last);
      last = time;
      readings.push_back({{time}, {std::floor(joules / sensor.step) * sensor.step}});
    }
    return readings;
  }

  const std::vector<double>& watts() const { return watts_; }

 private:
  double energy(std::span<const RegionStretch> ran, std::size_t& at, double from, double to) const {
    double sum = kIdleWatts * (to - from);
    while (at < ran.size() && ran[at].end.value <= from) ++at;
    for (std::size_t i = at; i < ran.size() && ran[i].begin.value < to; ++i)
      sum += (watts_[static_cast<std::size_t>(ran[i].region)] - kIdleWatts) *
             (std::min(to, ran[i].end.value) - std::max(from, ran[i].begin.value));
    return sum;
  }

  std::mt19937_64 random_;
  std::vector<double> seconds_, watts_;
};

struct Held {
  int told = 0, within = 0;
  std::vector<double> errors;  // relative, of those that were told
  double p90() {
    if (errors.empty()) return 0;
    std::ranges::sort(errors);
    return errors[errors.size() * 9 / 10];
  }
};

double sum_of(const EnergyOfRegions& all) {
  double sum = all.unresolved.value + all.rest.energy.value_or(Joules{}).value;
  for (const RegionEnergy& one : all.regions) sum += one.energy.value_or(Joules{}).value;
  return sum;
}

Held held_by(const Sensor& sensor, double length, int runs) {
  Held held;
  for (int seed = 1; seed <= runs; ++seed) {
    Layers layers(static_cast<std::uint64_t>(seed));
    const std::vector<RegionStretch> ran = layers.run(length);
    const EnergyOfRegions all = energy_of_regions(layers.read(sensor, ran, length), ran, flat(kLayers));
    EXPECT_NEAR(sum_of(all), all.whole.value, 1e-6 * all.whole.value);
    for (std::size_t i = 0; i < kLayers; ++i) {
      const RegionEnergy& one = all.regions[i];
      if (!one.energy) continue;
      const double truth = layers.watts()[i] * one.time.value, error = std::abs(one.energy->value - truth);
      ++held.told;
      held.within += error <= one.uncertainty.value;
      held.errors.push_back(error / truth);
    }
  }
  return held;
}

// The figures of docs/method.md.
void print(std::string_view sensor, Held& held) {
  fmt::print("{}: {} told, {} within their intervals, error of 90 % at most {:.2f} %\n", sensor, held.told,
             held.within, 100 * held.p90());
}

TEST(RegionEnergy, OfASensorAtAThousandHertzIsRight) {
  Held held = held_by(kThousandHertz, 60, 2);
  EXPECT_EQ(held.told, 2 * static_cast<int>(kLayers));
  EXPECT_LE(held.p90(), 0.03);
  EXPECT_GE(held.within, 0.9 * held.told);
  print("1 kHz", held);
}

TEST(RegionEnergy, OfASlowerSensorIsAsGoodAsItsIntervalSays) {
  for (const auto& [sensor, name, least] :
       {std::tuple(kHundredHertz, "100 Hz", 0.8), std::tuple(kOcc, "OCC", 0.3)}) {
    Held held = held_by(sensor, 60, 4);
    EXPECT_GE(held.told, least * 4 * kLayers) << name;
    EXPECT_GE(held.within, 0.9 * held.told) << name;
    print(name, held);
  }
}

TEST(RegionEnergy, OfABmcIsNotTold) {
  Held held = held_by(kBmc, 60, 3);
  EXPECT_EQ(held.told, 0);
  held = held_by(kBmc, 300, 3);
  print("1 Hz, 300 s", held);
  EXPECT_LE(held.told, 0.1 * 3 * kLayers);
}

// A sensor that shows what was some milliseconds ago.
TEST(RegionEnergy, FindsHowFarTheSensorLagsBehind) {
  for (const double late : {0.0, 0.0007, 0.0032}) {
    Layers layers(5);
    const std::vector<RegionStretch> ran = layers.run(8);
    std::vector<EnergyReading> readings = layers.read(kThousandHertz, ran, 8);
    for (EnergyReading& one : readings) one.time = one.time + Seconds{late};
    EXPECT_NEAR(lag_behind_regions(readings, ran, kLayers, {0.01}).value().value, late, 0.0001);
  }
  EXPECT_FALSE(lag_behind_regions({}, {}, 2, {0.01}));
}

// Two regions in turns for a second each, with 200 and 100 W, and 50 W for a second in which none ran.
struct Turns {
  std::vector<RegionStretch> ran;
  std::vector<EnergyReading> readings;
};

Turns turns(double halves = 1) {
  Turns turns;
  double joules = 0;
  for (int i = 0; i < 120; ++i) {
    const double t = i * 3;
    turns.ran.push_back({0, {t}, {t + halves}});
    if (halves < 1) turns.ran.push_back({2, {t + halves}, {t + 1}});
    turns.ran.push_back({1, {t + 1}, {t + 2}});
  }
  for (int i = 0; i <= 360; ++i) {
    turns.readings.push_back({{i * 1.0}, {joules}});
    joules += i % 3 == 0 ? 200 : i % 3 == 1 ? 100 : 50;
  }
  return turns;
}

TEST(RegionEnergy, OfPartsThatTheSensorSeesAloneIsExact) {
  const Turns all = turns();
  const EnergyOfRegions energy = energy_of_regions(all.readings, all.ran, flat(4));
  EXPECT_NEAR(energy.regions[0].energy.value().value, 120 * 200, 1e-3);
  EXPECT_NEAR(energy.regions[1].power.value().value, 100, 1e-6);
  EXPECT_NEAR(energy.rest.power.value().value, 50, 1e-6);
  EXPECT_NEAR(energy.unresolved.value, 0, 1e-3);
  EXPECT_EQ(energy.readings, 360U);
}

TEST(RegionEnergy, WhatNeverRanHasNone) {
  const Turns all = turns();
  const RegionEnergy never = energy_of_regions(all.readings, all.ran, flat(4)).regions[3];
  EXPECT_EQ(never.time.value, 0);
  EXPECT_FALSE(never.energy);
  EXPECT_EQ(never.reason, "");
}

TEST(RegionEnergy, WhatAlwaysRunsTogetherIsOne) {
  const Turns all = turns(0.5);
  const EnergyOfRegions energy = energy_of_regions(all.readings, all.ran, flat(3));
  EXPECT_THAT(energy.regions[0].merged, ElementsAre(2));
  EXPECT_NEAR(energy.regions[0].energy.value().value, 120 * 200, 1e-3);
  EXPECT_THAT(energy.regions[2].merged, ElementsAre(0));
  EXPECT_FALSE(energy.regions[2].energy);
  EXPECT_THAT(energy.regions[2].reason, HasSubstr("cannot be told apart"));
  EXPECT_THAT(energy.regions[1].merged, IsEmpty());
}

TEST(RegionEnergy, OfTooFewReadingsIsNotTold) {
  const Turns all = turns();
  const EnergyOfRegions energy = energy_of_regions(std::span(all.readings).first(8), all.ran, flat(2));
  EXPECT_FALSE(energy.regions[0].energy);
  EXPECT_THAT(energy.regions[0].reason, HasSubstr("7 readings"));
  EXPECT_NEAR(energy.unresolved.value, energy.whole.value, 1e-9);
}

// Half of each third second runs in what is around the others.
TEST(RegionEnergy, OfARegionIsAlsoThatOfWhatIsWithin) {
  Turns all = turns();
  for (int i = 0; i < 120; ++i) all.ran.push_back({2, {i * 3 + 2.0}, {i * 3 + 2.5}});
  std::ranges::sort(all.ran, {}, [](const RegionStretch& one) { return one.begin.value; });
  for (RegionStretch& one : all.ran) one.region = (one.region + 1) % 3;  // 0 is around 1 and 2
  const EnergyOfRegions energy = energy_of_regions(all.readings, all.ran, std::vector<int>{-1, 0, 0});
  EXPECT_NEAR(energy.regions[1].energy.value().value, 120 * 200, 1e-3);
  EXPECT_THAT(energy.regions[0].reason, HasSubstr("cannot be told apart"));  // from the rest
  EXPECT_FALSE(energy.with_inner[0].energy);
  EXPECT_NEAR(energy.with_inner[2].energy.value().value, 120 * 100, 1e-3);
}

// Of 70 readings for 58 layers those of all together are told.
TEST(RegionEnergy, OfTooManyForTheReadingsIsThatOfWhatTheyAreWithin) {
  std::vector<RegionStretch> ran;
  std::vector<EnergyReading> readings{{{0}, {0}}};
  std::vector<int> parents{-1};
  for (int i = 0; i < 50; ++i) parents.push_back(0);
  for (int i = 0; i < 70; ++i) {
    if (i % 2 == 0)
      for (int k = 0; k < 50; ++k) ran.push_back({1 + k, {i + k * 0.02}, {i + (k + 1) * 0.02}});
    readings.push_back({{i + 1.0}, {readings.back().joules.value + (i % 2 == 0 ? 80 : 30)}});
  }
  const EnergyOfRegions energy = energy_of_regions(readings, ran, parents);
  EXPECT_NEAR(energy.with_inner[0].energy.value().value, 35 * 80, 1e-3);
  EXPECT_NEAR(energy.rest.power.value().value, 30, 1e-6);
  EXPECT_FALSE(energy.with_inner[1].energy);
  EXPECT_THAT(energy.with_inner[1].reason, HasSubstr("70 readings of the sensor are too few for 51 parts"));
}

TEST(RegionEnergy, OfNothingIsNothing) {
  EXPECT_THAT(energy_of_regions({}, {}, flat(0)).regions, IsEmpty());
  const EnergyOfRegions none = energy_of_regions({}, {}, flat(2));
  EXPECT_FALSE(none.regions[0].energy);
  EXPECT_EQ(none.whole.value, 0);
}

TEST(RegionEnergy, LeavesOutWhatIsBrokenOrGoesBack) {
  Turns all = turns();
  all.readings[100].broken = true;
  all.readings[200].joules = {0};
  const EnergyOfRegions energy = energy_of_regions(all.readings, all.ran, flat(2));
  EXPECT_EQ(energy.readings, 358U);
  EXPECT_NEAR(energy.regions[1].power.value().value, 100, 20);
}

// Two threads at once: both regions have the time.
TEST(RegionEnergy, KnowsThatRegionsOfThreadsOverlap) {
  const std::vector<RegionStretch> ran = {{0, {0}, {2}}, {1, {1}, {3}}};
  const std::vector<EnergyReading> readings = {{{0}, {0}}, {{4}, {100}}};
  const EnergyOfRegions energy = energy_of_regions(readings, ran, flat(2));
  EXPECT_NEAR(energy.regions[0].time.value, 2, 1e-12);
  EXPECT_NEAR(energy.regions[1].time.value, 2, 1e-12);
  EXPECT_NEAR(energy.rest.time.value, 1, 1e-12);
}

}  // namespace
}  // namespace pw
