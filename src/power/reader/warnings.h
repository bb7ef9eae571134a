// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pw {

// The first time, the tenth, the hundredth: what goes wrong all the time must not fill the recording.
bool worth_saying(std::int64_t number);

// What a source has to say of itself, where a trouble that lasts is said once and not at each reading.
class Warnings {
 public:
  void say(std::string what) { lines_.push_back(std::move(what)); }

  // `what`, unless the same trouble, by its `code`, of the same `part` (a channel, for one) lasts already, or
  // the very line was said since take().
  void trouble(std::size_t part, long code, const std::string& what);

  // The part works again: its next trouble is said.
  void over(std::size_t part);

  std::vector<std::string> take();

 private:
  static constexpr long kNone = -1;
  std::vector<long> lasting_;  // of each part: a code, or kNone
  std::vector<std::string> lines_;
};

}  // namespace pw
