// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: any bytes as what a rank of a job told, as they are and under a right
// sum, and as what it is to count. What is read of a rank can be recorded, and is read again as it was.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "job/lines.h"
#include "job/rank_file.h"
#include "job/rank_plan.h"

namespace {

constexpr std::size_t kEvents = 4;
constexpr double kMostSeconds = 1e9;  // that a recording holds

void check(bool promise) {
  if (!promise) std::abort();
}

std::string under_a_sum(const char* kind, std::string_view text) {
  pw::LineWriter lines(kind);
  for (const std::string& line : pw::split(text, '\n')) lines.begin(line);
  return lines.text();
}

void look_at(std::string_view text) {
  const auto file = pw::parse_rank_file(text, kEvents, "fuzz");
  if (!file) return;
  check(file->place.rank >= 0 && file->place.rank < file->place.size);
  check(pw::is_utf8(file->place.node) && (!file->usage || file->elapsed));
  for (const pw::Reading& reading : file->readings) {
    check(reading.event >= 0 && reading.event < static_cast<int>(kEvents) && pw::is_utf8(reading.reason));
    check(reading.status != pw::CountStatus::ok || reading.running.value > 0);
  }
  if (file->node_use) check(file->node_use->busy.value_or(pw::Seconds{}).value <= kMostSeconds);
  const auto again = pw::parse_rank_file(pw::rank_file_text(*file), kEvents, "fuzz");
  check(again && again->readings.size() == file->readings.size() && again->usage == file->usage);
  check(again->node_use.has_value() == file->node_use.has_value());
  if (again->node_use)
    check(again->node_use->busy == file->node_use->busy && again->node_use->cpus == file->node_use->cpus);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  look_at(text);
  look_at(under_a_sum("perfwatt-rank", text));
  const auto plan =
      pw::parse_rank_plan(under_a_sum("perfwatt-rank-plan", text), pw::Root("/nowhere"), "fuzz");
  if (plan) check(plan->events.size() == plan->plan.events.size());
  return 0;
}
