// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "machine/test_machines.h"

namespace pw {
namespace {

std::string machine_fact(const Machine& machine, const std::string& key) {
  for (const Fact& one : machine)
    if (one.key == key) return one.value;
  return "none";
}

TEST(Machine, Power9OnBareMetal) {
  const Machine machine = describe_machine(test::power9().root());
  EXPECT_EQ(machine_fact(machine, "cpu_model"), "POWER9, altivec supported");
  EXPECT_EQ(machine_fact(machine, "cpu_revision"), "2.2 (pvr 004e 1202)");
  EXPECT_EQ(machine_fact(machine, "platform"), "PowerNV");
  EXPECT_EQ(machine_fact(machine, "system"), "8335-GTH");
  EXPECT_EQ(machine_fact(machine, "firmware"), "occ 58e422d, skiboot v6.3.1");
  EXPECT_EQ(machine_fact(machine, "sockets"), "2");
  EXPECT_EQ(machine_fact(machine, "cores"), "4");
  EXPECT_EQ(machine_fact(machine, "threads_per_core"), "4");
  EXPECT_EQ(machine_fact(machine, "smt_mode"), "SMT4 of 4");
  EXPECT_EQ(machine_fact(machine, "numa_nodes"), "6 (0,8,252-255)");
  EXPECT_EQ(machine_fact(machine, "cache_l1d"), "32K, of CPUs 0-7");
  EXPECT_EQ(machine_fact(machine, "cache_l2"), "512K, of CPUs 0-7");
  EXPECT_EQ(machine_fact(machine, "governor"), "performance");
  EXPECT_EQ(machine_fact(machine, "max_mhz"), "3783");
  EXPECT_EQ(machine_fact(machine, "memory"), "535000000 kB");
  EXPECT_EQ(machine_fact(machine, "mitigations"), "meltdown (RFI Flush)");
  EXPECT_EQ(machine_fact(machine, "vulnerable"), "spectre_v2");
  for (const char* absent : {"hypervisor", "container", "partition", "turbo", "smt"})
    EXPECT_EQ(machine_fact(machine, absent), "none") << absent;
}

TEST(Machine, Power10InAPartition) {
  const Machine machine = describe_machine(test::power10_lpar().root());
  EXPECT_EQ(machine_fact(machine, "hypervisor"), "PowerVM");
  EXPECT_EQ(machine_fact(machine, "partition"), "shared processors, entitled to 1.50, uncapped");
  EXPECT_EQ(machine_fact(machine, "firmware"), "NL1030_026");
  EXPECT_EQ(machine_fact(machine, "smt"), "4");
  EXPECT_EQ(machine_fact(machine, "smt_mode"), "SMT4 of 8");
  EXPECT_EQ(machine_fact(machine, "cores"), "2");
  EXPECT_EQ(machine_fact(machine, "max_mhz"), "none");
}

TEST(Machine, PowerUnderKvmAndEmulated) {
  test::Tree tree = test::power10_lpar();
  tree.put("proc/device-tree/hypervisor/compatible", std::string("linux,kvm\0", 10));
  EXPECT_EQ(machine_fact(describe_machine(tree.root()), "hypervisor"), "KVM");
  tree.put("proc/device-tree/model", std::string("IBM pSeries (emulated by qemu)\0", 31));
  EXPECT_EQ(machine_fact(describe_machine(tree.root()), "hypervisor"), "QEMU (emulated pSeries)");
}

TEST(Machine, X86GuestInAContainer) {
  const Machine machine = describe_machine(test::x86_guest().root());
  EXPECT_EQ(machine_fact(machine, "cpu_model"), "Intel(R) Xeon(R) Gold 6230");
  EXPECT_EQ(machine_fact(machine, "cpu_revision"), "family 6, model 85, stepping 7");
  EXPECT_EQ(machine_fact(machine, "microcode"), "0x5003604");
  EXPECT_EQ(machine_fact(machine, "firmware"), "SeaBIOS 1.16.3");
  EXPECT_EQ(machine_fact(machine, "hypervisor"), "yes, of QEMU");
  EXPECT_EQ(machine_fact(machine, "turbo"), "off");
  EXPECT_EQ(machine_fact(machine, "sockets"), "2");
  EXPECT_EQ(machine_fact(machine, "smt_mode"), "SMT1");
  EXPECT_EQ(machine_fact(machine, "container"), "docker");
  EXPECT_EQ(machine_fact(machine, "cgroup_cpu_limit"), "1.5 CPUs");
  EXPECT_EQ(machine_fact(machine, "cgroup_cpus"), "0-1");
  EXPECT_EQ(machine_fact(machine, "cgroup_memory_limit"), "2048 MiB");
}

TEST(Machine, LimitsOfCgroupsOfVersion1) {
  test::Tree tree;
  tree.put("proc/self/cgroup",
           "5:memory:/host/path\n4:cpuset:/\n3:cpu,cpuacct:/job/step\n1:name=systemd:/\n0::/\n");
  tree.put("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "50000\n");
  tree.put("sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
  tree.put("sys/fs/cgroup/cpu/job/step/cpu.cfs_quota_us", "-1\n");
  tree.put("sys/fs/cgroup/cpu/job/step/cpu.cfs_period_us", "100000\n");
  tree.put("sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");  // the container's own
  tree.put("sys/fs/cgroup/cpuset/cpuset.effective_cpus", "2-3\n");
  const Machine machine = describe_machine(tree.root());
  EXPECT_EQ(machine_fact(machine, "cgroup_cpu_limit"), "0.5 CPUs");
  EXPECT_EQ(machine_fact(machine, "cgroup_cpus"), "2-3");
  EXPECT_EQ(machine_fact(machine, "cgroup_memory_limit"), "1024 MiB");
  tree.put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(machine_fact(describe_machine(tree.root()), "cgroup_memory_limit"), "none");
}

TEST(Machine, Arm64IsNamedByItsIds) {
  test::Tree tree = test::arm64();
  const Machine machine = describe_machine(tree.root());
  EXPECT_EQ(machine_fact(machine, "cpu_model"), "Arm Neoverse N1");
  EXPECT_EQ(machine_fact(machine, "cpu_revision"), "r3p1");
  EXPECT_EQ(machine_fact(machine, "cores"), "4");
  tree.put("proc/cpuinfo", "CPU implementer\t: 0x99\nCPU part\t: 0x123\n");
  EXPECT_EQ(machine_fact(describe_machine(tree.root()), "cpu_model"), "arm64, implementer 0x99, part 0x123");
}

TEST(Machine, WhatIsNotThereIsNoFact) {
  const test::Tree tree;
  const Machine machine = describe_machine(tree.root());
  std::vector<std::string> keys;
  for (const Fact& one : machine) keys.push_back(one.key);
  EXPECT_THAT(keys, testing::ElementsAre("hostname", "arch", "kernel"));
}

}  // namespace
}  // namespace pw
