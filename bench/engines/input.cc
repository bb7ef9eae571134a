// SPDX-License-Identifier: GPL-3.0-or-later
// engine-input MODEL.onnx PREPROCESS PHOTO OUTPUT: the photo as the raw floats that the network takes.
#include <fmt/format.h>

#include "inference/network/network.h"
#include "inference/photos/photo.h"
#include "job.h"

namespace {

pw::Result<> prepare(char** argv) {
  const pw::Result<pw::inference::Network> network = pw::inference::Network::load(argv[1], {});
  if (!network) return pw::pass_on(network);
  const pw::Result<pw::inference::Preprocess> how = pw::inference::find_preprocess(argv[2]);
  if (!how) return pw::pass_on(how);
  const pw::Result<pw::inference::Photo> photo = pw::inference::read_photo(argv[3]);
  if (!photo) return pw::pass_on(photo);
  const pw::inference::InputShape shape = network->input();
  const auto rgb =
      pw::inference::resize_photo(*photo, shape.width, shape.height, pw::inference::Resize::nearest);
  std::vector<float> pixels(rgb.size());
  pw::inference::preprocess(rgb, shape, *how, pixels);
  bench::write_floats(argv[4], pixels.data(), pixels.size());
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const pw::Result<> done = prepare(argv);
  if (!done) fmt::print(stderr, "{}\n", pw::one_line(done.error()));
  return done ? 0 : 1;
}
