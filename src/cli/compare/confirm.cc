// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/compare/confirm.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "os/spawn.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFileMark = "{FILE}";
constexpr const char* kFileVariable = "PERFWATT_CONFIRM";

// Beside NEW, where nothing is: new-confirm.perfwatt, new-confirm-2.perfwatt, ...
std::string place_beside(const std::string& recording) {
  std::error_code error;
  const fs::path beside = fs::absolute(recording, error);
  const std::string stem = beside.stem().string() + "-confirm";
  fs::path place = beside.parent_path() / (stem + ".perfwatt");
  for (int i = 2; fs::exists(fs::symlink_status(place, error)); ++i)
    place = beside.parent_path() / fmt::format("{}-{}.perfwatt", stem, i);
  return place.string();
}

std::string with_file(std::string command, const std::string& file) {
  const std::string word = shell_quoted(file);
  for (std::size_t at = 0; (at = command.find(kFileMark, at)) != std::string::npos; at += word.size())
    command.replace(at, kFileMark.size(), word);
  return command;
}

// Its output goes to stderr: the comparison has stdout.
Result<> run_command(const std::string& command, const std::string& file) {
  std::fflush(stdout);
  const auto child =
      spawn({.argv = {"env", kFileVariable + ("=" + file), "sh", "-c", with_file(command, file)},
             .output = STDERR_FILENO});
  if (!child) return fail_errno(Failure::measurement, "cannot start a shell", child.error(), "--confirm");
  const int status = wait_for_end(*child);
  std::error_code error;
  if (status != 0)
    return fail(Failure::command, fmt::format("its command failed with exit status {}", status), "--confirm",
                "nothing is confirmed: '" + printable(command) + "'");
  if (!fs::exists(file, error))
    return fail(Failure::input, "its command wrote no recording " + printable(file), "--confirm",
                fmt::format("perfwatt run -o {} -- ...: the file's name, which is also in ${}", kFileMark,
                            kFileVariable));
  return {};
}

CompareFiles files_again(const CompareTask& task, const std::string& file) {
  if (!task.request.reference.empty()) return {{file}, {}};
  return {task.request.before, {file}};
}

Result<> compare_again(const CompareTask& task, const Compared& first, std::span<const BrokenLimit> broken,
                       Confirmed& confirmed) {
  const Confirmation& told = confirmed.told;
  if (Result<> ran = run_command(told.command, told.recording); !ran) return ran;
  auto again = compared(task, files_again(task, told.recording));
  if (!again) return pass_on(again);
  confirmed.again = std::move(*again);
  auto limits = confirmed_limits(broken, first.each(), confirmed.again->each(), task.request.strict);
  if (!limits) return pass_on(limits);
  confirmed.told.limits = std::move(*limits);
  return {};
}

}  // namespace

Confirmed confirm(const CompareTask& task, const Compared& first, std::span<const BrokenLimit> broken) {
  const CompareFiles files = files_of(task.request);
  Confirmed confirmed;
  confirmed.told.command = task.request.confirm;
  confirmed.told.recording = place_beside(files.after.empty() ? files.before.back() : files.after.back());
  if (const Result<> done = compare_again(task, first, broken, confirmed); !done) {
    confirmed.error = done.error();
    confirmed.told.failure = one_line(done.error());
  }
  return confirmed;
}

}  // namespace pw
