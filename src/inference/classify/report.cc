// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "inference/plan/calibration.h"

namespace pw::inference {
namespace {

std::string accuracy_lines(const Tally& tally) {
  return fmt::format("RIGHTS: {}\nWRONGS: {}\nACC: {}\n", tally.rights, tally.wrongs,
                     python_float(tally.rights / static_cast<double>(tally.answers())));
}

double per_second(const Speed& speed) { return speed.images / to_seconds(speed.time).value; }

std::string speed_lines(const Tally& tally) {
  return fmt::format("Images/s: {:.2f}\nLatency ms: p50 {:.2f} p90 {:.2f} p99 {:.2f}\n",
                     per_second(tally.speed()), percentile_ms(tally.latencies, 50),
                     percentile_ms(tally.latencies, 90), percentile_ms(tally.latencies, 99));
}

// As the exports have it: a row is a line, and a terminal is safe.
std::string csv_text(const std::string& text) { return csv_field(printable(text)); }

}  // namespace

std::string python_float(double value) {
  const std::string text = fmt::format("{}", value);
  return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
}

double percentile_ms(std::span<const Nanoseconds> latencies, double percent) {
  std::vector<Nanoseconds> sorted(latencies.begin(), latencies.end());
  const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size())));
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(sorted.begin(), at, sorted.end());
  return to_seconds(*at).value * 1e3;
}

std::string last_lines(const Tally& tally, const Times& times, bool expected) {
  std::string lines;
  if (tally.skipped > 0) lines += fmt::format("SKIPPED: {}\n", tally.skipped);
  lines += fmt::format("Begin: {:%H:%M:%S}\n", fmt::gmtime(times.begin));
  lines += fmt::format("End: {:%H:%M:%S}\n", fmt::gmtime(times.end));
  if (expected) lines += accuracy_lines(tally);
  const double microseconds = std::round(times.elapsed.value * 1e6);
  return lines + fmt::format("Time Elapsed: {}s\n", python_float(microseconds / 1e6)) + speed_lines(tally);
}

std::string network_line(const std::string& model, const NetworkOptions& options) {
  return fmt::format("Network: {} {} {}, {} thread{}, batch {}\n", printable(model),
                     precision_name(options.precision), options.backend == Backend::blas ? "blas" : "onednn",
                     options.threads, options.threads == 1 ? "" : "s", options.batch);
}

std::string accuracy_line(const NetworkOptions& options) {
  if (options.precision == Precision::fp32) return "";
  if (!options.calibration)
    return fmt::format("Accuracy: {}, not compared with fp32\n", precision_name(options.precision));
  const Calibration& calibration = *options.calibration;
  return fmt::format("Accuracy: int8, top-1 as fp32 on {} of the {} photos that it was calibrated on\n",
                     calibration.same, calibration.photos);
}

std::string scenario_line(const std::string& scenario, const Tally& tally) {
  if (scenario == "single")
    return fmt::format("Scenario: single, latency p90 {:.2f} ms (of the network alone)\n",
                       percentile_ms(tally.latencies, 90));
  if (scenario == "offline")
    return fmt::format("Scenario: offline, {:.2f} images/s (of the network alone; {:.2f} with decoding)\n",
                       per_second(tally.speed()), per_second({tally.answers(), tally.elapsed}));
  return "";
}

std::string csv_row(const Answer& answer, const std::vector<ImageClass>& classes, bool synthetic) {
  if (!answer.skipped.empty())
    return fmt::format("{},,,,,,{}\n", csv_text(answer.photo), csv_text(answer.skipped));
  const ImageClass& top1 = classes[static_cast<std::size_t>(answer.top1)];
  const std::string status = synthetic ? fmt::format("ok ({})", kSyntheticNote) : "ok";
  return fmt::format("{},{},{},{},{:.9g},{},{}\n", csv_text(answer.photo), answer.top1, top1.synset,
                     csv_text(top1.label), answer.probability, answer.sha256, status);
}

std::string text_line(const Answer& answer, const std::vector<ImageClass>& classes) {
  return fmt::format("{}: {} {:.6f}\n", printable(answer.photo),
                     classes[static_cast<std::size_t>(answer.top1)].label, answer.probability);
}

}  // namespace pw::inference
