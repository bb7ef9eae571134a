// SPDX-License-Identifier: GPL-3.0-or-later
// --confirm: measured again before it fails.
#pragma once

#include <optional>
#include <span>

#include "analyze/compare/confirmation.h"
#include "base/result.h"
#include "cli/compare/compared.h"

namespace pw {

struct Confirmed {
  Confirmation told;
  std::optional<Compared> again;  // of the new recording alone
  std::optional<Error> error;     // why it tells nothing
};

// Runs the command of --confirm, which records NEW again, and compares what it wrote.
Confirmed confirm(const CompareTask& task, const Compared& first, std::span<const BrokenLimit> broken);

}  // namespace pw
