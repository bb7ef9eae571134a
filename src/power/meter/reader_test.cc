// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace pw {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kReaderUnix = 1.7e9;
double now_s = 100;  // set back by each test before it has a reader
HostClocks fake_clocks() { return {to_nanoseconds({now_s}), kReaderUnix + now_s}; }

struct Wire {
  std::string bytes;
  bool ended = false;
};

class FakeInput : public MeterInput {
 public:
  explicit FakeInput(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  Came read(char* into, std::size_t size, Nanoseconds) override {
    size = std::min(size, wire_->bytes.size());
    std::memcpy(into, wire_->bytes.data(), size);
    wire_->bytes.erase(0, size);
    return {size, false};
  }
  bool ended() const override { return wire_->ended && wire_->bytes.empty(); }

 private:
  std::shared_ptr<Wire> wire_;
};

class Meter : public testing::Test {
 protected:
  void open(const std::string& first) {
    wire_->bytes = first;
    ASSERT_TRUE(reader_.wait_for_row({}));
  }
  std::vector<PowerSample> read_at(double time, const std::string& bytes = "") {
    now_s = time;
    wire_->bytes += bytes;
    return reader_.read();
  }
  static std::string stamped(double time, const std::string& rest) {
    return fmt_time(kReaderUnix + time) + "," + rest + "\n";
  }
  static std::string fmt_time(double time) {
    char text[64];
    snprintf(text, sizeof text, "%.3f", time);
    return text;
  }

