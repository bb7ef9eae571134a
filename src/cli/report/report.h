// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pw {

int report_command(int argc, char** argv);  // as those of cli/commands.h

}  // namespace pw
