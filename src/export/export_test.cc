// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "analyze/series/partition.h"
#include "base/text.h"
#include "export/prometheus_text.h"
#include "export/test_analysis.h"
#include "export/test_content.h"
#include "model/columns.h"
#include "model/test_samples.h"
#include "os/file.h"
#include "os/run.h"
#include "store/test_recording.h"

namespace pw {
namespace {

using testing::StartsWith;

using testing::HasSubstr;
using testing::Not;

std::string content_of(const Document& document) {
  std::string content = test::content_of(document);
  EXPECT_THAT(content, StartsWith(document.beginning));
  return content;
}

std::string csv(const std::string& name, const Recording& recording = test::test_recording()) {
  const Analysis analysis = test::test_analysis();
  for (const Document& document : export_csv(recording, analysis))
    if (document.name == name) return content_of(document);
  return "no such document";
}

nlohmann::json json(const Recording& recording = test::test_recording()) {
  const Analysis analysis = test::test_analysis();
  return nlohmann::json::parse(content_of(export_json(recording, analysis).at(0)));
}

TEST(Csv, CrossChecksAndRulesHaveTheirFiles) {
  EXPECT_THAT(csv("crosscheck.csv"),
              HasSubstr("whole machine,dcmi (simulated),system,occ,PWRSYS,1.02,-3.5,,2,1,differ\n"));
  EXPECT_THAT(csv("validity.csv"), HasSubstr("occ,proc0,idle,fail,no idle level after\n"));
}

TEST(Csv, FindingsAreARowEach) {
  EXPECT_EQ(csv("findings.csv"),
            "rule,title,status,text,next,source,condition\n"
            "threads-on-cores,more threads than cores,applies,\"8 threads, 4 cores\","
            "OMP_NUM_THREADS=4 perfwatt run -- COMMAND,\"a \"\"source\"\"\",threads > cores\n"
            "swap,the machine swapped,cannot-tell,not read,,proc(5),in > 0\n");
}

TEST(Json, FindingsHaveTheColumnsOfTheCsvFile) {
  const nlohmann::json findings = json().at("findings");
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].at("status"), "applies");
  EXPECT_EQ(findings[0].at("text"), "8 threads, 4 cores");
  EXPECT_EQ(findings[0].at("condition"), "threads > cores");
  EXPECT_EQ(findings[1].at("status"), "cannot-tell");
}

TEST(ExportCsv, Recording) {
  EXPECT_EQ(csv("recording.csv"), R"(key,value
perfwatt_version,0.1.0
schema,1
label," [31mred ,""quoted"" next <script>alert(1)</script>"
command,"python3 -c ' [31mred ,""quoted"" next <script>alert(1)</script>'"
start_unix_s,1700000000.125
interrupted,no
ending,complete
end_s,11.5
tests,2
warmups,1
directory,/home/user
idle_s,2.5
pause_s,0
multiplex,no
items,500
cpus,
user,
timeout_s,60
target,process 11
per,thread
interval_s,0.5
delay_s,0.125
machine.arch,ppc64le
machine.cpu_model,"POWER9, altivec supported"
machine.counters_start_stop_ns,1250
machine.counters_read_ns,830
environment.OMP_NUM_THREADS,8
source.0.name,dcmi
source.0.address,dcmi://admin@bmc.example:623
source.0.simulated,yes
source.0.rate_hz,1
source.0.reads,3
source.0.failures,1
source.0.reconnects,1
source.0.missed,2
source.0.repeats,0
source.0.cpu_s,0.0625
source.1.name,occ
source.1.address,/sys/firmware/opal
source.1.simulated,no
source.1.rate_hz,10
source.1.reads,0
source.1.failures,0
source.1.reconnects,0
source.1.missed,0
source.1.repeats,0
source.1.cpu_s,0
warning.1," [31mred ,""quoted"" next <script>alert(1)</script>"
refusal.1,rapl: no such zone
notice.1,enough tests
channel.0.source,dcmi (simulated)
channel.0.name,system
channel.0.scope,whole machine
channel.0.device,
channel.0.averages_s,
channel.1.source,occ
channel.1.name,proc0
channel.1.scope,socket 0
channel.1.device,
channel.1.averages_s,
)");
}