  double begin_ = now_s = 100;
  std::shared_ptr<Wire> wire_ = std::make_shared<Wire>();
  MeterReader reader_{"exec",     "exec:meter", 10.0, DecimalMark::point, std::make_unique<FakeInput>(wire_),
                      fake_clocks};
};

TEST_F(Meter, ALineWithoutTimeCameSinceTheLastLook) {
  open("237\n");
  EXPECT_THAT(read_at(100.1), IsEmpty());
  const auto samples = read_at(100.2, "238\n");
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_EQ(samples[0].watts, Watts{238});
  EXPECT_NEAR(to_seconds(samples[0].time).value, 100.15, 1e-6);
  EXPECT_NEAR(to_seconds(samples[0].read).value, 0.1, 1e-6);
  EXPECT_THAT(reader_.take_warnings(), IsEmpty());
}

TEST_F(Meter, AFloodIsBoundedAndTheNewestCounts) {
  open("1\n");
  std::string flood;
  for (int i = 0; i < 50'000; ++i) flood += std::to_string(i % 100) + "\n";
  const auto samples = read_at(100.1, flood + "77\n");
  EXPECT_EQ(samples[0].watts, Watts{77});
  EXPECT_FALSE(reader_.more());
}

TEST_F(Meter, AFloodOfStampsIsThinnedOut) {
  open("time,watts\n" + stamped(99.9, "1"));
  std::string flood;
  for (int i = 1; i <= 1000; ++i) flood += stamped(100 + i * 0.001, "5");
  std::size_t count = 0;
  for (auto samples = read_at(101.1, flood); !samples.empty(); samples = reader_.read()) ++count;
  EXPECT_GE(count, 10U);
  EXPECT_LE(count, 22U);
}

TEST_F(Meter, RowsThatComeTogetherKeepTheirTimes) {
  open(stamped(99.5, "200"));
  const std::string rows = stamped(100, "210") + stamped(101, "220") + stamped(102, "230");
  std::vector<double> times;
  auto samples = read_at(102.3, rows);
  do {
    ASSERT_EQ(samples.size(), 1U);
    times.push_back(to_seconds(samples[0].time).value);
    EXPECT_EQ(samples[0].sensor_time, static_cast<std::int64_t>(kReaderUnix + times.back()));
    samples = reader_.read();
  } while (!samples.empty());
  EXPECT_THAT(times, ElementsAre(testing::DoubleNear(100, 1e-3), testing::DoubleNear(101, 1e-3),
                                 testing::DoubleNear(102, 1e-3)));
}

TEST_F(Meter, TheRhythmIsThatOfItsRows) {
  open("1\n");
  EXPECT_EQ(reader_.renews(), std::nullopt);
  for (int i = 1; i <= 6; ++i) read_at(100 + i, std::to_string(i) + "\n");
  EXPECT_EQ(reader_.renews(), Nanoseconds{1'000'000'000});
}

TEST_F(Meter, NonsenseIsAFailureAndItsFirstLineAWarningWithoutControlCharacters) {
  open("237\n");
  const auto bad = read_at(100.1, "\x1b[2Jwatts: many\n");
  ASSERT_EQ(bad.size(), 1U);
  EXPECT_EQ(bad[0].status, SampleStatus::error);
  EXPECT_FALSE(usable(bad[0]));
  EXPECT_THAT(reader_.take_warnings(), ElementsAre("a line that is no reading: ' [2Jwatts: many'"));
  for (int i = 0; i < 50; ++i) read_at(100.2 + i * 0.1, "x\n");
  EXPECT_THAT(reader_.take_warnings(), ElementsAre(HasSubstr("10 lines so far")));
  EXPECT_EQ(read_at(106, "238\n")[0].watts, Watts{238});
}

TEST_F(Meter, SilenceIsAGapWithOneWarning) {
  open("1\n");
  for (int i = 1; i <= 6; ++i) read_at(100 + i * 0.5, "200\n");
  EXPECT_THAT(read_at(105), IsEmpty());
  const auto silent = read_at(105.6);
  ASSERT_EQ(silent.size(), 1U);
  EXPECT_EQ(silent[0].status, SampleStatus::timeout);
  EXPECT_EQ(read_at(106)[0].status, SampleStatus::timeout);
  EXPECT_THAT(reader_.take_warnings(), ElementsAre(HasSubstr("no reading for more than 2.5 s")));
  EXPECT_EQ(read_at(107, "201\n")[0].watts, Watts{201});
}

TEST_F(Meter, AProgramThatEndsSaysHow) {
  open("1\n");
  wire_->ended = true;
  EXPECT_EQ(read_at(100.1, "2\n\n#exit 3\n")[0].watts, Watts{2});
  const auto gone = read_at(100.2);
  EXPECT_EQ(gone.at(0).status, SampleStatus::session_lost);
  read_at(100.3);
  EXPECT_THAT(reader_.take_warnings(), ElementsAre("the program ended with exit status 3"));
}

TEST_F(Meter, JoulesGoOnAfterAResetWithoutWhatIsUnknown) {
  open("joules,watts\n5,1\n");
  EXPECT_EQ(read_at(101, "1000,1\n")[0].joules, Joules{0});
  EXPECT_EQ(read_at(102, "1200,1\n")[0].joules, Joules{200});
  const auto reset = read_at(103, "7,1\n");
  EXPECT_EQ(reset[0].status, SampleStatus::reset);
  EXPECT_EQ(reset[0].joules, Joules{200});
  EXPECT_EQ(reset[1].watts, Watts{1});
  EXPECT_EQ(read_at(104, "107,1\n")[0].joules, Joules{300});
  EXPECT_EQ(read_at(105, "1e14,1\n")[0].status, SampleStatus::reset);
  EXPECT_THAT(reader_.take_warnings(), ElementsAre(HasSubstr("joules: its counter went back")));
}

TEST_F(Meter, AStampThatJumpsIsAGapAndThenFollowed) {
  open(stamped(99.5, "200"));
  EXPECT_EQ(read_at(100.1, stamped(100, "201"))[0].watts, Watts{201});
  EXPECT_EQ(read_at(101.1, stamped(101 - 3600, "202")).at(0).status, SampleStatus::error);
  const auto after = read_at(102.1, stamped(102 - 3600, "203"));
  EXPECT_EQ(after.at(0).watts, Watts{203});
  EXPECT_NEAR(to_seconds(after[0].time).value, 102.1, 0.01);
  EXPECT_THAT(reader_.take_warnings(), ElementsAre(HasSubstr("is -3600.1 s off")));
}

TEST_F(Meter, ALogThatIsCompleteIsReadAsItsTimesCome) {
  const std::string log =
      "time,watts\n" + stamped(50, "1") + stamped(99, "2") + stamped(101, "3") + stamped(102, "4");
  reader_.take_log(log, log);
  ASSERT_TRUE(reader_.wait_for_row({}));
  EXPECT_THAT(read_at(100.5), IsEmpty());
  const auto third = read_at(101.2);
  ASSERT_EQ(third.size(), 1U);
  EXPECT_EQ(third[0].watts, Watts{3});
  EXPECT_NEAR(to_seconds(third[0].time).value, 101, 1e-3);
  EXPECT_FALSE(reader_.more());
  EXPECT_EQ(read_at(102.2).at(0).watts, Watts{4});
}

// What it shows at the time is 20 s old, or of the time to come.
TEST_F(Meter, AnotherClockIsCorrectedByTheFreshestLine) {
  for (const double off : {-20.0, 7.5, 3600.0, -kReaderUnix}) {
    now_s = 100;
    MeterReader reader("exec", "exec:meter", 10.0, DecimalMark::point, std::make_unique<FakeInput>(wire_),
                       fake_clocks);
    wire_->bytes =
        "time,watts\n" + stamped(97 + off, "1") + stamped(98 + off, "1") + stamped(99.9 + off, "1");
    ASSERT_TRUE(reader.wait_for_row({}));
    EXPECT_THAT(reader.take_warnings(),
                ElementsAre(AllOf(HasSubstr("its clock is "), HasSubstr(off < 0 ? "behind" : "ahead"))));
    for (int i = 1; i <= 5; ++i) {
      now_s = 100 + i;
      wire_->bytes = stamped(now_s + off, "200");
      const auto samples = reader.read();
      ASSERT_EQ(samples.size(), 1U) << off;
      EXPECT_EQ(samples[0].watts, Watts{200});
      EXPECT_NEAR(to_seconds(samples[0].time).value, now_s, 0.11) << off;
    }
    EXPECT_THAT(reader.take_warnings(), IsEmpty());
  }
}

TEST_F(Meter, OldLinesOfALogWhoseMeterIsAheadAreNotOfNow) {
  const std::string log = "time,watts\n" + stamped(105, "999") + stamped(106, "999") + stamped(107, "999");
  reader_.take_log(log, log);
  wire_->bytes = stamped(107.5, "40");
  ASSERT_TRUE(reader_.wait_for_row({}));
  EXPECT_THAT(reader_.take_warnings(), ElementsAre("its clock is 7.5 s ahead: corrected"));
  for (int i = 1; i <= 10; ++i) {
    const auto samples = read_at(100 + i, stamped(107.5 + i, "40"));
    ASSERT_EQ(samples.size(), 1U);
    EXPECT_EQ(samples[0].watts, Watts{40});
    EXPECT_NEAR(to_seconds(samples[0].time).value, 100 + i, 0.01);
  }
}

// It is written once the recording is under way.
TEST_F(Meter, ALogThatGoesOnLaterIsFollowed) {
  const std::string log = "time,watts\n" + stamped(101, "3") + stamped(104, "999");
  reader_.take_log(log, log);
  ASSERT_TRUE(reader_.wait_for_row({}));
  EXPECT_EQ(read_at(101.2).at(0).watts, Watts{3});
  EXPECT_EQ(read_at(102.2, stamped(102.1, "4")).at(0).watts, Watts{4});
  EXPECT_THAT(read_at(105), IsEmpty());
}

TEST_F(Meter, ANumberThatMayBeTwoIsRefused) {
  wire_->bytes = "212,5\n";
  const Result<> row = reader_.wait_for_row({});
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().kind, Failure::not_possible);
  EXPECT_THAT(row.error().what, HasSubstr("'212,5' is one number with a decimal comma, or"));
  EXPECT_THAT(row.error().hint, HasSubstr("?decimal=comma"));
}

TEST_F(Meter, ARefusalSaysWhatItPrinted) {
  wire_->bytes = "/bin/sh: 1: metr: not found\n\n#exit 127\n";
  wire_->ended = true;
  const Result<> row = reader_.wait_for_row({});
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().kind, Failure::not_possible);
  EXPECT_EQ(
      row.error().what,
      "the program ended with exit status 127 without a reading: it says '/bin/sh: 1: metr: not found'");
}

}  // namespace
}  // namespace pw
