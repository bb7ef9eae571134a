// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "os/cpu_set.h"
#include "os/file.h"
#include "peaks/caches.h"
#include "peaks/measure_peaks.h"
#include "peaks/peak_store.h"
#include "peaks/team.h"

namespace pw {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kKi = 1024, kMi = kKi * kKi;

class PeakFiles : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_->path(); }
  void put(const std::filesystem::path& file, const std::string& text) const {
    ASSERT_TRUE(make_folder((path() / file).parent_path()));
    ASSERT_TRUE(write_file(path() / file, text));
  }
  void put_cache(int index, const std::string& level, const std::string& type, const std::string& size,
                 const std::string& cpus) const {
    const std::filesystem::path folder = "sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index);
    put(folder / "level", level + "\n");
    put(folder / "type", type + "\n");
    put(folder / "size", size + "\n");
    put(folder / "shared_cpu_list", cpus + "\n");
  }

  Result<TempFolder> folder_ = TempFolder::make();
};

TEST_F(PeakFiles, CachesAreReadAsTheKernelTells) {
  put_cache(0, "1", "Data", "32K", "0-1");
  put_cache(1, "1", "Instruction", "64K", "0-1");
  put_cache(2, "2", "Unified", "1M", "0-1");
  put_cache(3, "3", "Unified", "32768K", "0-3");
  const Caches caches = read_caches(Root(path()), 0);
  ASSERT_TRUE(caches.l1 && caches.l2 && caches.l3);
  EXPECT_EQ(caches.l1->bytes, 32 * kKi);
  EXPECT_EQ(caches.l2->bytes, kMi);
  EXPECT_EQ(caches.l3->bytes, 32 * kMi);
  EXPECT_THAT(caches.l3->cpus, ElementsAre(0, 1, 2, 3));
}

TEST_F(PeakFiles, CachesThatAreNotToldAreUnknown) {
  EXPECT_FALSE(read_caches(Root(path()), 0).l1);
  for (const char* size : {"", "K", "0K", "-3K", "32", "32G", "99999999999K"}) {
    put_cache(0, "1", "Data", size, "0");
    EXPECT_FALSE(read_caches(Root(path()), 0).l1) << size;
  }
}

const Caches kUsual = {CacheLevel{32 * kKi, {0, 1}}, CacheLevel{512 * kKi, {0, 1}},
                       CacheLevel{16 * kMi, {0, 1, 2, 3}}};

std::size_t bytes_of(const Caches& caches, std::string_view quantity, const std::vector<int>& cpus,
                     std::size_t available = 64 * 1024 * kMi) {
  const auto set = working_set(caches, quantity, cpus, available);
  return set ? set->bytes : 0;
}

TEST(WorkingSet, IsHalfOfAThreadsShare) {
  EXPECT_EQ(bytes_of(kUsual, kPeakL1, {0}), 16 * kKi);
  EXPECT_EQ(bytes_of(kUsual, kPeakL1, {0, 1, 2, 3}), 8 * kKi);
  EXPECT_EQ(bytes_of(kUsual, kPeakL2, {0}), 256 * kKi);
  EXPECT_EQ(bytes_of(kUsual, kPeakL3, {0, 1, 2, 3}), 2 * kMi);
  EXPECT_EQ(bytes_of(kUsual, kPeakMemory, {0}), 64 * kMi);
  EXPECT_EQ(bytes_of(kUsual, kPeakMemory, {0, 1, 2, 3}), 16 * kMi);
}

TEST(WorkingSet, IsNoneWhereALevelCannotBeTold) {
  EXPECT_THAT(working_set({}, kPeakL2, {0}, kMi).error().what, HasSubstr("tells of no such cache"));
  Caches close = kUsual;
  close.l3->bytes = 2 * close.l2->bytes;
  EXPECT_THAT(working_set(close, kPeakL3, {0}, kMi).error().what, HasSubstr("level below"));
  EXPECT_THAT(working_set(kUsual, kPeakMemory, {0}, 32 * kMi).error().what, HasSubstr("32 MiB are too few"));
}

TEST(WorkingSet, SaysWhatItTookForUnknownSizes) {
  const auto l1 = working_set({}, kPeakL1, {0}, 0);
  ASSERT_TRUE(l1);
  EXPECT_EQ(l1->bytes, 16 * kKi);
  EXPECT_THAT(l1->note, HasSubstr("not known"));
  const auto memory = working_set({}, kPeakMemory, {0}, 0);
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->bytes, 256 * kMi);
  EXPECT_THAT(memory->note, HasSubstr("no size"));
}

