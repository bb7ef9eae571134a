// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/collectors.h"

#include <algorithm>

#include "base/text.h"
#include "collect/arm.h"
#include "collect/collect_folder.h"
#include "model/region.h"

namespace pw {
namespace {

constexpr Collector kTorch = {
    "torch",
    "every call of a PyTorch module, named as in named_modules() of the outermost one; backward, by the "
    "module that made a node. Not: a direct .forward(), what runs within TorchScript or torch.compile",
    "Python from 3.9 on with PyTorch from 1.13 on, also what it starts; not with -S, -I or -E",
    "0.8 us a module (1.2 us by ctypes); where gradients are kept 10 us, forward and backward together",
    "begin.py",
    arm_torch,
    ":"};

constexpr Collector kOmp = {
    "omp",
    "every OpenMP parallel region, named by the symbol of its code, each thread's share in it (parallel), "
    "and "
    "tasks of libgomp. Not: tasks of libomp, teams on devices",
    "programs linked dynamically with libgomp (GCC) or libomp (clang); not set-user-ID ones, nor under gcc's "
    "AddressSanitizer; LD_PRELOAD shows it",
    "about 1.5 us a parallel region of 2 threads",
    "libperfwatt_omp.so",
    arm_omp,
    ": "};

constexpr Collector kCollectors[] = {kTorch, kOmp};

std::string names_of_collectors() {
  std::vector<std::string> names{"auto", kMarksCollector, "none"};
  for (const Collector& one : kCollectors) names.emplace_back(one.name);
  return join(names, ", ");
}

Result<> add_named(const std::string& name, AskedRegions& choice) {
  if (name == kMarksCollector) return {};
  const auto* const found = std::ranges::find(kCollectors, name, &Collector::name);
  if (found == std::end(kCollectors))
    return fail(Failure::input, "there is no '" + name + "'", "--regions",
                "it is one of: " + names_of_collectors());
  if (std::ranges::find(choice.armed, found) == choice.armed.end()) choice.armed.push_back(found);
  return usable_here(*found);
}

AskedRegions every_usable() {
  AskedRegions choice;
  for (const Collector& one : kCollectors) {
    const Result<> usable = usable_here(one);
    if (usable) choice.armed.push_back(&one);
    if (!usable) choice.left_out.push_back("--regions auto: " + one_line(usable.error()));
  }
  return choice;
}

}  // namespace

std::span<const Collector> collectors() { return kCollectors; }

Result<> usable_here(const Collector& collector) {
  const std::filesystem::path folder = collect_folder();
  std::error_code error;
  if (!std::filesystem::exists(folder / collector.file, error))
    return fail(Failure::not_possible, "its files are not there", std::string(collector.name),
                "install perfwatt whole: they belong into " + folder.string());
  if (folder.string().find_first_of(collector.not_in_path) != std::string::npos)
    return fail(Failure::not_possible, "no variable can name " + folder.string(), std::string(collector.name),
                "install perfwatt where no path has a '" + std::string(collector.not_in_path) + "'");
  return {};
}

Result<AskedRegions> parse_asked_regions(std::string_view text) {
  AskedRegions choice;
  if (text == "none") return AskedRegions{false, {}, {}};
  if (text == "auto") return every_usable();
  if (text.empty()) return choice;
  for (const std::string& name : split(text, ','))
    if (Result<> added = add_named(name, choice); !added) return pass_on(added);
  return choice;
}

MarkedName marked_name(std::string_view text) {
  const auto begins = [&](const Collector& one) {
    const std::size_t size = one.name.size();
    return text.size() >= size + 2 && text[0] == '\1' && text[size + 1] == '\1' &&
           text.substr(1, size) == one.name;
  };
  const auto* const found = std::ranges::find_if(kCollectors, begins);
  if (found == std::end(kCollectors)) return {kMarksCollector, text};
  return {found->name, text.substr(found->name.size() + 2)};
}

}  // namespace pw
