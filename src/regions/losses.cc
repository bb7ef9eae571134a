// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/losses.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "base/text.h"
#include "collect/collectors.h"

namespace pw {
namespace {

constexpr std::size_t kLongestShown = 60;  // bytes of a name

std::string quoted(const std::string& marked) {
  const std::string_view name = marked_name(marked).name;
  const std::string text = printable(name.substr(0, kLongestShown));
  return fmt::format("'{}{}'", text, name.size() > kLongestShown ? "..." : "");
}

std::string times(std::uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(static_cast<std::int64_t>(count)), count == 1 ? one : many);
}

std::string within(const LostName& lost) {
  return lost.within.empty() ? "outside of any" : "within " + quoted(lost.within);
}

std::string text_of(pw_lost kind, std::uint64_t count, const MarkedThread& first) {
  switch (kind) {
    case PW_LOST_ROOM:
      return times(count, "begin of a region was", "begins of regions were") +
             fmt::format(" lost: the room for them is full ({} MiB)", PW_SLAB_BYTES >> 20);
    case PW_LOST_DEPTH:
      return times(count, "begin of a region was", "begins of regions were") +
             fmt::format(" lost: more than {} within each other", PW_DEEPEST);
    case PW_LOST_SIGNAL:
      return times(count, "mark of a signal handler was", "marks of signal handlers were") +
             " lost: they came in the midst of another mark of their thread";
    case PW_LOST_END:
      return times(count, "end of a region", "ends of regions") +
             fmt::format(" that the thread was not in (the first: {} {})", quoted(first.end.name),
                         within(first.end));
    case PW_LOST_ORDER:
      return times(count, "region was", "regions were") +
             fmt::format(" ended before one within: the first {} before {}", quoted(first.order.name),
                         quoted(first.order.within));
    case PW_LOST_ITEMS:
      return times(count, "call of perfwatt_items was", "calls of perfwatt_items were") +
             " lost: outside of any region, or no number";
    case PW_LOST_OPEN:
      return times(count, "region was", "regions were") +
             fmt::format(" not ended when their thread was, which was in {}: in no total",
                         quoted(first.open.name));
    case PW_LOST_KINDS:
      break;
  }
  return "";
}

void add_of_threads(std::vector<Loss>& losses, const SlabContent& content) {
  for (int kind = 0; kind < PW_LOST_KINDS; ++kind) {
    std::uint64_t count = 0;
    const MarkedThread* first = nullptr;
    for (const MarkedThread& thread : content.threads) {
      const std::uint64_t lost = thread.lost[static_cast<std::size_t>(kind)];
      count += lost;
      if (!first && lost > 0) first = &thread;
    }
    if (first) losses.push_back({std::to_string(kind), text_of(static_cast<pw_lost>(kind), count, *first)});
  }
}

void add_uncounted(std::vector<Loss>& losses, const SlabContent& content) {
  std::set<int> processes;
  const MarkedThread* first = nullptr;
  for (const MarkedThread& thread : content.threads) {
    if (thread.uncounted == PW_COUNTED) continue;
    processes.insert(thread.process);
    if (!first) first = &thread;
  }
  if (first)
    losses.push_back({"uncounted process", times(processes.size(), "process has", "processes have") +
                                               " regions whose events are not or not always counted: " +
                                               uncounted_text(first->uncounted, first->error)});
}

std::uint64_t threads_that_share(const SlabContent& content) {
  std::uint64_t sharing = 0;
  for (const MarkedThread& thread : content.threads)
    if (thread.threads > 1) sharing += static_cast<std::uint64_t>(thread.threads);
  return sharing;
}

}  // namespace

std::string uncounted_text(int why, int error) {
  const std::string what = error > 0 ? ": " + std::generic_category().message(error) : "";
  switch (why) {
    case PW_UNCOUNTED_CLOSED:
      return "the counters that perfwatt gave to the command were closed before it marked";
    case PW_UNCOUNTED_READ:
      return "the counters that perfwatt gave to the command were closed while it marked";
    case PW_UNCOUNTED_ROOM:
      return fmt::format("the room for regions is full ({} MiB)", PW_SLAB_BYTES >> 20);
    case PW_UNCOUNTED_FILTER:
      return "it has a seccomp filter, under which a thread asks for no counters";
    case PW_UNCOUNTED_SOCKET:
      return "a thread could not ask for counters" + what;
    case PW_UNCOUNTED_SILENT:
      return "perfwatt did not answer a thread that asked for counters";
    case PW_UNCOUNTED_REFUSED:
      return "counters of a thread could not be opened" + what;
    case PW_UNCOUNTED_TEAM:
      return "threads that work for it could not all be counted: more than 255, teams within more than four "
             "others, or counters that could not be opened or read";
    default:
      return "";
  }
}

std::vector<Loss> losses_of(const SlabContent& content) {
  std::vector<Loss> losses;
  const auto add = [&](const char* kind, std::uint64_t count, const std::string& text) {
    if (count > 0) losses.push_back({kind, text});
  };
  add("version", content.other_version, "its regions cannot be read: the library wrote another layout");
  add("refused", content.refused,
      times(content.refused, "process has", "processes have") +
          " a library for regions of another version than this perfwatt: they marked nothing");
  add("no-room", content.no_room,
      times(content.no_room, "mark was", "marks were") + " lost: no room for more threads or processes");
  add_of_threads(losses, content);
  add_uncounted(losses, content);
  add("cut", content.cut_names,
      times(content.cut_names, "name of a region is", "names of regions are") +
          fmt::format(" longer than {} bytes and cut", PW_LONGEST_NAME));
  add("shared", threads_that_share(content),
      fmt::format("of its threads {} share rows, each with those that ended before it: {} threads of a "
                  "process have one of their own",
                  threads_that_share(content), PW_OWN_RECORDS));
  add("damaged", content.damaged,
      times(content.damaged, "record", "records") +
          " of regions cannot be and are left out: something "
          "else wrote there, or the program was ended in the midst of it");
  return losses;
}

}  // namespace pw
