// SPDX-License-Identifier: GPL-3.0-or-later
// Who marks the regions of a command that marks none itself: docs/regions.md.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "collect/command_environment.h"

namespace pw {

struct Collector {
  std::string_view name;
  std::string_view sees, works, price;
  // What of its files in collect_folder() it needs.
  std::string_view file;
  // How a command is made to load it.
  void (*arm)(const std::filesystem::path& folder, CommandEnvironment& environment);
  // What would be in the way of that: ':' ends a path in PYTHONPATH.
  std::string_view not_in_path;
};

std::span<const Collector> collectors();

// Whether it can be handed to commands here. Errors: Failure::not_possible.
Result<> usable_here(const Collector& collector);

// What --regions asks for.
struct AskedRegions {
  bool marks = true;  // and whatever else there is; else nothing is kept
  std::vector<const Collector*> armed;
  std::vector<std::string> left_out;  // of `auto`: why
};

// "marks" or "" , "none", "auto", or names with commas. Errors: Failure::input; not_possible for one that is
// named and cannot be used here.
Result<AskedRegions> parse_asked_regions(std::string_view text);

// A name as it was marked: collectors of ours say who they are. "marks": the program itself.
struct MarkedName {
  std::string_view collector, name;
};
MarkedName marked_name(std::string_view text);

}  // namespace pw
