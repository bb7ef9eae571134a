// SPDX-License-Identifier: GPL-3.0-or-later
// docs/recording.md tells the truth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "os/file.h"
#include "os/run.h"
#include "store/schema.h"
#include "store/test_recording.h"

namespace pw {
namespace {

std::string documentation() {
  const char* folder = std::getenv("PERFWATT_SOURCE_DIR");
  return read_file(std::filesystem::path(folder ? folder : ".") / "docs" / "recording.md").value();
}

// What stands between `begin` and the next `end`.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  if (from == std::string::npos) return "";
  return text.substr(from + begin.size(), text.find(end, from + begin.size()) - from - begin.size());
}

TEST(Documentation, ReadsARecordingInFiveLinesOfPython) {
  if (!on_path("python3")) GTEST_SKIP() << "SKIPPED: python3 is not installed";
  const auto folder = TempFolder::make().value();
  const std::string recording = (folder.path() / "r.perfwatt").string();
  ASSERT_TRUE(test::record(recording, test::test_recording()));
  const std::string script = between(documentation(), "```python\n", "```");
  EXPECT_EQ(std::ranges::count(script, '\n'), 5);
  const RunOutput run = run_program({"python3", "-c", script, recording}).value();
  EXPECT_EQ(run.exit_status, 0);
  EXPECT_EQ(run.out,
            "1 1 cycles 9007199254740993\n1 1 task-clock 750000000\n1 2 cycles 9007199254740993\n"
            "2 1 cycles 9007199254740993\n2 2 cycles 9007199254740993\n");
}

TEST(Documentation, NamesEveryTableAndColumn) {
  const std::string text = documentation();
  for (const Table& table : kTables) {
    const std::string row = between(text, "| " + std::string(table.name) + " |", "\n");
    ASSERT_NE(row, "") << table.name;
    const std::string definition = between(std::string(table.sql), "(", ")");
    for (std::size_t at = 0; at != std::string::npos; at = definition.find(", ", at + 1)) {
      const std::size_t start = at == 0 ? 0 : at + 2;
      const std::string column = definition.substr(start, definition.find(' ', start) - start);
      EXPECT_THAT(row, testing::HasSubstr(column)) << table.name;
    }
  }
}

}  // namespace
}  // namespace pw
