// SPDX-License-Identifier: GPL-3.0-or-later
// How far a channel's energy can be trusted: its lag, the rules, other sensors of the same thing.
#include <fmt/format.h>

#include "base/text.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

std::string failing(const Validity& validity, Verdict verdict) {
  std::vector<std::string> texts;
  for (const RuleResult& rule : validity.rules)
    if (rule.verdict == verdict) texts.push_back(fmt::format("{} ({})", rule.rule, rule.finding));
  return join(texts, ", ");
}

std::string in_short(const Validity& validity) {
  if (validity.verdict() == Verdict::pass)
    return fmt::format("all {} rules hold (--verbose names them)", validity.rules.size());
  std::string text;
  if (const std::string failed = failing(validity, Verdict::fail); !failed.empty()) text = "fails " + failed;
  if (const std::string unknown = failing(validity, Verdict::unknown); !unknown.empty())
    text += (text.empty() ? "unknown " : "; unknown ") + unknown;
  return text;
}

std::string text_of(const CrossCheck& check) {
  std::string text = fmt::format("{} {} against {} {} ({})", check.first_source, check.first_channel,
                                 check.second_source, check.second_channel, check.scope);
  if (check.ratio) text += fmt::format(": energy ratio {:.4g}", *check.ratio);
  if (check.offset) text += fmt::format(", idle {:+.1f} W", check.offset->value);
  if (check.lag) text += fmt::format(", the second {:+.3g} s later", check.lag->value);
  return text + fmt::format("; {} of {} executions agree within their uncertainties", check.agreeing,
                            check.compared);
}

}  // namespace

void add_lag(Page& page, const ChannelAnalysis& channel) {
  if (!channel.lag || !channel.lag->significant()) return;
  page.paragraph(
      "lag",
      fmt::format("the sensor shows the steps at the tests' begins and ends {:+.3g} s ± {:.2g} s late; "
                  "energies allow for it",
                  channel.lag->lag.value, channel.lag->uncertainty.value));
}

void add_sampler(Page& page, const PowerSource& source, const SamplerCost& cost) {
  std::vector<std::string> texts;
  if (cost.cpus) texts.push_back(fmt::format("reading takes {:.3g} % of a CPU", 100 * *cost.cpus));
  if (cost.watts) texts.push_back(fmt::format("about {} (estimated)", amount(cost.watts->value, "W")));
  if (source.reads > 0)
    texts.push_back(fmt::format("{} late on average, {} at most", amount(source.late_mean.value, "s"),
                                amount(source.late_most.value, "s")));
  if (source.repeats > 0)
    texts.push_back(plural(static_cast<std::size_t>(source.repeats), "unchanged reading"));
  if (source.renews)
    texts.push_back(fmt::format("values renewed every {:.3g} s", to_seconds(*source.renews).value));
  if (!texts.empty()) page.paragraph("sampler", join(texts, ", "));
}

void add_validity(Page& page, const Validity& validity, bool verbose) {
  if (!verbose) return page.paragraph("validity", in_short(validity));
  for (const RuleResult& rule : validity.rules)
    page.paragraph("rule", fmt::format("{} {}: {}", to_text(rule.verdict), rule.rule, rule.finding));
}

void add_cross_checks(Page& page, const PowerAnalysis& power) {
  if (power.cross_checks.empty()) return;
  page.title("cross-check of power sources");
  for (const CrossCheck& check : power.cross_checks) page.paragraph(agreement(check), text_of(check));
}

}  // namespace pw
