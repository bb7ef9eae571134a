// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/tune.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/file.h"

namespace pw::inference {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Tune : public testing::Test {
 protected:
  Tuner tuner_in(const std::filesystem::path& folder, const std::string& machine, bool redo,
                 const Quiet& quiet = {}) {
    return {folder, machine, redo, quiet, {[this] { return now_; }, [this] { return others_; }}};
  }
  Candidate lasting(const std::string& name, int milliseconds) {
    return {name, [this, milliseconds] {
              ++prepared_;
              return [this, milliseconds] {
                now_ += Nanoseconds{milliseconds * std::int64_t{1'000'000}};
                others_ += Seconds{milliseconds * 1e-3 * busy_};
              };
            }};
  }
  std::size_t choose(Tuner& tuner) { return tuner.choose("work", {lasting("slow", 20), lasting("fast", 1)}); }
  std::filesystem::path folder() const { return root_->path() / "tune"; }

  Result<TempFolder> root_ = TempFolder::make();
  int prepared_ = 0;
  Nanoseconds now_;
  Seconds others_;
  double busy_ = 0;  // CPUs that others use
};

TEST_F(Tune, MeasuresOnceAndRemembers) {
  Tuner first = tuner_in(folder(), "a machine", false);
  EXPECT_EQ(choose(first), 1U);
  EXPECT_EQ(choose(first), 1U);
  EXPECT_EQ(prepared_, 2);
  first.save();
  EXPECT_THAT(first.warnings(), IsEmpty());

  Tuner second = tuner_in(folder(), "a machine", false);
  EXPECT_EQ(choose(second), 1U);
  EXPECT_EQ(prepared_, 2);
  EXPECT_EQ(second.measured(), 0U);
  EXPECT_THAT(second.warnings(), IsEmpty());
}

TEST_F(Tune, MeasuresAgainForAnotherMachineOrWhenAsked) {
  Tuner first = tuner_in(folder(), "a machine", false);
  choose(first);
  first.save();
  Tuner other = tuner_in(folder(), "another machine", false);
  choose(other);
  EXPECT_EQ(other.measured(), 1U);
  Tuner redone = tuner_in(folder(), "a machine", true);
  choose(redone);
  choose(redone);
  EXPECT_EQ(redone.measured(), 1U);
}

TEST_F(Tune, TakesTheFirstOfEquals) {
  Tuner tuner = tuner_in(folder(), "a machine", false);
  EXPECT_EQ(tuner.choose("equal", {lasting("a", 5), lasting("b", 5)}), 0U);
  EXPECT_EQ(tuner.choose("only one", {lasting("a", 5)}), 0U);
  EXPECT_EQ(tuner.measured(), 1U);
}

TEST_F(Tune, MeasuresAnewWhereTheFileIsDamaged) {
  Tuner first = tuner_in(folder(), "a machine", false);
  choose(first);
  first.save();
  const auto good = read_file(first.file());
  ASSERT_TRUE(good);
  for (const std::string& text :
       {std::string("\x00\xff nonsense", 11), std::string(), good->substr(0, good->size() / 2 + 8) + "\nx\n",
        std::string("# perfwatt tune 1: another\n")}) {
    ASSERT_TRUE(write_file(first.file(), text));
    Tuner tuner = tuner_in(folder(), "a machine", false);
    EXPECT_THAT(tuner.warnings(), ElementsAre(HasSubstr("measuring again"))) << text;
    EXPECT_EQ(choose(tuner), 1U);
    EXPECT_EQ(tuner.measured(), 1U);
    tuner.save();
    EXPECT_EQ(read_file(first.file()).value_or(""), *good);
  }
}

TEST_F(Tune, MeasuresAnewWhereANameIsUnknown) {
  Tuner first = tuner_in(folder(), "a machine", false);
  choose(first);
  first.save();
  std::string text = *read_file(first.file());
  text.replace(text.rfind("\tfast"), 5, "\tgone");
  ASSERT_TRUE(write_file(first.file(), text));
  Tuner tuner = tuner_in(folder(), "a machine", false);
  EXPECT_EQ(choose(tuner), 1U);
  EXPECT_EQ(tuner.measured(), 1U);
}

TEST_F(Tune, GoesOnWhereTheFolderCannotBeWritten) {
  ASSERT_TRUE(write_file(root_->path() / "file", ""));
  Tuner tuner = tuner_in(root_->path() / "file" / "tune", "a machine", false);
  EXPECT_EQ(choose(tuner), 1U);
  tuner.save();
  EXPECT_THAT(tuner.warnings(), ElementsAre(HasSubstr("will be measured again")));
}

TEST_F(Tune, TakesNothingFromAFolderThatOthersCanWrite) {
  Tuner first = tuner_in(folder(), "a machine", false);
  choose(first);
  first.save();
  std::filesystem::permissions(folder(), std::filesystem::perms::all);
  const std::string before = read_file(first.file()).value();
  Tuner second = tuner_in(folder(), "a machine", true);
  EXPECT_EQ(choose(second), 1U);
  EXPECT_EQ(prepared_, 4);
  second.choose("more work", {lasting("slow", 20), lasting("fast", 1)});
  second.save();
  EXPECT_THAT(second.warnings(), ElementsAre(HasSubstr("others than you and root can write")));
  EXPECT_EQ(read_file(first.file()).value(), before);
}

TEST_F(Tune, MeasuresAgainOnAQuietMachineWhatItMeasuredOnABusyOne) {
  busy_ = 1;
  Tuner disturbed = tuner_in(folder(), "a machine", false);
  EXPECT_EQ(choose(disturbed), 1U);
  disturbed.save();
  EXPECT_THAT(disturbed.warnings(), ElementsAre(HasSubstr("while other programs used the CPUs")));

  Tuner still_busy = tuner_in(folder(), "a machine", false, {0.2, false});
  EXPECT_EQ(choose(still_busy), 1U);
  still_busy.save();
  EXPECT_EQ(still_busy.measured(), 0U);
  EXPECT_THAT(still_busy.warnings(), ElementsAre(HasSubstr("while other programs used the CPUs")));

  busy_ = 0;
  Tuner quiet = tuner_in(folder(), "a machine", false);
  EXPECT_EQ(choose(quiet), 1U);
  quiet.save();
  EXPECT_EQ(quiet.measured(), 1U);
  EXPECT_THAT(quiet.warnings(), IsEmpty());

  Tuner after = tuner_in(folder(), "a machine", false);
  EXPECT_EQ(choose(after), 1U);
  after.save();
  EXPECT_EQ(after.measured(), 0U);
  EXPECT_THAT(after.warnings(), IsEmpty());
}

TEST_F(Tune, ToleratesWhatHardlyDisturbs) {
  busy_ = 1;
  Tuner tuner = tuner_in(folder(), "a machine", false, {harmless_load(64, 2), true});
  choose(tuner);
  tuner.save();
  EXPECT_THAT(tuner.warnings(), IsEmpty());
  EXPECT_DOUBLE_EQ(harmless_load(2, 2), 0.2);
  EXPECT_DOUBLE_EQ(harmless_load(2, 4), 0.2);
}

TEST_F(Tune, CountsWhatOthersUse) {
  const Root root(root_->path());
  const Seconds before = cpu_time_of_others(root);  // none but ours, which is taken off
  EXPECT_LE(before, Seconds{0});
  ASSERT_TRUE(make_folder(root_->path() / "proc"));
  ASSERT_TRUE(write_file(root_->path() / "proc" / "stat",
                         "cpu  10000 2000 3000 900000 70000 400 500 6000 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n"));
  const double ticks = 10000 + 2000 + 3000 + 400 + 500 + 6000;
  EXPECT_NEAR((cpu_time_of_others(root) - before).value, ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)),
              5);
}

}  // namespace
}  // namespace pw::inference