TEST(ExportCsv, ExecutionsWithoutWarmupsAndWithCaptures) {
  EXPECT_EQ(
      csv("executions.csv"),
      R"(test,pass,begin_s,end_s,elapsed_s,user_s,sys_s,max_rss_kb,exit_status,items,rights,"a,b",cores_consumed,entitlement_share,steal_s,effective_mhz,dispatches,dispersions
1,1,4,5,1,0.5,0.25,2048,0,500,466,,,,,,,
1,2,5,6.5,1.5,0.5,0.25,2048,0,500,466,,,,,,,
2,1,7,8,1,0.5,0.25,2048,1,,," [31mred ,""quoted"" next <script>alert(1)</script>",,,,,,
2,2,8,8.125,0.125,0.5,0.25,2048,137,500,466,,,,,,,
)");
}

TEST(ExportCsv, ExecutionsEndWithWhatTheHypervisorGave) {
  Recording recording = test::test_recording();
  Execution& one = recording.executions[1];
  one.captures.clear();
  one.before = {
      {"steal_ticks", "7"}, {"lparcfg_purr", "0"}, {"lparcfg_tbr", "0"}, {"lparcfg_entitlement", "50"}};
  one.after = {
      {"steal_ticks", "9"}, {"lparcfg_purr", "1"}, {"lparcfg_tbr", "4"}, {"lparcfg_entitlement", "50"}};
  EXPECT_THAT(csv("executions.csv", recording),
              HasSubstr("\n1,1,4,5,1,0.5,0.25,2048,0,500,,,0.25,50,0.02,,,\n"));
  const nlohmann::json execution = json(recording)["executions"][0];
  EXPECT_EQ(execution["cores_consumed"], 0.25);
  EXPECT_EQ(execution["steal_s"], 0.02);
  EXPECT_EQ(execution["effective_mhz"], nullptr);
}

TEST(ExportCsv, NoCaptureCanHaveTheNameOfAColumn) {
  std::vector<std::string_view> columns;
  for (const GivenQuantity& one : given_quantities()) columns.push_back(one.column);
  EXPECT_THAT(columns, testing::ElementsAreArray(kGivenColumns));
}

// 9007199254740993 is no double; the uncounted have no value; what cannot be counted has a row per test.
TEST(ExportCsv, CountersKeepEveryState) {
  EXPECT_EQ(csv("counters.csv"),
            R"(test,pass,event,hardware_event,scope,unit,value,enabled_ns,running_ns,coverage,status,reason
1,1,cycles,PM_CYC r1e,uk,,9007199254740993,1000000000,1000000000,1,ok,
1,1,task-clock,,uk,ns,750000000,1000000000,1000000000,1,ok,
1,2,cycles,PM_CYC r1e,uk,,9007199254740993,1500000000,1500000000,1,ok,
1,2,branch-misses,PM_BR_MPRED_CMPL r400f6,u,,4004,1500000000,375000000,0.25,scaled,
1,,stalled-cycles-frontend,,uk,,,,,,not-supported,this PMU has no such event
1,,context-switches,,uk,,,,,,not-permitted,"perf_event_paranoid is 2, kernel events need 1"
2,1,cycles,PM_CYC r1e,uk,,9007199254740993,1000000000,1000000000,1,ok,
2,1,task-clock,,uk,ns,,0,0,,not-counted,never ran
2,2,cycles,PM_CYC r1e,uk,,9007199254740993,125000000,125000000,1,ok,
2,2,branch-misses,PM_BR_MPRED_CMPL r400f6,u,,4004,125000000,31250000,0.25,scaled,
2,,stalled-cycles-frontend,,uk,,,,,,not-supported,this PMU has no such event
2,,context-switches,,uk,,,,,,not-permitted,"perf_event_paranoid is 2, kernel events need 1"
)");
}

