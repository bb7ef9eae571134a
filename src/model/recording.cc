// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/recording.h"

#include <string>

#include "model/names.h"

namespace pw {
namespace {

constexpr Names<NoteKind, 3> kNotes = {
    {{NoteKind::warning, "warning"}, {NoteKind::refusal, "refusal"}, {NoteKind::notice, "notice"}}};
constexpr Names<Ending, 5> kEndings = {{{Ending::killed, "killed"},
                                        {Ending::complete, "complete"},
                                        {Ending::stopped, "stopped"},
                                        {Ending::failed, "failed"},
                                        {Ending::under_way, "under way"}}};
constexpr Names<Around, 4> kArounds = {{{Around::setup, "setup"},
                                        {Around::prepare, "prepare"},
                                        {Around::conclude, "conclude"},
                                        {Around::cleanup, "cleanup"}}};

}  // namespace

std::string_view to_text(Around around) { return name_in(kArounds, around); }
std::string_view to_text(NoteKind kind) { return name_in(kNotes, kind); }
std::optional<NoteKind> note_kind(std::string_view text) { return value_in(kNotes, text); }
std::string_view to_text(Ending ending) { return name_in(kEndings, ending); }
std::optional<Ending> ending_from(std::string_view text) { return value_in(kEndings, text); }

Machine machine_and_cost(const RecordingHeader& header) {
  Machine facts = header.machine;
  if (!header.counting_cost) return facts;
  facts.push_back({"counters_start_stop_ns", std::to_string(header.counting_cost->start_stop.value)});
  facts.push_back({"counters_read_ns", std::to_string(header.counting_cost->read.value)});
  return facts;
}

}  // namespace pw
