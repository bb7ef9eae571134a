# SPDX-License-Identifier: GPL-3.0-or-later
"""CONTRIBUTING's recipes, followed: what they say is all that there is to do."""
import json
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("PERFWATT_BUILD_DIR", ROOT / "build"))

TOY_HEADER = """#pragma once
#include "power/reader/power_kind.h"
namespace pw {
extern const PowerKind kToyPower;
}
"""

TOY = """#include "power/meter/toy.h"
#include "power/reader/address.h"
#include "power/reader/reading.h"
namespace pw {
namespace {
class ToyReader : public PowerReader {
 public:
  ToyReader(std::string address, double rate_hz) : address_(std::move(address)), rate_hz_(rate_hz) {}
  PowerSource describe() const override { return power_source("toy", address_, rate_hz_); }
  std::vector<Channel> channels() const override { return {Channel{}}; }
  void read_into(std::vector<PowerSample>& samples) override { samples.emplace_back().watts = Watts{42}; }

 private:
  std::string address_;
  double rate_hz_;
};

Result<std::unique_ptr<PowerReader>> open_toy(const std::string& address, const PowerRequest&, double rate_hz, Nanoseconds) {
  return std::make_unique<ToyReader>(path_in(address, "here"), rate_hz);
}
}  // namespace

constinit const PowerKind kToyPower = {"toy", "42 W", "toy; toy:PLACE", 5, opens_here<open_toy>, open_toy, no_advice,
                                       PowerKind::Chosen::by_name};
}  // namespace pw
"""

MAIN = """#include <cstdio>
#include "power/open/sources.h"
int main() {
  const pw::PowerKind& last = pw::power_kinds().back();
  const auto opened = pw::open_power({"toy:there", {}, ""});
  if (!opened) return 1;
  const auto source = opened->readers.at(0)->describe();
  std::printf("%s %d %s %g Hz %g W\\n", std::string(last.name).c_str(), last.usable_here().has_value(), source.address.c_str(),
              source.rate_hz, opened->readers[0]->read().at(0).watts->value);
}
"""


def cached(name):
    found = re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.M)
    return found.group(1) if found else ""


def compiled(folder, number, source):
    """The object file of a source; what ccache knows is not compiled again, whatever the folder's name is."""
    sanitize, ccache = cached("PERFWATT_SANITIZE"), shutil.which("ccache")
    name = source.relative_to(folder) if source.is_relative_to(folder) else source
    subprocess.run([*([ccache] if ccache else []), cached("CMAKE_CXX_COMPILER"), "-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror",
                    "-DFMT_SHARED", *([f"-fsanitize={sanitize}"] if sanitize else []), "-I", ".", "-I", ROOT / "src", "-c", name,
                    "-o", f"{number}.o"], cwd=folder, env={**os.environ, "CCACHE_NOHASHDIR": "1", "CCACHE_NODIRECT": "1"}, check=True, timeout=300)
    return folder / f"{number}.o"


def build_toy(folder, sources, rooms):
    """Links `sources` with the rooms as they were built, headers in `folder` before those of src; what the program prints.

    A table's file is compiled anew, and takes the place of the one in its room, whose batch comes along with it."""
    sanitize = cached("PERFWATT_SANITIZE")
    libraries = [path for path in BUILD.glob("libperfwatt_*.a")
                 if re.fullmatch(rf"libperfwatt_({rooms}|model|os|os_files|base)", path.stem)]
    objects = [compiled(folder, number, source) for number, source in enumerate(sources)]
    subprocess.run([cached("CMAKE_CXX_COMPILER"), *([f"-fsanitize={sanitize}"] if sanitize else []), *objects,
                    "-Wl,--allow-multiple-definition", "-Wl,--start-group", *libraries, "-Wl,--end-group",
                    "-lfreeipmi", "-lfmt", "-ldl", "-o", folder / "toy"],
                   check=True, timeout=300)
    return subprocess.run([folder / "toy"], capture_output=True, text=True, check=True, timeout=60).stdout


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def with_rows(path, edit, rows):
    """The text of a table after `edit`, which is to add so many lines and change no other."""
    before = (ROOT / "src" / path).read_text()
    after = edit(before)
    assert len(set(after.splitlines()) - set(before.splitlines())) == rows, f"{rows} new lines in {path}"
    return after


def add_source(text):
    text = re.sub(r'(#include "power/meter/exec.h"\n)', r'\1#include "power/meter/toy.h"\n', text)
    return re.sub(r"(k\w+Power)\};", r"\1, kToyPower};", text)


def test_a_power_source(tmp_path):
    write(tmp_path, {"power/meter/toy.h": TOY_HEADER, "power/meter/toy.cc": TOY, "main.cc": MAIN,
                     "power/open/sources.cc": with_rows("power/open/sources.cc", add_source, 2)})
    said = build_toy(tmp_path, [*sorted(tmp_path.rglob("*.cc")), ROOT / "src/power/open/open_power.cc"],
                     r"power_(?!open)\w+")
    assert said == "toy 1 there 5 Hz 42 W\n"


FIGURE = """#include "report/drawing/figure.h"
namespace pw {
std::vector<Figure> toy_figures(const FigureInput& input) {
  return {{"toy", heading(input.recording, "A toy", "") + "plot x\\n", {{"", "x\\n"}}}};
}
}  // namespace pw
"""

