// SPDX-License-Identifier: GPL-3.0-or-later
// Puts what is measured into a recording, NAME.perfwatt.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "model/recording.h"
#include "model/sink.h"
#include "store/recording_database.h"
#include "store/recording_file.h"
#include "store/sqlite/sqlite.h"

namespace pw {

// Every call commits before it returns, so that a killed perfwatt leaves a readable, interrupted recording:
// FILE and FILE-wal (FILE and at times FILE-journal on a network disk). end() leaves FILE alone. Without
// end() the recording stays readable and counts as interrupted.
class SqliteSink : public Sink {
 public:
  // Fails (input) where `path` exists and `how` refuses, where another writes it, or nothing can be written
  // there. The file appears, or is replaced together with its journals, in begin().
  static Result<std::unique_ptr<SqliteSink>> create(const std::filesystem::path& path, IfExists how);
  // With a journal of the caller's choice, not of the disk's.
  static Result<std::unique_ptr<SqliteSink>> create(const std::filesystem::path& path, IfExists how,
                                                    Journal journal);
  ~SqliteSink() override;

  Result<> begin(const RecordingHeader& header) override;
  Result<> regions(std::span<const Region> more) override;
  Result<> rank_places(std::span<const RankPlace> more) override;
  Result<> node_idles(std::span<const NodeIdle> more) override;
  Result<> execution(const Execution& execution) override;
  Result<> samples(std::span<const PowerSample> samples) override;
  Result<> server_bins(std::span<const ServerBin> bins) override;
  Result<> window(const Window& window) override;
  Result<> interlude(const Interlude& interlude) override;
  Result<> note(const Note& note) override;
  Result<> end(Ending ending, Nanoseconds at, std::span<const PowerSource> sources) override;
  std::optional<std::string> trouble() override;

  // What was recorded, from the file that is open: another may stand at its path. After begin().
  Result<Recording> recording();
  // Where that file is now; "": where nobody sees it. Before begin(): nowhere.
  std::filesystem::path place() const { return file_ ? file_->place() : std::filesystem::path(); }
  const std::filesystem::path& path() const { return path_; }  // that it was, or is to be, made at
  bool deleted() const { return file_ && file_->deleted(); }

 private:
  SqliteSink(std::filesystem::path path, IfExists how, Journal journal)
      : path_(std::move(path)), how_(how), journal_(journal) {}
  Result<> open();
  Result<> check_file();
  void leave_one_file();
  Result<> insert_execution(const Execution& execution, int id);
  Result<> insert_end(Ending ending, Nanoseconds at, std::span<const PowerSource> sources);
  Result<> insert_samples(std::span<const PowerSample> samples);
  Result<> pack_samples();
  std::optional<double> stored_value(const PowerSample& sample) const;
  template <class Work>
  Result<> commit(Work&& work);

  std::filesystem::path path_;  // once it is made: that it was made at
  IfExists how_;
  Journal journal_;
  std::optional<RecordingFile> file_;  // from begin() on
  std::optional<Database> database_;
  bool ended_ = false;
  bool whole_ = false;                                        // the file needs no journal any more
  std::filesystem::path told_place_;                          // by trouble()
  int executions_ = 0;                                        // committed
  int regions_ = 0, region_threads_ = 0, region_totals_ = 0;  // likewise
  int rank_places_ = 0, rank_runs_ = 0;                       // likewise
  Nanoseconds start_{};                                       // what the times of the file count from
  std::vector<ChannelKind> kinds_;                            // by channel
  std::vector<std::vector<PowerSample>> unpacked_;            // by channel: the rows of samples
  std::size_t unpacked_count_ = 0;
};

}  // namespace pw
