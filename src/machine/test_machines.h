// SPDX-License-Identifier: GPL-3.0-or-later
// For tests: the parts of procfs and sysfs of some machines that are read, shortened to a few CPUs.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <tuple>

#include "os/file.h"
#include "os/root.h"

namespace pw::test {

class Tree {
 public:
  void put(const std::string& path, const std::string& content) {
    const auto file = folder_.path() / path;
    const bool written = make_folder(file.parent_path()) && write_file(file, content);
    if (!written) std::abort();
  }
  void remove(const std::string& path) { std::filesystem::remove_all(folder_.path() / path); }
  Root root() const { return Root(folder_.path()); }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

 private:
  TempFolder folder_ = TempFolder::make().value();
};

inline const std::string kCpu = "sys/devices/system/cpu/";

inline void put_cpu(Tree& tree, int cpu, const std::string& threads, const std::string& socket) {
  const std::string folder = fmt::format("{}cpu{}/topology/", kCpu, cpu);
  tree.put(folder + "thread_siblings_list", threads + "\n");
  tree.put(folder + "core_siblings_list", socket + "\n");
}

inline void put_frequency(Tree& tree, int cpu, const std::string& governor, long kilohertz) {
  const std::string folder = fmt::format("{}cpu{}/cpufreq/", kCpu, cpu);
  tree.put(folder + "scaling_governor", governor + "\n");
  tree.put(folder + "scaling_cur_freq", std::to_string(kilohertz) + "\n");
  tree.put(folder + "cpuinfo_min_freq", "2300000\n");
  tree.put(folder + "cpuinfo_max_freq", "3783000\n");
}

// An AC922: two sockets, here of two cores with four threads each.
inline Tree power9() {
  Tree tree;
  tree.put(
      "proc/cpuinfo",
      "processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 3783.000000MHz\n"
      "revision\t: 2.2 (pvr 004e 1202)\n\ntimebase\t: 512000000\nplatform\t: PowerNV\nmodel\t\t: 8335-GTH\n"
      "machine\t\t: PowerNV 8335-GTH\nfirmware\t: OPAL\nMMU\t\t: Radix\n");
  tree.put("proc/meminfo", "MemTotal:       535000000 kB\nMemFree: 1 kB\n");
  tree.put("proc/device-tree/model", std::string("8335-GTH\0", 9));
  tree.put("proc/device-tree/ibm,firmware-versions/name", std::string("ibm,firmware-versions\0", 22));
  tree.put("proc/device-tree/ibm,firmware-versions/occ", std::string("58e422d\0", 8));
  tree.put("proc/device-tree/ibm,firmware-versions/skiboot", std::string("v6.3.1\0", 7));
  tree.put("proc/device-tree/cpus/PowerPC,POWER9@0/ibm,ppc-interrupt-server#s", std::string(16, '\1'));
  tree.put(kCpu + "online", "0-15\n");
  for (int cpu = 0; cpu < 16; ++cpu) {
    put_cpu(tree, cpu, fmt::format("{}-{}", cpu / 4 * 4, cpu / 4 * 4 + 3), cpu < 8 ? "0-7" : "8-15");
    put_frequency(tree, cpu, "performance", 3'783'000 - 1000 * cpu);
    for (const char* reason :
         {"occ_reset", "overcurrent", "overtemp", "powercap", "supply_fault", "unthrottle"})
      tree.put(fmt::format("{}cpu{}/cpufreq/throttle_stats/{}", kCpu, cpu, reason), "0\n");
  }
  tree.put("sys/devices/system/node/online", "0,8,252-255\n");
  tree.put("proc/loadavg", "1.25 0.50 0.10 3/1024 99\n");
  const std::string cache = kCpu + "cpu0/cache/index";
  for (const auto& [index, level, type, size] : {std::tuple{"0", "1", "Instruction", "32K"},
                                                 {"1", "1", "Data", "32K"},
                                                 {"2", "2", "Unified", "512K"}}) {
    tree.put(cache + index + "/level", level);
    tree.put(cache + index + "/type", type);
    tree.put(cache + index + "/size", size);
    tree.put(cache + index + "/shared_cpu_list", "0-7\n");
  }
  tree.put(kCpu + "vulnerabilities/meltdown", "Mitigation: RFI Flush, L1D private per thread\n");
  tree.put(kCpu + "vulnerabilities/l1tf", "Not affected\n");
  tree.put(kCpu + "vulnerabilities/spectre_v2", "Vulnerable\n");
  return tree;
}

// A partition under PowerVM: a shared processor pool, no frequencies, cores with eight threads of which four
// run.
inline Tree power10_lpar() {
  Tree tree;
  tree.put("proc/cpuinfo",
           "processor\t: 0\ncpu\t\t: POWER10 (architected), altivec supported\nclock\t\t: 2750.000000MHz\n"
           "revision\t: 2.0 (pvr 0080 0200)\n\ntimebase\t: 512000000\nplatform\t: pSeries\n"
           "model\t\t: IBM,9105-22A\nmachine\t\t: CHRP IBM,9105-22A\nMMU\t\t: Radix\n");
  tree.put("proc/device-tree/model", std::string("IBM,9105-22A\0", 13));
  tree.put("proc/device-tree/openprom/ibm,fw-vernum_encoded", std::string("NL1030_026\0", 11));
  tree.put("proc/device-tree/cpus/PowerPC,POWER10@0/ibm,ppc-interrupt-server#s", std::string(32, '\1'));
  tree.put(
      "proc/ppc64/lparcfg",
      "lparcfg "
      "1.9\nserial_number=IBM,0278\npartition_entitled_capacity=150\nshared_processor_mode=1\ncapped=0\n");
  tree.put(kCpu + "online", "0-3,8-11\n");
  for (const int cpu : {0, 1, 2, 3, 8, 9, 10, 11}) put_cpu(tree, cpu, cpu < 4 ? "0-3" : "8-11", "0-3,8-11");
  tree.put(kCpu + "smt/control", "4\n");
  return tree;
}

// The registers of a CPU, as the kernel prints them.
inline void put_registers(Tree& tree, int cpu, unsigned long purr, unsigned long spurr) {
  tree.put(fmt::format("{}cpu{}/purr", kCpu, cpu), fmt::format("{:x}\n", purr));
  tree.put(fmt::format("{}cpu{}/spurr", kCpu, cpu), fmt::format("{:x}\n", spurr));
}

// What no user may read. A folder, for tests may run as root.
inline void forbid(Tree& tree, const std::string& path) {
  tree.remove(path);
  tree.put(path + "/not a file", "");
}

inline std::string lparcfg(unsigned long purr, unsigned long tbr, unsigned long dispatches) {
  return fmt::format(
      "lparcfg 1.9\nserial_number=IBM,0278\nsystem_type=IBM,9105-22A\npartition_id=7\n"
      "pool_idle_time=900\npool_num_procs=16\npartition_entitled_capacity=150\n"
      "partition_active_processors=2\npartition_potential_processors=4\nshared_processor_mode=1\n"
      "capped=1\npurr={}\ntbr={}\ndispatches={}\ndispatch_dispersions=12\n"
      "power_mode_data=0001000400010004\npartition_affinity_score=85\n",
      purr, tbr, dispatches);
}

// A capped partition of a Power11 with all that a newer kernel tells.
inline Tree power11_lpar() {
  Tree tree;
  tree.put("proc/cpuinfo",
           "processor\t: 0\ncpu\t\t: Power11 (architected), altivec supported\nclock\t\t: "
           "3000.000000MHz\nrevision\t: 1.0 (pvr 0082 0100)\n\ntimebase\t: 512000000\nplatform\t: "
           "pSeries\nmodel\t\t: IBM,9824-42A\n");
  tree.put("proc/device-tree/model", std::string("IBM,9824-42A\0", 13));
  tree.put("proc/device-tree/ibm,partition-no", std::string("\0\0\1\2", 4));
  tree.put("proc/device-tree/ibm,partition-name", std::string("inference\0", 10));
  tree.put("proc/powerpc/lparcfg", lparcfg(1000, 2000, 30));
  tree.put("proc/stat", "cpu  10 20 30 40 50 60 70 80 90 100\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
  const std::string scale = "sys/firmware/papr/energy_scale_info/";
  for (const auto& [id, desc, value, meaning] :
       {std::tuple{"1", "Power and performance mode", "3", "Maximum Performance"},
        {"6", "Maximum Frequency", "4000", ""},
        {"8", "Processor Folding Status", "1", "Enabled"},
        {"9", "A later attribute", "5", ""}}) {
    tree.put(scale + id + "/desc", std::string(desc) + "\n");
    tree.put(scale + id + "/value", std::string(value) + "\n");
    if (*meaning) tree.put(scale + id + "/value_desc", std::string(meaning) + "\n");
  }
  tree.put(kCpu + "online", "0-1\n");
  for (const int cpu : {0, 1}) {
    put_cpu(tree, cpu, "0-1", "0-1");
    put_registers(tree, cpu, 0x1000, 0x1100);
  }
  tree.put("sys/bus/event_source/devices/cpu/caps/pmu_name", "POWER11\n");
  return tree;
}

// Debian's kernel under QEMU: no lparcfg, registers for root alone.
inline Tree power10_guest() {
  Tree tree = power11_lpar();
  tree.put("proc/cpuinfo",
           "processor\t: 0\ncpu\t\t: POWER10 (architected), altivec supported\nclock\t\t: "
           "1000.000000MHz\nrevision\t: 2.0 (pvr 0080 1200)\n\ntimebase\t: 512000000\nplatform\t: "
           "pSeries\n");
  tree.put("proc/device-tree/hypervisor/compatible", std::string("linux,kvm\0", 10));
  tree.remove("proc/powerpc");
  tree.remove("sys/firmware/papr");
  tree.remove("sys/bus/event_source");
  for (const int cpu : {0, 1}) {
    forbid(tree, fmt::format("{}cpu{}/purr", kCpu, cpu));
    forbid(tree, fmt::format("{}cpu{}/spurr", kCpu, cpu));
  }
  return tree;
}

// A virtual machine of two sockets of one core, in a container with one CPU and a half and 2 GiB.
inline Tree x86_guest() {
  Tree tree;
  tree.put("proc/cpuinfo",
           "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\n"
           "model name\t: Intel(R) Xeon(R) Gold 6230\nstepping\t: 7\nmicrocode\t: 0x5003604\n"
           "flags\t\t: fpu vme hypervisor avx512f\n\nprocessor\t: 1\nmodel name\t: another\n");
  tree.put(kCpu + "online", "0-1\n");
  put_cpu(tree, 0, "0", "0");
  put_cpu(tree, 1, "1", "1");
  for (const char* cpu : {"cpu0", "cpu1"}) {
    tree.put(kCpu + cpu + "/thermal_throttle/core_throttle_count", "7\n");
    tree.put(kCpu + cpu + "/thermal_throttle/package_throttle_count", "20\n");
  }
  tree.put(kCpu + "smt/control", "notsupported\n");
  tree.put(kCpu + "intel_pstate/no_turbo", "1\n");
  tree.put("sys/class/dmi/id/bios_version", "1.16.3\n");
  tree.put("sys/class/dmi/id/bios_vendor", "SeaBIOS\n");
  tree.put("sys/class/dmi/id/sys_vendor", "QEMU\n");
  tree.put("sys/class/dmi/id/product_name", "Standard PC\n");
  tree.put(".dockerenv", "");
  tree.put("proc/self/cgroup", "4:cpu:/elsewhere\n0::/pod/app\n");
  tree.put("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
  tree.put("sys/fs/cgroup/pod/cpu.max", "150000 100000\n");
  tree.put("sys/fs/cgroup/pod/app/cpu.max", "max 100000\n");
  tree.put("sys/fs/cgroup/pod/app/memory.max", "2147483648\n");
  tree.put("sys/fs/cgroup/pod/memory.max", "max\n");
  tree.put("sys/fs/cgroup/pod/app/cpuset.cpus.effective", "0-1\n");
  return tree;
}

// A server with Neoverse N1 cores.
inline Tree arm64() {
  Tree tree;
  tree.put("proc/cpuinfo",
           "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n"
           "CPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n");
  tree.put(kCpu + "online", "0-3\n");
  for (int cpu = 0; cpu < 4; ++cpu) put_cpu(tree, cpu, std::to_string(cpu), "0-3");
  tree.put("sys/class/dmi/id/bios_version", "1.0.4\n");
  tree.put("sys/class/dmi/id/product_name", "Mt.Jade\n");
  return tree;
}

}  // namespace pw::test
