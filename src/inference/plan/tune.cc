// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/tune.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

#include "inference/ground/sha256.h"
#include "os/file.h"

namespace pw::inference {
namespace {

constexpr std::string_view kFormat = "# perfwatt tune 1: ";
constexpr std::string_view kProvisional = "\tprovisional";
constexpr std::size_t kMostBytes = std::size_t{1} << 20;  // of a file

// Another name than the first has to be this much faster: what is nearly the same stays the same.
constexpr double kClearly = 0.95;

// So much that no weights of the last run are in the caches: in a network they never are.
class ColdCaches {
 public:
  void flush() {
    for (std::size_t i = 0; i < bytes_.size(); i += 64) ++bytes_[i];
  }

 private:
  std::vector<unsigned char> bytes_ = std::vector<unsigned char>(std::size_t{48} << 20);
};

// The shortest of some runs of each, which take turns. Runs that last (emulated machines) are few.
std::vector<double> shortest_runs(const std::vector<std::function<void()>>& runs,
                                  const std::function<Nanoseconds()>& clock) {
  constexpr int kMostRounds = 7, kFewestRounds = 2;
  constexpr Seconds kEnough{0.4};
  ColdCaches caches;
  std::vector<double> shortest(runs.size(), 1e9);
  for (const auto& run : runs) run();
  const Nanoseconds start = clock();
  for (int round = 0; round < kMostRounds; ++round) {
    if (round >= kFewestRounds && to_seconds(clock() - start) > kEnough) break;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      caches.flush();
      const Nanoseconds before = clock();
      runs[i]();
      shortest[i] = std::min(shortest[i], to_seconds(clock() - before).value);
    }
  }
  return shortest;
}

std::size_t fastest(const std::vector<Candidate>& candidates, const std::function<Nanoseconds()>& clock) {
  std::vector<std::function<void()>> runs;
  for (const Candidate& candidate : candidates) runs.push_back(candidate.prepare());
  const std::vector<double> seconds = shortest_runs(runs, clock);
  const auto best = std::min_element(seconds.begin(), seconds.end());
  return *best < kClearly * seconds[0] ? static_cast<std::size_t>(best - seconds.begin()) : 0;
}

}  // namespace

Tuner::Tuner(const std::filesystem::path& folder, std::string machine, bool redo, const Quiet& quiet,
             TuneClocks clocks)
    : file_(
          folder /
          (sha256_hex({reinterpret_cast<const std::uint8_t*>(machine.data()), machine.size()}).substr(0, 16) +
           ".tsv")),
      machine_(std::move(machine)),
      redo_(redo),
      quiet_(quiet),
      clocks_(std::move(clocks)) {
  read();
}

void Tuner::read() {
  std::error_code error;
  if (const Result<> ours = check_cache(file_.parent_path()); !ours) {
    warnings_.push_back("which kernels are fastest will be measured again: " + one_line(ours.error()));
    keeps_ = false;
    return;
  }
  if (!std::filesystem::exists(file_, error)) return;
  const auto unusable = [this](std::string_view why) {
    answers_.clear();
    warnings_.push_back(
        fmt::format("{}: {}; measuring again which kernels are fastest", file_.string(), why));
  };
  const auto size = std::filesystem::file_size(file_, error);
  if (error || size > kMostBytes) return unusable("not a file of perfwatt's");
  const auto text = read_file(file_);
  if (!text) return unusable(text.error().what);
  std::istringstream lines(*text);
  std::string line;
  if (!std::getline(lines, line) || line != std::string(kFormat) + machine_)
    return unusable("not of this machine");
  while (std::getline(lines, line)) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) return unusable("damaged");
    std::string_view name = std::string_view(line).substr(tab + 1);
    const bool provisional = name.ends_with(kProvisional);
    if (provisional) name.remove_suffix(kProvisional.size());
    answers_[line.substr(0, tab)] = {std::string(name), provisional};
  }
}

bool Tuner::holds(const std::string& work, const Answer& answer) const {
  return fresh_.contains(work) || (!redo_ && !(answer.provisional && quiet_.now));
}

std::size_t Tuner::choose(const std::string& work, const std::vector<Candidate>& candidates) {
  if (candidates.size() < 2) return 0;
  std::string key = work;
  for (const Candidate& candidate : candidates) key += " | " + candidate.name;
  const auto known = answers_.find(key);
  if (known != answers_.end() && holds(key, known->second))
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (candidates[i].name == known->second.name) {
        doubtful_ = doubtful_ || known->second.provisional;
        return i;
      }
  if (fresh_.empty()) {
    begin_ = clocks_.now();
    others_begin_ = clocks_.others();
  }
  const std::size_t best = fastest(candidates, clocks_.now);
  answers_[key] = {candidates[best].name};
  fresh_.insert(key);
  return best;
}

bool Tuner::was_busy() const {
  constexpr Seconds kTicks{0.05};  // the kernel counts in ticks of up to 10 ms
  const Seconds elapsed = to_seconds(clocks_.now() - begin_);
  return clocks_.others() - others_begin_ > elapsed * quiet_.most_others + kTicks;
}

void Tuner::save() {
  const bool busy = !fresh_.empty() && was_busy();
  if (busy || doubtful_)
    warnings_.emplace_back(
        "which kernels are fastest was measured while other programs used the CPUs; a start that finds the "
        "machine quiet measures it again");
  if (fresh_.empty() || !keeps_) return;
  for (const std::string& work : fresh_) answers_[work].provisional = busy;
  std::string text = std::string(kFormat) + machine_ + "\n";
  for (const auto& [work, answer] : answers_)
    text += fmt::format("{}\t{}{}\n", work, answer.name, answer.provisional ? kProvisional : "");
  Result<> done = make_cache(file_.parent_path());
  if (done) done = write_file(file_, text);
  if (!done)
    warnings_.push_back("which kernels are fastest will be measured again: " + one_line(done.error()));
}

Seconds cpu_time_of_others(const Root& root) {
  // "cpu  user nice system idle iowait irq softirq steal ...", in ticks; what guests use is in user.
  std::istringstream words(root.text("proc/stat").value_or(""));
  std::string name;
  words >> name;
  double busy = 0, ticks = 0;
  for (const bool counts : {true, true, true, false, false, true, true, true})
    if (words >> ticks && counts) busy += ticks;
  return Seconds{busy / static_cast<double>(::sysconf(_SC_CLK_TCK))} - process_cpu_time();
}

double harmless_load(int cpus, int threads) { return 0.2 + 0.1 * std::max(0, cpus - threads); }

}  // namespace pw::inference
