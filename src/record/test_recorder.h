// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests of what runs an experiment: a world without clock, a command without process, a sensor
// without thread. All write into one log, in the order in which things happen.
#pragma once

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "record/recorder.h"

namespace pw::test {

using Log = std::vector<std::string>;

inline Nanoseconds at_second(double seconds) { return to_nanoseconds({seconds}); }

// Time goes on only where it is waited for, and then at once.
class FakeWorld : public World {
 public:
  void send(int signal, double second) { signals_.push_back({at_second(second), signal}); }

  Nanoseconds now() override { return now_; }

  std::optional<int> take_signal() override {
    if (signals_.empty() || signals_.front().first > now_) return std::nullopt;
    const int signal = signals_.front().second;
    signals_.pop_front();
    return signal;
  }

  bool wait(Nanoseconds until, int, int) override {
    if (++waits_ > 100'000) throw std::runtime_error("waits for ever");
    if (!signals_.empty()) until = std::min(until, signals_.front().first);
    now_ = std::max(now_, until) + sleeps;
    sleeps = {};
    return false;
  }

  Nanoseconds sleeps;                     // the next wait is that much too long
  Nanoseconds stopped_for{at_second(3)};  // by SIGTSTP
  void stop_here() override { now_ += stopped_for; }

 private:
  Nanoseconds now_;
  int waits_ = 0;
  std::deque<std::pair<Nanoseconds, int>> signals_;  // in the order of time
};

// What one execution does; the script's last one is repeated.
struct Act {
  double seconds = 1;
  int exit_status = 0;
  bool timed_out = false;
  std::optional<Error> refused = {};  // it cannot be started
  std::vector<std::string> remarks = {};
  std::string left_out = {};
  std::vector<Process> left = {};
  bool met = false;
};

class FakeExecutor : public Executor {
 public:
  explicit FakeExecutor(Log& log) : log_(log) {}

  std::deque<Act> script = {{}};
  std::vector<Step> steps;
  std::optional<double> over_at;  // when what is counted ends

  std::string over(Nanoseconds now) override {
    return over_at && now >= at_second(*over_at) ? "process 123 ended" : "";
  }

  bool several = false;                                        // variants: the log tells which
  std::function<std::string(Around, const Step&)> fails = {};  // a command around the tests
  double around_seconds = 0.5;

  std::string of(const Step& step) const { return several ? fmt::format(" of {}", step.variant) : ""; }

  Result<AroundRan> around(Around kind, const Step& step, Waiting& waiting, bool heed) override {
    const Nanoseconds begin = waiting.now();
    log_.push_back(fmt::format("{}{}", to_text(kind), of(step)));
    if (heed)
      if (const Result<Woke> woke = waiting.wait(begin + at_second(around_seconds)); !woke)
        return pass_on(woke);
    return AroundRan{{kind, begin, waiting.now()}, fails ? fails(kind, step) : ""};
  }

  std::optional<NodesIdle> nodes = {};  // of the nodes of a job
  double launcher_seconds = 0;          // that it takes on either side of their window

  Result<std::optional<NodesIdle>> idle(bool before, Seconds length, Waiting& waiting) override {
    if (!nodes) return nodes;
    const Nanoseconds begin = waiting.now() + at_second(launcher_seconds),
                      end = begin + to_nanoseconds(length);
    if (const Result<Woke> woke = waiting.wait(end + at_second(launcher_seconds)); !woke)
      return pass_on(woke);
    std::optional<NodesIdle> told = nodes;
    if (told->remarks.empty()) told->window = Window{before, begin, end};
    return told;
  }