TEST_F(PeakFiles, CoresAreTheFirstOfTheirCpus) {
  put("sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "0,2\n");
  put("sys/devices/system/cpu/cpu1/topology/thread_siblings_list", "1,3\n");
  put("sys/devices/system/cpu/cpu3/topology/thread_siblings_list", "1,3\n");
  const PeakCpus cpus = peak_cpus(Root(path()), {1, 2, 3, 7});
  EXPECT_THAT(cpus.cpus, ElementsAre(1, 2, 3, 7));
  EXPECT_THAT(cpus.cores, ElementsAre(1, 2, 7));  // of 2 and 7 the kernel does not tell
}

TEST(Team, CountsTheRoundsOfAllThreads) {
  std::atomic<std::int64_t> rounds = 0;
  const MakeRounds make = [&](std::size_t) -> Rounds { return [&](std::int64_t more) { rounds += more; }; };
  const auto rates = run_team({0, 0, 0}, false, 2, make, {Seconds{0.0001}, Seconds{0}, 3, 3});
  ASSERT_TRUE(rates);
  EXPECT_THAT(*rates, SizeIs(3));
  EXPECT_THAT(*rates, Each(Gt(0)));
  EXPECT_GE(rounds, 3 * (3 + 1));
}

TEST(Team, RepeatsForAsLongAsItMay) {
  const MakeRounds make = [](std::size_t) -> Rounds { return [](std::int64_t) {}; };
  EXPECT_THAT(*run_team({0, 0}, false, 1, make, {Seconds{0}, Seconds{3600}, 1, 7}), SizeIs(7));
  EXPECT_THAT(*run_team({0, 0}, false, 1, make, {Seconds{0}, Seconds{0}, 4, 7}), SizeIs(4));
}

TEST(Team, SaysWhereAThreadCannotRun) {
  const MakeRounds make = [](std::size_t) -> Rounds { return [](std::int64_t) {}; };
  const auto rates = run_team({60000}, true, 1, make, {Seconds{0.0001}, Seconds{0}, 1, 1});
  ASSERT_FALSE(rates);
  EXPECT_THAT(one_line(rates.error()), HasSubstr("could not be put on its CPU"));
}

MachinePeaks some_peaks() {
  return {{{"measured", "2026-11-30"}, {"governor", "performance"}},
          {{"fp32", 1, {9.5e10, 1e11}, "AVX2+FMA: 12 chains"}, {"memory", 2, {2.5e10}, "AVX2+FMA: loads"}}};
}

TEST_F(PeakFiles, PeaksComeBackOutOfTheCache) {
  const std::filesystem::path folder = path() / "peaks";
  const auto none = load_peaks(folder, "a machine");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
  ASSERT_TRUE(save_peaks(folder, "a machine", some_peaks()));
  const auto peaks = load_peaks(folder, "a machine");
  ASSERT_TRUE(peaks);
  EXPECT_EQ(peaks->peaks, some_peaks().peaks);
  EXPECT_EQ(peaks->conditions[1].value, "performance");
  EXPECT_TRUE(load_peaks(folder, "another")->empty());
}

TEST_F(PeakFiles, ADamagedFileIsOneLine) {
  ASSERT_TRUE(save_peaks(path() / "peaks", "a machine", some_peaks()));
  const std::filesystem::path file = peaks_file(path() / "peaks", "a machine");
  const std::string good = read_file(file).value();
  const auto with = [&](const std::string& old, const std::string& text) {
    std::string changed = good;
    return changed.replace(changed.find(old), old.size(), text);
  };
  for (const std::string& text :
       {std::string(), std::string("\xff\0[", 3), std::string("[]"), good.substr(0, good.size() / 2),
        with("a machine", "another"), with("perfwatt peaks 1", "perfwatt peaks 2"),
        with("95000000000.0", "-1.0"), with("95000000000.0", "\"x\""),
        with("\"threads\": 1", "\"threads\": 0"), with("\"performance\"", "7"), with("\"how\"", "\"who\"")}) {
    ASSERT_TRUE(write_file(file, text));
    const auto peaks = load_peaks(path() / "peaks", "a machine");
    ASSERT_FALSE(peaks) << text;
    EXPECT_THAT(one_line(peaks.error()), HasSubstr("list peaks --measure"));
  }
}

TEST_F(PeakFiles, NothingIsTakenFromAFolderThatOthersCanWrite) {
  ASSERT_TRUE(save_peaks(path() / "peaks", "a machine", some_peaks()));
  std::filesystem::permissions(path() / "peaks", std::filesystem::perms::all);
  EXPECT_FALSE(load_peaks(path() / "peaks", "a machine"));
}

TEST(PeaksKey, IsOfTheCpuAndWhereWeMayRun) {
  const Machine machine = {{"hostname", "h"}, {"arch", "x86_64"}, {"cpu_model", "AMD EPYC"}};
  EXPECT_EQ(peaks_key(machine, {0, 1, 2, 5}, "AVX2"), "x86_64; AMD EPYC; ?; CPUs 0-2,5; AVX2");
}

TEST(MeasurePeaks, HasARateOrAReasonForEach) {
  std::vector<std::string> asked;
  const MachinePeaks peaks =
      measure_peaks(Root(), {{"governor", "powersave"}}, {Seconds{0.00001}, Seconds{0}, 2, 2},
                    [&](std::string_view quantity) { asked.emplace_back(quantity); });
  EXPECT_THAT(asked, SizeIs(10));
  for (const std::string& quantity : asked) {
    const bool refused = std::ranges::any_of(peaks.conditions, [&](const Fact& fact) {
      return fact.key == "no_" + quantity && !fact.value.empty();
    });
    EXPECT_TRUE(peaks.of_one(quantity) || refused) << quantity;
  }
  for (const char* always : {"fp64", "fp32", "L1"}) EXPECT_NE(peaks.of_one(always), nullptr) << always;
  for (const Peak& peak : peaks.peaks) {
    EXPECT_THAT(peak.rates, SizeIs(2)) << peak.quantity;
    EXPECT_FALSE(peak.how.empty());
    EXPECT_TRUE(peak_of(peak_fact(peak)));
  }
  EXPECT_EQ(peaks.conditions[4].key, "governor");
}

}  // namespace
}  // namespace pw
