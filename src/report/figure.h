// SPDX-License-Identifier: GPL-3.0-or-later
// A figure as text: a gnuplot script and the data that it reads.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/energy.h"
#include "model/recording.h"

namespace pw {

struct Figure {
  std::string name;    // of its files, without suffix: [a-z0-9-]
  std::string script;  // after the common beginning (terminal, output, fonts)
  std::string data;    // CSV with a heading
};

// `text` as a gnuplot string in which nothing is expanded: printable, in single quotes. A single quote
// becomes ’, since gnuplot 5.4 misreads a doubled one at the start of a string.
std::string gnuplot_quoted(std::string_view text);

// "AMD EPYC, x86_64, ...", "command ...": the lines under every figure.
std::string caption(const Recording& recording);

// Title, subtitle and caption.
std::string heading(const Recording& recording, std::string_view title, std::string_view subtitle);

// A figure that says why it has no data.
Figure message_figure(const Recording& recording, std::string name, std::string_view title,
                      std::string_view message);

Figure counter_figure(const Recording& recording, std::string_view event);
Figure time_figure(const Recording& recording);
Figure power_figure(const Recording& recording, std::span<const EnergyRow> energy);

}  // namespace pw
