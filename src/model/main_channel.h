// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a recording's channels are told first.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/recording.h"

namespace pw {

// Whether a channel's scope is the whole machine.
bool of_whole_machine(std::string_view scope);

// The first channel of the whole machine, whose energy tells what a CPU draws. All are indexes of
// Recording::channels.
std::optional<std::size_t> whole_machine(const Recording& recording);

// The channel that stands for the recording: that one, else the first; nothing where there are none.
std::optional<std::size_t> main_channel(const Recording& recording);

// Whether it is told in full where there are many: those of the whole machine are, else the first three.
bool told_in_full(const Recording& recording, std::size_t channel);

// What the names of its quantities begin with: "dcmi/system/".
std::string channel_prefix(const Recording& recording, std::size_t channel);

}  // namespace pw
