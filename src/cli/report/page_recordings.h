// SPDX-License-Identifier: GPL-3.0-or-later
// The recordings of a page, each variant one of its own; each stays where it is.
#pragma once

#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/analysis.h"
#include "analyze/compare/quantities.h"
#include "base/result.h"
#include "model/recording.h"
#include "report/page/page_input.h"

namespace pw {

// Of one file. Without its samples: what is left is what a page shows.
struct ReportFile {
  std::string name;
  std::string_view side;  // "old", "new" or ""
  Recording recording;
  Analysis analysis;
  std::vector<Explanation> variants;  // of one without any: the whole
};

class PageRecordings {
 public:
  Result<> load_all(const std::vector<std::string>& files, std::string_view side);
  void analyze_all();  // once all are loaded: they share the points of a page

  const std::list<ReportFile>& files() const { return files_; }
  const std::vector<PageRecording>& pages() const { return pages_; }

 private:
  void add(ReportFile& file);

  std::list<ReportFile> files_;
  std::list<Recording> views_;  // of one variant each
  std::vector<PageRecording> pages_;
  std::size_t lines_ = 0;  // of power
};

}  // namespace pw
