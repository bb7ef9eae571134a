// SPDX-License-Identifier: GPL-3.0-or-later
// What an image classifier takes.
#pragma once

namespace pw::inference {

struct InputShape {
  int height = 0;
  int width = 0;
  bool channels_last = false;  // NHWC, else NCHW; always 3 channels
  int batch = 1;               // images a run
};

}  // namespace pw::inference
