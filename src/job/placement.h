// SPDX-License-Identifier: GPL-3.0-or-later
// Where this process may run.
#pragma once

#include <span>
#include <string>

#include "job/launcher.h"
#include "os/root.h"

namespace pw {

// Nodes of memory that have one of the CPUs, as a list; "": not known.
std::string numa_nodes_of(std::span<const int> cpus, const Root& root);

// As uname has it; "": unknown.
std::string host_name();

// Slurm's name of it, since nodes that are played on one machine share a host name; else the host's.
std::string node_name(const Variables& variables);

// Fills in node, cpus and numa.
void add_placement(RankPlace& place, const Variables& variables, const Root& root);

}  // namespace pw
