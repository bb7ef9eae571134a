// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank/node_use.h"

#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "os/file.h"

namespace pw {
namespace {

constexpr const char* kStat = "/proc/stat";
constexpr long kFuse = 0x65735546;                   // statfs(2)
constexpr std::size_t kBusyFields = 3, kFields = 8;  // user, nice, system; idle, iowait, irq, softirq, steal

// lxcfs puts files of its own into containers, which tell of the container alone.
bool made_by_a_program(const std::filesystem::path& path) {
  struct statfs info {};
  return ::statfs(path.c_str(), &info) == 0 && info.f_type == kFuse;
}

// "cpu  1 2 3 ...": guest is in user, and guest_nice in nice.
std::vector<std::int64_t> fields_of(std::string_view line) {
  std::vector<std::string> words = split(line, ' ');
  std::erase(words, "");
  std::vector<std::int64_t> fields;
  if (words.empty() || words.front() != "cpu") return fields;
  for (std::size_t i = 1; i < words.size() && fields.size() < kFields; ++i) {
    const auto field = parse_integer(words[i]);
    if (!field || *field < 0) return {};
    fields.push_back(*field);
  }
  return fields;
}

// Lines "cpu0 ...".
int cpus_in(std::string_view text) {
  int cpus = 0;
  for (std::size_t at = text.find("\ncpu"); at != std::string_view::npos; at = text.find("\ncpu", at + 1))
    cpus += at + 4 < text.size() && std::isdigit(static_cast<unsigned char>(text[at + 4])) != 0;
  return cpus;
}

}  // namespace

Result<CpuTicks> cpu_ticks(const std::filesystem::path& stat) {
  const auto unusable = [&](const std::string& why) {
    return fail(Failure::not_possible, why, stat.string());
  };
  if (made_by_a_program(stat)) return unusable("it tells of a container, not of the node");
  const Result<std::string> text = read_kernel_file(stat);
  if (!text) return unusable(text.error().what);
  const auto fields = fields_of(std::string_view(*text).substr(0, text->find('\n')));
  if (fields.size() < kFields || std::ranges::all_of(fields, [](auto field) { return field == 0; }))
    return unusable("it does not tell CPU time");
  const auto busy = std::accumulate(fields.begin(), fields.begin() + kBusyFields, std::int64_t{0});
  const int cpus = cpus_in(*text);
  if (cpus == 0) return unusable("it tells of no CPU");
  return CpuTicks{busy, cpus};
}

NodeUse use_between(const Result<CpuTicks>& begin, const Result<CpuTicks>& end, long hz) {
  NodeUse use;
  if (!begin || !end) {
    use.reason = one_line((begin ? end : begin).error());
    return use;
  }
  use.cpus = std::clamp(std::max(begin->cpus, end->cpus), 0, kMostNodeCpus);
  if (end->busy < begin->busy || hz <= 0)
    use.reason = "its CPU time went back";
  else
    use.busy = Seconds{static_cast<double>(end->busy - begin->busy) / static_cast<double>(hz)};
  return use;
}

void NodeUseWatch::begin() { begin_ = cpu_ticks(kStat); }

NodeUse NodeUseWatch::until_now() const {
  return use_between(begin_, cpu_ticks(kStat), ::sysconf(_SC_CLK_TCK));
}

}  // namespace pw
