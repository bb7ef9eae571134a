// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of classify.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inference/plan/network_options.h"

namespace pw::inference {

struct ClassifyOptions {
  std::string model = "resnet50";   // a name, or a file that ends in .onnx
  std::vector<std::string> photos;  // photos and folders
  std::string expect;               // a label; "" where there is nothing to be right about
  int limit = 0;                    // photos; 0: all
  int repeat = 1;
  int threads = 0;         // 0: as many as there are CPUs
  int batch = 0;           // photos a run; 0: as the scenario has it
  int decode_threads = 0;  // 0: as the CPUs have it
  std::string scenario;    // "": none named, which is single
  Backend backend = Backend::automatic;
  Precision precision = Precision::fp32;
  bool no_winograd = false;
  bool tune = false;
  bool layers = false;    // each is a region
  std::string isolate;    // layers that are repeated alone, or "all"; "": none
  double isolate_s = 10;  // each
  std::string resize = "nearest";
  std::string preprocess;  // "": what the model says
  std::string csv;         // "": none
};

struct ParsedClassify {
  std::optional<ClassifyOptions> options;
  int exit_status = 0;  // where there are no options
};

// What of them the network has to know.
NetworkOptions network_options(const ClassifyOptions& options);

// `argv[0]` is skipped. Prints the help or the error itself.
ParsedClassify parse_classify(int argc, char** argv);

}  // namespace pw::inference