FIGURE_MAIN = """#include <cstdio>
#include "report/figures/figures.h"
int main() {
  const pw::Recording recording;
  const pw::Analysis analysis = pw::analyze(recording, {.bootstrap = false, .lines = true});
  const auto figures = pw::all_figures({recording, analysis});
  std::printf("%s %d\\n", figures.back().name.c_str(), figures.back().script.find("A toy") != std::string::npos);
}
"""


def test_a_figure(tmp_path):
    table = "report/figures/figures.inc"
    write(tmp_path, {table: with_rows(table, lambda text: text + "FIGURES(toy)\n", 1),
                     "report/figures/figure_toy.cc": FIGURE, "main.cc": FIGURE_MAIN})
    said = build_toy(tmp_path, [*sorted(tmp_path.rglob("*.cc")), ROOT / "src/report/figures/figures.cc"],
                     r"report_\w+|analyze\w*|facts")
    assert said == "toy 1\n"


EXPORT = """#include "export/export.h"
namespace pw {
std::vector<Document> export_toy(const Recording&, const Analysis& analysis) {
  return {{"toy.txt", "", [&](Output& out) { out.text() += std::to_string(analysis.summary.size()) + " rows"; }}};
}
}  // namespace pw
"""

EXPORT_MAIN = """#include <cstdio>
#include "export/export.h"
int main() {
  const pw::Recording recording;
  const auto exporter = pw::find_exporter("toy");
  if (!exporter) return 1;
  const pw::Analysis analysis = pw::analyze(recording);
  const auto documents = (*exporter)->function(recording, analysis);
  std::printf("%s: %s\\n", std::string((*exporter)->summary).c_str(), documents.at(0).name.c_str());
}
"""


def test_an_export_format(tmp_path):
    table = "export/exporters.inc"
    write(tmp_path, {table: with_rows(table, lambda text: text + 'EXPORTER(toy, "a toy")\n', 1),
                     "export/export_toy.cc": EXPORT, "main.cc": EXPORT_MAIN})
    said = build_toy(tmp_path, [*sorted(tmp_path.rglob("*.cc")), ROOT / "src/export/export.cc"], r"export|analyze\w*|facts")
    assert said == "a toy: toy.txt\n"


FINDING = {
    "key": "toy", "title": "a toy", "inputs": {"toys": {"machine": "toys"}}, "condition": "toys > 2", "evidence": "{toys} toys",
    "next": "tidy up", "source": "a test", "check": [{"given": {"toys": 3}, "expected": True}, {"given": {"toys": 2}, "expected": False}],
}

FINDING_MAIN = """#include <cstdio>
#include "analyze/analysis.h"
int main() {
  pw::Recording recording;
  recording.machine = {{"toys", "3 of them"}};
  for (const pw::FindingOutcome& one : pw::analyze(recording).findings)
    if (one.rule == "toy") std::printf("%s: %s\\n", std::string(to_text(one.status)).c_str(), one.text.c_str());
}
"""


def test_a_finding(tmp_path):
    data_files_with(tmp_path, "findings/any.json", "rules", FINDING)
    write(tmp_path, {"main.cc": FINDING_MAIN})
    said = build_toy(tmp_path, [tmp_path / "main.cc", tmp_path / "data_files.cc"], r"analyze\w*|facts")
    assert said == "applies: 3 toys\n"
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    subprocess.run([ROOT / "scripts/findings-page", tmp_path], check=True, timeout=60)
    assert "### a toy (`toy`)\n" in (tmp_path / "docs/findings.md").read_text()


METRIC = {
    "key": "toy", "title": "toy", "unit": "", "events": {"i": "instructions", "b": "branches"}, "formula": "i / b",
    "meaning": "Instructions from one branch to the next.", "source": "a test",
    "check": {"given": {"i": 12, "b": 4}, "expected": 3},
}

METRIC_MAIN = """#include <cstdio>
#include "facts/formula.h"
#include "facts/metrics.h"
int main() {
  const pw::MetricList list = pw::metrics_of_cpu("power9");
  const pw::MetricFact* toy = list.find("toy");
  const auto chosen = pw::choose_metrics("power9", "toy");
  if (!toy || !chosen) return 1;
  std::printf("%s, of %zu events\\n", pw::formula_with_events(*toy).c_str(), chosen->events.size());
}
"""


def data_files_with(folder, name, rows, row):
    """data_files.cc out of the data, with one row more in the list `rows` of the file `name`."""
    data = folder / "data"
    for kind in ("events", "findings"):
        shutil.copytree(ROOT / "data" / kind, data / kind)
    document = json.loads((data / name).read_text())
    document[rows].append(row)
    (data / name).write_text(json.dumps(document))
    files = [file for file in sorted(data.rglob("*")) if file.suffix in (".txt", ".json")]
    names = ":".join(str(file.relative_to(data)) for file in files)
    subprocess.run(["cmake", f"-DOUTPUT={folder}/data_files.cc", f"-DFOLDER={data}", f"-DFILES={names}", "-P",
                    ROOT / "cmake/write_data_files.cmake"], check=True, timeout=60)


def test_a_metric(tmp_path):
    data_files_with(tmp_path, "events/generic/metrics.json", "metrics", METRIC)
    write(tmp_path, {"main.cc": METRIC_MAIN})
    said = build_toy(tmp_path, [tmp_path / "main.cc", tmp_path / "data_files.cc"], "facts")
    assert said == "instructions / branches, of 2 events\n"
