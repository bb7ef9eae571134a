// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/variants/arrangement.h"

#include <fmt/format.h>

#include <random>

#include "base/text.h"
#include "record/variants/placeholders.h"
#include "record/variants/variants.h"

namespace pw {
namespace {

constexpr double kLeastItems = 1e-9, kMostItems = 1e15;

Result<> take_order(const std::string& text, Arrangement& arrangement) {
  if (text.empty()) return {};
  const std::optional<Order> order = order_from(text);
  if (!order)
    return fail(Failure::input, fmt::format("'{}' is no order", printable(text)), "--order",
                "interleaved, blocked or random");
  arrangement.order = *order;
  return {};
}

void take_seed(Arrangement& arrangement) {
  if (arrangement.varied.empty() && arrangement.order != Order::random) return;
  std::random_device device;
  arrangement.seed = device();
}

}  // namespace

Result<Arrangement> arrangement_of(const ArrangementRequest& request) {
  const auto parameters = parse_parameters(request.parameters, "-L");
  if (!parameters) return pass_on(parameters);
  auto varied = parse_parameters(request.varied, "--vary", *parameters);
  if (!varied) return pass_on(varied);
  auto variants = combinations(*parameters, request.most_variants);
  if (!variants) return pass_on(variants);
  Arrangement arrangement{std::move(*variants),
                          std::move(*varied),
                          Order::interleaved,
                          0,
                          {request.setup, request.prepare, request.conclude, request.cleanup},
                          request.items};
  if (Result<> taken = take_order(request.order, arrangement); !taken) return pass_on(taken);
  take_seed(arrangement);
  return arrangement;
}

std::vector<Fact> procedure_of(const Arrangement& arrangement) {
  std::vector<Fact> facts;
  if (arrangement.variants.size() > 1) facts.push_back({"order", std::string(to_text(arrangement.order))});
  for (const Around kind : kArounds)
    if (const std::string& command = arrangement.command(kind); !command.empty())
      facts.push_back({std::string(to_text(kind)), command});
  for (const Parameter& one : arrangement.varied)
    facts.push_back({"vary " + one.name, join(one.values, ",")});
  if (arrangement.seed != 0) facts.push_back({"seed", std::to_string(arrangement.seed)});
  return facts;
}

Result<std::optional<double>> items_of(const std::string& text, std::span<const Fact> values) {
  if (text.empty()) return std::nullopt;
  const Result<std::string> number_text = filled(text, values);
  if (!number_text) return pass_on(number_text);
  const std::optional<double> number = parse_number(*number_text);
  if (number && *number >= kLeastItems && *number <= kMostItems) return number;
  return fail(Failure::input, fmt::format("'{}' is not a number from {} to {}", printable(*number_text),
                                          exact_number(kLeastItems), exact_number(kMostItems)));
}

std::vector<std::string> variables_of(std::span<const Fact> values) {
  std::vector<std::string> variables;
  for (const Fact& value : values) variables.push_back("PERFWATT_" + value.key + "=" + value.value);
  return variables;
}

}  // namespace pw
