// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/recording.h"

#include "model/names.h"

namespace pw {
namespace {

constexpr Names<NoteKind, 3> kNotes = {
    {{NoteKind::warning, "warning"}, {NoteKind::refusal, "refusal"}, {NoteKind::notice, "notice"}}};
constexpr Names<Ending, 4> kEndings = {{{Ending::killed, "killed"},
                                        {Ending::complete, "complete"},
                                        {Ending::stopped, "stopped"},
                                        {Ending::failed, "failed"}}};

}  // namespace

std::string_view to_text(NoteKind kind) { return name_in(kNotes, kind); }
std::optional<NoteKind> note_kind(std::string_view text) { return value_in(kNotes, text); }
std::string_view to_text(Ending ending) { return name_in(kEndings, ending); }
std::optional<Ending> ending_from(std::string_view text) { return value_in(kEndings, text); }

}  // namespace pw
