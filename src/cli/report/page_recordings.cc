// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/report/page_recordings.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "store/load.h"

namespace pw {

Result<> PageRecordings::load_all(const std::vector<std::string>& files, std::string_view side) {
  for (const std::string& file : files) {
    Result<Recording> recording = load(file);
    if (!recording) return pass_on(recording);
    lines_ += recording->channels.size() * std::max<std::size_t>(recording->experiment.variants.size(), 1);
    files_.push_back({std::filesystem::path(file).filename().string(), side, std::move(*recording), {}, {}});
  }
  return {};
}

void PageRecordings::analyze_all() {
  const std::size_t parts = std::max(kLineParts / 10, kPagePoints / std::max<std::size_t>(lines_, 1));
  for (ReportFile& file : files_) {
    file.analysis = analyze(
        file.recording, {.lines = true, .line_parts = parts, .region_energy = true, .region_metrics = true});
    file.recording.samples = {};
    add(file);
  }
}

void PageRecordings::add(ReportFile& file) {
  const std::vector<Variant>& variants = file.recording.experiment.variants;
  const auto take = [&](const std::string& name, const Recording& recording, const Analysis& analysis) {
    pages_.push_back({name, file.side, recording, analysis});
    file.variants.push_back({&recording, &analysis});
  };
  if (variants.empty()) take(file.name, file.recording, file.analysis);
  VariantViews views(file.recording);
  for (std::size_t i = 0; i < variants.size(); ++i)
    take(file.name + " " + variants[i].label, views_.emplace_back(views.of(i)), file.analysis.variants[i]);
}

}  // namespace pw