TEST(ExportCsv, PowerCallsSimulatedSimulated) {
  EXPECT_EQ(csv("power.csv"), R"(time_s,read_s,source,channel,watts,joules,status
0.5,0.00025,dcmi (simulated),system,300,,ok
0.5,1.5e-06,occ,proc0,,12345.678,ok
1.5,0.00025,dcmi (simulated),system,301.5,,inactive
2.5,20,dcmi (simulated),system,,,timeout
)");
}

TEST(ExportCsv, PowerSaysWhichCommandAroundTheTestsRan) {
  Recording marked = test::test_recording();
  const auto after = [&](double seconds) { return marked.start + to_nanoseconds({seconds}); };
  marked.interludes = {{Around::setup, after(0), after(1)}, {Around::prepare, after(1.5), after(2)}};
  EXPECT_EQ(csv("power.csv", marked), R"(time_s,read_s,source,channel,watts,joules,status,during
0.5,0.00025,dcmi (simulated),system,300,,ok,setup
0.5,1.5e-06,occ,proc0,,12345.678,ok,setup
1.5,0.00025,dcmi (simulated),system,301.5,,inactive,prepare
2.5,20,dcmi (simulated),system,,,timeout,
)");
}

TEST(ExportCsv, ServerHasItsFileWhereAConsoleToldOfIt) {
  EXPECT_EQ(csv("server.csv"), R"(source,begin_s,end_s,watts,ours,partitions,virtual_io,firmware,total
occ,-60,-30,512,0.25,3.5,0.5,0.125,20
occ,-30,0,,0.75,,,,
)");
  const Analysis none;
  for (const Document& document : export_csv(Recording{}, none))
    EXPECT_EQ(document.wanted, document.name != "server.csv" && document.name != "parts.csv" &&
                                   document.name != "intervals.csv" && document.name != "regions.csv" &&
                                   document.name != "region-metrics.csv" && document.name != "ranks.csv" &&
                                   document.name != "nodes.csv");
}

TEST(ExportCsv, RegionsByThread) {
  const Recording recording = test::with_regions(test::test_recording());
  std::string regions;
  const Analysis none;
  for (const Document& document : export_csv(recording, none))
    if (document.name == "regions.csv") regions = test::content_of(document);
  EXPECT_EQ(
      regions,
      R"(variant,test,pass,process,thread,region,collector,calls,items,seconds,own_seconds,net_j,net_uncertainty_j,energy_how,reason,cycles,branch-misses:u,task-clock,stalled-cycles-frontend,context-switches,own cycles,own branch-misses:u,own task-clock,own stalled-cycles-frontend,own context-switches,count_scope,count_reason,flops,bytes,intensity,flops_per_s,roof_share,bound
,1,1,11,11,predict,marks,1,0.5,0.9,0.3,,,,,,,800000000,,5.25,,,300000000,,2.25,process,beside others,,,,,,
,1,1,11,11,predict/a\/b,marks,2,0,0.6,0.6,,,,,,,,,,,,,,,,,2000000000,4000000,500,6666666666.666666,,
,1,1,11,12,"predict/ [31mred ,""quoted"" next <script>alert(1)<\/script>#2",marks,100,0,1e-06,9e-07,,,,,,,,,,,,,,,process,1 of 100 calls not counted,,,,,,
)");
}

