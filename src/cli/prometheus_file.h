// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps a file for Prometheus while power is watched.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "cli/power_metrics.h"
#include "os/folder.h"
#include "record/watch.h"

namespace pw {

// Stands before another observer. Written beside its place and renamed, once an interval, at most once a
// second; gone when the watch ends, so that what it tells goes stale at once.
class PrometheusFile : public WatchObserver {
 public:
  // Writes the first. Errors (input): no such folder, or what is there is not ours.
  static Result<std::unique_ptr<PrometheusFile>> make(const std::filesystem::path& path,
                                                      const RecordingHeader& header, WatchObserver& next);
  ~PrometheusFile() override { remove(); }

  void begin() override { next_->begin(); }
  void samples(std::span<const PowerSample> samples) override;
  void note(const Note& note) override { next_->note(note); }
  bool interval(Seconds elapsed) override;
  void end(Seconds elapsed) override { next_->end(elapsed); }

  // Why the latest could not be written.
  const Result<>& result() const { return result_; }

 private:
  PrometheusFile(Folder folder, std::string name, const RecordingHeader& header, WatchObserver& next)
      : folder_(std::move(folder)), name_(std::move(name)), metrics_(header), next_(&next) {}
  Result<> write();
  void remove();

  struct Identity {
    dev_t device;
    ino_t inode;
  };
  Folder folder_;
  std::string name_;
  PowerMetrics metrics_;
  WatchObserver* next_;
  std::optional<Identity> written_;  // the file that stands there
  Seconds last_;
  Result<> result_;
};

}  // namespace pw
