// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: any text as a model.json, with shards of zeros.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "inference/models/import.h"
#include "inference/models/tfjs_read.h"
#include "inference/onnx/read.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kShard = 1 << 12;
  const pw::inference::Shards shards{
      [](const std::string& name) { return pw::Result<std::size_t>(std::min(name.size() * 8, kShard)); },
      [](const std::string& name, std::size_t most) {
        return pw::Result<std::string>(std::string(std::min({name.size() * 8, kShard, most}), '\0'));
      }};
  const auto model = pw::inference::parse_tfjs({reinterpret_cast<const char*>(data), size}, shards);
  if (!model) return 0;
  const auto onnx = pw::inference::keras_to_onnx(*model, "caffe");
  if (onnx) (void)pw::inference::parse_onnx(onnx->bytes());
  return 0;
}
