// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/perf_event.h>

#include "counters/names/event_list.h"
#include "counters/names/event_names.h"
#include "counters/names/sysfs_pmu.h"
#include "facts/hardware_events.h"
#include "machine/cpuinfo.h"
#include "os/file.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A tree with a PMU of whole CPUs, one with parameters, a CPU's PMU and a tracepoint, as sysfs shows them.
class Sysfs : public testing::Test {
 protected:
  Sysfs() {
    put("nest_mcs01_imc/type", "31\n");
    put("nest_mcs01_imc/format/event", "config:0-51\n");
    put("nest_mcs01_imc/events/PM_MCS01_128B_RD_DISP_PORT01", "event=0x118\n");
    put("nest_mcs01_imc/events/PM_MCS01_128B_RD_DISP_PORT01.scale", "6.103515625e-05\n");
    put("nest_mcs01_imc/events/PM_MCS01_128B_RD_DISP_PORT01.unit", "MiB\n");
    put("nest_mcs01_imc/cpumask", "0,80\n");
    put("hv_24x7/type", "7\n");
    put("hv_24x7/format/domain", "config:0-3\n");
    put("hv_24x7/format/core", "config:16-31\n");
    put("hv_24x7/format/offset", "config:32-63\n");
    put("hv_24x7/events/PM_XLINK_CYCLES", "domain=1,offset=0x8,core=?\n");
    put("cpu/type", "4\n");
    put("cpu/format/event", "config:0-7,32-35\n");
    put("cpu/format/umask", "config:8-15\n");
    put("cpu/format/ldlat", "config1:0-15\n");
    put("cpu/events/topdown-retiring", "event=0x100,umask=0x80\n");
    write("sys/kernel/tracing/events/sched/sched_switch/id", "316\n");
    write("proc/cpuinfo", "processor\t: 0\ncpu\t\t: POWER9 (architected), altivec supported\n");
  }
  void put(const std::string& file, const std::string& text) {
    write("sys/bus/event_source/devices/" + file, text);
  }
  void write(const std::string& file, const std::string& text) {
    const auto path = folder_.path() / file;
    ASSERT_TRUE(make_folder(path.parent_path()));
    ASSERT_TRUE(write_file(path, text));
  }
  EventNames names(const std::string& cpu = "power9") const { return {Root(folder_.path()), cpu, false}; }
  EventRequest one(const std::string& text) const { return parse_events(text, names()).value().front(); }
  std::string error(const std::string& text, const std::string& cpu = "power9") const {
    const auto parsed = parse_events(text, names(cpu));
    return parsed ? "" : one_line(parsed.error());
  }
  TempFolder folder_ = TempFolder::make().value();
};

TEST_F(Sysfs, ATracepointThatCannotBeLookedUpIsToldWhy) {
  EXPECT_EQ(one("sched:sched_switch").config, 316U);
  EXPECT_THAT(error("sched:sched_swich"), HasSubstr("did you mean 'sched:sched_switch'?"));
  std::filesystem::remove_all(folder_.path() / "sys/kernel");
  write("proc/mounts", "proc /proc proc rw 0 0\n");
  EXPECT_THAT(error("sched:sched_switch"), HasSubstr("tracefs is not mounted (sudo mount -t tracefs"));
  EXPECT_EQ(parse_events("sched:sched_switch", names()).error().kind, Failure::not_possible);
  EXPECT_THAT(error("cycels:u"), HasSubstr("did you mean 'cycles'?"));
  write("proc/mounts", "tracefs /sys/kernel/tracing tracefs rw 0 0\n");
  EXPECT_THAT(error("sched:sched_switch"), HasSubstr("readable by root only"));
}

TEST(EventList, KeepsCommasOfAPmuAndOrderOfGroups) {
  const auto events = split_events("a:u, cpu/x=1,y=2/k,{b,c:u}:h,sched:sched_switch,d").value();
  std::vector<std::string> texts;
  for (const ListedEvent& event : events)
    texts.push_back(event.name + "|" + event.modifiers + "|" + std::to_string(event.group));
  EXPECT_THAT(texts,
              ElementsAre("a|u|0", "cpu/x=1,y=2/|k|0", "b|h|1", "c|uh|1", "sched:sched_switch||0", "d||0"));
}

TEST(EventList, SaysWhatIsMissing) {
  EXPECT_THAT(split_events("{a,b").error().what, HasSubstr("closing brace"));
  EXPECT_THAT(split_events("cpu/x=1").error().what, HasSubstr("closing slash"));
  EXPECT_THAT(split_events("a,").error().what, HasSubstr("name is missing"));
  EXPECT_THAT(split_events("{a}b").error().what, HasSubstr("not understood"));
  EXPECT_THAT(split_events("a}").error().what, HasSubstr("not understood"));
}

TEST_F(Sysfs, APmuOfWholeCpusHasItsScaleUnitAndCpus) {
  const EventRequest event = one("nest_mcs01_imc/PM_MCS01_128B_RD_DISP_PORT01/");
  EXPECT_EQ(event.type, 31U);
  EXPECT_EQ(event.config, 0x118U);
  EXPECT_DOUBLE_EQ(event.scale, 64.0 / (1 << 20));
  EXPECT_EQ(event.unit, "MiB");
  EXPECT_THAT(event.cpus, ElementsAre(0, 80));
  EXPECT_EQ(event.hardware, "nest_mcs01_imc/event=0x118/");
}

