// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text/findings_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kFindingsShown = 5;
constexpr std::size_t kLongestFinding = 2000;  // columns: the text of a recording may be a stranger's

std::vector<const FindingOutcome*> with_status(std::span<const FindingOutcome> all, FindingStatus status) {
  std::vector<const FindingOutcome*> found;
  for (const FindingOutcome& one : all)
    if (one.status == status) found.push_back(&one);
  return found;
}

void add_paragraph(Page& page, std::string_view label, std::string_view text) {
  if (!text.empty()) page.paragraph(label, shortened(printable(text), kLongestFinding));
}

// What was seen: of the hypervisor test by test, where that is known.
void add_figures(Page& page, const FindingOutcome& one, const RunAnalysis& run) {
  page.line("  " + page.painted(printable(one.title), Ink::yellow));
  const auto given = std::ranges::find(run.given_warnings, one.rule, &GivenWarning::rule);
  add_paragraph(page, "seen", given == run.given_warnings.end() ? one.text : given->text);
  add_paragraph(page, "next", one.next);
}

struct Group {
  FindingStatus status;
  const char* title;
  const char* text;  // the label of its text
};
constexpr Group kGroups[] = {{FindingStatus::applies, "findings that apply", "seen"},
                             {FindingStatus::unknown, "cannot tell", "why"},
                             {FindingStatus::applies_not, "do not apply", "seen"}};

void add_whole(Page& page, const Group& group, const FindingOutcome& one) {
  page.line(fmt::format("  {} ({})", page.painted(printable(one.title), Ink::bold), printable(one.rule)));
  add_paragraph(page, group.text, one.text);
  add_paragraph(page, "where", one.condition);
  add_paragraph(page, "next", one.next);
  add_paragraph(page, "source", one.source);
}

}  // namespace

std::vector<const FindingOutcome*> shown_findings(std::span<const FindingOutcome> findings) {
  auto applying = with_status(findings, FindingStatus::applies);
  applying.resize(std::min(applying.size(), kFindingsShown));
  return applying;
}

void add_findings(Page& page, const Analysis& analysis) {
  const auto shown = shown_findings(analysis.findings);
  if (shown.empty()) return;
  page.title("findings");
  for (const FindingOutcome* one : shown) add_figures(page, *one, analysis.run);
  const std::size_t all = with_status(analysis.findings, FindingStatus::applies).size();
  if (all > shown.size())
    page.line(fmt::format("  and {} more: perfwatt show --findings", all - shown.size()));
}

std::string findings_page(std::span<const FindingOutcome> findings, const TextStyle& style) {
  Page page(style, false);
  for (const Group& group : kGroups) {
    const auto members = with_status(findings, group.status);
    page.title(fmt::format("{}: {} of {} rules", group.title, members.size(), findings.size()));
    for (const FindingOutcome* one : members) add_whole(page, group, *one);
  }
  return page.text();
}

}  // namespace pw
