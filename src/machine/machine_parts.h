// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of describe_machine(), each of which adds the facts that it finds.
#pragma once

#include "machine/cpuinfo.h"
#include "machine/facts_list.h"
#include "machine/topology.h"
#include "os/root.h"

namespace pw {

void add_topology(FactList& facts, const Root& root, const Topology& topology);
void add_caches(FactList& facts, const Root& root, int cpu);
void add_frequencies(FactList& facts, const Root& root, int cpu);
void add_firmware(FactList& facts, const Root& root);
void add_mitigations(FactList& facts, const Root& root);
// "PowerVM", "KVM", ...; "": none.
std::string hypervisor(const Root& root, const CpuInfo& info);
void add_hypervisor(FactList& facts, const Root& root, const CpuInfo& info);
void add_partition(FactList& facts, const Root& root, const CpuInfo& info, const Topology& topology);
void add_container(FactList& facts, const Root& root);

}  // namespace pw
