// SPDX-License-Identifier: GPL-3.0-or-later
// Puts what is measured into a recording, NAME.perfwatt.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "model/sink.h"
#include "store/sqlite.h"

namespace pw {

enum class Journal { log, rollback };  // SQLite's WAL; its rollback journal, for network disks

// Every call commits before it returns, so that a killed perfwatt leaves a readable, interrupted recording:
// FILE and FILE-wal (FILE and at times FILE-journal on a network disk). end() leaves FILE alone. Without
// end() the recording stays readable and counts as interrupted.
class SqliteSink : public Sink {
 public:
  // Fails (input) where `path` exists and `force` is not given, or nothing can be written there. The file
  // appears, or is replaced together with its journals, in begin().
  static Result<std::unique_ptr<Sink>> create(const std::filesystem::path& path, bool force);
  // With a journal of the caller's choice, not of the disk's.
  static Result<std::unique_ptr<Sink>> create(const std::filesystem::path& path, bool force, Journal journal);

  Result<> begin(const RecordingHeader& header) override;
  Result<> execution(const Execution& execution) override;
  Result<> samples(std::span<const PowerSample> samples) override;
  Result<> window(const Window& window) override;
  Result<> note(const Note& note) override;
  Result<> end(Ending ending, Nanoseconds at, std::span<const PowerSource> sources) override;

 private:
  SqliteSink(std::filesystem::path path, bool force, Journal journal)
      : path_(std::move(path)), force_(force), journal_(journal) {}
  Result<> insert_execution(const Execution& execution, int id);
  Result<> insert_end(Ending ending, Nanoseconds at, std::span<const PowerSource> sources);
  std::optional<double> stored_value(const PowerSample& sample) const;
  static std::optional<std::int64_t> stored_microwatts(const PowerSample& sample, float watts);
  template <class Work>
  Result<> commit(Work&& work);

  std::filesystem::path path_;
  bool force_;
  Journal journal_;
  std::optional<Database> database_;  // from begin() to end()
  int executions_ = 0;                // committed
  Nanoseconds start_{};               // what the times of the file count from
  std::vector<ChannelKind> kinds_;    // by channel
};

}  // namespace pw
