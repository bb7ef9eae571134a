// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/read_slab.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "model/region.h"
#include "regions/slab_bytes.h"

namespace pw {
namespace {

static_assert(kDeepestRegions == PW_DEEPEST);

constexpr std::uint64_t kLargest = std::uint64_t{1} << 60;  // as in a recording
constexpr double kMostItems = 1e30;

std::string name_at(const SlabBytes& slab, std::uint32_t offset) {
  const auto name = slab.read<pw_name>(offset);
  if (!name || name->length > PW_LONGEST_NAME) return "";
  return std::string(slab.text(offset, sizeof *name, name->length));
}

int ordinal_at(const SlabBytes& slab, std::uint32_t offset) {
  const auto name = slab.read<pw_name>(offset);
  const std::uint32_t most = std::numeric_limits<int>::max();
  return name ? static_cast<int>(std::clamp(name->ordinal, 1U, most)) : 1;
}

RegionWork work_at(SlabBytes& slab, std::uint32_t offset) {
  const auto name = slab.read<pw_name>(offset);
  const auto work = name && name->work != 0 ? slab.read<pw_work>(name->work) : std::nullopt;
  if (!name || name->work == 0) return {};
  const auto known = [](double number) { return number >= 0 && number <= kMostItems; };
  if (!work || work->length > PW_LONGEST_HOW || !known(work->flops) || !known(work->bytes)) {
    slab.damaged();
    return {};
  }
  return {work->flops, work->bytes, std::string(slab.text(name->work, sizeof *work, work->length))};
}

Nanoseconds nanoseconds(std::uint64_t value) {
  return {static_cast<std::int64_t>(std::min(value, kLargest))};
}

bool is_sound(const pw_node& node) {
  return std::max({node.calls, node.total_ns, node.own_ns}) <= kLargest && node.own_ns <= node.total_ns &&
         std::abs(node.items) <= kMostItems && node.logged <= PW_MOST_LOGGED;
}

bool can_be(const pw_occurrence& one) {
  return one.begin_ns > 0 && one.begin_ns <= one.end_ns && one.end_ns <= kLargest;
}

MarkedOccurrence marked(const pw_occurrence& one) {
  return {nanoseconds(one.begin_ns), nanoseconds(one.end_ns)};
}

std::vector<MarkedOccurrence> drawn_of(SlabBytes& slab, const pw_node& node) {
  std::vector<MarkedOccurrence> drawn;
  for (std::uint32_t i = 0; i < node.logged; ++i) {
    const bool few = i < PW_FEW_LOGGED;
    const auto one = slab.read<pw_occurrence>(few ? node.few : node.more,
                                              (few ? i : i - PW_FEW_LOGGED) * sizeof(pw_occurrence));
    if (one && can_be(*one))
      drawn.push_back(marked(*one));
    else
      slab.damaged();
  }
  return drawn;
}

// In the order in which they were made: a parent before what is within it.
std::vector<std::pair<std::uint32_t, pw_node>> nodes_of(SlabBytes& slab, const pw_thread& thread) {
  std::vector<std::pair<std::uint32_t, pw_node>> nodes;
  for (std::uint32_t next = thread.nodes; next != 0;) {
    const std::uint32_t offset = next;
    const auto node = slab.read_next<pw_node>(next);
    if (node) nodes.emplace_back(offset, *node);
  }
  std::ranges::reverse(nodes);
  return nodes;
}

std::vector<std::uint64_t> words_at(const SlabBytes& slab, std::uint32_t offset, std::size_t skip,
                                    std::size_t count) {
  const std::string_view bytes = slab.text(offset, skip, count * sizeof(std::uint64_t));
  std::vector<std::uint64_t> words(bytes.size() / sizeof(std::uint64_t));
  if (!words.empty()) std::memcpy(words.data(), bytes.data(), bytes.size());
  return words;
}

MarkedCounts counts_of(SlabBytes& slab, const pw_node& node, std::size_t words) {
  MarkedCounts found;
  const auto head = slab.read<pw_counts>(node.counts);
  if (words == 0 || node.counts == 0) return found;
  found.all = words_at(slab, node.counts, sizeof(pw_counts), words);
  found.own = words_at(slab, node.counts, sizeof(pw_counts) + words * sizeof(std::uint64_t), words);
  if (!head || found.all.size() != words || found.own.size() != words || head->overlapped > head->counted ||
      head->counted > kLargest) {
    slab.damaged();
    return {};
  }
  found.counted = static_cast<std::int64_t>(head->counted);
  found.overlapped = static_cast<std::int64_t>(head->overlapped);
  return found;
}

class Paths {
 public:
  Paths(SlabBytes& slab, std::size_t words) : slab_(slab), words_(words) {}

