// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/uncounted.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>

#include "os/run.h"

namespace pw {
namespace {

constexpr double kLeastMissing = 0.01;  // seconds; rusage also counts what comes before the exec
constexpr double kMissingPart = 0.2;
constexpr double kAsBefore = 1 - kMissingPart / 2;
constexpr std::uint64_t kTelling = 1000;
constexpr std::size_t kLatest = 11;

std::string path_of(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  std::string file = find_on_path(program);
  return file.empty() ? program : file;
}

bool readable(const struct stat& file, uid_t uid, gid_t gid) {
  if (uid == 0) return true;
  if (file.st_uid == uid) return file.st_mode & S_IRUSR;
  return file.st_mode & (file.st_gid == gid ? S_IRGRP | S_IROTH : S_IROTH);
}

bool has_count(const Reading& reading) {
  return reading.status == CountStatus::ok || reading.status == CountStatus::scaled;
}

std::uint64_t middle_of(const std::deque<std::uint64_t>& counts) {
  std::vector<std::uint64_t> sorted(counts.begin(), counts.end());
  std::ranges::sort(sorted);
  return sorted[sorted.size() / 2];
}

}  // namespace

bool exec_ends_counters(const std::string& program, uid_t uid, gid_t gid) {
  const std::string path = path_of(program);
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return false;
  if ((file.st_mode & S_ISUID) && file.st_uid != uid) return true;
  if ((file.st_mode & S_ISGID) && (file.st_mode & S_IXGRP) && file.st_gid != gid) return true;
  if (uid != 0 && ::getxattr(path.c_str(), "security.capability", nullptr, 0) > 0) return true;
  return !readable(file, uid, gid);
}

void mark_uncounted(std::vector<Reading>& readings, const CountingPlan& plan, Seconds cpu, bool expected) {
  const double least = std::max(expected ? 0.0 : kLeastMissing, kMissingPart * cpu.value);
  for (Reading& reading : readings) {
    if (!plan.events[static_cast<std::size_t>(reading.event)].cpus.empty()) continue;
    if (!has_count(reading)) continue;
    const double enabled = to_seconds(reading.enabled).value;
    const double missing = cpu.value - enabled;
    if (missing < least) continue;
    reading.status = CountStatus::not_counted;
    reading.reason = fmt::format(
        "its counter was on for {:.3g} of {:.3g} s of CPU time: the kernel ends it where a program changes "
        "its user (set-user-ID, capabilities) or may not be read",
        enabled, cpu.value);
  }
}

void CountsSeen::add(const std::vector<Reading>& readings) {
  for (const Reading& reading : readings) {
    if (!has_count(reading)) continue;
    auto& latest = latest_[reading.event];
    latest.push_back(reading.value);
    if (latest.size() > kLatest) latest.pop_front();
  }
}

bool CountsSeen::as_before(const std::vector<Reading>& readings) const {
  bool told = false;
  for (const Reading& reading : readings) {
    const auto latest = latest_.find(reading.event);
    if (latest == latest_.end() || !has_count(reading)) continue;
    const std::uint64_t before = middle_of(latest->second);
    if (before < kTelling) continue;
    if (static_cast<double>(reading.value) < kAsBefore * static_cast<double>(before)) return false;
    told = true;
  }
  return told;
}

void add_uncounted(std::vector<Reading>& readings, const std::vector<int>& events,
                   const std::string& reason) {
  for (const int event : events)
    if (std::ranges::find(readings, event, &Reading::event) == readings.end())
      readings.push_back({event, 0, {}, {}, CountStatus::not_counted, reason});
}

void TargetEnds::look(Nanoseconds now) {
  for (const pid_t process : ends_.look()) untold_.push_back({process, now});
}

std::string TargetEnds::text() const {
  return fmt::format("process{} {}", processes_.size() == 1 ? "" : "es", fmt::join(processes_, ", "));
}

std::vector<std::string> TargetEnds::take_remarks(Nanoseconds begin, bool until_end) {
  std::vector<std::string> remarks;
  for (const End& end : untold_)
    if (end.seen <= begin)
      remarks.push_back(
          fmt::format("process {} had ended before it: nothing of it was counted", end.process));
    else if (!until_end)
      remarks.push_back(
          fmt::format("process {} ended {:.2f} s into it: nothing of it was counted from then on",
                      end.process, to_seconds(end.seen - begin).value));
  untold_.clear();
  return remarks;
}

}  // namespace pw
