// SPDX-License-Identifier: GPL-3.0-or-later
// A meter that speaks the line protocol of docs/power-meters.md, through a program or a file.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "power/meter/clock.h"
#include "power/meter/lines.h"
#include "power/reader/energy_counter.h"
#include "power/reader/power_reader.h"
#include "power/reader/warnings.h"

namespace pw {

// Where a meter's bytes come from.
class MeterInput {
 public:
  virtual ~MeterInput() = default;
  struct Came {
    std::size_t size = 0;
    bool just_now = false;  // it was waited for
  };
  // What has come, at most `size` bytes. Where nothing has, it waits for some, at most `wait`, if it can.
  virtual Came read(char* into, std::size_t size, Nanoseconds wait) = 0;
  // Nothing more can come.
  virtual bool ended() const { return false; }
  virtual std::vector<std::string> take_warnings() { return {}; }
};

class MeterReader : public PowerReader {
 public:
  // Read `rate_hz` times a second, ten times at least.
  MeterReader(std::string name, std::string address, double rate_hz, DecimalMark mark,
              std::unique_ptr<MeterInput> input, HostClocks (*clocks)() = host_clocks);

  // What stood in a log before: its header, and rows of the time to come, which count where it is not
  // followed: no line comes behind them.
  void take_log(std::string_view head, std::string_view tail);

  // Reads until there is a row, for `patience`, and for a second more where another may be needed to tell the
  // meter's clock. Errors (not_possible): none came, or a number with a comma may be two.
  Result<> wait_for_row(Nanoseconds patience);

  PowerSource describe() const override { return source_; }
  std::vector<Channel> channels() const override;
  void read_into(std::vector<PowerSample>& samples) override;
  bool more() const override;
  bool tells_by_itself() const override { return true; }
  std::optional<Nanoseconds> renews() const override;
  std::vector<std::string> take_warnings() override;

 private:
  static constexpr Nanoseconds kLongestWait{90'000'000};  // for a line: stopping waits no longer than 200 ms

  struct Timed {
    Nanoseconds time;
    Nanoseconds read;
    MeterRow row;
  };
  void collect(Nanoseconds wait);
  void begin_format(const std::string& line);
  void take_line(const std::string& line, HostClocks now, Nanoseconds since);
  void take_stamped(MeterRow row, HostClocks now);
  bool settled(Nanoseconds begin) const;
  void begin_recording();
  Result<> refusal(Nanoseconds patience) const;
  void keep(Timed timed);
  void nonsense(const std::string& line);
  void add_samples(const Timed& timed, std::vector<PowerSample>& samples);
  std::vector<PowerSample> nothing_read(Nanoseconds now);
  std::vector<PowerSample> failed(SampleStatus status, Nanoseconds now);
  std::string end_text() const;

  PowerSource source_;
  std::unique_ptr<MeterInput> input_;
  HostClocks (*clocks_)();
  Nanoseconds period_;
  MeterLines lines_;
  std::optional<MeterFormat> format_;
  bool has_steps_ = false;
  DecimalMark mark_;
  std::string ambiguous_;   // the line that may be two numbers or one
  bool opening_ = true;     // lines tell the meter's clock, no reading yet
  bool from_log_ = false;   // rows_ are of a log that nobody has been seen to write
  Nanoseconds log_gap_;     // between its last two rows
  Nanoseconds first_line_;  // when the first came
  MeterClock clock_;
  std::deque<Timed> rows_;                       // not read yet, in the order of time
  std::optional<Nanoseconds> last_;              // time of the latest row that was read or kept
  std::deque<Nanoseconds> gaps_;                 // the latest between rows
  std::vector<EnergyCounter<double>> counters_;  // of each channel
  Nanoseconds looked_;                           // when the input was last looked at
  Nanoseconds heard_;                            // when a row last came
  bool bad_ = false;                             // a line that is no row came since the last reading
  std::int64_t nonsense_ = 0;                    // lines
  std::int64_t jumps_ = 0;                       // of time stamps
  std::string first_nonsense_;
  std::string exit_status_;
  Warnings warnings_;
};

}  // namespace pw
