// SPDX-License-Identifier: GPL-3.0-or-later
// For tests: of each rule a recording that it applies to, and one that it does not apply to.
#pragma once

#include <string>
#include <vector>

#include "analyze/series/measurand.h"
#include "model/recording.h"

namespace pw::test {

// A recording of two tests of 10 s, and what is computed of it elsewhere.
struct Subject {
  Recording recording;
  std::vector<Measurand> measured;

  Subject(const char* arch, const char* model, const char* revision) {
    recording.machine = {{"arch", arch}, {"cpu_model", model}, {"cpu_revision", revision}};
    recording.experiment.command = {"./job"};
    recording.experiment.tests = 2;
    recording.passes = {{{}, ""}};
    recording.ending = Ending::complete;
    for (int test = 1; test <= 2; ++test) {
      Execution one;
      one.test = test;
      one.begin = {test * 20'000'000'000};
      one.end = one.begin + Nanoseconds{10'000'000'000};
      one.user = {20};
      one.system = {1};
      recording.executions.push_back(one);
    }
  }

  Subject& fact(const char* key, const char* value) {
    recording.machine.push_back({key, value});
    return *this;
  }
  Subject& variable(const char* key, const char* value) {
    recording.environment.push_back({key, value});
    return *this;
  }
  Subject& state(const char* key, const std::string& before, const std::string& after) {
    for (Execution& one : recording.executions) {
      one.before.push_back({key, before});
      one.after.push_back({key, after});
    }
    return *this;
  }
  Subject& rise(const char* key, int by) { return state(key, "1000", std::to_string(1000 + by)); }
  Subject& count(const char* name, double value, const char* unit = "") {
    const int index = static_cast<int>(recording.events.size());
    Event event;
    event.name = name;
    event.unit = unit;
    event.software = *unit != '\0';
    event.passes = {1};
    recording.events.push_back(event);
    recording.passes[0].events.push_back(index);
    for (Execution& one : recording.executions)
      one.readings.push_back({index, static_cast<std::uint64_t>(value), {10}, {10}, CountStatus::ok, ""});
    return *this;
  }
  Subject& used(double user_seconds) {
    for (Execution& one : recording.executions) one.user = {user_seconds};
    return *this;
  }
  Subject& major_faults(std::int64_t faults) {
    for (Execution& one : recording.executions) one.major_faults = faults;
    return *this;
  }
  Subject& measures(const char* name, double value) {
    Series series;
    series.tests = {{1, value, {}}, {2, value, {}}};
    measured.push_back(measurand(name, "", series));
    return *this;
  }
};

inline Subject power9() { return {"ppc64le", "POWER9, altivec supported", "2.2 (pvr 004e 1202)"}; }
inline Subject power10() {
  return {"ppc64le", "POWER10 (architected), altivec supported", "2.0 (pvr 0080 0200)"};
}
inline Subject x86() { return {"x86_64", "Intel(R) Xeon(R) Gold 6230", ""}; }
inline Subject partition(const char* capped) {
  return power10()
      .fact("platform", "pSeries")
      .fact("processor_sharing", "shared")
      .fact("capped", capped)
      .fact("entitled_cores", "1.5");
}
inline Subject with_flops(double mma) {
  return power10()
      .count("instructions", 100e9)
      .count("PM_MMA_ISSUED", mma)
      .count("PM_1FLOP_CMPL", 1e9)
      .count("PM_2FLOP_CMPL", 0)
      .count("PM_4FLOP_CMPL", 20e9)
      .count("PM_8FLOP_CMPL", 10e9);
}
inline Subject throttled_power(int by_heat) {
  return power9()
      .rise("throttled_powercap", 0)
      .rise("throttled_overtemp", by_heat)
      .rise("throttled_supply_fault", 0)
      .rise("throttled_overcurrent", 0)
      .rise("throttled_occ_reset", 0);
}
inline Subject counted_power10(double off_chip) {
  return power10()
      .count("cycles", 50e9)
      .count("instructions", 100e9)
      .count("PM_EXEC_STALL_DMISS_OFF_CHIP", off_chip)
      .count("PM_EXEC_STALL_DMISS_OFF_NODE", 1e9);
}

struct FindingCase {
  const char* rule;
  Subject applies, applies_not;
};

inline std::vector<FindingCase> finding_cases() {
  const auto quota = [](const char* threads) {
    return x86().variable("OMP_NUM_THREADS", threads).fact("cgroup_cpu_limit", "4 CPUs");
  };
  const auto on_cores = [](const char* threads) {
    return power9().variable("OMP_NUM_THREADS", threads).fact("cores", "44");
  };
  const auto numa = [](int other) {
    return x86().fact("numa_nodes", "2 (0-1)").rise("numa_local", 10'000).rise("numa_other", other);
  };
  const auto governed = [](const char* driver) {
    return x86().fact("frequency_driver", driver).state("governor", "powersave", "performance,powersave");
  };
  const auto clocked = [](double cycles) {
    return x86().fact("max_mhz", "3800").count("cycles", cycles).count("task-clock", 20e9, "ns");
  };
  const auto remote9 = [](double remote) {
    return power9()
        .count("cycles", 60e9)
        .count("instructions", 100e9)
        .count("PM_CMPLU_STALL_DMISS_REMOTE", remote);
  };
  const auto licence = [](double lowest) {
    return x86().count("cycles", 100e9).count("CORE_POWER:LVL2_TURBO_LICENSE", lowest);
  };
  return {
      {"threads-on-quota", quota("8"), quota("4")},
      {"quota-used-up", quota("4").rise("throttled_cgroup", 6), quota("4").rise("throttled_cgroup", 0)},
      {"threads-on-cores", on_cores("176"), on_cores("44")},
      {"busy-threads", power9().fact("cores", "2").used(50), power9().fact("cores", "2").used(19)},
      {"swap", x86().rise("swapped_in", 10).rise("swapped_out", 700),
       x86().rise("swapped_in", 0).rise("swapped_out", 1)},
      {"pages-from-disk", x86().major_faults(25'000), x86().major_faults(2)},
      {"numa-remote", numa(90'000), numa(600)},
      {"governor", governed("acpi-cpufreq"), governed("intel_pstate")},
      {"low-frequency", clocked(40e9), clocked(70e9)},
      {"steal", x86().measures("steal", 4), x86().measures("steal", 0.3)},
      {"mma-unused", with_flops(0), with_flops(30e9)},
      {"compatibility-mode",
       Subject("ppc64le", "POWER9 (architected), altivec supported", "2.0 (pvr 0080 0200)")
           .fact("compatibility_mode", "POWER9 mode of a POWER10"),
       power10()},
      {"partition-capped", partition("yes").measures("entitlement-share", 99),
       partition("yes").measures("entitlement-share", 40)},
      {"partition-beyond", partition("no").measures("entitlement-share", 180),
       partition("no").measures("entitlement-share", 60)},
      {"dispersion", partition("no").measures("dispatches", 20'000).measures("dispersions", 9'000),
       partition("no").measures("dispatches", 20'000).measures("dispersions", 90)},
      {"power-mode", power10().fact("power_mode", "Static (1)"),
       power10().fact("power_mode", "Maximum Performance (3)")},
      {"below-nominal", power10().fact("clock_mhz", "2750").measures("effective-frequency", 2200),
       power10().fact("clock_mhz", "2750").measures("effective-frequency", 3900)},
      {"throttled-power", throttled_power(2), throttled_power(0)},
      {"remote-stalls-power9", remote9(9e9), remote9(1e9)},
      {"remote-stalls-power10", counted_power10(5e9), counted_power10(2e9)},
      {"throttled-x86", x86().rise("throttled_core", 0).rise("throttled_package", 17),
       x86().rise("throttled_core", 0).rise("throttled_package", 0)},
      {"avx-frequency", licence(62e9), licence(1e9)},
  };
}

}  // namespace pw::test
