// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/stop_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/mean_interval.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr const char* kOption = "--stop-when";
constexpr const char* kElapsed = "elapsed";

std::string label_of(const EventRequest& request) {
  return request.modifier.empty() ? request.name : request.name + ":" + request.modifier;
}

tl::unexpected<Error> fail_form(const std::string& text) {
  return fail(Failure::input,
              "'" + printable(text) + "' is not EVENT:WIDTH% with a width above 0 and up to 100", kOption,
              "write --stop-when cycles:1% or elapsed:0.5%");
}

// The event's canonical label: perf's aliases are known, too.
std::string canonical(const std::string& name) {
  const auto requests = parse_events(name);
  return requests && requests->size() == 1 ? label_of(requests->front()) : name;
}

Result<std::string> find_name(const std::string& name, const std::vector<EventRequest>& events) {
  std::vector<std::string> names = {kElapsed};
  for (const EventRequest& event : events) names.push_back(label_of(event));
  for (const std::string& one : {name, canonical(name)})
    if (std::ranges::find(names, one) != names.end()) return one;
  const std::string meant = did_you_mean(name, names);
  return fail(Failure::input, "'" + printable(name) + "' is neither elapsed nor an event of this run",
              kOption, meant.empty() ? "there are " + join(names, ", ") : meant);
}

}  // namespace

Result<StopRule> parse_stop(const std::string& text, const std::vector<EventRequest>& events) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || !text.ends_with('%')) return fail_form(text);
  const auto width = parse_number(std::string_view(text).substr(colon + 1, text.size() - colon - 2));
  if (!width || !(*width > 0 && *width <= 100)) return fail_form(text);
  const Result<std::string> name = find_name(text.substr(0, colon), events);
  if (!name) return pass_on(name);
  return StopRule{*name, std::nullopt, *width / 100};
}

Result<StopRule> resolve_stop(StopRule rule, const std::vector<Event>& events) {
  if (rule.name == kElapsed) return rule;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].label() != rule.name) continue;
    if (events[i].status != CountStatus::ok)
      return fail(Failure::not_possible, rule.name + " cannot be counted here: " + events[i].reason, kOption,
                  "--stop-when elapsed:1% works everywhere");
    rule.event = static_cast<int>(i);
    return rule;
  }
  return fail(Failure::not_possible, rule.name + " is not counted here", kOption);
}

std::optional<double> StopWatch::value(const Execution& execution) const {
  if (!rule_.event) return to_seconds(execution.end - execution.begin).value;
  const auto at = std::ranges::find(execution.readings, *rule_.event, &Reading::event);
  return at == execution.readings.end() ? std::nullopt : scaled_value(*at);
}

void StopWatch::add(const Execution& execution) {
  if (!execution.of_test() || execution.failed()) return;
  if (const auto one = value(execution)) by_test_[execution.test].push_back(*one);
}

std::vector<double> StopWatch::means() const {
  std::vector<double> means;
  for (const auto& [test, passes] : by_test_) means.push_back(mean_interval(passes).mean);
  return means;
}

std::optional<double> StopWatch::width() const {
  const MeanInterval interval = mean_interval(means());
  if (!interval.half_width) return std::nullopt;
  if (interval.deviation == 0) return 0;
  if (interval.mean == 0) return std::nullopt;
  return *interval.half_width / std::abs(interval.mean);
}

bool StopWatch::reached() const {
  if (tests() < StopRule::kLeastTests) return false;
  const std::optional<double> now = width();
  return now && *now <= rule_.width;
}

std::string StopWatch::text() const {
  const std::optional<double> now = width();
  if (now && *now == 0)
    return fmt::format("{} is {:.6g} in each of {} tests: more of them tell no more", rule_.name,
                       means().front(), tests());
  return fmt::format("the 95 % interval of {} is {} after {} test{}, --stop-when asks for ± {:.4g} %",
                     rule_.name, now ? fmt::format("± {:.2f} %", 100 * *now) : "unknown", tests(),
                     tests() == 1 ? "" : "s", 100 * rule_.width);
}

int StopWatches::widest(std::span<const int> variants) const {
  const auto width = [&](int variant) {
    return watches_[static_cast<std::size_t>(variant)].width().value_or(INFINITY);
  };
  return *std::ranges::max_element(variants, {}, width);
}

bool StopWatches::reached(std::span<const int> variants) const {
  return std::ranges::all_of(
      variants, [&](int variant) { return watches_[static_cast<std::size_t>(variant)].reached(); });
}

}  // namespace pw
