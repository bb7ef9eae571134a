// SPDX-License-Identifier: GPL-3.0-or-later
// bench-job-recording FILE RANKS TESTS ON_NODE: what `perfwatt run -n TESTS` leaves of a job of so many
// ranks, ON_NODE on each node, without the job: eight events in two passes, each node's power, every 40th
// rank 1.5 x as busy.
#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <random>

#include "store/recorder_sink.h"

namespace pw::bench {
namespace {

constexpr int kPasses = 2;
constexpr const char* kEvents[] = {"cycles",           "instructions", "task-clock",    "page-faults",
                                   "cache-references", "cache-misses", "branch-misses", "context-switches"};
constexpr Nanoseconds kSecond{1'000'000'000};

Recording header_of(int tests) {
  Recording header;
  header.version = "bench";
  header.experiment.command = {"mpirun", "perfwatt", "rank", "--", "./app"};
  header.experiment.tests = tests;
  header.start = {1'000'000'000'000};
  header.start_unix_s = 1.7e9;
  header.passes.resize(kPasses);
  for (int i = 0; i < static_cast<int>(std::size(kEvents)); ++i) {
    Event event;
    event.name = kEvents[i];
    event.unit = event.name == "task-clock" ? "ns" : "";
    event.passes = {1 + i % kPasses};
    header.events.push_back(event);
    header.passes[static_cast<std::size_t>(i % kPasses)].events.push_back(i);
  }
  return header;
}

std::vector<RankPlace> places_of(int size, int on_node) {
  std::vector<RankPlace> places;
  for (int rank = 0; rank < size; ++rank)
    places.push_back({rank, size, rank % on_node, std::min(size, on_node),
                      fmt::format("node{:04}", rank / on_node), "Open MPI", std::to_string(rank % on_node),
                      rank % on_node < on_node / 2 ? "0" : "1"});
  return places;
}

class Job {
 public:
  Job(int size, int on_node) : size_(size), on_node_(on_node) {}

  Execution execution(const Recording& header, int test, int pass) {
    Execution execution;
    execution.test = test;
    execution.pass = pass;
    execution.begin = header.start + Nanoseconds{((test - 1) * kPasses + pass) * 20 * kSecond.value};
    execution.end = execution.begin + Nanoseconds{16 * kSecond.value};
    execution.ranks = std::make_shared<ExecutionRanks>();
    execution.ranks->size = size_;
    for (int rank = 0; rank < size_; ++rank)
      execution.ranks->ranks.push_back(run(header.passes[static_cast<std::size_t>(pass - 1)], rank));
    return execution;
  }

 private:
  double noise() { return std::uniform_real_distribution(0.995, 1.005)(random_); }

  RankRun run(const Pass& pass, int rank) {
    const double busy = (rank % 40 == 7 ? 12.0 : 8.0) * noise();
    RankRun run;
    run.rank = run.place = rank;
    run.state = RankState::ended;
    run.begin_unix_s = 1.7e9 + noise();
    run.elapsed = Seconds{15 * noise()};
    run.usage = RankUsage{{busy}, {0.1 * noise()}, 120'000 + rank % 7, 20, 5 + rank % 3, 31'000, 0, 0, 0};
    for (const int event : pass.events) {
      const double per_second = event == 2 ? 1e9 : 1e7 * (event + 1) * noise();
      const Nanoseconds counted{static_cast<std::int64_t>(busy * 1e9)};
      run.readings.push_back(
          {event, static_cast<std::uint64_t>(busy * per_second), counted, counted, CountStatus::ok, ""});
    }
    if (rank % on_node_ == 0)
      run.power = {power()}, run.node_use = NodeUse{Seconds{8.5 * on_node_}, on_node_, ""};
    return run;
  }

  NodePower power() {
    const double watts = 400 * noise();
    return {"hwmon",
            "power1",
            std::string(kWholeMachine),
            Joules{15 * watts},
            Joules{15.0},
            Watts{watts},
            Watts{0.9 * watts},
            Watts{1.1 * watts},
            150,
            false,
            ""};
  }

  int size_, on_node_;
  std::mt19937 random_{1};
};

bool record(Sink& sink, int size, int tests, int on_node) {
  const Recording header = header_of(tests);
  if (!sink.begin(header) || !sink.rank_places(places_of(size, on_node))) return false;
  Job job(size, on_node);
  for (int test = 1; test <= tests; ++test)
    for (int pass = 1; pass <= kPasses; ++pass)
      if (!sink.execution(job.execution(header, test, pass))) return false;
  return sink.end(Ending::complete, header.start + Nanoseconds{20'000 * kSecond.value}, {}).has_value();
}

}  // namespace
}  // namespace pw::bench

int main(int argc, char** argv) {
  const auto number = [&](int index) { return argc == 5 ? std::atoi(argv[index]) : 0; };
  const int ranks = number(2), tests = number(3), on_node = number(4);
  if (ranks < 1 || tests < 1 || on_node < 1) return 2;
  const auto sink = pw::SqliteSink::create(argv[1], pw::IfExists::replace);
  return sink && pw::bench::record(**sink, ranks, tests, on_node) ? 0 : 1;
}
