// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace pw {

enum class Direction { lower, higher, neither };  // which is better

// What is compared. interleaved: tests of one recording, paired by their number. sessions: three or more
// recordings a side, whose means are compared. one_session: fewer; what differs then is the recordings,
// whatever did it.
enum class Basis { interleaved, sessions, one_session };

struct CompareInput {
  std::string quantity, unit;
  Direction better = Direction::neither;
  bool named = false;                                     // among those that were asked for beforehand
  std::vector<std::vector<double>> old_tests, new_tests;  // of each recording, a value a test
  double old_error = 0, new_error = 0;  // relative, 95 %: what all tests of a side have in common
  bool paired = false;                  // one recording a side, whose values are pairs by their index
  bool any_time = false;                // pairs of a run that their values have ended: --until-decided
  std::string incomparable;             // why the two are not the same quantity; "": they are
};

}  // namespace pw
