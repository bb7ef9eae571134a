// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/sysfs_pmu.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/list.h"
#include "base/text.h"

namespace pw {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, hex ? 16 : 10);
  return error == std::errc() && stop == end && !text.empty() ? std::optional(value) : std::nullopt;
}

tl::unexpected<Error> bad(const std::string& pmu, const std::string& what, const std::string& hint = "") {
  return fail(Failure::input, "PMU " + pmu + ": " + what, "-e", hint);
}

std::string did_you_mean_or(std::string_view name, const std::vector<std::string>& names,
                            const char* else_say) {
  const std::string hint = did_you_mean(name, names);
  if (!hint.empty()) return hint;
  const std::vector<std::string> first(
      names.begin(), names.begin() + static_cast<long>(std::min<std::size_t>(names.size(), 12)));
  return names.empty() ? "" : std::string(else_say) + join(first, ", ") + (names.size() > 12 ? ", ..." : "");
}

// Puts `value` into the bits of `word` that "0-7,32-35" names, lowest first; false where it is too large.
bool deposit(std::uint64_t& word, std::string_view bits, std::uint64_t value) {
  const auto list = parse_list(bits);
  if (!list || std::ranges::max(*list) > 63) return false;
  for (const int bit : *list) {
    word = (word & ~(std::uint64_t{1} << bit)) | (value & 1) << bit;
    value >>= 1;
  }
  return value == 0;
}

struct Term {
  std::string name;
  std::string value;  // "1" where none was given
};

std::vector<Term> terms_of(std::string_view text) {
  std::vector<Term> terms;
  for (const std::string& part : split(text, ',')) {
    const std::string term(trim(part));
    if (term.empty()) continue;
    const std::size_t equals = term.find('=');
    terms.push_back({term.substr(0, equals), equals == std::string::npos ? "1" : term.substr(equals + 1)});
  }
  return terms;
}

class PmuEvent {
 public:
  PmuEvent(const Root& root, std::string pmu)
      : root_(root), pmu_(std::move(pmu)), folder_(kPmuDevices / pmu_) {}

  Result<EventRequest> parse(std::string_view text) {
    const auto type = root_.number(folder_ / "type");
    if (!type)
      return fail(Failure::input, "there is no PMU '" + pmu_ + "'", "-e",
                  did_you_mean_or(pmu_, pmu_names(root_), "this machine has "));
    event_.type = static_cast<std::uint32_t>(*type);
    event_.name = pmu_ + "/" + std::string(text) + "/";
    std::vector<Term> terms = terms_of(text);
    if (Result<> expanded = expand(terms); !expanded) return pass_on(expanded);
    for (const Term& term : terms)
      if (Result<> applied = apply(term, terms); !applied) return pass_on(applied);
    if (const auto cpus = root_.text(folder_ / "cpumask"))
      event_.cpus = parse_list(*cpus).value_or(std::vector<int>{});
    describe(terms);
    return event_;
  }

 private:
  // Replaces the name of an event of the PMU by its terms.
  Result<> expand(std::vector<Term>& terms) {
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const Term named = terms[i];
      const auto text = named.value == "1" ? root_.text(folder_ / "events" / named.name) : std::nullopt;
      if (!text || named.name.find('/') != std::string::npos) continue;
      terms.erase(terms.begin() + static_cast<long>(i));
      const std::vector<Term> inner = terms_of(*text);
      terms.insert(terms.begin() + static_cast<long>(i), inner.begin(), inner.end());
      return take_scale(named.name);
    }
    return {};
  }

  Result<> take_scale(const std::string& name) {
    event_.unit = root_.text(folder_ / "events" / (name + ".unit")).value_or("");
    const auto text = root_.text(folder_ / "events" / (name + ".scale"));
    if (!text) return {};
    const auto scale = parse_number(*text);
    if (!scale || *scale <= 0) return bad(pmu_, "event " + name + " has the scale '" + *text + "'");
    event_.scale = *scale;
    return {};
  }

  // A parameter ("core=?") is given by a later term of the same name.
  static bool given_later(const Term& term, const std::vector<Term>& terms) {
    return std::any_of(terms.begin(), terms.end(),
                       [&](const Term& other) { return other.name == term.name && other.value != "?"; });
  }

  Result<> apply(const Term& term, const std::vector<Term>& terms) {
    if (term.value == "?") {
      if (given_later(term, terms)) return {};
      return bad(pmu_, "the event needs " + term.name + "=N",
                 "write " + event_.name.substr(0, event_.name.size() - 1) + "," + term.name + "=0/");
    }
    if (term.name == "name") {
      event_.name = printable(term.value);
      return {};
    }
    const auto value = number(term.value);
    if (!value)
      return bad(pmu_, "'" + term.value + "' is no value for '" + term.name + "'",
                 "write a number or 0x and a number");
    if (std::uint64_t* word = word_of(term.name)) {
      *word = *value;
      return {};
    }
    const auto format = root_.text(folder_ / "format" / term.name);
    if (!format || term.name.find('/') != std::string::npos) return unknown(term.name);
    const std::size_t colon = format->find(':');
    std::uint64_t* word = word_of(format->substr(0, colon));
    if (!word || colon == std::string::npos)
      return bad(pmu_, "the format '" + *format + "' of '" + term.name + "' is not understood");
    if (!deposit(*word, std::string_view(*format).substr(colon + 1), *value))
      return bad(pmu_, fmt::format("{}={} does not fit its bits ({})", term.name, term.value, *format));
    return {};
  }

  tl::unexpected<Error> unknown(const std::string& name) {
    std::vector<std::string> names = pmu_events(root_, pmu_);
    for (const std::string& term : root_.names(folder_ / "format")) names.push_back(term + "=");
    return bad(pmu_, "it has neither an event nor a term '" + name + "'",
               did_you_mean_or(name, names, "it has "));
  }

  std::uint64_t* word_of(std::string_view name) {
    if (name == "config") return &event_.config;
    if (name == "config1") return &event_.config1;
    if (name == "config2") return &event_.config2;
    return nullptr;
  }

  void describe(const std::vector<Term>& terms) {
    std::vector<std::string> parts;
    for (const Term& term : terms)
      if (term.name != "name" && term.value != "?") parts.push_back(term.name + "=" + term.value);
    event_.hardware = pmu_ + "/" + join(parts, ",") + "/";
    event_.meaning = "event of the PMU " + pmu_;
  }

  const Root& root_;
  std::string pmu_;
  std::filesystem::path folder_;
  EventRequest event_;
};

}  // namespace

std::vector<std::string> pmu_names(const Root& root) { return root.names(kPmuDevices); }

std::vector<std::string> pmu_events(const Root& root, const std::string& pmu) {
  std::vector<std::string> events = root.names(kPmuDevices / pmu / "events");
  std::erase_if(events, [](const std::string& name) {
    return name.ends_with(".scale") || name.ends_with(".unit") || name.ends_with(".snapshot") ||
           name.ends_with(".per-pkg");
  });
  return events;
}

Result<EventRequest> parse_pmu_event(const Root& root, std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string pmu(text.substr(0, slash));
  if (pmu.empty() || pmu.starts_with('.'))
    return fail(Failure::input, "'" + std::string(text) + "' names no PMU", "-e", "write pmu/event/");
  return PmuEvent(root, pmu).parse(text.substr(slash + 1, text.size() - slash - 2));
}

}  // namespace pw
