// SPDX-License-Identifier: GPL-3.0-or-later
// `perfwatt power`: power alone, live or recorded.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "cli/announce.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/explain.h"
#include "cli/prometheus_file.h"
#include "cli/watch_printer.h"
#include "record/prepare_watch.h"
#include "store/recorder_sink.h"

namespace pw {
namespace {

struct PowerOptions {
  WatchRequest request;
  double rate = 0, interval_ms = 1000, duration = 0;
  std::string power, record, format, prometheus;
  bool force = false;
};

void add_options(CLI::App& app, PowerOptions& options) {
  app.add_option("--power", options.power, "power sources (the best that works: perfwatt list power)")
      ->type_name("SOURCE,..");
  app.add_flag("--strict", options.request.power.strict, kStrictHelp);
  add_number(app, "-I,--interval", options.interval_ms, "MS", {1, 1e9}, "between two rows or views (1000)");
  add_number(app, "--rate", options.rate, "HZ", {0.001, 1000},
             "periods of power a second (one per interval)");
  add_number(app, "--duration", options.duration, "SECONDS", {1e-3, 1e9}, "then it ends (at Ctrl-C)");
  app.add_option("--record", options.record, "keep every reading in a recording")
      ->type_name("FILE")
      ->check(no_dash());
  app.add_flag("--force", options.force, "replace the recording where it exists");
  app.add_option("--label", options.request.label, "what this is, for the reader")->type_name("TEXT");
  app.add_option("--format", options.format, "csv or jsonl: rows on stdout (csv where that is no terminal)")
      ->check(one_of({"csv", "jsonl"}));
  app.add_option("--prometheus", options.prometheus,
                 "keep a .prom file for node_exporter's text-file collector")
      ->type_name("FILE")
      ->check(no_dash());
  app.add_option("--bmc-password-file", options.request.power.password_file,
                 "else PERFWATT_BMC_PASSWORD or a prompt")
      ->type_name("FILE");
  app.footer(
      "Examples: perfwatt power --power dcmi://admin@bmc.example\n"
      "          perfwatt power --duration 86400 --record day.perfwatt && perfwatt plot day.perfwatt\n"
      "          perfwatt power -I 100 --format jsonl | jq .watts\n"
      "          perfwatt power --prometheus /var/lib/prometheus/node-exporter/perfwatt.prom");
}

// What follows from the options once they are parsed.
void settle(PowerOptions& options) {
  options.request.interval = {options.interval_ms / 1000};
  if (!options.power.empty()) options.request.power.sources = options.power;
  if (options.rate > 0) options.request.power.rate_hz = options.rate;
  if (options.duration > 0) options.request.duration = Seconds{options.duration};
  const bool kept = !options.record.empty() || !options.prometheus.empty();
  if (options.format.empty())
    options.format = takes_escapes(STDOUT_FILENO) ? "view" : kept ? "summary" : "csv";
}

Result<std::unique_ptr<SqliteSink>> open_sink(const PowerOptions& options) {
  if (options.record.empty()) return nullptr;
  return SqliteSink::create(options.record, options.force ? IfExists::replace : IfExists::refuse);
}

// Nothing where none is asked for.
Result<std::unique_ptr<PrometheusFile>> open_prometheus(const PowerOptions& options,
                                                        const RecordingHeader& header,
                                                        WatchObserver& printer) {
  const std::filesystem::path path = options.prometheus;
  if (path.empty()) return nullptr;
  if (path.extension() != ".prom") warn("node_exporter reads no file but *.prom: " + path.string());
  return PrometheusFile::make(path, header, printer);
}

// The exit status.
Result<int> watch_and_print(const PowerOptions& options) {
  const auto sink = open_sink(options);
  if (!sink) return pass_on(sink);
  const Result<PreparedWatch> prepared = prepare_watch(options.request);
  if (!prepared) return pass_on(prepared);
  for (const std::string& refusal : prepared->plan.refusals) announce_refusal(refusal);
  announce_power(prepared->plan.header.sources);
  WatchPrinter printer(prepared->plan.header, options.format);
  const auto prometheus = open_prometheus(options, prepared->plan.header, printer);
  if (!prometheus) return pass_on(prometheus);
  WatchObserver& observer = *prometheus ? static_cast<WatchObserver&>(**prometheus) : printer;
  const Result<Ending> ending = watch(*prepared, sink->get(), observer);
  if (!ending) return pass_on(ending);
  if (*prometheus && !(*prometheus)->result()) return pass_on((*prometheus)->result());
  if (*sink)
    if (const Result<> printed = print_place(**sink, stderr); !printed) return pass_on(printed);
  return *ending == Ending::stopped ? kCtrlC : 0;
}

}  // namespace

int power_command(int argc, char** argv) {
  CLI::App app("Watches or records power alone. Ctrl-C ends it", "perfwatt power");
  PowerOptions options;
  add_options(app, options);
  if (const auto status = parse_options(app, argc, argv)) return *status;
  settle(options);
  const Result<int> status = watch_and_print(options);
  return status ? *status : report_error(status.error());
}

}  // namespace pw
