// SPDX-License-Identifier: GPL-3.0-or-later
// What is sampled while the recorder does other things. An interface, so that tests need no thread.
#pragma once

#include <optional>
#include <vector>

#include "model/recording.h"
#include "power/sampling/sampler.h"

namespace pw {

class Feed {
 public:
  virtual ~Feed() = default;
  // As Sampler's of the same names.
  virtual void drain(std::vector<PowerSample>& samples) = 0;
  virtual std::vector<ServerBin> take_bins() = 0;
  virtual std::vector<Note> take_notes() = 0;
  virtual void mark() = 0;
  virtual std::optional<Watts> latest() const = 0;
  virtual std::vector<PowerSource> stop() = 0;
};

class SamplerFeed : public Feed {
 public:
  explicit SamplerFeed(Sampler& sampler) : sampler_(sampler) {}
  void drain(std::vector<PowerSample>& samples) override { sampler_.drain(samples); }
  std::vector<ServerBin> take_bins() override { return sampler_.take_bins(); }
  std::vector<Note> take_notes() override { return sampler_.take_notes(); }
  void mark() override { sampler_.mark(); }
  std::optional<Watts> latest() const override { return sampler_.latest(); }
  std::vector<PowerSource> stop() override { return sampler_.stop(); }

 private:
  Sampler& sampler_;
};

}  // namespace pw
