// SPDX-License-Identifier: GPL-3.0-or-later
// What marks of this process read of counters of this process.
#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

#include "os/command/test_pages.h"
#include "regions/counts_of_regions.h"
#include "regions/losses.h"
#include "regions/test_slab.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Counting = testing::Test;

// Page faults lead context switches, of this thread and what it starts. Nothing where the kernel refuses.
std::optional<std::vector<PerfEvent>> counters_of_this_thread() {
  std::vector<PerfEvent> counters;
  for (const std::uint64_t config : {PERF_COUNT_SW_PAGE_FAULTS, PERF_COUNT_SW_CONTEXT_SWITCHES}) {
    perf_event_attr attr = PerfEvent::counting(PERF_TYPE_SOFTWARE, config);
    attr.disabled = 0;
    attr.inherit = 1;
    attr.exclude_kernel = 1;
    attr.exclude_hv = 1;
    if (counters.empty()) attr.read_format |= PERF_FORMAT_GROUP;
    auto one = PerfEvent::open(attr, ::gettid(), -1, counters.empty() ? -1 : counters.front().fd());
    if (!one) return std::nullopt;
    counters.push_back(std::move(*one));
  }
  return counters;
}

const std::vector<std::size_t> kGroups = {2};
constexpr std::size_t kFaults = 2;  // behind both times

#define COUNTERS_OR_SKIP(name)                 \
  const auto name = counters_of_this_thread(); \
  if (!name) GTEST_SKIP() << "SKIPPED LOUDLY: perf_event_open: " << errno

RegionCounters counters_in(const std::vector<PerfEvent>& counters) {
  return {RegionScope::process, {{counters.front().fd(), {0, 1}}}};
}

SlabContent content_of(const std::string& slab) { return read_slab(slab, kGroups); }

TEST(Counting, SumsAndOwnCountsAreExact) {
  COUNTERS_OR_SKIP(counters);
  const test::MarkingHere marking(counters_in(*counters));
  for (int i = 0; i < 3; ++i) {  // the first makes the records, whose pages are new
    perfwatt_region_begin("outer");
    test::touch_pages(20);
    for (int k = 0; k < 2; ++k) {
      perfwatt_region_begin("inner");
      test::touch_pages(50);
      perfwatt_region_end("inner");
    }
    perfwatt_region_end("outer");
  }
  const SlabContent content = content_of(marking.content());
  const auto& paths = content.threads.at(0).paths;
  ASSERT_EQ(paths.size(), 2u);
  const MarkedCounts &outer = paths[0].counts, &inner = paths[1].counts;
  EXPECT_EQ(outer.counted, 3);
  EXPECT_EQ(inner.counted, 6);
  EXPECT_EQ(outer.overlapped, 0);
  EXPECT_EQ(inner.all, inner.own);
  EXPECT_NEAR(static_cast<double>(inner.all.at(kFaults)), 300, 8);
  EXPECT_EQ(outer.own.at(kFaults), outer.all.at(kFaults) - inner.all.at(kFaults));
  EXPECT_NEAR(static_cast<double>(outer.own.at(kFaults)), 60, 8);
  EXPECT_EQ(outer.all.at(0), outer.all.at(1));  // enabled, and running as long
}

TEST(Counting, RegionsThatEndOutOfOrderKeepTheirCounts) {
  COUNTERS_OR_SKIP(counters);
  const test::MarkingHere marking(counters_in(*counters));
  for (int i = 0; i < 2; ++i) {
    perfwatt_region_begin("first");
    test::touch_pages(30);
    perfwatt_region_begin("second");
    perfwatt_region_end("first");
    test::touch_pages(40);
    perfwatt_region_end("second");
  }
  const auto content = content_of(marking.content());
  const auto& paths = content.threads.at(0).paths;
  EXPECT_EQ(paths.at(0).counts.counted, 2);
  EXPECT_NEAR(static_cast<double>(paths.at(0).counts.all.at(kFaults)), 60, 6);
  EXPECT_NEAR(static_cast<double>(paths.at(1).counts.all.at(kFaults)), 80, 6);
}