  Result<Ran> run(const Step& step, Waiting& waiting) override {
    const Act act = script.front();
    if (script.size() > 1) script.pop_front();
    steps.push_back(step);
    log_.push_back(fmt::format("run {}/{}{} at {:.6g}", step.test, step.pass, of(step),
                               to_seconds(waiting.now()).value));
    if (act.refused) return tl::unexpected(*act.refused);
    Execution execution;
    execution.test = step.test;
    execution.pass = step.pass;
    execution.variant = step.variant;
    waiting.edge();
    execution.begin = waiting.now();
    if (const Result<Woke> woke = waiting.wait(execution.begin + at_second(act.seconds)); !woke)
      return pass_on(woke);
    waiting.edge();
    execution.end = waiting.now();
    execution.exit_status = act.exit_status;
    execution.timed_out = act.timed_out;
    execution.left_out = act.left_out;
    return Ran{std::move(execution), act.remarks, act.left, act.met};
  }

 private:
  Log& log_;
};

// One channel that is read every second, or at `times`, until it dies.
class FakeFeed : public Feed {
 public:
  FakeFeed(Log& log, World& world) : log_(log), world_(world) {}

  std::optional<double> dies_at;
  std::optional<std::deque<double>> times;
  std::vector<Nanoseconds> marks;
  std::function<double(double)> watts = [](double second) { return 100 + second; };

  void mark() override { marks.push_back(world_.now()); }

  // Of a counter of means over `means` s instead, of which each comes `come_later` s after its end.
  double means = 0, come_later = 0;
  void drain_means(std::vector<PowerSample>& samples) {
    for (; at_second(next_ * means + come_later) <= world_.now() && !dead_at(next_); ++next_) {
      PowerSample sample;
      sample.time = at_second(next_ * means);
      sample.joules = Joules{100.0 * next_};
      sample.sensor_time = next_;
      samples.push_back(sample);
    }
  }

  void drain(std::vector<PowerSample>& samples) override {
    if (means > 0) return drain_means(samples);
    for (; times && !times->empty() && at_second(times->front()) <= world_.now(); times->pop_front())
      samples.push_back(reading(times->front()));
    for (; !times && at_second(next_) <= world_.now() && !dead_at(next_); ++next_)
      samples.push_back(reading(next_));
  }

  std::vector<ServerBin> bins;  // that the server tells now
  std::vector<ServerBin> take_bins() override { return std::exchange(bins, {}); }

  std::vector<Note> take_notes() override {
    if (told_ || !dies_at || world_.now() < at_second(*dies_at)) return {};
    told_ = true;
    return {{NoteKind::warning, at_second(*dies_at), "fake: readings lost"}};
  }

  std::optional<Watts> latest() const override {
    if (next_ == 0 || (dies_at && world_.now() >= at_second(*dies_at))) return std::nullopt;
    return Watts{99.0 + next_};
  }

  std::vector<PowerSource> stop() override {
    log_.push_back("feed stops");
    PowerSource source;
    source.name = "fake";
    source.reads = next_;
    return {source};
  }

 private:
  PowerSample reading(double second) const {
    PowerSample sample;
    sample.time = at_second(second);
    sample.watts = Watts{watts(second)};
    return sample;
  }
  bool dead_at(int second) const { return dies_at && second >= *dies_at; }

  Log& log_;
  World& world_;
  int next_ = 0;
  bool told_ = false;
};

// A disk that is full from one call on.
class FakeSink : public Sink {
 public:
  FakeSink(Log& log, World& world) : log_(log), world_(world) {}

  int calls = 0;
  int full_at = 0;             // which call fails first; 0: none
  std::size_t full_since = 0;  // length of the log when it did
  std::vector<PowerSample> all_samples;
  std::vector<Execution> executions;
  std::vector<PowerSource> counted;
  Nanoseconds latest_sample;  // how late one was told

