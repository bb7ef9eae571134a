// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event.h"

#include <algorithm>

#include "model/names.h"

namespace pw {
namespace {

constexpr Names<CountStatus, 6> kStatusNames = {{
    {CountStatus::ok, "ok"},
    {CountStatus::scaled, "scaled"},
    {CountStatus::not_counted, "not-counted"},
    {CountStatus::not_supported, "not-supported"},
    {CountStatus::not_permitted, "not-permitted"},
    {CountStatus::not_present, "not-present"},
}};
constexpr Names<Scope, 3> kScopeNames = {{{Scope::user, "u"}, {Scope::kernel, "k"}, {Scope::both, "uk"}}};

}  // namespace

std::string_view to_text(CountStatus status) { return name_in(kStatusNames, status); }
std::optional<CountStatus> count_status(std::string_view text) { return value_in(kStatusNames, text); }
std::string_view to_text(Scope scope) { return name_in(kScopeNames, scope); }
std::optional<Scope> scope_from(std::string_view text) { return value_in(kScopeNames, text); }

CountStatus status_of(Nanoseconds enabled, Nanoseconds running) {
  if (running.value <= 0 || enabled.value <= 0) return CountStatus::not_counted;
  return running == enabled ? CountStatus::ok : CountStatus::scaled;
}

std::optional<double> scaled_value(const Reading& reading) {
  const auto value = static_cast<double>(reading.value);
  if (reading.status == CountStatus::ok) return value;
  if (reading.status != CountStatus::scaled) return std::nullopt;
  return value * static_cast<double>(reading.enabled.value) / static_cast<double>(reading.running.value);
}

std::optional<double> amount_of(const Event& event, const Reading& reading) {
  const std::optional<double> value = scaled_value(reading);
  return value ? std::optional(*value * event.scale) : std::nullopt;
}

Reading difference(const Reading& before, const Reading& after) {
  Reading between = after;
  if (after.status != CountStatus::ok && after.status != CountStatus::scaled) return between;
  between.value = after.value - std::min(before.value, after.value);
  between.enabled = after.enabled - before.enabled;
  between.running = after.running - before.running;
  if (between.enabled.value == 0) return between;
  between.status = status_of(between.enabled, between.running);
  if (between.status == CountStatus::not_counted) between.reason = "the counter did not run in this interval";
  return between;
}

}  // namespace pw
