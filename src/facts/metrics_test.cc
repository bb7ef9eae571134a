// SPDX-License-Identifier: GPL-3.0-or-later
// Every metric of every file, and what -M makes of them.
#include "facts/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "facts/data_files.h"
#include "facts/formula.h"
#include "facts/hardware_events.h"

namespace pw {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

MetricList file_of(std::string_view group) {
  return parse_metrics(group, data_text("events/" + std::string(group) + "/metrics.json")).value();
}

OperandValue given(const MetricFact& fact) {
  return [&fact](std::string_view symbol) -> std::optional<double> {
    for (const auto& [name, value] : fact.check.given)
      if (name == symbol) return value;
    return std::nullopt;
  };
}

template <class Check>
void each_metric(Check check) {
  for (const std::string_view group : metric_groups()) {
    const MetricList list = file_of(group);
    EXPECT_FALSE(list.metrics.empty()) << group;
    for (const MetricFact& fact : list.metrics) check(list, fact);
  }
}

TEST(MetricFiles, EveryCheckComesOutRight) {
  each_metric([](const MetricList&, const MetricFact& fact) {
    const Result<double> value = evaluate(fact.formula, given(fact));
    ASSERT_TRUE(value) << fact.key << ": " << value.error().what << " " << value.error().where;
    EXPECT_NEAR(*value, fact.check.expected, 1e-9 * std::abs(fact.check.expected)) << fact.key;
    EXPECT_NE(fact.check.expected, 0) << fact.key;
    EXPECT_FALSE(fact.meaning.empty() || fact.source.empty() || fact.title.empty()) << fact.key;
  });
}

TEST(MetricFiles, EverySymbolIsUsedAndDefined) {
  each_metric([](const MetricList&, const MetricFact& fact) {
    std::vector<std::string> used = formula_symbols(fact.formula), defined, checked;
    std::erase_if(used, [](auto& symbol) { return symbol == kElapsedSymbol || symbol == kCpusSymbol; });
    for (const MetricEvent& one : fact.events) defined.push_back(one.symbol);
    for (const auto& [symbol, value] : fact.check.given)
      if (symbol != kElapsedSymbol && symbol != kCpusSymbol) checked.push_back(symbol);
    EXPECT_THAT(used, testing::UnorderedElementsAreArray(defined)) << fact.key;
    EXPECT_THAT(checked, testing::UnorderedElementsAreArray(defined)) << fact.key;
  });
}

TEST(MetricFiles, KeysAreUniqueOnEveryCpuAndSetsNameThem) {
  for (const std::string_view cpu : metric_groups()) {
    const MetricList list = metrics_of_cpu(cpu);
    std::set<std::string> names = {"all"};
    for (const MetricFact& fact : list.metrics) EXPECT_TRUE(names.insert(fact.key).second) << fact.key;
    for (const MetricSet& set : list.sets) {
      EXPECT_TRUE(names.insert(set.name).second) << set.name;
      for (const std::string& key : set.keys) EXPECT_TRUE(list.find(key)) << set.name << " " << key;
    }
  }
}

TEST(MetricFiles, EveryHardwareNameIsAnEventOfThatCpu) {
  each_metric([](const MetricList&, const MetricFact& fact) {
    for (const MetricEvent& one : fact.events)
      if (one.event.starts_with("PM_")) {
        EXPECT_TRUE(find_hardware(fact.group, one.event)) << fact.key << " " << one.event;
      }
  });
}

TEST(MetricFiles, PartsOfATreeHaveAWholeOfTheSameUnitThatStandsBeforeThem) {
  each_metric([](const MetricList& list, const MetricFact& fact) {
    if (fact.parent.empty()) return;
    const MetricFact* whole = list.find(fact.parent);
    ASSERT_TRUE(whole) << fact.key;
    EXPECT_LT(whole, &fact) << fact.key;
    EXPECT_EQ(whole->unit, fact.unit) << fact.key;
    EXPECT_TRUE(fact.key.starts_with(fact.parent + ".")) << fact.key;
    EXPECT_EQ(fact.key.find('.', fact.parent.size() + 1), std::string::npos) << fact.key;
    EXPECT_FALSE(fact.key.ends_with(".other")) << fact.key;
  });
}

// The checks of a tree are one machine's: an event has the same number in all, and no parts exceed their
// whole.
TEST(MetricFiles, TheNumbersOfATreesChecksAddUp) {
  each_metric([](const MetricList& list, const MetricFact& fact) {
    const auto parts = list.children(fact.key);
    if (parts.empty()) return;
    double sum = 0;
    for (const MetricFact* part : parts) sum += part->check.expected;
    EXPECT_LE(sum, fact.check.expected * (1 + 1e-9)) << fact.key;
    EXPECT_GT(sum, 0.1 * fact.check.expected) << fact.key;
  });
}

TEST(MetricFiles, NoEventIsCountedInTwoPartsOfATree) {
  for (const std::string_view group : metric_groups()) {
    std::map<std::string, std::set<std::string>> parts;
    const MetricList list = file_of(group);
    for (const MetricFact& fact : list.metrics)
      if (list.children(fact.key).empty() && !fact.parent.empty() && fact.unit == "CPI")
        for (const MetricEvent& one : fact.events)
          if (one.event != "instructions")
            parts[fact.key.substr(0, fact.key.find('.')) + one.event].insert(fact.key);
    for (const auto& [event, keys] : parts) EXPECT_EQ(keys.size(), 1U) << event;
  }
}

TEST(MetricFiles, TheCpiStacksAreWhole) {
  EXPECT_EQ(choose_metrics("power9", "cpi-stack")->events.size(), 74U);
  EXPECT_EQ(choose_metrics("power10", "cpi-stack")->events.size(), 61U);
}

TEST(MetricFiles, WhatIsNoMetricSaysWhere) {
  EXPECT_EQ(parse_metrics("x", "{").error().kind, Failure::input);
  const Error error = parse_metrics("x", R"({"metrics": [{"key": "a"}], "sets": {}})").error();
  EXPECT_EQ(error.where, "x/metrics.json a");
  EXPECT_THAT(error.what, HasSubstr("title"));
}

TEST(MetricChoice, TakesKeysSetsTreesAndAll) {
  EXPECT_THAT(choose_metrics("x86", "ipc")->events, ElementsAre("instructions", "cycles"));
  const auto lsu = choose_metrics("power9", "cpi-stack.stall.lsu.dcache").value();
  EXPECT_EQ(lsu.metrics.size(), 7U);
  EXPECT_THAT(lsu.events, Contains("PM_CMPLU_STALL_DMISS_LMEM"));
  EXPECT_THAT(choose_metrics("power10", "roofline , ipc")->events, Contains("PM_MMA_ISSUED"));
  EXPECT_EQ(choose_metrics("arm64", "all")->metrics.size(), metrics_of_cpu("arm64").metrics.size());
  EXPECT_THAT(choose_metrics("arm64", "topdown")->events, Contains("cpu/op_spec/"));
}

TEST(MetricChoice, RefusesWithWhatWasMeantOrWhoseItIs) {
  EXPECT_EQ(choose_metrics("power9", "cpi-stak").error().hint, "did you mean 'cpi-stack'?");
  EXPECT_EQ(choose_metrics("power9", "mma-fp32-gflops").error().what,
            "'mma-fp32-gflops' is a metric of POWER10 and POWER11, and this is POWER9");
  EXPECT_EQ(choose_metrics("x86", "cpi-stack").error().what,
            "'cpi-stack' is a metric of POWER9 and POWER10 and POWER11, and this is x86");
  EXPECT_EQ(choose_metrics("x86", "ipc,,topdown").error().kind, Failure::input);
  EXPECT_EQ(choose_metrics("x86", "x\x1b[2J").error().what, "unknown metric 'x [2J'");
}

TEST(MetricFacts, FormulasCanBeReadWithTheEventsNames) {
  const MetricList list = metrics_of_cpu("power9");
  EXPECT_EQ(formula_with_events(*list.find("cpi-stack.stall.lsu")), "PM_CMPLU_STALL_LSU / instructions");
  EXPECT_EQ(formula_with_events(*list.find("cpus-used")), "task-clock / 1e9 / seconds");
}

TEST(MetricsCpu, IsReadOffTheMachine) {
  EXPECT_EQ(metrics_cpu({{"arch", "ppc64le"}, {"cpu_model", "POWER9, altivec supported"}}), "power9");
  EXPECT_EQ(metrics_cpu({{"cpu_model", "POWER11 (architected)"}}), "power10");
  EXPECT_EQ(metrics_cpu({{"cpu_model", "POWER9 (architected)"}, {"pmu", "POWER10"}}), "power10");
  EXPECT_EQ(metrics_cpu({{"arch", "x86_64"}, {"cpu_model", "AMD EPYC"}}), "x86");
  EXPECT_EQ(metrics_cpu({{"arch", "aarch64"}}), "arm64");
  EXPECT_EQ(metrics_cpu({{"arch", "ppc64le"}, {"cpu_model", "POWER8"}}), "generic");
}

}  // namespace
}  // namespace pw
