// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank_gatherer.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "job/job_folder.h"
#include "job/rank_remarks.h"
#include "job/rank_sums.h"
#include "os/file.h"

namespace pw {
namespace fs = std::filesystem;

namespace {
constexpr int kNamesInALook = 64;  // which are asked of a network disk one by one
}

void RankGatherer::begin(fs::path folder, std::vector<int> events) {
  folder_ = std::move(folder);
  counted_ = std::move(events);
  files_.clear();
  next_unlisted_ = 0;
  problems_.clear();
}

void RankGatherer::read(int rank) {
  const fs::path path = rank_path(folder_, rank);
  std::error_code error;
  if (fs::symlink_status(path, error).type() != fs::file_type::regular) return;
  const Result<std::string> text = read_kernel_file(path);
  if (!text) return;
  Result<RankFile> file = parse_rank_file(*text, events_, path.string());
  if (!file) {
    problems_.insert(one_line(file.error()));
    return;
  }
  // Those that were taken agree.
  const bool differs = !files_.empty() && files_.begin()->second.place.size != file->place.size;
  if (file->place.rank != rank || differs) {
    problems_.insert(path.string() + ": it says another rank, or another number of ranks, than the others");
    return;
  }
  size_ = file->place.size;
  files_.insert_or_assign(rank, std::move(*file));
}

void RankGatherer::read_listed() {
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error))
    if (const auto rank = rank_of(at->path()); rank && !files_.contains(*rank)) read(*rank);
}

// By the listing, and then by name: a network disk may list late what it opens at once.
bool RankGatherer::look_for_begins() {
  read_listed();
  for (int i = 0; i < std::min(size_, kNamesInALook); ++i, ++next_unlisted_) {
    if (next_unlisted_ >= size_) next_unlisted_ = 0;
    if (!files_.contains(next_unlisted_)) read(next_unlisted_);
  }
  return size_ > 0 && files_.size() == static_cast<std::size_t>(size_);
}

bool RankGatherer::no_node_reads() const {
  return std::ranges::all_of(files_, [](const auto& file) {
    const RankFile& told = file.second;
    const auto unread = [](const NodePower& one) { return one.readings == 0; };
    return !told.usage &&
           (told.place.local_rank != 0 || (!told.power.empty() && std::ranges::all_of(told.power, unread)));
  });
}

bool RankGatherer::look() {
  read_listed();
  bool whole = size_ > 0;
  for (int rank = 0; rank < size_; ++rank) {
    const auto ended = [&] {
      const auto file = files_.find(rank);
      return file != files_.end() && file->second.usage;
    };
    if (!ended()) read(rank);
    whole = whole && ended();
  }
  return whole;
}

int RankGatherer::place_of(const RankPlace& place, std::vector<RankPlace>& fresh) {
  auto& known = places_[place.rank];
  const auto same = std::ranges::find(known, place, &std::pair<RankPlace, int>::first);
  if (same != known.end()) return same->second;
  fresh.push_back(place);
  known.emplace_back(place, places_count_++);
  return known.back().second;
}

RankRun RankGatherer::run_of(int rank, std::vector<RankPlace>& fresh) {
  RankRun run;
  run.rank = rank;
  const auto found = files_.find(rank);
  if (found == files_.end()) return run;
  const RankFile& file = found->second;
  run.place = place_of(file.place, fresh);
  run.state = file.usage ? RankState::ended : RankState::unfinished;
  run.begin_unix_s = to_seconds(file.begin_unix).value;
  if (file.elapsed) run.elapsed = to_seconds(*file.elapsed);
  run.usage = file.usage;
  run.readings = file.readings;
  run.power = file.power;
  run.node_use = file.node_use;
  return run;
}

std::vector<RankPlace> RankGatherer::gather(Execution& execution, std::vector<std::string>& remarks) {
  std::vector<RankPlace> fresh;
  execution.ranks = std::make_shared<ExecutionRanks>();
  execution.ranks->size = size_;
  for (int rank = 0; rank < size_; ++rank) execution.ranks->ranks.push_back(run_of(rank, fresh));
  add_rank_sums(execution, counted_);
  const auto node = [&](int rank) {
    const auto file = files_.find(rank);
    return file == files_.end() ? std::string() : file->second.place.node;
  };
  remarks.insert(remarks.end(), problems_.begin(), problems_.end());
  for (std::string& remark : rank_remarks(execution, node)) remarks.push_back(std::move(remark));
  return fresh;
}

}  // namespace pw
