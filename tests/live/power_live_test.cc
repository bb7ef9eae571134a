// SPDX-License-Identifier: GPL-3.0-or-later
// The dcmi source against a real ipmi_sim over RMCP+ (lab/bmc).
#include <gmock/gmock.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <thread>

#include "base/text.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/run.h"
#include "power/open/sources.h"
#include "power/sampling/sampler.h"

namespace pw {
namespace {

using testing::HasSubstr;

std::filesystem::path source_folder() {
  const char* const folder = ::getenv("PERFWATT_SOURCE_DIR");
  return folder ? folder : std::filesystem::current_path();
}

// The simulated BMC of lab/, ended with the test.
class LivePower : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"ipmi_sim", "ipmitool", "gcc"})
      if (!on_path(program))
        GTEST_SKIP() << "SKIPPED LOUDLY: " << program << " is not installed (scripts/setup test)";
    ::setenv("PERFWATT_BMC_PASSWORD", "perfwatt", 1);
    folder_.emplace(TempFolder::make().value());
  }

  void TearDown() override {
    if (folder_) lab({"stop", bmc()});
  }

  std::string bmc() const { return (folder_->path() / "bmc").string(); }

  std::string lab(const std::vector<std::string>& words) {
    std::vector<std::string> argv = {(source_folder() / "lab" / "bmc").string()};
    argv.insert(argv.end(), words.begin(), words.end());
    const Result<RunOutput> ran = run_program(argv);
    EXPECT_TRUE(ran && ran->exit_status == 0) << (ran ? ran->out : one_line(ran.error()));
    return ran ? std::string(trim(ran->out)) : "";
  }

  // Its address.
  std::string start(const std::string& control) { return address_ = lab({"start", bmc(), control}); }
  void control(const std::string& text) { lab({"set", bmc(), text}); }
  std::string port() const { return std::string(trim(read_file(bmc() + "/port").value())); }
  pid_t pid() const {
    return static_cast<pid_t>(parse_integer(trim(read_file(bmc() + "/pid").value())).value());
  }

  std::unique_ptr<PowerReader> open() {
    Result<OpenedPower> opened = open_power({address_, {}, ""});
    EXPECT_TRUE(opened) << one_line(opened.error());
    return opened ? std::move(opened->readers.at(0)) : nullptr;
  }

  Error refusal(const std::string& address) {
    const Result<OpenedPower> opened = open_power({address, {}, ""});
    EXPECT_FALSE(opened) << address;
    return opened ? Error{} : opened.error();
  }

  std::optional<TempFolder> folder_;
  std::string address_;
};

TEST_F(LivePower, ReadsWhatFreeipmiReads) {
  if (!on_path("ipmi-dcmi"))
    GTEST_SKIP() << "SKIPPED LOUDLY: ipmi-dcmi is not installed (scripts/setup test)";
  start("watts=237 min=201 max=298 avg=243");
  const auto reader = open();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read().at(0).watts, Watts{237});
  const Result<RunOutput> tool =
      run_program({"ipmi-dcmi", "-D", "LAN_2_0", "-W", "opensesspriv", "-h", "127.0.0.1:" + port(), "-u",
                   "admin", "-p", "perfwatt", "--get-system-power-statistics"});
  ASSERT_TRUE(tool);
  EXPECT_THAT(tool->out, testing::ContainsRegex("Current Power +: 237 Watts"));
}

TEST_F(LivePower, ReadsWhatIpmitoolReads) {
  start("237");
  const auto reader = open();
  ASSERT_TRUE(reader);
  const Nanoseconds before = monotonic_now();
  const PowerSample sample = reader->read().at(0);
  const Result<RunOutput> tool =
      run_program({"ipmitool", "-C", "3", "-I", "lanplus", "-H", "127.0.0.1", "-p", port(), "-U", "admin",
                   "-P", "perfwatt", "dcmi", "power", "reading"});
  ASSERT_TRUE(tool);
  EXPECT_THAT(tool->out, testing::ContainsRegex("Instantaneous power reading: +237 Watts"));
  EXPECT_EQ(sample.watts, Watts{237});
  EXPECT_EQ(sample.status, SampleStatus::ok);
  EXPECT_GT(sample.time, before);
  EXPECT_LT(sample.time + sample.read / 2, monotonic_now());
  EXPECT_GT(sample.read, Nanoseconds{0});
  ASSERT_TRUE(sample.sensor_time);
  EXPECT_NEAR(static_cast<double>(*sample.sensor_time), wall_clock_unix_s(), 60);
}

