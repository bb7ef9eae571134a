// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/stop_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/mean_interval.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr const char* kElapsed = "elapsed";

std::string label_of(const EventRequest& request) {
  return request.modifier.empty() ? request.name : request.name + ":" + request.modifier;
}

tl::unexpected<Error> fail_form(const std::string& text, const StopOption& option) {
  return fail(Failure::input,
              fmt::format("'{}' is not {} with a width above 0 and up to 100", printable(text), option.form),
              option.name, option.hint);
}

// The event's canonical label: perf's aliases are known, too.
std::string canonical(const std::string& name) {
  const auto requests = parse_events(name);
  return requests && requests->size() == 1 ? label_of(requests->front()) : name;
}

Result<std::string> find_name(const std::string& name, const std::vector<EventRequest>& events,
                              const StopOption& option) {
  std::vector<std::string> names = {kElapsed};
  for (const EventRequest& event : events) names.push_back(label_of(event));
  for (const std::string& one : {name, canonical(name)})
    if (std::ranges::find(names, one) != names.end()) return one;
  const std::string meant = did_you_mean(name, names);
  return fail(Failure::input, "'" + printable(name) + "' is neither elapsed nor an event of this run",
              option.name, meant.empty() ? "there are " + join(names, ", ") : meant);
}

}  // namespace

Result<StopRule> parse_stop(const std::string& text, const std::vector<EventRequest>& events,
                            const StopOption& option) {
  const std::size_t between = text.find_last_of(option.between);
  if (between == std::string::npos || between == 0 || !text.ends_with('%')) return fail_form(text, option);
  const auto width = parse_number(std::string_view(text).substr(between + 1, text.size() - between - 2));
  if (!width || !(*width > 0 && *width <= 100)) return fail_form(text, option);
  const Result<std::string> name = find_name(text.substr(0, between), events, option);
  if (!name) return pass_on(name);
  return StopRule{*name, std::nullopt, *width / 100, &option};
}

Result<StopRule> resolve_stop(StopRule rule, const std::vector<Event>& events) {
  if (rule.name == kElapsed) return rule;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].label() != rule.name) continue;
    if (events[i].status != CountStatus::ok)
      return fail(Failure::not_possible, rule.name + " cannot be counted here: " + events[i].reason,
                  rule.option->name, "elapsed works everywhere");
    rule.event = static_cast<int>(i);
    return rule;
  }
  return fail(Failure::not_possible, rule.name + " is not counted here", rule.option->name);
}

std::optional<double> StopRule::value(const Execution& execution) const {
  if (!event) return to_seconds(execution.end - execution.begin).value;
  const auto at = std::ranges::find(execution.readings, *event, &Reading::event);
  return at == execution.readings.end() ? std::nullopt : scaled_value(*at);
}

void StopWatch::add(const Execution& execution) {
  if (!execution.of_test() || execution.failed()) return;
  if (const auto one = rule_.value(execution)) by_test_[execution.test].push_back(*one);
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