TEST(ExportCsv, RanksOfAJob) {
  const Recording recording = test::with_ranks(test::test_recording());
  const Analysis analysis = analyze(recording);
  std::string ranks;
  for (const Document& document : export_csv(recording, analysis))
    if (document.name == "ranks.csv") ranks = test::content_of(document);
  EXPECT_EQ(
      ranks,
      R"(variant,test,pass,rank,node,local_rank,cpus,numa,launcher,state,begin_unix_s,elapsed_s,user_s,sys_s,max_rss_kb,voluntary_switches,involuntary_switches,minor_faults,major_faults,exit_status,signal,cycles,branch-misses:u,task-clock,stalled-cycles-frontend,context-switches,reason
,1,1,0,n1,0,0-3,0,Open MPI,ended,1700000004.25,1.5,1,0.25,2048,1,2,3,4,0,0,1000,,1750000,,,
,1,1,1," [31mred ,""quoted"" next <script>alert(1)</script>",,,,Slurm,unfinished,1700000004.5,0.5,,,,,,,,,,,,,,,nobody told it
,1,1,2,,,,,,missing,,,,,,,,,,,,,,,,,
)");
}

TEST(ExportCsv, NodesOfAJob) {
  const Recording recording = test::with_ranks(test::test_recording());
  const Analysis analysis = analyze(recording);
  std::string nodes;
  for (const Document& document : export_csv(recording, analysis))
    if (document.name == "nodes.csv" && document.wanted) nodes = test::content_of(document);
  EXPECT_EQ(
      nodes,
      R"(test,pass,node,source,channel,scope,energy_j,uncertainty_j,mean_w,least_w,most_w,readings,reason,net_j,net_uncertainty_j,idle_w,idle_uncertainty_w,net_reason,busy_cpu_s,other_cpu_s,other_reason
1,1,n1,hwmon,power1,whole machine,300.5,2,200,190,210,15,,165.5,3.35,90,0.9,,3.5,,rank 2 is missing: what the job itself used is not known
1,1,n1,,,,,,,,,0," [31mred ,""quoted"" next <script>alert(1)</script>",,,,," [31mred ,""quoted"" next <script>alert(1)</script>",3.5,,rank 2 is missing: what the job itself used is not known
)");
}