TEST_F(LivePower, DescribesItselfWithoutThePassword) {
  address_ = start("237") + "&simulated=1";
  const auto reader = open();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->describe().address, "dcmi://admin@127.0.0.1:" + port());
  EXPECT_TRUE(reader->describe().simulated);
  EXPECT_EQ(reader->describe().rate_hz, 1);
  EXPECT_EQ(reader->channels().at(0).step, 1);
}

TEST_F(LivePower, RefusalsAreTellingAndImmediate) {
  const std::string address = start("237");
  EXPECT_THAT(refusal("dcmi://nobody@127.0.0.1:" + port() + "?workaround=opensesspriv").what,
              HasSubstr("username invalid"));
  EXPECT_THAT(refusal("dcmi://admin@no-such-host.invalid").what, HasSubstr("invalid hostname"));
  const Error privilege = refusal("dcmi://admin@127.0.0.1:" + port());
  EXPECT_THAT(privilege.what, HasSubstr("privilege level cannot be obtained"));
  EXPECT_THAT(privilege.hint, HasSubstr("workaround=opensesspriv"));
  EXPECT_THAT(refusal(address + "&cipher=17").hint, HasSubstr("cipher=3"));
  ::setenv("PERFWATT_BMC_PASSWORD", "wrong", 1);
  const Error password = refusal(address);
  EXPECT_EQ(password.kind, Failure::not_possible);
  EXPECT_THAT(password.what, HasSubstr("password invalid"));
  EXPECT_THAT(one_line(password), testing::Not(HasSubstr("wrong")));
  ::setenv("PERFWATT_BMC_PASSWORD", "longer than twenty characters", 1);
  EXPECT_EQ(refusal(address).kind, Failure::input);
}

// This BMC tells an administrator its power, and nobody else.
TEST_F(LivePower, ThePrivilegeThatIsNamedIsAskedForAndNoOther) {
  const std::string address = start("237");
  for (const char* level : {"user", "operator"})
    EXPECT_THAT(refusal(address + "&privilege=" + level).what, HasSubstr("privilege level insufficient"))
        << level;
  address_ = address + "&privilege=administrator";
  const auto reader = open();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read().at(0).watts, Watts{237});
}

TEST_F(LivePower, BusyIsASampleWithoutValueAndTheSessionStays) {
  start("237");
  const auto reader = open();
  ASSERT_TRUE(reader);
  control("watts=237 cc=0xc0");
  const PowerSample busy = reader->read().at(0);
  EXPECT_EQ(busy.status, SampleStatus::busy);
  EXPECT_FALSE(usable(busy));
  control("watts=237 cc=0xd5");
  EXPECT_EQ(reader->read().at(0).status, SampleStatus::error);
  control("238");
  EXPECT_EQ(reader->read().at(0).watts, Watts{238});
  EXPECT_EQ(reader->reconnects(), 0);
}

TEST_F(LivePower, BusyAtTheStartIsTriedAgain) {
  start("watts=237 cc=0xc0");
  std::thread later([&] {
    ::usleep(1'000'000);
    control("237");
  });
  const auto reader = open();
  later.join();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read().at(0).watts, Watts{237});
}

TEST_F(LivePower, ABmcWithoutDcmiIsRefusedWithItsCompletionCode) {
  const std::string address = start("watts=237 cc=0xc1");
  const Error error = refusal(address);
  EXPECT_EQ(error.kind, Failure::not_possible);
  EXPECT_EQ(error.what, "the BMC has no DCMI power reading (completion code c1)");
}

