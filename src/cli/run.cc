// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/exit_status.h"
#include "base/text.h"
#include "cli/announce.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/explain.h"
#include "cli/progress.h"
#include "cli/run_options.h"
#include "options/report.h"
#include "peaks/peak_store.h"
#include "record/prepare.h"
#include "store/recorder_sink.h"

namespace pw {
namespace {

int report_failed(const Error& error, const SqliteSink& sink) {
  const int status = report_error(error);
  if (const std::filesystem::path place = sink.place(); !place.empty())
    fmt::print(stderr, "what was measured before is in {}\n", printable(place.string()));
  return status;
}

// Without "--" a word that was meant for an option may have been taken for the command.
int report_unusable(Error error, const RunOptions& options) {
  if (error.kind == Failure::command && !options.dashes)
    error.hint = "the command begins at the first word that is no option" +
                 (error.hint.empty() ? "" : "; " + error.hint);
  return report_error(error);
}

int report_failed_warmup(const Execution& failed, const Experiment& experiment) {
  const std::string where =
      experiment.variants.size() > 1 ? " in the warm-up of every variant" : " in the warm-up";
  const std::string how =
      failed.timed_out ? "timed out" : "failed with " + exit_text(failed.exit_status, failed.signal);
  return report_error({Failure::command, "the command " + how + where + ": no test was run",
                       experiment.command.front(), "run it by hand, or see --show-output"});
}

int report_untested(const std::string& why, const Experiment& experiment) {
  const std::string hint = "count a process that runs for longer";
  return report_error({Failure::not_possible, why + " before the first test: no test was counted", "-p",
                       hint + (experiment.warmups > 0 ? ", or leave out the warm-up: --warmup 0" : "")});
}

Result<> show(const RunOptions& options, SqliteSink& sink) {
  const Result<Explained> explained = explain(sink.recording());
  if (!explained) return pass_on(explained);
  if (Result<> printed = print_summary(*explained); !printed) return printed;
  if (!options.request.metrics.empty()) {
    fmt::print("\n");
    if (Result<> printed = print_metrics(explained->recording, options.request.metrics); !printed)
      return printed;
  }
  return print_place(sink, stdout);
}

constexpr std::size_t kDroppedNamed = 5;

// Where the warm-up of a variant failed it has no tests, and no statistics to be left out of.
std::string how_it_failed(const Outcome& outcome, const Experiment& experiment) {
  const std::string of_tests = "failed in at least one test, which the statistics leave out";
  if (outcome.dropped.empty()) return "the command " + of_tests;
  std::vector<std::string> labels = outcome.dropped;
  if (labels.size() > kDroppedNamed) labels.resize(kDroppedNamed), labels.emplace_back("...");
  return fmt::format("the warm-up of {} of {} variants failed, and {} not tested: {}", outcome.dropped.size(),
                     experiment.variants.size(), outcome.dropped.size() == 1 ? "it was" : "they were",
                     printable(join(labels, ", "))) +
         (outcome.test_failed ? "; and of the others the command " + of_tests : "");
}

// The exit status of a run that was recorded.
int status_of(const Outcome& outcome, const Experiment& experiment) {
  if (outcome.ending == Ending::stopped) return kCtrlC;
  if (!outcome.failed && !outcome.cleanup_failed.empty())
    return report_error({Failure::command, outcome.cleanup_failed, "", "the tests are whole"});
  if (!outcome.failed) return 0;
  return report_error({Failure::command, how_it_failed(outcome, experiment), experiment.command.front(),
                       "perfwatt show has each failure"});
}

IfExists if_exists(const RunOptions& options) {
  if (!options.named) return IfExists::other_name;
  return options.force ? IfExists::replace : IfExists::refuse;
}

int record_and_show(const RunOptions& options, const PreparedRun& run, SqliteSink& sink) {
  announce(run.session);
  Result<Outcome> outcome;
  {
    ProgressLine progress(run.session.header);
    outcome = record(run, sink, progress);
  }
  if (!outcome) return report_failed(outcome.error(), sink);
  const Experiment& experiment = run.session.header.experiment;
  if (outcome->stopped_in_warmup()) return report_failed_warmup(*outcome->failed, experiment);
  if (!outcome->untested.empty()) return report_untested(outcome->untested, experiment);
  if (const Result<> shown = show(options, sink); !shown) return report_error(shown.error());
  return status_of(*outcome, experiment);
}

// What this machine can do at most, where it was measured.
void add_known_peaks(RecordingHeader& header) {
  Result<MachinePeaks> peaks = load_peaks(peaks_folder(), peaks_key_here(header.machine));
  if (peaks)
    header.peaks = std::move(*peaks);
  else
    warn(one_line(peaks.error()));
}

}  // namespace

int run_command(int argc, char** argv) {
  const ParsedRun parsed = parse_run(argc, argv);
  if (!parsed.options) return parsed.status;
  Result<CheckedRun> checked = check_run(parsed.options->request);
  if (!checked) return report_unusable(checked.error(), *parsed.options);
  for (const std::string& warning : checked->warnings) warn(warning);
  Result<Counting> counting = plan_counting(*checked);
  if (!counting) return report_error(counting.error());
  const auto sink = SqliteSink::create(parsed.options->output, if_exists(*parsed.options));
  if (!sink) return report_error(sink.error());
  Result<PreparedRun> run = prepare_run(std::move(*checked), std::move(*counting));
  if (run) add_known_peaks(run->session.header);
  return run ? record_and_show(*parsed.options, *run, **sink) : report_error(run.error());
}

}  // namespace pw
