// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "base/text.h"
#include "report/compare/comparison_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr const char* kSigns[] = {"", "= ", "/ ", "/ "};  // of the parts: elapsed = cycles / frequency / CPUs

}  // namespace

void add_clock(Page& page, const ClockOrCode& clock) {
  page.title("the clock or the code");
  if (!clock.why.empty()) page.paragraph("not known", clock.why);
  for (std::size_t i = 0; i < clock.parts.size(); ++i) {
    const ClockPart& part = clock.parts[i];
    page.line("  " + pad_right(kSigns[i % 4] + part.name, kCompareLabel) +
              pad_left(amount(part.before, part.unit), kCompareNumber) +
              pad_left(amount(part.after, part.unit), kCompareNumber) + ratio_columns(part.ratio, part.ci95));
  }
  if (clock.why.empty() || !clock.machine.empty())
    page.paragraph("machine", clock.machine.empty()
                                  ? "nothing says that it was another (frequency, steal, throttling)"
                                  : join(clock.machine, "; "));
  if (!clock.conclusion.empty()) page.paragraph("elapsed", clock.conclusion);
}

}  // namespace pw
