// SPDX-License-Identifier: GPL-3.0-or-later
// Why a program cannot be the command, in words. All errors are Failure::command.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "os/command/user.h"

namespace pw {

// Whether `program`, a path or a name on PATH, is a file that may be executed by `user` (nobody else: by us),
// and the interpreter of its first line ("#!") is one.
Result<> check_program(const std::string& program, const std::optional<UserIds>& user = std::nullopt);

// What the errno of its exec means.
tl::unexpected<Error> cannot_start(const std::string& program, int error, const std::optional<UserIds>& user);

}  // namespace pw
