// SPDX-License-Identifier: GPL-3.0-or-later
// The model that classify was asked for, with all that is known of it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "inference/classify/classes.h"
#include "inference/classify/int8.h"
#include "inference/network/network.h"
#include "inference/photos/photo.h"
#include "inference/plan/network_options.h"

namespace pw::inference {

struct ClassifierModel {
  Network network;
  Preprocess preprocess;
  std::vector<ImageClass> classes;
  bool synthetic = false;  // generated weights
};

// `model`: a name of data/models, or an ONNX file (what ends in .onnx). `preprocess` overrules what the model
// says; an ONNX file may say nothing, and then it is needed. Errors are Failure::input: an unknown name,
// weights that are not here (with the ways to get some), a file that cannot be used; Failure::not_possible:
// what the options ask for. `photos`: for int8, where the model has no calibration yet.
Result<ClassifierModel> load_classifier(const std::string& model, const std::string& preprocess,
                                        NetworkOptions options, const CalibrationPhotos& photos = {});

}  // namespace pw::inference
