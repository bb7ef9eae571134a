// SPDX-License-Identifier: GPL-3.0-or-later
// run-onnx MODEL.onnx INPUT.f32 OUTPUT.f32 [--backend auto|onednn|blas] [--precision fp32|bf16] [--threads N]
// [--batch N]: what perfwatt-classify's engine makes of raw float32 numbers, for comparisons with other
// engines. Exit status as perfwatt's.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "inference/network/network.h"
#include "os/file.h"

namespace {

int complain(const pw::Error& error) {
  std::fprintf(stderr, "run-onnx: %s\n", pw::one_line(error).c_str());
  return static_cast<int>(error.kind);
}

bool read_number(const std::string& value, int& number) {
  number = std::atoi(value.c_str());
  return number > 0;
}

bool read_option(std::string_view option, const std::string& value, pw::inference::NetworkOptions& options) {
  using pw::inference::Backend;
  using pw::inference::Precision;
  static const std::map<std::string, Backend> kBackends = {
      {"auto", Backend::automatic}, {"onednn", Backend::onednn}, {"blas", Backend::blas}};
  static const std::map<std::string, Precision> kPrecisions = {{"fp32", Precision::fp32},
                                                               {"bf16", Precision::bf16}};
  if (option == "--threads") return read_number(value, options.threads);
  if (option == "--batch") return read_number(value, options.batch);
  if (option == "--backend" && kBackends.contains(value)) {
    options.backend = kBackends.at(value);
    return true;
  }
  if (option == "--precision" && kPrecisions.contains(value)) {
    options.precision = kPrecisions.at(value);
    return true;
  }
  return false;
}

pw::Result<> run(const char* model, const char* input, const char* output,
                 const pw::inference::NetworkOptions& options) {
  const auto bytes = pw::read_file(input);
  if (!bytes) return pw::pass_on(bytes);
  std::vector<float> pixels(bytes->size() / sizeof(float));
  std::memcpy(pixels.data(), bytes->data(), pixels.size() * sizeof(float));
  auto network = pw::inference::Network::load(model, options);
  if (!network) return pw::pass_on(network);
  std::vector<float> scores(static_cast<std::size_t>(network->classes()) *
                            static_cast<std::size_t>(options.batch));
  if (auto ran = network->run(pixels, scores); !ran) return ran;
  return pw::write_file(output,
                        {reinterpret_cast<const char*>(scores.data()), scores.size() * sizeof(float)});
}

}  // namespace

int main(int count, char** arguments) {
  pw::inference::NetworkOptions options;
  bool usable = count >= 4 && count % 2 == 0;
  for (int i = 4; usable && i + 1 < count; i += 2)
    usable = read_option(arguments[i], arguments[i + 1], options);
  if (!usable) {
    std::fputs(
        "usage: run-onnx MODEL.onnx INPUT.f32 OUTPUT.f32 [--backend auto|onednn|blas] [--precision "
        "fp32|bf16] "
        "[--threads N] [--batch N]\n",
        stderr);
    return 2;
  }
  const auto ran = run(arguments[1], arguments[2], arguments[3], options);
  return ran ? 0 : complain(ran.error());
}
