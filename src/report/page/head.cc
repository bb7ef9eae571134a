// SPDX-License-Identifier: GPL-3.0-or-later
// What was measured on what.
#include <algorithm>

#include "base/text.h"
#include "report/page/key_figures.h"
#include "report/page/page_parts.h"
#include "report/text/words.h"

namespace pw {
namespace {

void write_figures(JsonWriter& json, const PageRecording& one) {
  for (const KeyFigure& figure : key_figures(one.recording, one.analysis))
    json.object("label", figure.label, "quantity", figure.quantity, "reason", figure.reason);
}

void write_notices(JsonWriter& json, const Recording& recording) {
  for (const Note& note : recording.notes)
    if (note.kind == NoteKind::notice) json.value(note.text);
}

bool any_simulated(const Recording& recording) {
  return std::ranges::any_of(recording.sources, [](const PowerSource& source) { return source.simulated; });
}

}  // namespace

void write_head(JsonWriter& json, const PageRecording& one) {
  const Recording& recording = one.recording;
  const Experiment& experiment = recording.experiment;
  json.member("file", one.file);
  json.member("side", one.side);
  json.member("verdict", run_sentence(recording, one.analysis));
  json.member("label", experiment.label);
  json.member("command", join(experiment.command, " "));
  json.member("target", experiment.target);
  json.member("machine_line", machine_line(recording));
  json.member("recorded", when_line(recording));
  json.member("perfwatt_version", recording.version);
  json.member("ending", to_text(recording.ending));
  json.member("interrupted", recording.interrupted());
  json.member("under_way", recording.under_way());
  json.member("simulated", any_simulated(recording));
  json.member("items", experiment.items);
  json.member("notices", [&] { json.array([&] { write_notices(json, recording); }); });
  json.member("figures", [&] { json.array([&] { write_figures(json, one); }); });
  json.member("again", command_again(recording));
}

}  // namespace pw
