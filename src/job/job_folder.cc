// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/job_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <system_error>

#include "base/text.h"
#include "os/file.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSeen = "put it on a disk that every node sees: --job-dir DIR";
constexpr std::string_view kRankEnding = ".rank";

std::string fresh_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

// It and its parents; whether it was missing.
Result<bool> make_base(const fs::path& base) {
  std::error_code error;
  const bool made = fs::create_directories(base, error);
  if (!error && fs::is_directory(base, error)) return made;
  return fail(Failure::input, "it cannot be made: " + (error ? error.message() : "no folder"), base.string(),
              kSeen);
}

Result<> make_own(const fs::path& folder, const std::optional<UserIds>& user) {
  if (::mkdir(folder.c_str(), 0700) != 0)
    return fail_errno(Failure::measurement, "it cannot be made", errno, folder.string(), kSeen);
  if (user && ::lchown(folder.c_str(), user->uid, user->gid) != 0)
    return fail_errno(Failure::measurement, "it cannot be given to " + user->name, errno, folder.string());
  return {};
}

}  // namespace

fs::path execution_folder(const fs::path& job, int number) { return job / std::to_string(number); }

fs::path plan_path(const fs::path& execution) { return execution / "plan"; }

fs::path rank_path(const fs::path& execution, int rank) {
  return execution / (std::to_string(rank) + std::string(kRankEnding));
}

std::optional<int> rank_of(const fs::path& path) {
  const auto number = path.extension() == kRankEnding ? parse_integer(path.stem().string()) : std::nullopt;
  if (!number || *number < 0 || *number >= kMostRanks) return std::nullopt;
  return static_cast<int>(*number);
}

Result<JobFolder> JobFolder::make(const fs::path& base, const std::optional<UserIds>& user) {
  std::error_code error;
  const fs::path from_root = fs::absolute(base, error);
  const Result<bool> made_base = make_base(from_root);
  if (!made_base) return pass_on(made_base);
  const fs::path path = from_root / fresh_name();
  if (Result<> made = make_own(path, user); !made) return pass_on(made);
  return JobFolder(*made_base ? from_root : fs::path(), path, user);
}

Result<int> JobFolder::begin(const RankPlan& plan) {
  remove_done();
  const fs::path folder = execution_folder(path_, ++last_);
  if (Result<> made = make_own(folder, user_); !made) return pass_on(made);
  const fs::path file = plan_path(folder);
  if (Result<> written = write_file(file, rank_plan_text(plan, Root())); !written) return pass_on(written);
  if (user_ && ::lchown(file.c_str(), user_->uid, user_->gid) != 0)
    return fail_errno(Failure::measurement, "it cannot be given to " + user_->name, errno, file.string());
  return last_;
}

void JobFolder::remove_done() {
  std::error_code ignored;
  for (; removed_ < last_; ++removed_)
    if (!kept_.contains(removed_ + 1)) fs::remove_all(execution_folder(path_, removed_ + 1), ignored);
}

void JobFolder::end() {
  remove_done();
  if (keeps()) return;
  std::error_code ignored;
  fs::remove(path_, ignored);
  if (!base_.empty()) fs::remove(base_, ignored);  // where nothing else is in it
}

}  // namespace pw
