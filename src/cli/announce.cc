// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/announce.h"

#include <fmt/format.h>

#include "base/text.h"

namespace pw {

void announce(const Session& session) {
  const Experiment& experiment = session.header.experiment;
  const std::vector<Pass>& passes = session.header.passes;
  const std::size_t variants = experiment.variants.size();
  const std::string of_variants =
      variants > 1 ? fmt::format(" x {} variants ({})", variants, to_text(session.arrangement.order)) : "";
  fmt::print(stderr, "measuring {}{} test{} x {} pass{}{}{} of: {}\n", session.stop_when ? "up to " : "",
             experiment.tests, experiment.tests == 1 ? "" : "s", passes.size(),
             passes.size() == 1 ? "" : "es", of_variants,
             experiment.warmups > 0 ? fmt::format(", after {} warm-up", experiment.warmups) : "",
             printable(join(experiment.command, " ")));
  if (session.stop_when && session.stop_when->of_variants())
    fmt::print(stderr,
               "until it is decided within {:.4g} % how {} of each variant compares with the first's\n",
               100 * session.stop_when->width, session.stop_when->name);
  else if (session.stop_when)
    fmt::print(stderr, "until the 95 % interval of {} is ± {:.4g} %, from {} tests on\n",
               session.stop_when->name, 100 * session.stop_when->width, StopRule::kLeastTests);
  for (std::size_t i = 1; i < passes.size(); ++i)
    fmt::print(stderr, "pass {}: {}\n", i + 1, passes[i].reason);
  for (const Note& note : session.notes)
    if (note.kind == NoteKind::refusal && !note.text.starts_with(kTriedNote)) announce_refusal(note.text);
  announce_power(session.header.sources);
}

void announce_refusal(const std::string& refusal) {
  fmt::print(stderr, "not {}: {}\n", refusal.starts_with(kTriedNote) ? "used" : "read", refusal);
}

void announce_power(const std::vector<PowerSource>& sources) {
  for (const PowerSource& source : sources)
    fmt::print(stderr, "power from {} {}{}, {} a second\n", source.name, printable(source.address),
               source.simulated ? " (SIMULATED)" : "", exact_number(source.rate_hz));
}

}  // namespace pw