TEST_F(Sysfs, TermsGoWhereTheFormatSays) {
  EXPECT_EQ(one("cpu/event=0x1c3,umask=0x4,ldlat=30/").config, 0x1000004c3U);
  EXPECT_EQ(one("cpu/event=0x1c3,ldlat=30/").config1, 30U);
  EXPECT_EQ(one("cpu/config=0x77,name=mine/").config, 0x77U);
  EXPECT_EQ(one("cpu/config=0x77,name=mine/").name, "mine");
  EXPECT_EQ(one("hv_24x7/PM_XLINK_CYCLES,core=3/").config, 0x800030001U);
  EXPECT_EQ(one("topdown-retiring").config, 0x100008000U);
}

TEST_F(Sysfs, EveryKindOfNameIsFound) {
  EXPECT_EQ(one("sched:sched_switch:u").config, 316U);
  EXPECT_EQ(one("sched:sched_switch").type, std::uint32_t{PERF_TYPE_TRACEPOINT});
  EXPECT_EQ(one("PM_CMPLU_STALL:u").config, 0x1e054U);
  EXPECT_EQ(one("PM_CMPLU_STALL").meaning, "Nothing completed and ICT not empty");
  EXPECT_EQ(one("L1-dcache-load-misses").config, 0x10000U);
  EXPECT_EQ(one("LLC-stores").config, 0x102U);
  EXPECT_EQ(one("dTLB-prefetch-misses").config, 0x10203U);
  EXPECT_EQ(cpu_family(Root(folder_.path())), "power9");
}

TEST_F(Sysfs, ModifiersMeanWhatTheySayTogether) {
  EXPECT_EQ(one("cycles:ukhh").modifier, "ukh");
  EXPECT_EQ(one("{cycles:u}:k").modifier, "");
  EXPECT_THAT(error("cycles:h"), HasSubstr("alone is not counted"));
  EXPECT_THAT(error("cycles:pp"), HasSubstr("is for sampling"));
  EXPECT_EQ(parse_events("{cycles,instructions},cycles", names())->size(), 3U);
}

TEST_F(Sysfs, AClockHasNoParts) {
  for (const char* text : {"task-clock:u", "task-clock:k", "cpu-clock:u", "cpu-clock:k", "task-clock:G",
                           "{task-clock,cycles}:u"})
    EXPECT_THAT(error(text), HasSubstr("is a clock")) << text;
  for (const char* text : {"task-clock", "cpu-clock", "task-clock:uk", "task-clock:D", "page-faults:u"})
    EXPECT_TRUE(parse_events(text, names())) << text;
}

TEST_F(Sysfs, RefusesInOneLine) {
  EXPECT_EQ(error("cpo/event=1/"), "-e: there is no PMU 'cpo'; did you mean 'cpu'?");
  EXPECT_EQ(error("cpu/evnt=1/"),
            "-e: PMU cpu: it has neither an event nor a term 'evnt'; did you mean 'event='?");
  EXPECT_EQ(error("cpu/umask=0x100/"), "-e: PMU cpu: umask=0x100 does not fit its bits (config:8-15)");
  EXPECT_EQ(error("cpu/umask=many/"),
            "-e: PMU cpu: 'many' is no value for 'umask'; write a number or 0x and a number");
  EXPECT_EQ(error("hv_24x7/PM_XLINK_CYCLES/"),
            "-e: PMU hv_24x7: the event needs core=N; write hv_24x7/PM_XLINK_CYCLES,core=0/");
  EXPECT_EQ(
      error("PM_EXEC_STALL"),
      "-e: 'PM_EXEC_STALL' is an event of power10, not of this CPU (power9); perfwatt plan --cpu plans for "
      "another CPU");
  EXPECT_THAT(error("PM_CMPLU_STALL", "x86"),
              HasSubstr("is an event of power8 and power9, not of this CPU (x86)"));
  EXPECT_THAT(error("PM_CMPLU_STAL"), HasSubstr("did you mean 'PM_CMPLU_STALL'"));
  EXPECT_THAT(error("../../etc/passwd/"), HasSubstr("names no PMU"));
}

// On the machine itself, or under qemu-user, where libpfm4 knows the CPU: what it encodes is what we do.
TEST(Libpfm4, EncodesEveryNameOfOurDataAlike) {
  const EventNames theirs{Root("/nonexistent"), "", true};
  std::string cpu;
  for (const std::string_view one : known_cpus())
    if (parse_events(std::string(one) + "::PM_CYC", theirs)) cpu = one;
  if (cpu.empty()) GTEST_SKIP() << "SKIPPED: no POWER, or no libpfm4: scripts/cross-tests ppc64le runs this";
  int same = 0;
  for (const HardwareFact& fact : hardware_facts(cpu)) {
    const auto event = parse_events(fact.name, theirs);
    ASSERT_TRUE(event) << one_line(event.error());
    const bool ours = fact.name == "PM_CYC" || fact.name == "PM_INST_CMPL" || fact.name == "PM_RUN_CYC" ||
                      fact.name == "PM_RUN_INST_CMPL";  // data/events/README.md
    if (!ours) {
      EXPECT_EQ(event->front().config, fact.code) << fact.name;
    }
    ++same;
  }
  EXPECT_GT(same, 900);
}

}  // namespace
}  // namespace pw