TEST(Counting, ThreadsBesideEachOtherSayIt) {
  COUNTERS_OR_SKIP(counters);
  const test::MarkingHere marking(counters_in(*counters));
  perfwatt_region_begin("alone");
  perfwatt_region_end("alone");
  perfwatt_region_begin("main");
  std::thread([] { const perfwatt::Region one("thread"); }).join();
  perfwatt_region_end("main");
  std::thread([] { const perfwatt::Region one("after"); }).join();
  std::map<std::string, std::int64_t> overlapped;
  for (const MarkedThread& thread : content_of(marking.content()).threads)
    for (const MarkedPath& path : thread.paths) overlapped[path.name] = path.counts.overlapped;
  EXPECT_EQ(overlapped,
            (std::map<std::string, std::int64_t>{{"alone", 0}, {"main", 1}, {"thread", 1}, {"after", 0}}));
}

TEST(Counting, AThreadThatEndsInARegionIsBesideNobodyAfterwards) {
  COUNTERS_OR_SKIP(counters);
  const test::MarkingHere marking(counters_in(*counters));
  std::thread([] { perfwatt_region_begin("left"); }).join();
  { const perfwatt::Region one("after"); }
  for (const MarkedThread& thread : content_of(marking.content()).threads)
    for (const MarkedPath& path : thread.paths) EXPECT_EQ(path.counts.overlapped, 0) << path.name;
}

// Its number is another file's then, which must not be read.
TEST(Counting, ACounterThatIsClosedIsReadNoMore) {
  COUNTERS_OR_SKIP(counters);
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  ASSERT_EQ(::write(pipe[1], "some text that is longer than what a group is: 2 events, 5 words", 64), 64);
  const int number = ::dup(counters->front().fd());
  const test::MarkingHere marking(RegionCounters{RegionScope::process, {{number, {0, 1}}}});
  { const perfwatt::Region one("one"); }
  ASSERT_EQ(::close(number), 0);
  errno = 77;
  { const perfwatt::Region one("one"); }
  EXPECT_EQ(errno, 77);
  ASSERT_EQ(::dup2(pipe[0], number), number);
  { const perfwatt::Region one("one"); }
  std::array<char, 128> text{};
  EXPECT_EQ(::read(pipe[0], text.data(), text.size()), 64);
  for (const int fd : {pipe[0], pipe[1], number}) ::close(fd);
  const SlabContent content = content_of(marking.content());
  EXPECT_EQ(content.threads.at(0).paths.at(0).calls, 3);
  EXPECT_EQ(content.threads.at(0).paths.at(0).counts.counted, 1);
  EXPECT_EQ(content.threads.at(0).uncounted, int{PW_UNCOUNTED_READ});
  ASSERT_EQ(losses_of(content).size(), 1u);
  EXPECT_THAT(losses_of(content)[0].text, HasSubstr("were closed while it marked"));
}

TEST(Counting, WhatIsNoCounterIsNeverRead) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const test::MarkingHere marking(RegionCounters{RegionScope::process, {{pipe[0], {0, 1}}}});
  { const perfwatt::Region one("one"); }
  for (const int fd : pipe) ::close(fd);
  const SlabContent content = content_of(marking.content());
  EXPECT_EQ(content.threads.at(0).uncounted, int{PW_UNCOUNTED_CLOSED});
  EXPECT_THAT(content.threads.at(0).paths.at(0).counts.all, IsEmpty());
}

MarkedPath path_with(std::int64_t calls, MarkedCounts counts) {
  MarkedPath path;
  path.calls = calls;
  path.counts = std::move(counts);
  return path;
}

