// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/warnings.h"

#include <algorithm>
#include <utility>

namespace pw {

bool worth_saying(std::int64_t number) {
  while (number % 10 == 0) number /= 10;
  return number == 1;
}

void Warnings::trouble(std::size_t part, long code, const std::string& what) {
  if (part >= lasting_.size()) lasting_.resize(part + 1, kNone);
  if (std::exchange(lasting_[part], code) == code) return;
  if (std::find(lines_.begin(), lines_.end(), what) == lines_.end()) say(what);
}

void Warnings::over(std::size_t part) {
  if (part < lasting_.size()) lasting_[part] = kNone;
}

std::vector<std::string> Warnings::take() { return std::exchange(lines_, {}); }

}  // namespace pw
