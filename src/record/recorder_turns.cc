// SPDX-License-Identifier: GPL-3.0-or-later
// Tests, and the variants that take turns in them.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "record/recorder.h"

namespace pw {

Result<> Recorder::run_tests() {
  const std::vector<int> all = all_variants();
  const bool blocked = session_.arrangement.order == Order::blocked;
  Result<> ran;
  for (std::size_t i = 0; ran && i < (blocked ? all.size() : 1); ++i)
    ran = run_group(blocked ? std::vector<int>{all[i]} : all);
  if (!ran) return ran;
  if (Result<> noted = note_over(); !noted) return noted;
  return note_why_enough();
}

std::vector<int> Recorder::all_variants() const {
  std::vector<int> all(dropped_.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::vector<int> Recorder::tested(std::span<const int> variants) const {
  std::vector<int> left(variants.begin(), variants.end());
  std::erase_if(left, [&](int one) { return dropped_[static_cast<std::size_t>(one)]; });
  return left;
}

bool Recorder::enough(std::span<const int> variants) const {
  if (decision_watch_) return decision_watch_->decided(tested(variants));
  return stop_watches_ && stop_watches_->reached(tested(variants));
}

std::string Recorder::why_enough() const {
  const std::vector<int> all = tested(all_variants());
  if (decision_watch_) return decision_watch_->text(all);
  const int widest = stop_watches_->widest(all);
  const std::string of = experiment().variants.empty() ? "" : label_of(widest) + ": ";
  return of + stop_watches_->of(widest).text();
}

// --cleanup comes whatever happened.
Result<> Recorder::run_group(const std::vector<int>& variants) {
  Result<> ran = warm_up(variants);
  for (int test = 1; ran && test <= experiment().tests && more() && !enough(variants); ++test)
    for (int pass = 1; ran && pass <= passes() && more(); ++pass) ran = run_turns(variants, test, pass);
  const Result<> cleaned = clean_up(variants);
  return ran ? cleaned : ran;
}

Step Recorder::step_of(int test, int pass, int variant) const {
  const Arrangement& arrangement = session_.arrangement;
  return {test, pass, variant, drawn(arrangement.varied, test, arrangement.seed)};
}

Result<> Recorder::warm_up(const std::vector<int>& variants) {
  for (const int variant : variants) {
    if (!more()) break;
    if (Result<> ran = run_around(Around::setup, step_of(0, 1, variant)); !ran) return ran;
    for (int i = 0; i < experiment().warmups && more(); ++i)
      if (Result<> ran = execute(step_of(0, 1, variant)); !ran) return ran;
  }
  return {};
}

Result<> Recorder::run_turns(const std::vector<int>& variants, int test, int pass) {
  const int count = static_cast<int>(variants.size());
  for (const int turn : turns(session_.arrangement.order, count, test, pass, session_.arrangement.seed)) {
    if (!more()) break;
    const int variant = variants[static_cast<std::size_t>(turn)];
    if (Result<> ran = execute(step_of(test, pass, variant)); !ran) return ran;
  }
  return {};
}

Result<> Recorder::clean_up(const std::vector<int>& variants) {
  const bool without_setup = session_.arrangement.command(Around::setup).empty();
  for (const int variant : variants)
    if (without_setup || set_up_[static_cast<std::size_t>(variant)])
      if (Result<> ran = run_around(Around::cleanup, step_of(0, 1, variant)); !ran) return ran;
  return {};
}

std::string Recorder::around_name(Around kind, const Step& step) const {
  const std::string name = fmt::format("the command of --{}", to_text(kind)), label = label_of(step.variant);
  if (kind == Around::setup || kind == Around::cleanup)
    return label.empty() ? name : fmt::format("{} of {}", name, label);
  Execution execution;
  execution.test = step.test, execution.pass = step.pass, execution.variant = step.variant;
  return fmt::format("{} at {}", name, execution_name(execution, experiment()));
}

// Outside of everything that is measured, and recorded as such.
Result<> Recorder::run_around(Around kind, const Step& step) {
  if (session_.arrangement.command(kind).empty()) return {};
  if (kind == Around::setup) set_up_[static_cast<std::size_t>(step.variant)] = true;
  const bool last = kind == Around::cleanup;
  const Result<AroundRan> ran = around_.executor.around(kind, step, waiting_, !last);
  if (!ran) return pass_on(ran);
  if (Result<> stored = around_.sink.interlude(ran->time); !stored || ran->how_failed.empty()) return stored;
  const std::string what = around_name(kind, step) + " " + ran->how_failed;
  if (!last) return fail(Failure::command, what, "", "run it by hand, by sh -c");
  outcome_.cleanup_failed = what;
  return warn(what);
}

// A variant whose warm-up fails is not tested; the others are.
Result<> Recorder::drop_unless_warm(const Execution& execution) {
  const auto variant = static_cast<std::size_t>(execution.variant);
  if (!execution.warmup() || !execution.failed()) return {};
  dropped_[variant] = true;
  dropped_executions_ += experiment().warmups + experiment().tests * passes() - done_[variant];
  outcome_.none_warmed_up = std::ranges::count(dropped_, false) == 0;
  outcome_.dropped.push_back(label_of(execution.variant));
  if (outcome_.none_warmed_up) return {};
  return warn(label_of(execution.variant) + ": its warm-up failed: it is not tested");
}

std::string Recorder::label_of(int variant) const {
  const auto& variants = experiment().variants;
  return variants.empty() ? "" : variants[static_cast<std::size_t>(variant)].label;
}

int Recorder::planned() const {
  return (experiment().warmups + experiment().tests * passes()) * session_.variants() - dropped_executions_;
}

}  // namespace pw
