// SPDX-License-Identifier: GPL-3.0-or-later
// What classify writes: its last lines, those of the study's script, and the CSV file.
#pragma once

#include <ctime>
#include <span>
#include <string>
#include <vector>

#include "inference/classify/classes.h"
#include "inference/classify/classify.h"
#include "inference/plan/network_options.h"

namespace pw::inference {

inline constexpr const char* kSyntheticNote = "SYNTHETIC weights: speed only";

// As Python prints a float: the shortest decimal that reads back as the same number, with ".0" where it is
// whole.
std::string python_float(double value);

// The smallest latency that at least `percent` of them do not exceed (nearest rank), in milliseconds.
// `latencies` is not empty.
double percentile_ms(std::span<const Nanoseconds> latencies, double percent);

struct Times {
  std::time_t begin = 0;  // seconds since 1970
  std::time_t end = 0;
  Seconds elapsed{};
};

// From "SKIPPED:" (where there are any) to "Latency ms:". RIGHTS, WRONGS and ACC only where `expected`.
std::string last_lines(const Tally& tally, const Times& times, bool expected);

// "Network: resnet50 fp32 onednn, 2 threads, batch 1"
std::string network_line(const std::string& model, const NetworkOptions& options);

// What is known of the answers beside fp32's; "" for fp32.
std::string accuracy_line(const NetworkOptions& options);

// "Scenario: ...", the figure that MLPerf has for it; "" for a scenario of "".
std::string scenario_line(const std::string& scenario, const Tally& tally);

inline constexpr const char* kCsvHeader = "file,top1,top1_synset,top1_label,top1_prob,sha256_rgb224,status\n";

// A row of the CSV file.
std::string csv_row(const Answer& answer, const std::vector<ImageClass>& classes, bool synthetic);

// "FILE: label probability".
std::string text_line(const Answer& answer, const std::vector<ImageClass>& classes);

}  // namespace pw::inference
