// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/isolate.h"

#include <fmt/format.h>
#include <perfwatt/regions.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "os/clock.h"

namespace pw::inference {
namespace {

// Of a block: what a CPU does in some 50 ms. Of the layer alone, so that a block is the same in every run.
constexpr double kBlockFlops = 2e9, kBlockBytes = 1e9;
constexpr int kMostInBlock = 1 << 15;

int executions_of_block(const LayerWork& work) {
  const double share = std::max({work.flops / kBlockFlops, work.bytes / kBlockBytes, 1.0 / kMostInBlock});
  return std::max(static_cast<int>(1 / share), 1);
}

perfwatt_region region_of(const Network& network, std::size_t layer, const LayerWork& work, int times) {
  const perfwatt_region region = perfwatt_region_named(network.layer_names()[layer].c_str());
  perfwatt_work(region, times * work.flops, times * work.bytes, work.how.c_str());
  return region;
}

}  // namespace

Result<std::vector<std::size_t>> chosen_layers(const Network& network, std::string_view list) {
  const std::vector<std::string> names = network.layer_names();
  std::vector<std::size_t> chosen(names.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  if (list == "all") return chosen;
  chosen.clear();
  for (const std::string& word : split(list, ',')) {
    const auto at = std::ranges::find(names, trim(word));
    if (at == names.end())
      return fail(Failure::input, "no layer '" + printable(word) + "'", "--isolate",
                  "all, or of: " + printable(join(names, ", ")));
    chosen.push_back(static_cast<std::size_t>(at - names.begin()));
  }
  return chosen;
}

Result<Isolated> isolate(Network& network, std::span<const float> pixels, std::size_t layer,
                         Seconds seconds) {
  Isolated found{network.layer_names()[layer], 0, {}};
  if (auto ready = network.run_before(pixels, layer); !ready) return pass_on(ready);
  const LayerWork work = network.layer_work()[layer];
  const int times = executions_of_block(work);
  const perfwatt_region region = region_of(network, layer, work, times);
  const perfwatt::Region isolated("isolated");
  do {
    perfwatt_begin(region);
    perfwatt_items(times);
    const Nanoseconds start = monotonic_now();
    const Result<> done = network.run_layer(layer, times);
    found.time += monotonic_now() - start;
    perfwatt_end(region);
    if (!done) return pass_on(done);
    found.executions += times;
  } while (to_seconds(found.time) < seconds);
  return found;
}

}  // namespace pw::inference
