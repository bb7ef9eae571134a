// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/env_warnings.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace pw::inference {
namespace {

enum class Slow { always, fewer_than_threads, if_active, if_positive };

struct Row {
  const char* name;
  Slow when;
  const char* what;
};

constexpr Row kRows[] = {
    {"OPENBLAS_CORETYPE", Slow::always, "OpenBLAS takes that CPU's kernels instead of this one's"},
    {"OPENBLAS_MAIN_FREE", Slow::always, "OpenBLAS pins threads to CPUs of its own choice"},
    {"ONEDNN_MAX_CPU_ISA", Slow::always, "oneDNN may not use all instructions of this CPU"},
    {"DNNL_MAX_CPU_ISA", Slow::always, "oneDNN may not use all instructions of this CPU"},
    {"ONEDNN_VERBOSE", Slow::if_positive, "oneDNN writes a line for each step"},
    {"DNNL_VERBOSE", Slow::if_positive, "oneDNN writes a line for each step"},
    {"OMP_THREAD_LIMIT", Slow::fewer_than_threads, "no more threads than that compute"},
    {"OMP_DYNAMIC", Slow::if_active, "fewer threads than asked for may compute"},
    {"OMP_WAIT_POLICY", Slow::if_active,
     "waiting threads never give their CPU away: any other program on this machine slows this one down"},
    {"GOMP_CPU_AFFINITY", Slow::always, "threads stay on those CPUs"},
    {"OMP_PLACES", Slow::always, "threads stay on those CPUs"},
    {"OMP_PROC_BIND", Slow::if_active, "threads stay on CPUs of libgomp's choice"},
};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return small;
}

bool slows(Slow when, std::string_view value, int threads) {
  const std::optional<int> count = number(value);
  switch (when) {
    case Slow::always:
      return true;
    case Slow::fewer_than_threads:
      return count && *count < threads;
    case Slow::if_active:
      return lower(value) == "active" || lower(value) == "true";
    case Slow::if_positive:
      return count && *count > 0;
  }
  return false;
}

}  // namespace

std::vector<std::string> slow_environment(const Getenv& get, int threads) {
  std::vector<std::string> lines;
  for (const Row& row : kRows) {
    const char* const value = get(row.name);
    if (value && *value && slows(row.when, value, threads))
      lines.push_back(fmt::format("{}={} is set: {}", row.name, value, row.what));
  }
  return lines;
}

std::vector<std::string> slow_environment(int threads) {
  return slow_environment([](const char* name) { return std::getenv(name); }, threads);
}

}  // namespace pw::inference
