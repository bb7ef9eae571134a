// SPDX-License-Identifier: GPL-3.0-or-later
// The folder through which the ranks of a job are told what to count, and tell what they counted: on a disk
// that every node sees. Each run has one of its own in it, each execution one in that: nothing that an
// earlier one left is taken for a later one's.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "job/rank_plan.h"
#include "os/command/user.h"

namespace pw {

// Of execution `number` in the folder of a run.
std::filesystem::path execution_folder(const std::filesystem::path& job, int number);
std::filesystem::path plan_path(const std::filesystem::path& execution);
std::filesystem::path rank_path(const std::filesystem::path& execution, int rank);
// The rank of such a name; nothing: it is another's.
std::optional<int> rank_of(const std::filesystem::path& path);

class JobFolder {
 public:
  // Makes it in `base`, which is made, too, where it is missing; of `user`, where there is one. Errors
  // (input).
  static Result<JobFolder> make(const std::filesystem::path& base, const std::optional<UserIds>& user);

  JobFolder(JobFolder&& other) noexcept = default;
  JobFolder& operator=(JobFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // The next execution, whose ranks count by `plan`. Its number, from 1. Of those before, whose data is in
  // the recording by now, the files go, but for those that are kept.
  Result<int> begin(const RankPlan& plan);
  // Not everything came: what did stays there.
  void keep(int number) { kept_.insert(number); }
  bool keeps() const { return !kept_.empty(); }

  // After the last execution, with all of them in the recording: removes what is not kept.
  void end();

 private:
  JobFolder(std::filesystem::path base, std::filesystem::path path, std::optional<UserIds> user)
      : base_(std::move(base)), path_(std::move(path)), user_(std::move(user)) {}
  void remove_done();

  std::filesystem::path base_;  // that was made for this run; ""
  std::filesystem::path path_;
  std::optional<UserIds> user_;
  std::set<int> kept_;
  int last_ = 0, removed_ = 0;
};

}  // namespace pw
