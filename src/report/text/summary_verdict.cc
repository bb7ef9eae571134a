// SPDX-License-Identifier: GPL-3.0-or-later
// The first sentence of a summary.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/main_channel.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"
#include "report/text/words.h"

namespace pw {
namespace {

constexpr std::size_t kLongestSubject = 200;
constexpr int kFewTests = 3;

std::string value_text(const Measurand& one) {
  const std::string spread = interval(*one.value);
  return amount(one.value->mean, one.unit) + (spread.empty() ? "" : " " + spread);
}

// Null: no channel.
const ChannelAnalysis* headline(const Recording& recording, const PowerAnalysis& power) {
  const auto channel = main_channel(recording);
  return channel ? &power.channels[*channel] : nullptr;
}

// "12.01 s ± 0.35 % and 4.22 kJ ± 0.90 % an execution, 11 tests"
std::string figures_of(const Recording& recording, const Analysis& analysis) {
  const Measurand& elapsed = analysis.run.elapsed;
  const ChannelAnalysis* channel = headline(recording, analysis.power);
  const bool energy = channel && channel->values.gross.value, alone = power_alone(recording.experiment);
  if (alone && !energy) return "no reading has a value";
  if (alone)
    return fmt::format("{} on average, {} in {}",
                       channel->values.mean.value ? amount(channel->values.mean.value->mean, "W") : "unknown",
                       amount(channel->values.gross.value->mean, "J"),
                       elapsed.value ? amount(elapsed.value->mean, "s") : "an unknown time");
  if (!elapsed.value) return "no figures: " + elapsed.reason;
  std::string text = value_text(elapsed);
  if (energy) text += " and " + value_text(channel->values.gross);
  return text + fmt::format(" an execution, {}", plural(static_cast<std::size_t>(elapsed.value->n), "test"));
}

std::vector<std::string> trouble_of_run(const Recording& recording, const RunAnalysis& run) {
  std::vector<std::string> texts = trouble_of_ending(recording);
  const auto add = [&](std::size_t count, std::string_view noun, std::string_view what) {
    if (count > 0) texts.push_back(fmt::format("{} {}", plural(count, noun), what));
  };
  add(static_cast<std::size_t>(std::ranges::count_if(
          recording.executions, [](const Execution& one) { return one.failed() && !one.warmup(); })),
      "execution", "failed");
  add(run.unlike.size(), "test", "with passes that are unlike");
  add(run.incomplete.size(), "test", "without all passes");
  add(run.elapsed.odd.size(), "test", "stood apart in time");
  if (!run.trends.empty()) texts.emplace_back("a trend over the tests");
  if (!run.state_changes.empty()) texts.emplace_back("the machine changed meanwhile");
  if (!run.given_warnings.empty()) texts.emplace_back("what the hypervisor gave");
  return texts;
}

std::vector<std::string> trouble_of(const Recording& recording, const Analysis& analysis) {
  std::vector<std::string> texts = trouble_of_run(recording, analysis.run);
  if (std::ranges::any_of(recording.sources, &PowerSource::simulated))
    texts.emplace_back("the power is SIMULATED");
  const ChannelAnalysis* channel = headline(recording, analysis.power);
  if (channel && channel->validity.verdict() == Verdict::fail)
    texts.emplace_back("the energy fails a rule (validity)");
  const auto noted = std::ranges::count(recording.notes, NoteKind::warning, &Note::kind);
  if (noted > 0) texts.push_back(plural(static_cast<std::size_t>(noted), "message") + " meanwhile");
  const auto& elapsed = analysis.run.elapsed.value;
  if (elapsed && elapsed->n < kFewTests && !power_alone(recording.experiment))
    texts.push_back(elapsed->n == 1 ? "one test has no interval" : "two tests are few");
  return texts;
}

std::string whole_subject(const Recording& recording) {
  const Experiment& experiment = recording.experiment;
  if (!experiment.label.empty()) return experiment.label;
  if (!experiment.target.empty()) return experiment.target;
  return power_alone(experiment) ? "power" : join(experiment.command, " ");
}

}  // namespace

std::string subject_of(const Recording& recording) {
  return shortened(printable(whole_subject(recording)), kLongestSubject);
}

std::vector<std::string> trouble_of_ending(const Recording& recording) {
  std::vector<std::string> texts;
  if (recording.interrupted()) texts.emplace_back("it was interrupted");
  if (recording.under_way()) texts.emplace_back("it is under way");
  return texts;
}

std::string run_sentence(const Recording& recording, const Analysis& analysis) {
  const std::vector<std::string> trouble = trouble_of(recording, analysis);
  return figures_of(recording, analysis) +
         (trouble.empty() ? ". Nothing speaks against it." : ". With care: " + join(trouble, ", ") + ".");
}

void add_verdict(Page& page, const Recording& recording, const Analysis& analysis) {
  const std::string text = subject_of(recording) + ": " + run_sentence(recording, analysis);
  page.line(page.painted(wrapped(printable(text), page.width(), 0),
                         trouble_of(recording, analysis).empty() ? Ink::bold : Ink::yellow));
}

}  // namespace pw
