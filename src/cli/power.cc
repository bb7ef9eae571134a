// SPDX-License-Identifier: GPL-3.0-or-later
// `perfwatt power`: power alone, live or recorded.
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/power_output.h"
#include "machine/machine.h"
#include "os/clock.h"
#include "os/signals.h"
#include "power/open/sources.h"
#include "power/sampling/sampler.h"
#include "store/recorder_sink.h"

namespace pw {
namespace {

constexpr std::size_t kHistory = 500;  // columns of the widest chart

struct PowerOptions {
  std::string power, password_file, record, format, label;
  double rate = 0, interval_ms = 1000, duration = 0;
  bool force = false;
};

RecordingHeader make_header(const PowerOptions& options, const Sampler& sampler) {
  RecordingHeader header;
  header.version = PERFWATT_VERSION;
  header.experiment.command = {"(power alone)"};
  header.experiment.label = options.label;
  header.experiment.tests = 1;
  header.machine = describe_machine(Root());
  header.start = monotonic_now();
  header.start_unix_s = wall_clock_unix_s();
  header.passes.resize(1);
  header.sources = sampler.sources();
  header.channels = sampler.channels();
  return header;
}

class Watch {
 public:
  Watch(const PowerOptions& options, Sampler& sampler, Sink* sink)
      : options_(options), sampler_(sampler), sink_(sink), header_(make_header(options, sampler)) {
    for (const Channel& channel : sampler.channels())
      channels_.push_back({shown_name(sampler.sources()[static_cast<std::size_t>(channel.source)]),
                           channel,
                           PowerStats(kHistory),
                           false,
                           {},
                           {}});
    spans_.resize(channels_.size());
    view_ = options.format == "view";
  }

  // The exit status. `refusals`: of the sources that were tried before the one that is read.
  Result<int> run(const SignalQueue& signals, const std::vector<std::string>& refusals) {
    if (const Result<> begun = begin(refusals); !begun) return pass_on(begun);
    if (options_.format == "csv") fmt::print("{}", kPowerColumns);
    const Nanoseconds interval = to_nanoseconds({options_.interval_ms / 1000});
    bool stopped = false;
    // Half an interval behind the readings, so that each row has its own.
    for (Nanoseconds next = header_.start + Nanoseconds{interval.value / 2}; !stopped && !over();
         next += interval) {
      stopped = wait(signals, next);
      if (const Result<> taken = take(); !taken) return pass_on(taken);
      if (!stopped && !over() && !tell()) break;
    }
    return finish(stopped && options_.duration > 0);
  }

 private:
  Result<> begin(const std::vector<std::string>& refusals) {
    if (!sink_) return {};
    Result<> begun = sink_->begin(header_);
    for (const std::string& refusal : refusals)
      if (begun) begun = sink_->note({NoteKind::refusal, header_.start, refusal});
    return begun;
  }

  bool over() const {
    return options_.duration > 0 && to_seconds(monotonic_now() - header_.start).value >= options_.duration;
  }

  // Whether a signal asks for the end.
  bool wait(const SignalQueue& signals, Nanoseconds until) const {
    if (options_.duration > 0) until = std::min(until, header_.start + to_nanoseconds({options_.duration}));
    while (true) {
      while (const auto signal = signals.take())
        if (*signal != SIGCHLD) return true;
      const Nanoseconds left = until - monotonic_now();
      if (left.value <= 0) return false;
      pollfd waits = {signals.fd(), POLLIN, 0};
      ::poll(&waits, 1, static_cast<int>(std::min<std::int64_t>(left.value / 1'000'000 + 1, 500)));
    }
  }

  Result<> take() {
    std::vector<PowerSample> samples;
    sampler_.drain(samples);
    for (const PowerSample& sample : samples) {
      WatchedChannel& watched = channels_[static_cast<std::size_t>(sample.channel)];
      watched.stats.add(sample);
      watched.fresh = true;
      if (!usable(sample)) continue;
      Span& span = spans_[static_cast<std::size_t>(sample.channel)];
      if (!span.first) span.first = sample.time;
      span.last = sample.time;
    }
    for (const Note& note : sampler_.take_notes()) {
      clear();
      warn(note.text);
      if (sink_)
        if (Result<> noted = sink_->note(note); !noted) return noted;
    }
    return sink_ && !samples.empty() ? sink_->samples(samples) : Result<>();
  }

  // False where nobody reads any more.
  bool tell() {
    const Seconds elapsed = to_seconds(monotonic_now() - header_.start);
    if (options_.format == "csv")
      fmt::print("{}", power_csv(channels_, header_.start_unix_s + elapsed.value));
    if (options_.format == "jsonl")
      fmt::print("{}", power_jsonl(channels_, header_.start_unix_s + elapsed.value));
    if (view_) draw(elapsed);
    return std::fflush(stdout) == 0;
  }

  void draw(Seconds elapsed) {
    clear();
    const auto lines = power_view(channels_, elapsed, terminal_width(STDOUT_FILENO));
    for (const std::string& line : lines) fmt::print("{}\n", line);
    drawn_ = lines.size();
    std::fflush(stdout);
  }

  void clear() {
    if (drawn_ > 0) fmt::print("\x1b[{}A\x1b[J", drawn_);
    std::fflush(stdout);
    drawn_ = 0;
  }

