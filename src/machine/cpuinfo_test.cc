// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/cpuinfo.h"

#include <gtest/gtest.h>

#include "machine/test_machines.h"

namespace pw {
namespace {

std::string family_of(const std::string& text, const char* arch = "ppc64le") {
  test::Tree tree;
  tree.put("proc/cpuinfo", text);
  return cpu_family(CpuInfo(tree.root()), arch);
}

std::string power_text(const std::string& cpu, const std::string& version) {
  return "processor\t: 0\ncpu\t\t: " + cpu + "\nclock\t\t: 2750.000000MHz\nrevision\t: 2.0 (pvr " + version +
         ")\n\ntimebase\t: 512000000\nplatform\t: pSeries\nmodel\t\t: IBM,9105-22A\n";
}

// Names as arch/powerpc/kernel/cputable.c of Linux has them.
TEST(CpuFamily, OfEachPowerByItsName) {
  EXPECT_EQ(family_of(power_text("POWER7 (architected), altivec supported", "003f 0201")), "power7");
  EXPECT_EQ(family_of(power_text("POWER7+ (raw), altivec supported", "004a 0201")), "power7");
  EXPECT_EQ(family_of(power_text("POWER8E (raw), altivec supported", "004b 0201")), "power8");
  EXPECT_EQ(family_of(power_text("POWER8NVL (raw), altivec supported", "004c 0100")), "power8");
  EXPECT_EQ(family_of(power_text("POWER8 (architected), altivec supported", "004d 0200")), "power8");
  EXPECT_EQ(family_of(power_text("POWER9, altivec supported", "004e 1202")), "power9");
  EXPECT_EQ(family_of(power_text("POWER10 (raw), altivec supported", "0080 0200")), "power10");
  EXPECT_EQ(family_of(power_text("Power11 (architected), altivec supported", "0082 0200")), "power10");
  EXPECT_EQ(family_of(power_text("POWER11, altivec supported", "0082 0200")), "power10");
}

TEST(CpuFamily, OfAProcessorInCompatibilityModeIsThatOfTheMode) {
  EXPECT_EQ(family_of(power_text("POWER9 (architected), altivec supported", "0080 0200")), "power9");
}

// As Linux 6.1 has it on an emulated POWER10 in POWER9 mode.
TEST(CpuFamily, IsThatOfThePmuWhereTheKernelNamesIt) {
  test::Tree tree;
  tree.put("proc/cpuinfo", power_text("POWER9 (architected), altivec supported", "0080 0200"));
  EXPECT_EQ(cpu_family(tree.root()), "power9");
  tree.put("sys/bus/event_source/devices/cpu/caps/pmu_name", "POWER10\n");
  EXPECT_EQ(cpu_family(tree.root()), "power10");
  tree.put("sys/bus/event_source/devices/cpu/caps/pmu_name", "skylake\n");
  EXPECT_EQ(cpu_family(tree.root()), "power9");
}

// A kernel that is older than the processor.
TEST(CpuFamily, IsThatOfTheVersionWhereTheNameIsUnknown) {
  EXPECT_EQ(family_of(power_text("unknown (00820200)", "0082 0200")), "power10");
  EXPECT_EQ(family_of(power_text("unknown (004e1202)", "004e 1202")), "power9");
  EXPECT_EQ(family_of(power_text("unknown (00990100)", "0099 0100")), "ppc64le");
  EXPECT_EQ(family_of(power_text("PPC970MP, altivec supported", "0044 0101")), "ppc64le");
}

TEST(CpuFamily, OfX86AndArm64ByTheMachine) {
  const std::string x86 =
      "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: AMD EPYC "
      "7763 "
      "64-Core Processor\nstepping\t: 1\npower management:\n";
  EXPECT_EQ(family_of(x86, "x86_64"), "x86");
  const std::string arm =
      "processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: "
      "0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n";
  EXPECT_EQ(family_of(arm, "aarch64"), "arm64");
  EXPECT_EQ(family_of("", "riscv64"), "riscv64");
}

TEST(CpuFamily, OfThisMachineIsOne) {
  EXPECT_EQ(cpu_family(test::power11_lpar().root()), "power10");
  EXPECT_EQ(cpu_family(test::power10_lpar().root()), "power10");
  EXPECT_FALSE(cpu_family(Root()).empty());
}

}  // namespace
}  // namespace pw
