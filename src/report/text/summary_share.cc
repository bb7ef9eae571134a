// SPDX-License-Identifier: GPL-3.0-or-later
// What a partition took of its server: a model, and called so.
#include <fmt/format.h>

#include "base/text.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

std::string price_text(const Price& price) {
  return fmt::format("{:.3g} ± {:.2g} W a processor unit (95 %), above {:.0f} W of the server without any",
                     price.ours, price.half_width(), price.idle.value);
}

void add_share(Page& page, const Recording& recording, const PartitionShare& share) {
  const PowerSource& source = recording.sources[share.source];
  page.table("this partition's share, MODELLED", false);
  page.paragraph("model", fmt::format("watts of {} by the processor units that partitions used, {} of which "
                                      "{} with the command; no sensor measures a partition",
                                      shown_name(source), plural(static_cast<std::size_t>(share.bins), "bin"),
                                      share.running));
  if (!share.price) return page.paragraph("no-data", share.reason);
  page.paragraph("unit", price_text(*share.price));
  const ChannelValues& values = share.values;
  add_energy(page, "energy, proportional", values.gross, values.gross_error);
  add_energy(page, "energy, marginal", values.net, values.net_error);
  add_value(page, "mean power", values.mean);
  add_reasons(page, counted_rows(recording, share.energy));
}

}  // namespace

void add_shares(Page& page, const Recording& recording, const Analysis& analysis) {
  for (const PartitionShare& share : analysis.shares) add_share(page, recording, share);
}

}  // namespace pw
