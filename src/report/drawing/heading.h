// SPDX-License-Identifier: GPL-3.0-or-later
// The words around a picture: they are wrapped, and the picture makes room for them.
#pragma once

#include <string>
#include <string_view>

#include "model/recording.h"

namespace pw {

inline constexpr int kUsualHeight = 560;  // of a picture 1000 wide

struct Caption {
  std::string title, subtitle;
  std::string command, machine;  // under the picture
  std::string state;             // "interrupted: the run so far", in red
};

Caption caption_of(const Recording& recording, std::string_view title, std::string_view subtitle);

// Texts, margins and the place of the key.
std::string heading(const Caption& caption, int height = kUsualHeight);
std::string heading(const Recording& recording, std::string_view title, std::string_view subtitle);

// Columns of text of that size that fit into `pixels`.
std::size_t columns_in(double pixels, int size);

}  // namespace pw
