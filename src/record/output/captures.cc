// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/output/captures.h"

#include <re2/re2.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "model/columns.h"

namespace pw {
namespace {

bool is_column(std::string_view name) {
  const auto has = [&](const auto& columns) { return std::ranges::count(columns, name) > 0; };
  return name == kVariantColumn || has(kExecutionColumns) || has(kGivenColumns);
}

}  // namespace

Result<std::vector<Capture>> parse_captures(const std::vector<std::string>& texts) {
  std::vector<Capture> captures;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (equals == std::string::npos || name.empty() || printable(name) != name)
      return fail(Failure::input, "'" + printable(text) + "' is not NAME=REGEX", "--capture",
                  "write --capture 'acc=ACC: ([0-9.]+)'");
    if (std::ranges::find(captures, name, &Capture::name) != captures.end())
      return fail(Failure::input, "two captures are called '" + name + "'", "--capture",
                  "give one of them another name");
    if (is_column(name))
      return fail(Failure::input, "'" + name + "' is a column of executions.csv in any case", "--capture",
                  "give it another name, such as my_" + name);
    if (trim(text.substr(equals + 1)).empty())
      return fail(Failure::input, "the expression of '" + name + "' is empty", "--capture",
                  "write --capture 'acc=ACC: ([0-9.]+)'");
    captures.push_back({name, text.substr(equals + 1)});
  }
  return captures;
}

CapturePatterns::CapturePatterns() = default;
CapturePatterns::CapturePatterns(CapturePatterns&&) noexcept = default;
CapturePatterns& CapturePatterns::operator=(CapturePatterns&&) noexcept = default;
CapturePatterns::~CapturePatterns() = default;

Result<CapturePatterns> CapturePatterns::compile(const std::vector<Capture>& captures) {
  CapturePatterns compiled;
  for (const Capture& capture : captures) {
    auto pattern = std::make_unique<re2::RE2>(capture.pattern, re2::RE2::Quiet);
    const std::string where = "--capture " + capture.name;
    if (!pattern->ok())
      return fail(Failure::input, "not a regular expression: " + pattern->error(), where,
                  "quote it for the shell: --capture 'acc=ACC: ([0-9.]+)'");
    if (pattern->NumberOfCapturingGroups() < 1)
      return fail(Failure::input, "the expression has no group to take", where,
                  "put what you want in parentheses: 'acc=ACC: ([0-9.]+)'");
    compiled.patterns_.push_back(std::move(pattern));
  }
  return compiled;
}

void CapturePatterns::match(std::string_view line, std::vector<std::optional<std::string>>& values) const {
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    std::string group;
    if (re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *patterns_[i], &group))
      values[i] = group;
  }
}

}  // namespace pw
