// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/validity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/series/machine_states.h"
#include "analyze/series/series.h"

namespace pw {
namespace {

constexpr int kEnoughSamples = 60;
constexpr Seconds kEnoughTime{60};
constexpr double kEnoughRate = 1;  // Hz
constexpr double kMostDrift = 0.02;
constexpr double kMostMissed = 0.01;

// What the rules look at.
struct Subject {
  const Recording& recording;
  const PowerSource& source;
  const Channel& channel;
  const IdleLevels& idle;
  std::vector<const Execution*> executions;
  std::span<const EnergyRow> rows;
  int samples = 0;  // usable ones within the executions
  Seconds time;     // of the executions
};

Verdict passes(bool ok) { return ok ? Verdict::pass : Verdict::fail; }

RuleResult samples(const Subject& subject) {
  if (subject.executions.empty()) return {"samples", Verdict::unknown, "no execution"};
  return {"samples", passes(subject.samples >= kEnoughSamples || subject.time >= kEnoughTime),
          fmt::format("{} readings in {:.4g} s of executions; {} readings or {:.0f} s are asked for",
                      subject.samples, subject.time.value, kEnoughSamples, kEnoughTime.value)};
}

RuleResult rate(const Subject& subject) {
  if (subject.time.value <= 0) return {"rate", Verdict::unknown, "no execution"};
  // Of executions shorter than a second each, the one that a begin just missed is owed.
  const double owed = static_cast<double>(subject.executions.size());
  const double most = (subject.samples + owed) / subject.time.value;
  return {"rate", passes(most >= kEnoughRate),
          fmt::format("{:.3g} readings a second; {:.0f} or more are asked for",
                      subject.samples / subject.time.value, kEnoughRate)};
}

RuleResult idle(const Subject& subject) {
  const bool before = subject.idle.before.has_value(), after = subject.idle.after.has_value();
  if (before && after)
    return {"idle", Verdict::pass,
            fmt::format("{} readings before and {} after", subject.idle.before->samples,
                        subject.idle.after->samples)};
  return {"idle", Verdict::fail,
          fmt::format("no idle level {}", before  ? "after"
                                          : after ? "before"
                                                  : "before nor after")};
}

RuleResult drift(const Subject& subject) {
  const auto drift = subject.idle.drift();
  if (!drift) return {"drift", Verdict::unknown, "no idle level both before and after"};
  return {"drift", passes(std::abs(*drift) < kMostDrift),
          fmt::format("{:+.2f} %; less than {:.0f} % is asked for", 100 * *drift, 100 * kMostDrift)};
}

RuleResult same_run(const Subject& subject) {
  const auto watched = std::ranges::count_if(
      subject.rows, [](const EnergyRow& row) { return row.status != EnergyStatus::no_data; });
  if (subject.rows.empty()) return {"same-run", Verdict::unknown, "no execution"};
  return {"same-run", passes(watched == std::ssize(subject.rows)),
          fmt::format("{} of {} executions have readings", watched, subject.rows.size())};
}

RuleResult scope(const Subject& subject) {
  const std::string& text = subject.channel.scope;
  return {"scope", passes(!text.empty()), text.empty() ? "not stated" : text};
}

RuleResult meter(const Subject& subject) {
  if (subject.source.simulated) return {"meter", Verdict::fail, "simulated"};
  const std::string& text = subject.channel.meter;
  return {"meter", text.empty() ? Verdict::unknown : Verdict::pass, text.empty() ? "not stated" : text};
}

RuleResult throttling(const Subject& subject) {
  double rose = 0;
  bool known = false;
  for (const Execution* one : subject.executions)
    if (const auto count = throttled(*one)) {
      known = true;
      rose += *count;
    }
  // The OCC counts throttling itself, and says so when it does.
  known |= subject.source.name.starts_with("occ");
  const auto said = std::ranges::count_if(subject.recording.notes, [](const Note& note) {
    return note.text.find(kThrottledNote) != std::string::npos;
  });
  if (rose > 0 || said > 0)
    return {"throttling", Verdict::fail,
            fmt::format("{:.0f} throttle events of the CPUs, {} of the OCC", rose, said)};
  if (!known) return {"throttling", Verdict::unknown, "this machine counts no throttle events"};
  return {"throttling", Verdict::pass, "no throttle event"};
}

RuleResult deadlines(const Subject& subject) {
  const auto& source = subject.source;
  const double due = static_cast<double>(source.reads + source.missed);
  if (due <= 0) return {"deadlines", Verdict::unknown, "the number of readings was not recorded"};
  const double share = static_cast<double>(source.missed) / due;
  return {"deadlines", passes(share <= kMostMissed),
          fmt::format("{} of {:.0f} missed ({:.2g} %); at most {:.0f} % may be", source.missed, due,
                      100 * share, 100 * kMostMissed)};
}

constexpr RuleResult (*kRules[])(const Subject&) = {samples, rate,  idle,       drift,    same_run,
                                                    scope,   meter, throttling, deadlines};

// Within the executions, which follow each other.
int count_samples(const std::vector<const Execution*>& executions, const ValidityInput& input) {
  int count = 0;
  auto one = executions.begin();
  for (const PowerSample& sample : input.samples.of(input.channel)) {
    while (one != executions.end() && (*one)->end < sample.time) ++one;
    if (one == executions.end()) break;
    if (usable(sample) && (*one)->begin <= sample.time) ++count;
  }
  return count;
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::unknown:
      break;
  }
  return "unknown";
}

Verdict Validity::verdict() const {
  const auto any = [&](Verdict verdict) {
    return std::ranges::count(rules, verdict, &RuleResult::verdict) > 0;
  };
  return any(Verdict::fail) ? Verdict::fail : any(Verdict::unknown) ? Verdict::unknown : Verdict::pass;
}

Validity validity(const Recording& recording, const ValidityInput& input) {
  const Channel& channel = recording.channels[input.channel];
  const PowerSource& source = source_of(recording, channel);
  Subject subject{recording, source, channel, input.idle, counted_executions(recording), input.energy, 0, {}};
  subject.samples = count_samples(subject.executions, input);
  for (const Execution* one : subject.executions) subject.time += to_seconds(one->end - one->begin);
  Validity validity{shown_name(source), channel.name, {}};
  for (const auto rule : kRules) validity.rules.push_back(rule(subject));
  return validity;
}

}  // namespace pw