  Result<> begin(const RecordingHeader&) override { return say("begin"); }
  Result<> rank_places(std::span<const RankPlace>) override { return {}; }
  Result<> node_idles(std::span<const NodeIdle> more) override {
    return more.empty() ? Result<>{} : say(fmt::format("idle of {} nodes", more.size()));
  }
  std::vector<Region> all_regions;
  Result<> regions(std::span<const Region> more) override {
    all_regions.insert(all_regions.end(), more.begin(), more.end());
    return more.empty() ? Result<>{} : say("regions");
  }
  Result<> execution(const Execution& execution) override {
    executions.push_back(execution);
    return say(fmt::format("execution {}/{}", execution.test, execution.pass));
  }
  Result<> samples(std::span<const PowerSample> samples) override {
    for (const PowerSample& sample : samples)
      latest_sample = std::max(latest_sample, world_.now() - sample.time);
    all_samples.insert(all_samples.end(), samples.begin(), samples.end());
    return say("samples");
  }
  std::vector<ServerBin> all_bins;
  Result<> server_bins(std::span<const ServerBin> bins) override {
    all_bins.insert(all_bins.end(), bins.begin(), bins.end());
    return bins.empty() ? Result<>{} : say("server bins");
  }
  Result<> window(const Window& window) override {
    return say(fmt::format("window {} {:.6g} to {:.6g}", window.before ? "before" : "after",
                           to_seconds(window.begin).value, to_seconds(window.end).value));
  }
  Result<> interlude(const Interlude& one) override {
    return say(fmt::format("{} {:.6g} to {:.6g}", to_text(one.kind), to_seconds(one.begin).value,
                           to_seconds(one.end).value));
  }
  Result<> note(const Note& note) override { return say("note: " + note.text); }
  Result<> end(Ending ending, Nanoseconds, std::span<const PowerSource> sources) override {
    counted.assign(sources.begin(), sources.end());
    return say("end " + std::string(to_text(ending)));
  }

 private:
  Result<> say(const std::string& what) {
    ++calls;
    log_.push_back(what);
    if (full_at == 0 || calls < full_at) return {};
    if (calls == full_at) full_since = log_.size();
    return fail(Failure::measurement, "the disk is full", "call " + std::to_string(calls));
  }

  Log& log_;
  World& world_;
};

class FakeObserver : public Observer {
 public:
  std::vector<Progress> told;
  int executions = 0;
  void progress(const Progress& progress) override { told.push_back(progress); }
  void execution(const Execution&) override { ++executions; }
  void warning(const std::string& text) override { warnings.push_back(text); }
  std::vector<std::string> warnings;
};

// A recorder and all that it touches. Unless a test says otherwise: one warm-up, two tests, two passes, idle
// windows of 10 s, executions of 1 s.
struct FakeRun {
  Log log;
  FakeWorld world;
  FakeExecutor executor{log};
  FakeFeed feed{log, world};
  FakeSink sink{log, world};
  FakeObserver observer;
  Session session;
  bool with_feed = true;

  FakeRun() {
    Experiment& experiment = session.header.experiment;
    experiment.command = {"fake"};
    experiment.tests = 2;
    experiment.warmups = 1;
    experiment.idle = {10};
    session.header.passes.resize(2);
    PowerSource source;
    source.name = "fake";
    source.rate_hz = 1;
    session.header.sources = {source};
    session.header.channels.resize(1);
  }

  Experiment& experiment() { return session.header.experiment; }

  // "n=0", "n=1", ... instead of one, in one pass, without power.
  void make_variants(int count) {
    session.arrangement.variants.clear();
    for (int i = 0; i < count; ++i) {
      const std::vector<Fact> values = {{"n", std::to_string(i)}};
      session.arrangement.variants.push_back(values);
      experiment().variants.push_back({"n=" + values[0].value, values, {"fake", values[0].value}});
    }
    session.header.passes.resize(1);
    executor.several = true;
    with_feed = false;
  }

  // The log's lines that begin with one of `words`, without their times.
  Log only(const std::vector<std::string>& words) const {
    Log found;
    for (const std::string& line : log)
      if (std::ranges::any_of(words, [&](const std::string& word) { return line.starts_with(word); }))
        found.push_back(line.substr(0, line.find(" at ")));
    return found;
  }

  Result<Outcome> run() {
    return Recorder(session, {world, executor, with_feed ? &feed : nullptr, sink, observer}).run();
  }

  // The log without what the sampler adds on the way.
  Log steps() const {
    Log steps = log;
    std::erase(steps, "samples");
    return steps;
  }
};

}  // namespace pw::test
