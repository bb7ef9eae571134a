// SPDX-License-Identifier: GPL-3.0-or-later
// -p, -a, -C, --per, --interval, --delay of `perfwatt run`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "record/count_target.h"

namespace pw {

struct TypedTarget {
  TargetRequest request;
  double interval_ms = 0, delay_ms = 0;
};

void add_target_options(CLI::App& app, TypedTarget& typed);

// Once the options are parsed.
TargetRequest target_request(const TypedTarget& typed);

}  // namespace pw
