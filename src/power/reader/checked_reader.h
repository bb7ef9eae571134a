// SPDX-License-Identifier: GPL-3.0-or-later
// What is done alike with the channels and readings of every source.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "power/reader/power_reader.h"
#include "power/reader/warnings.h"

namespace pw {

// A source whose channels have names of their own, and whose readings are values: what is none (no_value.h)
// is dropped, as is a 0 for a moment between neighbours of 20 steps or more. Both are said and counted.
class CheckedReader : public PowerReader {
 public:
  explicit CheckedReader(std::unique_ptr<PowerReader> reader);

  PowerSource describe() const override { return reader_->describe(); }
  std::vector<Channel> channels() const override;
  void read_into(std::vector<PowerSample>& samples) override;
  bool cheap() const override { return reader_->cheap(); }
  void read_kind_into(ChannelKind kind, std::vector<PowerSample>& samples) override;
  bool tells_by_itself() const override { return reader_->tells_by_itself(); }
  bool more() const override { return reader_->more(); }
  std::optional<Nanoseconds> renews() const override { return reader_->renews(); }
  bool over_network() const override { return reader_->over_network(); }
  bool refused() const override { return reader_->refused(); }
  std::int64_t reconnects() const override { return reader_->reconnects(); }
  std::vector<ServerBin> take_bins(bool all) override { return reader_->take_bins(all); }
  std::vector<std::string> take_warnings() override;
  std::vector<std::string> left_out() const override { return reader_->left_out(); }

 private:
  struct Zeros {
    bool may_begin = false;  // the value before was of 20 steps or more
    int count = 0;           // in a row
    Nanoseconds since;
  };
  struct Checked {
    Channel channel;
    Zeros zeros;
    std::int64_t dropped = 0;
    bool said_zero = false;
  };
  void check_all(std::vector<PowerSample>& samples);
  void check(PowerSample& sample);
  void drop(Checked& checked, PowerSample& sample, const std::string& why);
  bool zero_of_a_moment(Checked& checked, const PowerSample& sample);

  std::unique_ptr<PowerReader> reader_;
  std::string source_;
  Nanoseconds moment_;
  std::vector<Checked> checked_;
  Warnings warnings_;
};

}  // namespace pw
