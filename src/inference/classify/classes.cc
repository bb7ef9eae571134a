// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/classes.h"

#include <fmt/format.h>
#include <strings.h>

#include "base/text.h"
#include "os/file.h"

namespace pw::inference {
namespace {

std::vector<ImageClass> numbered(int count) {
  if (count == 1) return {{"", "score"}};
  std::vector<ImageClass> classes;
  for (int i = 0; i < count; ++i) classes.push_back({"", fmt::format("class {}", i)});
  return classes;
}

}  // namespace

Result<std::vector<ImageClass>> read_classes(const std::filesystem::path& csv, int count) {
  const Result<std::string> text = read_file(csv);
  if (!text) return pass_on(text);
  std::vector<ImageClass> classes;
  std::vector<std::string> lines = split(trim(*text), '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> fields = split(trim(lines[i]), ',');
    if (fields.size() != 3 || parse_integer(fields[0]) != static_cast<std::int64_t>(i) - 1)
      return fail(Failure::input, fmt::format("line {} is not {},synset,label", i + 1, i - 1), csv.string());
    classes.push_back({fields[1], fields[2]});
  }
  const int known = static_cast<int>(classes.size());
  if (count == known + 1) classes.insert(classes.begin(), {"", "background"});
  return count == known || count == known + 1 ? classes : numbered(count);
}

Result<int> find_class(const std::vector<ImageClass>& classes, const std::string& label) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (strcasecmp(classes[i].label.c_str(), label.c_str()) == 0) return static_cast<int>(i);
    names.push_back(classes[i].label);
  }
  const std::string meant = did_you_mean(label, names);
  return fail(Failure::input, "the model knows no class '" + label + "'", "--expect",
              meant.empty() ? "labels are written as in ImageNet: hotdog, ice_cream, French_loaf" : meant);
}

}  // namespace pw::inference
