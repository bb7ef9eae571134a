// SPDX-License-Identifier: GPL-3.0-or-later
#include "peaks/peak_meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/list.h"
#include "base/text.h"
#include "os/huge_pages.h"
#include "peaks/caches.h"

namespace pw {
namespace {

constexpr std::string_view kComputed[] = {kPeakFp64, kPeakFp32, kPeakBf16, kPeakInt8};
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kTriadArrays = 3;
constexpr std::int64_t kClockStep = 64;

struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }
};
using PeakBuffer = std::unique_ptr<unsigned char, FreeMemory>;

// Null: there is none. Not written to.
PeakBuffer peak_buffer(std::size_t bytes) {
  const std::size_t aligned = bytes < kHugePage ? 4096 : kHugePage;
  void* const memory = std::aligned_alloc(aligned, (bytes + aligned - 1) / aligned * aligned);
  if (memory && aligned == kHugePage) prefer_huge_pages(memory, bytes);
  return PeakBuffer(static_cast<unsigned char*>(memory));
}

// Pages that were never written to are all the same one. Numbers that no operation is slow with.
void fill(unsigned char* memory, std::size_t bytes) {
  double* const numbers = reinterpret_cast<double*>(memory);
  for (std::size_t i = 0; i < bytes / sizeof(double); ++i) numbers[i] = 1.0 + static_cast<double>(i % 1024);
}

Rounds loads_of(const MemoryKernel& kernel, const unsigned char* memory, std::size_t bytes) {
  return [=](std::int64_t rounds) { kernel.load(memory, bytes, rounds); };
}

// Of three arrays behind each other.
Rounds triads_of(const MemoryKernel& kernel, unsigned char* memory, std::size_t bytes) {
  double* const a = reinterpret_cast<double*>(memory);
  const std::size_t count = bytes / sizeof(double);
  return [=](std::int64_t rounds) { kernel.triad(a, a + count, a + 2 * count, bytes, rounds); };
}

std::string size_text(std::size_t bytes) {
  return bytes < (std::size_t{4} << 20) ? fmt::format("{} KiB a thread", bytes >> 10)
                                        : fmt::format("{} MiB a thread", bytes >> 20);
}

std::string threads_text(std::size_t count) {
  return count == 1 ? "1 thread" : std::to_string(count) + " threads";
}

}  // namespace

PeakMeter::PeakMeter(const Root& root, const PeakCpus& cpus, const TeamTime& time)
    : root_(root), time_(time), kernels_(usable_kernels()) {
  teams_.push_back({{cpus.cpus.front()}, false, "where the kernel puts it"});
  if (cpus.cpus.size() > 1) teams_.push_back({cpus.cpus, true, "one on each CPU"});
  if (cpus.cores.size() > 1 && cpus.cores != cpus.cpus)
    teams_.push_back({cpus.cores, true, "one on each core"});
}

void PeakMeter::measure(std::string_view quantity) {
  std::optional<Peak> one, most;
  for (const PeakTeam& team : teams_) {
    Result<Peak> peak = of_team(quantity, team);
    if (!peak) {
      refuse(quantity, team, peak.error().what);
      continue;
    }
    std::optional<Peak>& best = team.pinned ? most : one;
    if (!best || peak->best() > best->best()) best = std::move(*peak);
  }
  for (std::optional<Peak>* best : {&one, &most})
    if (*best) peaks_.push_back(std::move(**best));
}

std::string PeakMeter::isa() const { return isa_text(kernels_); }

void PeakMeter::refuse(std::string_view quantity, const PeakTeam& team, const std::string& why) {
  const std::string key = fmt::format("no_{}", quantity);
  const auto before = std::ranges::find(refusals_, key, &Fact::key);
  const std::string text = threads_text(team.cpus.size()) + ": " + why;
  if (before == refusals_.end())
    refusals_.push_back({key, text});
  else if (!before->value.ends_with(why))
    before->value += "; " + text;
}

Result<Peak> PeakMeter::of_team(std::string_view quantity, const PeakTeam& team) const {
  if (quantity == kPeakClock) return clock(team);
  if (std::ranges::find(kComputed, quantity) != std::end(kComputed)) return computed(quantity, team);
  return read(quantity, team);
}

Result<Peak> PeakMeter::run(std::string_view quantity, const PeakTeam& team, double per_round,
                            const MakeRounds& make, const std::string& how) const {
  Result<std::vector<double>> rates = run_team(team.cpus, team.pinned, per_round, make, time_);
  if (!rates) return pass_on(rates);
  const std::string where = team.pinned ? team.where + " of " + list_text(team.cpus) : team.where;
  return Peak{std::string(quantity), static_cast<int>(team.cpus.size()), std::move(*rates),
              how + ", " + where};
}

Result<Peak> PeakMeter::clock(const PeakTeam& team) const {
  const double cycles = run_clock_chain(kClockStep);
  if (cycles <= 0) return fail(Failure::not_possible, "no operation is known whose cycles are known");
  const MakeRounds make = [](std::size_t) -> Rounds {
    return [](std::int64_t rounds) { run_clock_chain(kClockStep * rounds); };
  };
  const double of_one = cycles / static_cast<double>(team.cpus.size());
  return run(kPeakClock, team, of_one, make, "of a thread, by a chain of operations of known cycles");
}

Result<Peak> PeakMeter::computed(std::string_view quantity, const PeakTeam& team) const {
  const ChosenKernel kernel = compute_kernel(kernels_, quantity);
  if (!kernel.compute) return fail(Failure::not_possible, "none of " + isa() + " computes with it");
  const MakeRounds make = [&](std::size_t) -> Rounds {
    return [run = kernel.compute->run](std::int64_t rounds) { run(rounds); };
  };
  return run(quantity, team, kernel.compute->operations, make,
             fmt::format("{}: {}", kernel.set->isa, kernel.compute->what));
}

Result<Peak> PeakMeter::read(std::string_view quantity, const PeakTeam& team) const {
  const Caches caches = read_caches(root_, team.cpus.front());
  const Result<WorkingSet> size = working_set(caches, quantity, team.cpus, available_memory(root_));
  if (!size) return pass_on(size);
  std::vector<PeakBuffer> buffers;
  for (std::size_t i = 0; i < team.cpus.size(); ++i) {
    buffers.push_back(peak_buffer(size->bytes));
    if (!buffers.back()) return fail(Failure::not_possible, "no memory for it");
  }
  const KernelSet& set = *memory_kernels(kernels_);
  const bool triad = quantity == kPeakTriad;
  const std::size_t bytes = triad ? size->bytes / kTriadArrays / kBlock * kBlock : size->bytes;
  const MakeRounds make = [&](std::size_t thread) {
    fill(buffers[thread].get(), size->bytes);
    return triad ? triads_of(*set.memory, buffers[thread].get(), bytes)
                 : loads_of(*set.memory, buffers[thread].get(), bytes);
  };
  const std::string note = size->note.empty() ? "" : " (" + size->note + ")";
  return run(
      quantity, team, static_cast<double>(triad ? kTriadArrays * bytes : bytes), make,
      fmt::format("{}: {} {}{}", set.isa, triad ? "a <- b + 3 c in fp64, 24 bytes each, in" : "loads of",
                  size_text(size->bytes), note));
}

}  // namespace pw