  void add(std::uint32_t offset, const pw_node& node) {
    const auto parent = places_.find(node.parent);
    const bool within = node.parent != 0;
    if (!is_sound(node) || (within && (parent == places_.end() || depths_[parent->second] == PW_DEEPEST)))
      return slab_.damaged();
    MarkedPath path;
    if (within) path.parent = static_cast<int>(parent->second);
    path.name = name_at(slab_, node.name);
    path.ordinal = ordinal_at(slab_, node.name);
    path.work = work_at(slab_, node.name);
    path.calls = static_cast<std::int64_t>(node.calls);
    path.items = node.items;
    path.total = nanoseconds(node.total_ns);
    path.own = nanoseconds(node.own_ns);
    path.drawn = drawn_of(slab_, node);
    path.counts = counts_of(slab_, node, words_);
    depths_.push_back(within ? depths_[parent->second] + 1 : 1);
    places_[offset] = paths_.size();
    paths_.push_back(std::move(path));
  }

  std::optional<int> index_of(std::uint32_t offset) const {
    const auto place = places_.find(offset);
    return place == places_.end() ? std::nullopt : std::optional(static_cast<int>(place->second));
  }

  std::vector<MarkedPath> take() { return std::move(paths_); }

 private:
  SlabBytes& slab_;
  std::size_t words_;                                      // of what is counted
  std::unordered_map<std::uint32_t, std::size_t> places_;  // by offset
  std::vector<unsigned> depths_;
  std::vector<MarkedPath> paths_;
};

std::vector<std::pair<std::uint32_t, pw_piece>> pieces_of(SlabBytes& slab, const pw_thread& thread) {
  std::vector<std::pair<std::uint32_t, pw_piece>> pieces;
  for (std::uint32_t next = thread.log; next != 0;) {
    const std::uint32_t offset = next;
    const auto piece = slab.read_next<pw_piece>(next);
    if (!piece) continue;
    if (piece->bytes >= PW_FIRST_PIECE && piece->bytes <= PW_LARGEST_PIECE &&
        piece->count <= PW_ENTRIES_OF(piece->bytes))
      pieces.emplace_back(offset, *piece);
    else
      slab.damaged();
  }
  std::ranges::reverse(pieces);
  return pieces;
}

// Without those of paths that are damaged.
std::vector<LoggedOccurrence> log_of(SlabBytes& slab, const pw_thread& thread, const Paths& paths) {
  std::vector<LoggedOccurrence> log;
  for (const auto& [offset, piece] : pieces_of(slab, thread))
    for (std::size_t i = 0; i < piece.count; ++i) {
      const auto entry = slab.read<pw_entry>(offset, sizeof piece + i * sizeof(pw_entry));
      const std::optional<int> path = entry ? paths.index_of(entry->node) : std::nullopt;
      if (path && can_be(entry->occurrence)) log.push_back({*path, marked(entry->occurrence)});
      if (!entry || !can_be(entry->occurrence)) slab.damaged();
    }
  return log;
}

void add_open(const SlabBytes& slab, const pw_thread& thread, MarkedThread& marked) {
  marked.open.name = name_at(slab, thread.open_named);
  const bool first = marked.lost[PW_LOST_OPEN] == 0;
  for (std::uint32_t i = 0; i < std::min(thread.depth, PW_DEEPEST); ++i) {
    const pw_frame& frame = thread.frames[i];
    if (frame.begin_ns == 0) continue;
    ++marked.lost[PW_LOST_OPEN];
    if (first) marked.open.name = name_at(slab, frame.name);  // the innermost
  }
}

MarkedThread thread_of(SlabBytes& slab, const pw_process& process, const pw_thread& thread,
                       std::size_t words) {
  MarkedThread marked;
  marked.process = std::max(process.pid, 0);
  marked.thread = std::max(thread.tid, 0);
  marked.name = std::string(thread.name, ::strnlen(thread.name, sizeof thread.name));
  marked.threads = std::max<std::int64_t>(thread.threads, 1);
  for (std::size_t i = 0; i < marked.lost.size(); ++i)
    marked.lost[i] = std::min<std::uint64_t>(thread.lost[i], kLargest / 1024);
  marked.end = {name_at(slab, thread.end_named), name_at(slab, thread.end_within)};
  marked.order = {name_at(slab, thread.order_named), name_at(slab, thread.order_within)};
  add_open(slab, thread, marked);
  marked.uncounted = static_cast<int>(std::min<std::uint32_t>(process.uncounted, PW_UNCOUNTED_TEAM));
  marked.error = process.error;
  Paths paths(slab, words);
  for (const auto& [offset, node] : nodes_of(slab, thread)) paths.add(offset, node);
  marked.log = log_of(slab, thread, paths);
  if (thread.unlogged_ns > 0) marked.complete_until = nanoseconds(thread.unlogged_ns);
  marked.paths = paths.take();
  return marked;
}

bool marked_at_all(const MarkedThread& thread) {
  return !thread.paths.empty() || std::ranges::any_of(thread.lost, [](std::uint64_t one) { return one > 0; });
}

void read_threads(SlabBytes& slab, const pw_process& process, std::size_t words, SlabContent& content) {
  const auto first = static_cast<std::ptrdiff_t>(content.threads.size());
  for (std::uint32_t next = process.threads; next != 0;)
    if (const auto thread = slab.read_next<pw_thread>(next)) {
      MarkedThread marked = thread_of(slab, process, *thread, words);
      if (marked_at_all(marked)) content.threads.push_back(std::move(marked));
    }
  std::reverse(content.threads.begin() + first, content.threads.end());
}

std::uint64_t cut_names(SlabBytes& slab, std::uint32_t next) {
  std::uint64_t cut = 0;
  while (next != 0)
    if (const auto name = slab.read_next<pw_name>(next)) cut += name->full_length > name->length;
  return cut;
}

}  // namespace

SlabContent read_slab(std::string_view bytes, const std::vector<std::size_t>& groups) {
  SlabContent content;
  pw_head head{};
  if (bytes.size() < sizeof head) return content;
  std::memcpy(&head, bytes.data(), sizeof head);
  content.refused = head.refused;
  content.no_room = std::min(head.no_room, kLargest / 1024);
  content.other_version = head.magic != PW_SLAB_MAGIC || head.version != PW_SLAB_VERSION ||
                          head.node_bytes != sizeof(pw_node) || head.frame_bytes != sizeof(pw_frame);
  if (content.other_version) return content;
  std::size_t words = 0;
  for (const std::size_t events : groups) words += PW_COUNT_WORDS(1, events);
  SlabBytes slab(bytes);
  std::vector<pw_process> processes;
  for (std::uint32_t next = head.processes; next != 0;)
    if (const auto process = slab.read_next<pw_process>(next)) processes.push_back(*process);
  std::ranges::reverse(processes);
  for (const pw_process& process : processes) read_threads(slab, process, words, content);
  content.cut_names = cut_names(slab, head.names);
  content.damaged = slab.count_damaged();
  return content;
}

}  // namespace pw
