// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/tune.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/file.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Tune : public testing::Test {
 protected:
  Tuner tuner_in(const std::filesystem::path& folder, const std::string& machine, bool redo) {
    return {folder, machine, redo, [this] { return now_; }};
  }
  Candidate lasting(const std::string& name, int milliseconds) {
    return {name, [this, milliseconds] {
              ++prepared_;
              return [this, milliseconds] { now_ += Nanoseconds{milliseconds * std::int64_t{1'000'000}}; };
            }};
  }
  std::size_t choose(Tuner& tuner) { return tuner.choose("work", {lasting("slow", 20), lasting("fast", 1)}); }
  std::filesystem::path folder() const { return root_->path() / "tune"; }

  Result<TempFolder> root_ = TempFolder::make();
  int prepared_ = 0;
  Nanoseconds now_;
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

TEST_F(Tune, TellsMachinesApart) {
  ASSERT_TRUE(make_folder(root_->path() / "proc"));
  ASSERT_TRUE(
      write_file(root_->path() / "proc" / "cpuinfo", "processor\t: 0\ncpu\t\t: POWER9, altivec supported\n"));
  EXPECT_THAT(tuned_machine(Root(root_->path()), 4),
              testing::AllOf(HasSubstr("POWER9"), HasSubstr("oneDNN 2."), HasSubstr("4 threads")));
  EXPECT_THAT(tuned_machine(Root("/nowhere"), 1), HasSubstr("unknown CPU"));
}

}  // namespace
}  // namespace pw