  Result<int> finish(bool cut_short) {
    const Nanoseconds end = monotonic_now();
    const std::vector<PowerSource> counted = sampler_.stop();
    if (const Result<> taken = take(); !taken) return pass_on(taken);
    if (options_.format == "view" || options_.format == "summary") {
      clear();
      for (const std::string& line :
           power_view(channels_, to_seconds(end - header_.start), terminal_width(STDOUT_FILENO)))
        fmt::print("{}\n", line);
    }
    if (sink_)
      if (const Result<> stored = store(end, counted, cut_short); !stored) return pass_on(stored);
    return cut_short ? kCtrlC : 0;
  }

  // Between readings of every energy counter: of what comes before and after them no energy is known. A value
  // may be as old as its sensor's refresh.
  void enclose(Execution& whole) const {
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      const Channel& channel = header_.channels[i];
      if (channel.kind != ChannelKind::accumulating || !spans_[i].first) continue;
      const Nanoseconds begin = std::max(whole.begin, *spans_[i].first);
      const Nanoseconds end = std::min(whole.end, spans_[i].last - channel.refresh * 2);
      if (begin < end) whole.begin = begin, whole.end = end;
    }
  }

  // The whole time is one execution, so that energy is computed and charted as that of any run.
  Result<> store(Nanoseconds end, const std::vector<PowerSource>& counted, bool cut_short) {
    Execution whole;
    whole.test = 1;
    whole.begin = header_.start;
    whole.end = end;
    enclose(whole);
    if (Result<> stored = sink_->execution(whole); !stored) return stored;
    if (Result<> ended = sink_->end(cut_short ? Ending::stopped : Ending::complete, end, counted); !ended)
      return ended;
    fmt::print(stderr, "recording: {}\n", options_.record);
    return {};
  }

  const PowerOptions& options_;
  Sampler& sampler_;
  Sink* sink_;
  RecordingHeader header_;
  std::vector<WatchedChannel> channels_;
  struct Span {
    std::optional<Nanoseconds> first;
    Nanoseconds last;
  };
  std::vector<Span> spans_;  // of the usable readings of each channel
  bool view_ = false;
  std::size_t drawn_ = 0;  // lines on the terminal
};

Result<int> watch(PowerOptions& options) {
  std::unique_ptr<Sink> sink;
  if (!options.record.empty()) {
    auto created = SqliteSink::create(options.record, options.force);
    if (!created) return pass_on(created);
    sink = std::move(*created);
  }
  const double rate = options.rate > 0 ? options.rate : std::min(1000 / options.interval_ms, 1000.0);
  Result<OpenedPower> power = open_power(
      {options.power.empty() ? std::nullopt : std::optional(options.power), rate, options.password_file});
  if (!power) return pass_on(power);
  if (power->readers.empty())
    return fail(Failure::not_possible,
                power->refusals.empty() ? "no power source was named" : join(power->refusals, "; "),
                "--power", "perfwatt doctor says what would allow it");
  const SignalQueue signals;
  Sampler sampler(std::move(power->readers));
  for (const std::string& refusal : power->refusals) fmt::print(stderr, "not used: {}\n", refusal);
  for (const PowerSource& source : sampler.sources())
    fmt::print(stderr, "power from {} {}{}, {} a second\n", source.name, printable(source.address),
               source.simulated ? " (SIMULATED)" : "", exact_number(source.rate_hz));
  return Watch(options, sampler, sink.get()).run(signals, power->refusals);
}

}  // namespace

int power_command(int argc, char** argv) {
  CLI::App app("Watches or records power alone. Ctrl-C ends it", "perfwatt power");
  PowerOptions options;
  app.add_option("--power", options.power, "power sources (the best that works: perfwatt list power)")
      ->type_name("SOURCE,..");
  add_number(app, "-I,--interval", options.interval_ms, "MS", {1, 1e9}, "between two rows or views (1000)");
  add_number(app, "--rate", options.rate, "HZ", {0.001, 1000}, "power readings a second (one per interval)");
  add_number(app, "--duration", options.duration, "SECONDS", {1e-3, 1e9}, "then it ends (at Ctrl-C)");
  app.add_option("--record", options.record, "keep every reading in a recording")->type_name("FILE");
  app.add_flag("--force", options.force, "replace the recording where it exists");
  app.add_option("--label", options.label, "what this is, for the reader")->type_name("TEXT");
  app.add_option("--format", options.format, "csv or jsonl: rows on stdout (csv where that is no terminal)")
      ->check(CLI::IsMember({"csv", "jsonl"}));
  app.add_option("--bmc-password-file", options.password_file, "else PERFWATT_BMC_PASSWORD or a prompt")
      ->type_name("FILE");
  app.footer(
      "Examples: perfwatt power --power dcmi://admin@bmc.example\n"
      "          perfwatt power --duration 86400 --record day.perfwatt && perfwatt plot day.perfwatt\n"
      "          perfwatt power -I 100 --format jsonl | jq .watts");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  if (options.format.empty())
    options.format = on_terminal(STDOUT_FILENO) ? "view" : options.record.empty() ? "csv" : "summary";
  const Result<int> status = watch(options);
  return status ? *status : report_error(status.error());
}

}  // namespace pw