TEST_F(LivePower, InactiveCountsWhereItTellsWatts) {
  const std::string address = start("watts=237 active=0");
  const auto reader = open();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read().at(0).status, SampleStatus::inactive);
  EXPECT_EQ(reader->read().at(0).watts, Watts{237});
  control("watts=0 active=0");
  EXPECT_EQ(reader->read().at(0).status, SampleStatus::inactive);
  EXPECT_FALSE(usable(reader->read().at(0)));
  EXPECT_THAT(refusal(address).what, HasSubstr("not active"));
}

// OpenBMC on POWER9 (openbmc#3257): a time stamp of 1970, a reporting period of 0.
TEST_F(LivePower, ABmcWithoutAClockOrAPeriodIsRead) {
  start("watts=237 stamp=0 period_ms=0 active=0");
  const auto reader = open();
  ASSERT_TRUE(reader);
  const Nanoseconds begin = monotonic_now();
  while (monotonic_now() - begin < Nanoseconds{6'000'000'000}) {
    const PowerSample sample = reader->read().at(0);
    EXPECT_EQ(sample.watts, Watts{237});
    EXPECT_EQ(sample.sensor_time, 0);
    ::usleep(500'000);
  }
  EXPECT_THAT(reader->take_warnings(), testing::IsEmpty());
}

TEST_F(LivePower, ABmcThatRepeatsAStaleReadingIsAGap) {
  start("watts=237 stamp=1000");
  const auto reader = open();
  ASSERT_TRUE(reader);
  control("watts=237 stamp=1001");
  EXPECT_TRUE(usable(reader->read().at(0)));
  ::usleep(5'200'000);
  const PowerSample stale = reader->read().at(0);
  EXPECT_EQ(stale.status, SampleStatus::timeout);
  EXPECT_FALSE(usable(stale));
  reader->read();
  EXPECT_THAT(reader->take_warnings(), testing::ElementsAre(HasSubstr("repeats its reading")));
  control("watts=238 stamp=1007");
  EXPECT_EQ(reader->read().at(0).watts, Watts{238});
}

// A retransmission would make a reading of a BMC that takes 1.5 s last 3 s or more.
TEST_F(LivePower, ASlowBmcIsReadWithoutRetransmission) {
  start("237");
  const auto reader = open();
  ASSERT_TRUE(reader);
  control("watts=240 delay_ms=1500");
  double quickest = 1e9;  // of a busy machine one may take longer
  for (int i = 0; i < 3; ++i) {
    const PowerSample sample = reader->read().at(0);
    EXPECT_EQ(sample.watts, Watts{240});
    EXPECT_GE(to_seconds(sample.read).value, 1.5);
    quickest = std::min(quickest, to_seconds(sample.read).value);
  }
  EXPECT_LT(quickest, 3.0);
  EXPECT_EQ(reader->reconnects(), 0);
}

// What the sampler read until `enough` says yes, or two minutes are over.
std::vector<PowerSample> sample_until(Sampler& sampler,
                                      const std::function<bool(const std::vector<PowerSample>&)>& enough) {
  std::vector<PowerSample> samples;
  const Nanoseconds give_up = monotonic_now() + Nanoseconds{120'000'000'000};
  while (!enough(samples) && monotonic_now() < give_up) {
    ::usleep(50'000);
    sampler.drain(samples);
  }
  return samples;
}

TEST_F(LivePower, ReadingsResumeAfterTheBmcWasRestarted) {
  start("237");
  std::vector<std::unique_ptr<PowerReader>> readers;
  readers.push_back(open());
  ASSERT_TRUE(readers[0]);
  Sampler sampler(std::move(readers));
  const auto any_good = [](const auto& samples) { return !samples.empty() && usable(samples.back()); };
  ASSERT_TRUE(any_good(sample_until(sampler, any_good)));
  const Nanoseconds killed = monotonic_now();
  ASSERT_EQ(::kill(pid(), SIGKILL), 0);
  ::usleep(1'200'000);
  lab({"restart", bmc()});
  control("300");
  const std::vector<PowerSample> samples = sample_until(sampler, any_good);
  ASSERT_TRUE(any_good(samples));
  EXPECT_EQ(samples.front().status, SampleStatus::timeout);
  EXPECT_EQ(samples.back().watts, Watts{300});
  EXPECT_LT(to_seconds(samples.back().time - killed).value, 60);
  const std::vector<Note> notes = sampler.take_notes();
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0].text, "dcmi: readings fail (timeout)");
  EXPECT_EQ(notes[1].text, "dcmi: readings are back");
  const PowerSource counted = sampler.stop().at(0);
  EXPECT_EQ(counted.reconnects, 1);
  EXPECT_GE(counted.failures, 1);
  EXPECT_GT(counted.missed, 5);
}

// A silent BMC keeps a reading, and the end of a session, for 12 s.
TEST_F(LivePower, StoppingNeverWaitsForASilentBmc) {
  start("237");
  std::vector<std::unique_ptr<PowerReader>> readers;
  readers.push_back(open());
  ASSERT_TRUE(readers[0]);
  Nanoseconds stopped_at;
  {
    Sampler sampler(std::move(readers));
    sample_until(sampler, [](const auto& samples) { return !samples.empty(); });
    ASSERT_EQ(::kill(pid(), SIGSTOP), 0);
    stopped_at = monotonic_now();
    sampler.stop();
  }
  EXPECT_LT(to_seconds(monotonic_now() - stopped_at).value, 8);
}

TEST_F(LivePower, TwoBmcsAtATime) {
  const std::string first = start("111");
  const std::string other = (folder_->path() / "other").string();
  const std::string second = lab({"start", other, "222"});
  Result<OpenedPower> opened = open_power({first + "," + second, {}, ""});
  ASSERT_TRUE(opened) << one_line(opened.error());
  ASSERT_EQ(opened->readers.size(), 2U);
  EXPECT_EQ(opened->readers[0]->read().at(0).watts, Watts{111});
  EXPECT_EQ(opened->readers[1]->read().at(0).watts, Watts{222});
  lab({"stop", other});
}

// The CPUs' ticks so far (proc(5), /proc/stat): all, and those that were not idle or waiting for I/O.
struct Ticks {
  double all = 0;
  double busy = 0;
};

Ticks ticks() {
  Ticks found;
  const std::string text = read_file("/proc/stat").value();
  const std::vector<std::string> words = split(text.substr(0, text.find('\n')), ' ');  // "cpu", "", user, ...
  for (std::size_t i = 2; i < 10; ++i) {
    const double value = parse_number(words.at(i)).value();
    found.all += value;
    if (i != 5 && i != 6) found.busy += value;
  }
  return found;
}

void burn(double seconds) {
  const Nanoseconds end = monotonic_now() + to_nanoseconds({seconds});
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i)
    threads.emplace_back([end] {
      while (monotonic_now() < end) {
      }
    });
  for (std::thread& thread : threads) thread.join();
}

// The module smooths with 0.3 s: of a reading, seconds / (seconds + 0.3) are the load since the one before.
TEST_F(LivePower, InLoadModeWattsFollowTheLoad) {
  start("load idle=120 full=220");
  const auto reader = open();
  ASSERT_TRUE(reader);
  const auto watts = [&] { return reader->read().at(0).watts.value_or(Watts{-1}).value; };
  constexpr double seconds = 2, weight = seconds / (seconds + 0.3), tolerance = 0.1;
  double idle = 1, burnt = 0;
  for (const bool burning : {false, true}) {
    ::usleep(250'000);
    watts();
    const Ticks before = ticks();
    burning ? burn(seconds) : static_cast<void>(::usleep(static_cast<useconds_t>(seconds * 1e6)));
    const double share = (watts() - 120) / 100;
    const Ticks after = ticks();
    const double truth = (after.busy - before.busy) / (after.all - before.all);
    EXPECT_GE(share, truth * weight - tolerance) << truth;
    EXPECT_LE(share, truth * weight + (1 - weight) + tolerance) << truth;
    (burning ? burnt : idle) = share;
  }
  EXPECT_GT(burnt, 0.75);
  if (idle < 0.5) {
    EXPECT_GT(burnt, idle + 0.2);
  }
}

}  // namespace
}  // namespace pw
