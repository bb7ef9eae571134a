// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/drawing/older_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostScript = 1 << 20;

struct OlderFigure {
  std::vector<std::string> sources, pictures;  // NAME.gp and its data; what may have been drawn of them
};

// The figure of the script, where that is ours.
std::optional<OlderFigure> read_script(const Folder& folder, const std::string& name) {
  const std::string script = first_bytes_of(folder, name + ".gp", kMostScript).value_or("");
  if (!script.starts_with(first_words(name))) return std::nullopt;
  OlderFigure figure{{name + ".gp"}, {name + ".svg", name + ".png", name + ".pdf"}};
  for (const std::string& line : split(script, '\n')) {  // file1 = 'NAME-tests.csv'
    const std::size_t quote = line.find(" = '");
    if (!line.starts_with("file") || quote == std::string::npos || !line.ends_with(".csv'")) continue;
    std::string data = line.substr(quote + 4, line.size() - quote - 5);
    if (data.starts_with(name) && data.find('/') == std::string::npos)
      figure.sources.push_back(std::move(data));
  }
  return figure;
}

std::vector<OlderFigure> older_figures(const Folder& folder) {
  std::vector<OlderFigure> figures;
  std::error_code error;
  for (fs::directory_iterator at(fmt::format("/proc/self/fd/{}", folder.fd()), error), end;
       !error && at != end; at.increment(error))
    if (at->path().extension() == ".gp")
      if (auto figure = read_script(folder, at->path().stem().string()))
        figures.push_back(std::move(*figure));
  return figures;
}

using Contents = std::map<std::string, const std::string*>;

// Whether the new plot has the same script and data, so that what was drawn of them stays true.
bool same_sources(const OlderFigure& figure, const Folder& folder, const Contents& files) {
  return std::ranges::all_of(figure.sources, [&](const std::string& name) {
    const auto found = files.find(name);
    return found != files.end() && first_bytes_of(folder, name, found->second->size() + 1) == *found->second;
  });
}

}  // namespace

std::string first_words(const std::string& figure) {
  return fmt::format("# perfwatt: restyle this, then run `gnuplot {}.gp` here", figure);
}

Result<std::vector<std::string>> stale_figures(const Folder& folder, const std::vector<NamedText>& files) {
  Contents contents;
  for (const NamedText& file : files) contents.emplace(file.name, &file.content);
  std::vector<std::string> known, stale;
  for (const OlderFigure& figure : older_figures(folder)) {
    const bool same = same_sources(figure, folder, contents);
    for (const auto* part : {&figure.sources, &figure.pictures})
      for (const std::string& name : *part) {
        known.push_back(name);
        if (!same && !contents.contains(name) && first_bytes_of(folder, name, 0)) stale.push_back(name);
      }
  }
  for (const NamedText& file : files)
    if (first_bytes_of(folder, file.name, 0) && std::ranges::count(known, file.name) == 0)
      return fail_not_ours(folder, file.name);
  return stale;
}

}  // namespace pw
