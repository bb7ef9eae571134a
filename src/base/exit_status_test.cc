// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/exit_status.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace pw {
namespace {

TEST(SignalName, IsThatOfThisMachine) {
  EXPECT_EQ(signal_name(SIGSEGV), "SIGSEGV");
  EXPECT_EQ(signal_name(SIGKILL), "SIGKILL");
  EXPECT_EQ(signal_name(SIGXFSZ), "SIGXFSZ");
  EXPECT_EQ(signal_name(SIGSYS), "SIGSYS");
  EXPECT_EQ(signal_name(34), "SIGRTMIN");
  EXPECT_EQ(signal_name(64), "SIGRTMIN+30");
  for (const int none : {-1, 0, 32, 33, 65, 127})
    EXPECT_EQ(signal_name(none), "signal " + std::to_string(none));
}

TEST(ExitText, NamesASignalOnlyWhereThereIsOne) {
  EXPECT_EQ(exit_text(7), "exit status 7");
  EXPECT_EQ(exit_text(128), "exit status 128");
  EXPECT_EQ(exit_text(139, SIGSEGV), "exit status 139 (SIGSEGV)");
  EXPECT_EQ(exit_text(153, SIGXFSZ), "exit status 153 (SIGXFSZ)");
  EXPECT_EQ(exit_text(139), "exit status 139 (128 + SIGSEGV)");
  for (const int plain : {0, 1, 127, 160, 193, 255, 256})
    EXPECT_EQ(exit_text(plain), "exit status " + std::to_string(plain));
}

}  // namespace
}  // namespace pw
