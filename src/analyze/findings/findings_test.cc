// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/findings/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

#include "analyze/findings/cores.h"
#include "analyze/findings/finding_text.h"
#include "analyze/findings/test_findings.h"
#include "analyze/run_analysis.h"
#include "facts/formula.h"
#include "facts/metrics.h"

namespace pw {
namespace {

using test::Subject;
using testing::HasSubstr;
using testing::Not;

std::vector<FindingOutcome> outcomes(const Subject& subject) {
  const MetricInputs inputs(subject.recording);
  const RunAnalysis run = analyze_run(subject.recording, inputs, false);
  std::vector<const Measurand*> all = {&run.elapsed};
  for (const auto* list : {&run.usage, &run.counters, &subject.measured})
    for (const Measurand& one : *list) all.push_back(&one);
  return findings(subject.recording, inputs, all);
}

FindingOutcome outcome(const Subject& subject, const std::string& rule) {
  for (FindingOutcome& one : outcomes(subject))
    if (one.rule == rule) return one;
  throw std::runtime_error("no rule " + rule);
}

TEST(FindingRules, EveryCheckComesOutAsItSays) {
  for (const FindingRule& rule : finding_rules())
    for (const FindingCheck& check : rule.checks) {
      const FindingOutcome found = judge(rule, check.given);
      EXPECT_EQ(to_text(found.status), check.expected ? "applies" : "does-not-apply") << rule.key;
      EXPECT_THAT(found.text, Not(HasSubstr("{"))) << rule.key;
      EXPECT_TRUE(!check.expected || (found.text + found.next).find("unknown") == std::string::npos)
          << rule.key;
    }
}

TEST(FindingRules, EveryRuleHasARecordingThatTriggersItAndOneThatDoesNot) {
  std::set<std::string> rules, cases;
  for (const FindingRule& rule : finding_rules()) EXPECT_TRUE(rules.insert(rule.key).second) << rule.key;
  for (const test::FindingCase& one : test::finding_cases()) {
    cases.insert(one.rule);
    const FindingOutcome found = outcome(one.applies, one.rule);
    EXPECT_EQ(to_text(found.status), "applies") << one.rule << ": " << found.text;
    EXPECT_THAT(found.text + found.next, Not(HasSubstr("unknown"))) << one.rule;
    EXPECT_FALSE(found.next.empty()) << one.rule;
    const FindingOutcome other = outcome(one.applies_not, one.rule);
    EXPECT_EQ(to_text(other.status), "does-not-apply") << one.rule << ": " << other.text;
    EXPECT_THAT(other.text, Not(HasSubstr("a rule for"))) << one.rule;
    EXPECT_EQ(other.next, "") << one.rule;
  }
  EXPECT_EQ(rules, cases) << "a rule needs a row in test_findings.h, and a row a rule";
}

// Nothing is known of a recording that says nothing: no rule speaks.
TEST(FindingRules, OfAnEmptyRecordingNothingIsClaimed) {
  for (const char* arch : {"ppc64le", "x86_64", "aarch64", ""}) {
    Subject subject(arch, "", "");
    subject.recording.executions.clear();
    for (const FindingOutcome& one : outcomes(subject)) {
      EXPECT_NE(one.status, FindingStatus::applies) << one.rule << " " << arch;
      EXPECT_FALSE(one.text.empty()) << one.rule;
    }
  }
}

TEST(FindingRules, EverySymbolIsUsedAndEveryFormulaIsOne) {
  const auto any = [](std::string_view) { return std::optional(2.0); };
  for (const FindingRule& rule : finding_rules()) {
    EXPECT_TRUE(evaluate(rule.condition, any) || evaluate(rule.condition, any).error().kind != Failure::input)
        << rule.key;
    std::string texts = rule.evidence + rule.next;
    for (const std::string& symbol : formula_symbols(rule.condition)) {
      EXPECT_EQ(std::ranges::count(rule.inputs, symbol, &FindingInput::symbol), 1) << rule.key << symbol;
      texts += " " + symbol;
    }
    for (const FindingInput& input : rule.inputs) EXPECT_THAT(texts, HasSubstr(input.symbol)) << rule.key;
    EXPECT_FALSE(rule.title.empty() || rule.source.empty() || rule.next.empty()) << rule.key;
  }
}

// A metric that no CPU of the rule has would make a rule that never speaks.
TEST(FindingRules, EveryMetricIsOneOfItsCpus) {
  for (const FindingRule& rule : finding_rules())
    for (const FindingInput& input : rule.inputs) {
      if (input.kind != InputKind::metric) continue;
      for (const std::string& cpu : rule.cpus.empty() ? std::vector<std::string>{"generic"} : rule.cpus)
        EXPECT_TRUE(metrics_of_cpu(cpu).find(input.name)) << rule.key << " " << input.name;
    }
}

TEST(Findings, SayTheirFigures) {
  const auto cases = test::finding_cases();
  const auto text_of = [&](const std::string& rule) {
    const auto at = std::ranges::find(cases, rule, &test::FindingCase::rule);
    const FindingOutcome found = outcome(at->applies, rule);
    return found.text + " | " + found.next;
  };
  EXPECT_EQ(text_of("threads-on-cores"),
            "OMP_NUM_THREADS asks for 176 threads; the command may run on 44 cores | OMP_NUM_THREADS=44 "
            "perfwatt run -- COMMAND");
  EXPECT_THAT(text_of("mma-unused"), HasSubstr("per 1000 instructions 1610 floating-point operations and "
                                               "0.00 MMA instructions"));
  EXPECT_THAT(text_of("governor"), HasSubstr("governor performance,powersave, driver acpi-cpufreq"));
  EXPECT_THAT(text_of("swap"), HasSubstr("swapped 20 pages in and 1,400 out"));
  EXPECT_THAT(text_of("partition-beyond"), HasSubstr("an entitlement of 2.7 cores"));
}

TEST(Findings, WhatIsMissingIsNamed) {
  const FindingOutcome threads = outcome(test::power9().fact("cores", "44"), "threads-on-cores");
  EXPECT_EQ(threads.status, FindingStatus::unknown);
  EXPECT_EQ(threads.text, "OMP_NUM_THREADS was not set");
  const FindingOutcome mma = outcome(test::power10().count("instructions", 1e9), "mma-unused");
  EXPECT_EQ(mma.status, FindingStatus::unknown);
  EXPECT_THAT(mma.text, HasSubstr("PM_1FLOP_CMPL"));
  EXPECT_THAT(mma.text, HasSubstr("this run did not ask for it"));
  EXPECT_THAT(mma.next, HasSubstr("perfwatt run -M mma-per-kilo-instruction"));
  Subject nested = test::power9().fact("cores", "44").variable("OMP_NUM_THREADS", "8,4");
  EXPECT_EQ(outcome(nested, "threads-on-cores").text, "'8,4' is no number");
}

// A reason that the recording has is better than what the rule knows in general.
TEST(Findings, AMeasurandSaysItselfWhyItHasNoValue) {
  Subject subject = test::partition("yes");
  EXPECT_THAT(outcome(subject, "partition-capped").text, HasSubstr("is not in the recording"));
  subject.measured.push_back(measurand("entitlement-share", "%", {}));
  subject.measured.back().reason = "lparcfg cannot be read";
  EXPECT_EQ(outcome(subject, "partition-capped").text, "lparcfg cannot be read");
}

TEST(Findings, ARuleForOtherCpusDoesNotApply) {
  EXPECT_EQ(outcome(test::x86(), "mma-unused").text, "a rule for power10, and this is x86");
  EXPECT_EQ(outcome(test::x86(), "mma-unused").status, FindingStatus::applies_not);
  EXPECT_EQ(outcome(Subject("", "", ""), "mma-unused").status, FindingStatus::unknown);
}

// What perfwatt's environment says of a command that others started is nothing.
// As perfwatt's events are: in a mode of an older processor the PMU may be the processor's own.
TEST(Findings, GoByThePmuThatTheKernelNames) {
  Subject subject = test::power9().fact("pmu", "POWER10");
  EXPECT_THAT(outcome(subject, "mma-unused").text, Not(HasSubstr("a rule for")));
  EXPECT_EQ(outcome(subject, "remote-stalls-power9").text, "a rule for power9, and this is power10");
}

TEST(Findings, OfWhatOthersStartedLittleIsKnown) {
  Subject subject = test::power9().fact("cores", "2").variable("OMP_NUM_THREADS", "8").major_faults(9'000);
  subject.recording.experiment.target = "process 11";
  for (const char* rule : {"threads-on-cores", "busy-threads", "pages-from-disk"})
    EXPECT_EQ(outcome(subject, rule).status, FindingStatus::unknown) << rule;
  subject.recording.experiment.target = "";
  EXPECT_EQ(outcome(subject, "threads-on-cores").status, FindingStatus::applies);
  subject.recording.experiment.command = {std::string(kPowerAlone)};
  for (const char* rule : {"threads-on-cores", "busy-threads", "pages-from-disk"})
    EXPECT_EQ(outcome(subject, rule).status, FindingStatus::unknown) << rule;
}

TEST(Cores, AreThoseOfTheCpusThatItMayRunOn) {
  Subject subject = test::power9().fact("cores", "44").fact("smt_mode", "SMT4 of 4");
  const auto cores = [&](const char* cpus) {
    subject.recording.experiment.cpus = cpus;
    return cores_of(subject.recording);
  };
  EXPECT_EQ(cores("").number, 44);
  EXPECT_EQ(cores("0-7").number, 2);
  EXPECT_EQ(cores("0,4,8").number, 3);
  EXPECT_EQ(cores("x").number, std::nullopt);
  Subject guest = test::x86().fact("cores", "8").fact("cpus_online", "0-15").fact("cgroup_cpus", "0-3");
  EXPECT_THAT(cores_of(guest.recording).why, HasSubstr("which cores the CPUs 0-3 belong to"));
  EXPECT_EQ(cores_of(guest.fact("threads_per_core", "1").recording).number, 4);
  Subject whole = test::x86().fact("cores", "8").fact("cpus_online", "0-15").fact("cgroup_cpus", "0-15");
  EXPECT_EQ(cores_of(whole.recording).number, 8);
  EXPECT_EQ(cores_of(test::x86().recording).number, std::nullopt);
}

TEST(FindingText, FillsInFormulasTextsAndTheUnknown) {
  FindingRule rule;
  rule.inputs = {{"a", InputKind::machine, "a", {}, ""}, {"word", InputKind::machine, "w", {"x"}, ""}};
  const std::vector<InputValue> values = {{12345, "12345 kB", ""}, {1, "x and y", ""}};
  EXPECT_EQ(filled_in("{a} {a / 2:1} {a:si}, {word}{", rule, values), "12,345 6172.5 12.35 k, x and y{");
  EXPECT_EQ(filled_in("{a / 7} {b} {a / 0}", rule, values), "1,764 unknown unknown");
  EXPECT_EQ(filled_in("{a} {word}", rule, {{{}, "", "why"}, {{}, "", "why"}}), "unknown unknown");
}

// Numbers of a stranger's recording.
TEST(Findings, NumbersThatCannotBeAreNoTrouble) {
  for (const char* hostile : {"1e308", "-1e308", "1e-308", "nan", "inf", "", "99999999999999999999"}) {
    Subject subject = test::power9().fact("cores", hostile).variable("OMP_NUM_THREADS", hostile);
    subject.fact("cgroup_cpu_limit", hostile).state("throttled_cgroup", hostile, "1e308");
    subject.fact("max_mhz", hostile).fact("smt_mode", hostile).state("swapped_in", "-1e308", hostile);
    EXPECT_EQ(outcomes(subject).size(), finding_rules().size());
  }
}

}  // namespace
}  // namespace pw
