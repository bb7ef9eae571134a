// SPDX-License-Identifier: GPL-3.0-or-later
// ResNet-50 without anybody's weights.
#pragma once

#include <string_view>

#include "base/result.h"
#include "inference/onnx/write.h"

namespace pw::inference {

// The graph of Keras's ResNet50 (v1, 224x224, NHWC input, 1000 classes) with generated weights, the same on
// every machine, scaled so that activations stay finite. Its answers mean nothing.
OnnxWriter synthetic_resnet50();

// resnet50-synthetic, or resnet14-synthetic: the same in small, for emulated machines.
Result<OnnxWriter> synthetic_model(std::string_view name);

}  // namespace pw::inference
