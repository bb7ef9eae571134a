// SPDX-License-Identifier: GPL-3.0-or-later
// One function per command. argv[0] is the command's name; the result is the exit status.
#pragma once

namespace pw {

int run_command(int argc, char** argv);
int show_command(int argc, char** argv);
int plot_command(int argc, char** argv);
int export_command(int argc, char** argv);
int plan_command(int argc, char** argv);
int power_command(int argc, char** argv);
int doctor_command(int argc, char** argv);
int wait_for_command(int argc, char** argv);  // kWaitFor, not for users
int classify_command(int argc, char** argv);  // also `model`: both are perfwatt-classify's

}  // namespace pw
