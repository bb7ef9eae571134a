// SPDX-License-Identifier: GPL-3.0-or-later
// --capture NAME=REGEX: what is looked for in the command's output.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/experiment.h"

namespace re2 {
class RE2;
}

namespace pw {

// Each "NAME=REGEX" with a name of its own. Errors: Failure::input.
Result<std::vector<Capture>> parse_captures(const std::vector<std::string>& texts);

// The compiled patterns of --capture.
class CapturePatterns {
 public:
  // Failure::input for a pattern that is no RE2 expression or has no group.
  static Result<CapturePatterns> compile(const std::vector<Capture>& captures);
  CapturePatterns();
  CapturePatterns(CapturePatterns&&) noexcept;
  CapturePatterns& operator=(CapturePatterns&&) noexcept;
  ~CapturePatterns();

  // Sets values[i] to the first group of pattern i where it matches in `line`.
  void match(std::string_view line, std::vector<std::optional<std::string>>& values) const;
  std::size_t size() const { return patterns_.size(); }

 private:
  std::vector<std::unique_ptr<re2::RE2>> patterns_;
};

}  // namespace pw
