// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank_plan.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "job/lines.h"

namespace pw {
namespace {

constexpr std::string_view kPlanKind = "perfwatt-rank-plan";
constexpr std::string_view kPmus = "sys/bus/event_source/devices/";
constexpr const char* kKernelRelease = "proc/sys/kernel/osrelease";
constexpr const char* kNoPmu = "-";  // whose numbers are the same on every machine
constexpr std::int64_t kMostEvents = 10'000;
constexpr double kRatePart = 1e3;  // rates are written in mHz
constexpr std::int64_t kMostRate = 100'000'000;

using AttrBytes = std::array<unsigned char, sizeof(perf_event_attr)>;

bool fixed_number(std::uint32_t type) { return type < PERF_TYPE_MAX; }

std::string pmu_of(std::uint32_t type, const Root& root) {
  if (fixed_number(type)) return kNoPmu;
  for (const std::string& name : root.names(std::string(kPmus)))
    if (root.number(std::string(kPmus) + name + "/type") == static_cast<long>(type)) return name;
  return kNoPmu;
}

std::string hex_of(const perf_event_attr& attr) {
  std::string text;
  for (const unsigned char byte : std::bit_cast<AttrBytes>(attr)) text += fmt::format("{:02x}", byte);
  return text;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Of one that counts, and does not sample.
std::optional<perf_event_attr> attr_from(std::string_view hex) {
  AttrBytes bytes{};
  if (hex.size() != 2 * bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = digit_of(hex[2 * i]), low = digit_of(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<unsigned char>(16 * high + low);
  }
  const auto attr = std::bit_cast<perf_event_attr>(bytes);
  if (attr.size != sizeof attr || attr.sample_period != 0 || attr.sample_type != 0) return std::nullopt;
  return attr;
}

// Settles what number the PMU has here.
void settle(ResolvedEvent& resolved, const std::string& pmu, bool same_kernel, const Root& root) {
  Event& event = resolved.event;
  if (pmu != kNoPmu) {
    const auto type = root.number(std::string(kPmus) + pmu + "/type");
    if (!type) event.status = CountStatus::not_present, event.reason = "the rank's node has no PMU " + pmu;
    resolved.attr.type = static_cast<std::uint32_t>(type.value_or(0));
  } else if (resolved.attr.type == PERF_TYPE_TRACEPOINT && !same_kernel) {
    event.status = CountStatus::not_counted;
    event.reason = "the rank's node has another kernel, in which tracepoints have other numbers";
  }
}

tl::unexpected<Error> no_plan(std::string_view line, const std::string& where) {
  return fail(Failure::input, "a line that cannot be: " + std::string(line.substr(0, line.find(' '))), where);
}

// "event INDEX SOFTWARE GROUP PMU ATTR".
bool take_event(Line line, bool same_kernel, const Root& root, RankPlan& plan) {
  ResolvedEvent resolved;
  const int index = static_cast<int>(line.number(0, kMostEvents));
  resolved.event.software = line.number(0, 1) != 0;
  resolved.event.group = static_cast<int>(line.number(0, kMostEvents));
  const std::string pmu(line.word());
  const auto attr = attr_from(line.word());
  if (!attr || !line.good() || pmu.find('/') != std::string::npos || pmu.starts_with('.')) return false;
  resolved.attr = *attr;
  settle(resolved, pmu, same_kernel, root);
  if (resolved.event.status == CountStatus::ok)
    plan.plan.passes.front().events.push_back(static_cast<int>(plan.events.size()));
  plan.plan.events.push_back(std::move(resolved));
  plan.events.push_back(index);
  return true;
}

RankPower asked_power(Line& line) {
  RankPower power;
  const std::int64_t rate = line.number(0, kMostRate);
  if (rate > 0) power.rate_hz = static_cast<double>(rate) / kRatePart;
  power.sources = line.rest();
  return power;
}

}  // namespace

RankPlan rank_plan(const CountingPlan& plan, int pass) {
  RankPlan of_rank;
  of_rank.plan.multiplex = plan.multiplex;
  of_rank.plan.passes.emplace_back();
  for (const int event : plan.passes[static_cast<std::size_t>(pass - 1)].events) {
    const ResolvedEvent& resolved = plan.events[static_cast<std::size_t>(event)];
    if (!resolved.cpus.empty()) continue;
    of_rank.plan.passes.front().events.push_back(static_cast<int>(of_rank.events.size()));
    of_rank.plan.events.push_back(resolved);
    of_rank.events.push_back(event);
  }
  return of_rank;
}

std::string rank_plan_text(const RankPlan& plan, const Root& root) {
  LineWriter lines(kPlanKind);
  lines.begin("kernel");
  lines.rest(root.text(kKernelRelease).value_or(""));
  lines.begin("multiplex");
  lines.number(plan.plan.multiplex);
  for (std::size_t i = 0; i < plan.events.size(); ++i) {
    const ResolvedEvent& resolved = plan.plan.events[i];
    lines.begin("event");
    lines.number(plan.events[i]).number(resolved.event.software).number(resolved.event.group);
    lines.word(pmu_of(resolved.attr.type, root)).word(hex_of(resolved.attr));
  }
  if (plan.power) {
    lines.begin("power");
    lines.number(std::llround(kRatePart * plan.power->rate_hz.value_or(0))).rest(plan.power->sources);
    lines.begin("run-node");
    lines.rest(plan.power->run_node);
    lines.begin("run-host");
    lines.rest(plan.power->run_host);
  }
  return lines.text();
}

Result<RankPlan> parse_rank_plan(std::string_view text, const Root& root, const std::string& where) {
  const auto lines = checked_lines(text, kPlanKind, where);
  if (!lines) return pass_on(lines);
  RankPlan plan;
  plan.plan.passes.emplace_back();
  bool same_kernel = false;
  for (const std::string_view one : *lines) {
    Line line(one);
    const std::string_view key = line.word();
    if (key == "kernel")
      same_kernel = line.rest() == root.text(kKernelRelease).value_or("");
    else if (key == "multiplex")
      plan.plan.multiplex = line.number(0, 1) != 0;
    else if (key == "power")
      plan.power = asked_power(line);
    else if (key == "run-node" && plan.power)
      plan.power->run_node = line.rest();
    else if (key == "run-host" && plan.power)
      plan.power->run_host = line.rest();
    else if (key != "event" || !take_event(line, same_kernel, root, plan))
      line.refuse();
    if (!line.good()) return no_plan(one, where);
  }
  return plan;
}

}  // namespace pw
