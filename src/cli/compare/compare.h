// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pw {

int compare_command(int argc, char** argv);  // as those of cli/commands.h
int history_command(int argc, char** argv);

}  // namespace pw
