// SPDX-License-Identifier: GPL-3.0-or-later
// Keras image classifiers, converted to TensorFlow.js, to ONNX.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "inference/onnx/write.h"

namespace pw::inference {

struct TfjsModel;  // tfjs_read.h

// The model as ONNX: input NHWC as in Keras, then NCHW; batch normalisation stays as it is. `preprocess` (how
// photos are prepared; "" where that is not known) goes into its metadata as "perfwatt.preprocess".
// Errors (Failure::input) name the layer: one of an unknown class, weights missing or of a wrong shape.
Result<OnnxWriter> keras_to_onnx(const TfjsModel& model, const std::string& preprocess);

// Reads `folder` (model.json and its shards), converts, and writes `onnx` whole or not at all.
Result<> import_model(const std::filesystem::path& folder, const std::filesystem::path& onnx,
                      const std::string& preprocess);

}  // namespace pw::inference
