// SPDX-License-Identifier: GPL-3.0-or-later
// perfwatt-classify's network alone. After the job's arguments: winograd, plain, blas, bf16 or int8.
#include <fmt/format.h>

#include <optional>

#include "inference/network.h"
#include "job.h"

namespace {

pw::NetworkOptions options_of(const bench::Job& job) {
  pw::NetworkOptions options;
  options.threads = job.threads;
  const std::string& how = job.more.at(0);
  options.winograd = how != "plain";
  if (how == "winograd" || how == "plain") options.backend = pw::Backend::onednn;
  if (how == "blas") options.backend = pw::Backend::blas;
  if (how == "bf16") options.precision = pw::Precision::bf16;
  if (how == "int8") options.precision = pw::Precision::int8;
  return options;
}

void run(const bench::Job& job) {
  std::optional<pw::Network> network;
  const double load_ms = bench::milliseconds([&] {
    pw::Result<pw::Network> loaded = pw::Network::load(job.model, options_of(job));
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