// No name makes a frame of its own, or a line.
TEST(ExportFolded, IsALineAStack) {
  Recording recording = test::with_regions(test::test_recording());
  recording.regions[1].name = "a;b 7\n";
  const Analysis analysis = analyze(recording);
  const std::vector<Document> documents = export_folded(recording, analysis);
  EXPECT_EQ(test::content_of(documents.at(0)), R"(regions;predict 300000
regions;predict;a,b 7  600000
regions;predict; [31mred ,"quoted" next <script>alert(1)</script>#2 1
)");
  EXPECT_FALSE(documents.at(1).wanted);
  EXPECT_EQ(documents.at(2).name, "regions-cycles.folded");
  const Analysis none;
  EXPECT_FALSE(export_folded(Recording{}, none).at(0).wanted);
}

TEST(ExportCsv, Energy) {
  EXPECT_EQ(
      csv("energy.csv"),
      R"(test,pass,source,channel,seconds,gross_j,idle_w,net_j,mean_w,peak_w,uncertainty_j,coverage,gross_j_per_item,net_j_per_item,status,reason,net_uncertainty_j,edp_js
1,1,dcmi (simulated),system,1,300.5,200,100.5,300.5,301.5,12.25,1,0.601,0.201,measured,,,300.5
2,2,occ,proc0,0.125,,,,,,,0,,,no-data,"no sample, not one",,
)");
}

TEST(ExportCsv, SummaryLeavesOutWhatIsUnknown) {
  EXPECT_EQ(csv("summary.csv"),
            R"(variant,quantity,unit,n,mean,ci95_low,ci95_high,median,min,max,stddev,cv,outliers,status,reason
,elapsed,s,2,1.25,1,1.5,1.25,1,1.5,0.25,0.2,,ok,
,cycles,,,,,,,,,,,,not-permitted,"why, not"
)");
}

TEST(ExportJson, SummaryHasTheNamesOfTheCsvFile) {
  const nlohmann::json row = json()["summary"][1];
  EXPECT_EQ(row["quantity"], "cycles");
  EXPECT_EQ(row["mean"], nullptr);
  EXPECT_EQ(row["status"], "not-permitted");
  EXPECT_EQ(json()["summary"][0]["max"], 1.5);
  std::vector<std::string> columns = split(split(csv("summary.csv"), '\n')[0], ',');
  std::ranges::sort(columns);
  std::vector<std::string> names;
  for (const auto& [name, value] : row.items()) names.push_back(name);
  EXPECT_EQ(names, columns);
}

TEST(ExportCsv, StatesBeforeAndAfterEachExecution) {
  const std::string text = csv("states.csv");
  EXPECT_THAT(text, testing::StartsWith("test,pass,when,key,value\n1,1,before,frequency_mean_mhz,3783\n"
                                        "1,1,before,governor,performance\n1,1,after,governor,\" [31mred"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 1 + 4 * 3);
}

TEST(ExportCsv, SaysThatARecordingWasInterrupted) {
  Recording recording = test::test_recording();
  recording.ending = Ending::killed;
  EXPECT_THAT(csv("recording.csv", recording), HasSubstr("\ninterrupted,yes\nending,killed\n"));
}

TEST(ExportJson, HoldsTheSameRowsAsTheCsvFiles) {
  const nlohmann::json document = json();
  EXPECT_EQ(document["executions"].size(), 4u);
  EXPECT_EQ(document["executions"][2]["captures"],
            (nlohmann::json{{"rights", nullptr}, {"a,b", test::kHostile}}));
  EXPECT_EQ(document["executions"][3]["timed_out"], true);
  EXPECT_EQ(document["executions"][3]["signal"], "SIGKILL");
  EXPECT_EQ(document["executions"][3]["left_out"], nullptr);
  EXPECT_EQ(document["executions"][3]["before"]["governor"], "performance");
  EXPECT_EQ(document["executions"][3]["after"]["governor"], test::kHostile);
  EXPECT_EQ(document["counters"].size(), 12u);
  EXPECT_EQ(document["counters"][0]["value"], 9'007'199'254'740'993);
  EXPECT_EQ(document["counters"][3]["value"], 4004);
  EXPECT_EQ(document["counters"][4]["pass"], nullptr);
  EXPECT_EQ(document["counters"][4]["value"], nullptr);
  EXPECT_EQ(document["power"][0]["watts"], (nlohmann::json{300.0, 301.5, nullptr}));
  EXPECT_EQ(document["power"][0]["source"], "dcmi (simulated)");
  EXPECT_EQ(document["power"][0]["sample_error_w"], 0);
  EXPECT_EQ(document["power"][1]["sample_error_w"], 0.5);
  EXPECT_EQ(document["energy"].size(), 2u);
  EXPECT_EQ(document["passes"][1]["events"], (nlohmann::json{"cycles", "branch-misses:u"}));
  EXPECT_EQ(document["label"], test::kHostile);
  EXPECT_EQ(document["server"][0], (nlohmann::json{{"source", "occ"},
                                                   {"begin_s", -60.0},
                                                   {"end_s", -30.0},
                                                   {"watts", 512.0},
                                                   {"ours", 0.25},
                                                   {"partitions", 3.5},
                                                   {"virtual_io", 0.5},
                                                   {"firmware", 0.125},
                                                   {"total", 20.0}}));
  EXPECT_EQ(document["server"][1]["watts"], nullptr);
}

TEST(ExportJson, HasAKeyOnceAlsoWhereTheRecordingHasItTwice) {
  Recording recording = test::test_recording();
  recording.executions[1].before = {{"smt", "1"}, {"governor", "performance"}, {"smt", "2"}};
  const Analysis none;
  const std::string text = content_of(export_json(recording, none).at(0));
  EXPECT_THAT(text, HasSubstr("\"before\": {\n    \"smt\": \"2\",\n    \"governor\": \"performance\"\n   }"));
}

TEST(ExportJson, IsPlainAsciiWithoutControlCharacters) {
  Recording recording = test::test_recording();
  recording.experiment.label =
      "µ \xff \xc2\x9b"
      "31m";
  const Analysis none;
  const std::string text = content_of(export_json(recording, none).at(0));
  for (const char c : text) EXPECT_TRUE((c >= ' ' && c < '\x7f') || c == '\n') << static_cast<int>(c);
  EXPECT_EQ(nlohmann::json::parse(text)["label"],
            "µ \xef\xbf\xbd \xc2\x9b"
            "31m");
}

std::filesystem::path source_folder() {
  const char* folder = std::getenv("PERFWATT_SOURCE_DIR");
  return folder ? folder : ".";
}

RunOutput validate(const std::filesystem::path& document) {
  const auto schema = source_folder() / "docs" / "recording.schema.json";
  return run_program({"/usr/bin/python3", "-m", "jsonschema", "-i", document.string(), schema.string()})
      .value();
}

TEST(ExportCsv, PartsAndIntervals) {
  EXPECT_THAT(csv("parts.csv"),
              StartsWith("test,pass,part,event,unit,value,enabled_ns,running_ns,status\n"
                         "1,1,thread 12 worker,task-clock,ns,700000000,1000000000,1000000000,ok\n"));
  EXPECT_THAT(csv("intervals.csv"),
              StartsWith("test,pass,time_s,event,unit,value,enabled_ns,running_ns,status\n"
                         "1,1,4.5,task-clock,ns,300000000,500000000,500000000,ok\n"
                         "1,1,5,task-clock,ns,450000000,500000000,500000000,ok\n"));
}

// An export of many executions is larger than memory should have to be.
TEST(Exporters, PutADocumentPieceByPiece) {
  constexpr std::size_t kExecutions = 3000, kLargestPiece = 100'000;
  Recording recording = test::test_recording();
  recording.executions.resize(kExecutions, recording.executions.back());
  test::change_samples(recording, [](auto& samples) { samples.resize(kExecutions, samples.back()); });
  const Analysis none;
  for (const ExportFunction exporter : {export_csv, export_json, export_perfetto})
    for (const Document& document : exporter(recording, none)) {
      std::size_t all = 0, largest = 0;
      Output out([&](std::string_view piece) -> Result<> {
        all += piece.size();
        largest = std::max(largest, piece.size());
        return {};
      });
      document.write(out);
      EXPECT_TRUE(out.end());
      EXPECT_LT(largest, kLargestPiece) << document.name;
      EXPECT_TRUE(document.name != "recording.json" || all > 10 * kLargestPiece);
    }
}

TEST(Exporters, PickTables) {
  const Recording recording = test::test_recording();
  const Analysis none;
  const auto names = [&](const std::string& tables) {
    std::vector<std::string> found;
    const auto picked = pick_documents(export_csv(recording, none), tables);
    if (!picked) return std::vector<std::string>{picked.error().what + "; " + picked.error().hint};
    for (const Document& document : *picked) found.push_back(document.name);
    return found;
  };
  using testing::ElementsAre;
  EXPECT_EQ(names("").size(), export_csv(recording, none).size());
  EXPECT_THAT(names("energy,summary,energy"), ElementsAre("energy.csv", "summary.csv"));
  EXPECT_THAT(names("enrgy"), ElementsAre("no such table 'enrgy'; did you mean 'energy'?"));
  Recording bare = recording;
  bare.experiment.per.clear();
  EXPECT_FALSE(pick_documents(export_csv(bare, none), "parts"));
}

TEST(Prometheus, NoSeriesIsThereTwice) {
  using testing::ElementsAre;
  EXPECT_THAT(made_unique({"a", "b", "a", "a\x01", "a\x02"}), ElementsAre("a", "b", "a #2", "a ", "a  #2"));
  EXPECT_EQ(prometheus_label("name", "a\"b\\c\nd"), "name=\"a\\\"b\\\\c d\"");
}

TEST(Output, PutsNothingAfterItsFirstFailure) {
  int puts = 0;
  Output out([&](std::string_view) -> Result<> {
    ++puts;
    return fail(Failure::measurement, "no space left", "there");
  });
  for (int i = 0; i < 5; ++i) out.text().append(100'000, 'x');
  const Result<> end = out.end();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().what, "no space left");
  EXPECT_EQ(puts, 1);
}

TEST(ExportJson, FollowsItsPublishedSchema) {
  const Result<RunOutput> there = run_program({"/usr/bin/python3", "-c", "import jsonschema"});
  if (!there || there->exit_status != 0) GTEST_SKIP() << "SKIPPED: python3-jsonschema is not installed";
  const auto folder = TempFolder::make().value();
  const Recording recording = test::test_recording();
  const Analysis analysis = test::test_analysis(), none;
  const auto written = write_documents(export_json(recording, analysis), folder.path());
  const RunOutput valid = validate(written.value().at(0));
  EXPECT_EQ(valid.exit_status, 0) << valid.out;
  Analysis of_two;
  of_two.variants = {analysis, analysis};
  ASSERT_TRUE(write_documents(export_json(test::test_variants(), of_two), folder.path()));
  const RunOutput variants = validate(written->at(0));
  EXPECT_EQ(variants.exit_status, 0) << variants.out;
  EXPECT_THAT(read_file(written->at(0)).value(), HasSubstr("\"variant\": \"threads=1 name=a b\""));
  Recording empty;
  ASSERT_TRUE(write_documents(export_json(empty, none), folder.path()));
  EXPECT_EQ(validate(written->at(0)).exit_status, 0);
  for (const char* wrong : {R"({"executions": 1})", R"({"power_w": 3})"}) {
    nlohmann::json document = json();
    document.update(nlohmann::json::parse(wrong));
    ASSERT_TRUE(write_file(written->at(0), document.dump()));
    EXPECT_NE(validate(written->at(0)).exit_status, 0) << wrong;
  }
}

TEST(Exporters, AreFoundByName) {
  EXPECT_EQ(find_exporter("csv").value()->function, export_csv);
  const auto none = find_exporter("jsn");
  ASSERT_FALSE(none);
  EXPECT_EQ(one_line(none.error()), "--format: no such format 'jsn'; did you mean 'json'?");
}

TEST(Exporters, WriteWholeFilesIntoANewFolder) {
  const auto folder = TempFolder::make().value();
  const auto out = folder.path() / "a" / "b";
  const Recording recording = test::test_recording();
  const Analysis none;
  const auto written = write_documents(export_csv(recording, none), out);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->size(), 13u);
  EXPECT_EQ(read_file(out / "power.csv").value(), csv("power.csv"));
  EXPECT_FALSE(write_documents(export_csv(recording, none), "-"));
  EXPECT_FALSE(write_documents(export_json(recording, none), out / "power.csv"));
}

TEST(Exporters, ReplaceTheWholeOfAnOlderExportAndNothingElse) {
  const auto folder = TempFolder::make().value();
  const auto out = folder.path();
  const Recording recording = test::test_recording();
  const Analysis none;
  Recording less = recording;
  less.experiment.interval.reset();
  ASSERT_TRUE(write_documents(export_csv(recording, none), out));
  ASSERT_TRUE(std::filesystem::exists(out / "intervals.csv"));
  ASSERT_TRUE(write_documents(export_csv(less, none), out));
  EXPECT_FALSE(std::filesystem::exists(out / "intervals.csv"));
  ASSERT_TRUE(write_file(out / "intervals.csv", "others"));
  ASSERT_TRUE(write_documents(export_csv(less, none), out));
  const std::string before = read_file(out / "recording.csv").value();
  const auto refused = write_documents(export_csv(recording, none), out);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Failure::input);
  EXPECT_EQ(read_file(out / "intervals.csv").value(), "others");
  EXPECT_EQ(read_file(out / "recording.csv").value(), before);
}

}  // namespace
}  // namespace pw
