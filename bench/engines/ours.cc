// SPDX-License-Identifier: GPL-3.0-or-later
// perfwatt-classify's network alone. After the job's arguments: winograd, plain, blas, bf16 or int8.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "inference/network/calibrate.h"
#include "inference/network/network.h"
#include "job.h"

namespace {

// One photo: good enough for speed.
std::shared_ptr<const pw::inference::Calibration> calibration_on_input(
    const bench::Job& job, const pw::inference::NetworkOptions& options) {
  auto made = pw::inference::calibrate(
      job.model, options, [&job](const pw::inference::Network&) -> pw::Result<pw::inference::PreparedPhotos> {
        return pw::inference::PreparedPhotos{job.input};
      });
  if (!made) throw std::runtime_error(pw::one_line(made.error()));
  return std::make_shared<const pw::inference::Calibration>(std::move(*made));
}

pw::inference::NetworkOptions options_of(const bench::Job& job) {
  pw::inference::NetworkOptions options;
  options.threads = job.threads;
  const std::string& how = job.more.at(0);
  options.winograd = how != "plain";
  if (how == "winograd" || how == "plain") options.backend = pw::inference::Backend::onednn;
  if (how == "blas") options.backend = pw::inference::Backend::blas;
  if (how == "bf16") options.precision = pw::inference::Precision::bf16;
  if (how == "int8") {
    options.precision = pw::inference::Precision::int8;
    options.calibration = calibration_on_input(job, options);
  }
  return options;
}

void run(const bench::Job& job) {
  std::optional<pw::inference::Network> network;
  const pw::inference::NetworkOptions options = options_of(job);
  const double load_ms = bench::milliseconds([&] {
    pw::Result<pw::inference::Network> loaded = pw::inference::Network::load(job.model, options);
    if (!loaded) throw std::runtime_error(pw::one_line(loaded.error()));
    network.emplace(std::move(*loaded));
  });
  std::vector<float> scores(static_cast<std::size_t>(network->classes()));
  bench::measure(job, load_ms, [&] {
    if (const pw::Result<> done = network->run(job.input, scores); !done)
      throw std::runtime_error(pw::one_line(done.error()));
  });
  if (job.output != "-") bench::write_floats(job.output, scores.data(), scores.size());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(bench::Job(argc, argv));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