// Of two groups: events 4 and 5, and 6 alone.
std::vector<RegionCount> counts_of(const MarkedPath& path, std::vector<std::string>& reasons,
                                   MarkedThread thread = {}) {
  const std::vector<Reading> readings = {{4, 9, {9}, {9}, CountStatus::ok, ""},
                                         {5, 0, {}, {}, CountStatus::not_permitted, "no"},
                                         {6, 9, {9}, {9}, CountStatus::ok, ""}};
  CountsOfRegions counts({RegionScope::process, {{-1, {4, 5}}, {-1, {6}}}}, readings);
  ExecutionRegions regions;
  regions.totals.resize(1);
  counts.add(thread, path, regions);
  reasons = regions.reasons;
  return regions.counts;
}

TEST(CountsOfRegions, SaysWhatAGroupCountedAndWhyNot) {
  std::vector<std::string> reasons;
  const auto counts =
      counts_of(path_with(2, {2, 0, {10, 5, 100, 200, 7, 7, 30}, {10, 5, 60, 0, 7, 7, 30}}), reasons);
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts[0].status, CountStatus::scaled);
  EXPECT_EQ(counts[0].value, 100u);
  EXPECT_EQ(counts[0].own, 60u);
  EXPECT_EQ(counts[1].status, CountStatus::not_permitted);
  EXPECT_EQ(counts[2].status, CountStatus::ok);
  EXPECT_THAT(reasons, ElementsAre("no"));
}

TEST(CountsOfRegions, WhatDidNotRunIsNotZero) {
  std::vector<std::string> reasons;
  const auto counts =
      counts_of(path_with(1, {1, 0, {10, 0, 0, 0, 0, 0, 0}, {10, 0, 0, 0, 0, 0, 0}}), reasons);
  EXPECT_EQ(counts.at(0).status, CountStatus::not_counted);
  EXPECT_EQ(counts.at(2).status, CountStatus::ok);  // it slept
  EXPECT_THAT(reasons, ElementsAre("its counters did not run", "no"));
}

TEST(CountsOfRegions, CallsThatWereNotCountedMakeTheSumUnknown) {
  std::vector<std::string> reasons;
  MarkedThread thread;
  thread.uncounted = PW_UNCOUNTED_REFUSED;
  thread.error = EMFILE;
  const std::vector<std::uint64_t> words = {1, 1, 1, 1, 1, 1, 1};
  const auto counts = counts_of(path_with(1000, {1, 0, words, words}), reasons, thread);
  EXPECT_EQ(counts.at(0).status, CountStatus::not_counted);
  EXPECT_EQ(counts.at(0).value, 1u);  // what was read stays
  EXPECT_THAT(reasons.at(0),
              HasSubstr("999 of 1,000 calls not counted: counters of a thread could not be opened"));
}

TEST(CountsOfRegions, WhatRanBesideOthersHasItsValueAndSaysSo) {
  std::vector<std::string> reasons;
  const std::vector<std::uint64_t> words = {1, 1, 1, 1, 1, 1, 1};
  const auto counts = counts_of(path_with(3, {3, 2, words, words}), reasons);
  EXPECT_EQ(counts.at(0).status, CountStatus::ok);
  EXPECT_EQ(counts.at(0).reason, 0);
  EXPECT_THAT(reasons.at(0), HasSubstr("2 of 3 calls ran beside regions of other threads"));
}

TEST(RegionCounters, WhatIsTooMuchIsLeftOutAndSaid) {
  const CounterGroup large{3, std::vector<int>(PW_MOST_EVENTS - 1)}, small{4, {1, 2}}, one{5, {3}};
  const RegionCounters counters = region_counters(RegionScope::process, {large, small, one}, 40);
  EXPECT_THAT(counters.sizes(), ElementsAre(PW_MOST_EVENTS - 1, 1));
  EXPECT_THAT(counters.why, HasSubstr("8 of 40 events are not counted in regions"));
  EXPECT_EQ(region_counters(RegionScope::process, {one}, 1).why, "");
}

}  // namespace
}  // namespace pw
