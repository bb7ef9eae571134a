# SPDX-License-Identifier: GPL-3.0-or-later
"""export --format perfetto, decoded by Perfetto's schema: its slices and values are those of export --format csv."""
import json
import os
import shutil
import sqlite3
import subprocess

import pytest
from conftest import PERFWATT, export, facts, perfwatt, record
from perfetto_trace import MONOTONIC, REALTIME, Trace, load_schema, unknown_fields
from test_regions import NESTED, compile_program

if not shutil.which("protoc"):
    pytest.skip("SKIPPED LOUDLY: no protoc (scripts/setup build)", allow_module_level=True)
pytest.importorskip("google.protobuf", reason="SKIPPED LOUDLY: no python3-protobuf (scripts/setup test)")

HOSTILE = 'a "label" <script>alert(1)</script> \u202e\u00b5 \t\x1b[31m'
METER = "exec:n=0; while :; do n=$((n + 1)); case $n in 9) echo nothing;; *) echo 25$((n % 10)).5;; esac; sleep 0.05; done"


@pytest.fixture(name="schema", scope="module")
def compiled_schema(tmp_path_factory):
    return load_schema(tmp_path_factory.mktemp("schema"))


@pytest.fixture(name="recording", scope="module")
def one_recording(tmp_path_factory):
    out = tmp_path_factory.mktemp("perfetto") / "r.perfwatt"
    said = perfwatt("run", "-o", out, "-n", 3, "--warmup", 1, "--idle", 1, "--items", 7, "--label", HOSTILE, "--interval", 100,
                    "-e", "task-clock,page-faults,context-switches:u", "--capture", "answer=is (.*)", "--power", METER, "--",
                    "sh", "-c", "sleep 0.35; echo it is '<b>42'")
    assert said.returncode == 0, said.stderr
    return out


def export_trace(recording, folder):
    done = perfwatt("export", recording, "--format", "perfetto", "--out", folder)
    assert done.returncode == 0, done.stderr
    return (folder / "recording.perfetto-trace").read_bytes()


def decode(schema, content):
    message = schema.Trace.FromString(content)
    assert unknown_fields(message) == []
    return Trace(message.packet)


@pytest.fixture(name="trace")
def one_trace(schema, recording, tmp_path):
    return decode(schema, export_trace(recording, tmp_path))


@pytest.fixture(name="files", scope="module")
def csv_files(recording, tmp_path_factory):
    return export(recording, tmp_path_factory.mktemp("csv"))


def seconds(trace, time):
    """From the start of the recording, as a CSV file has it."""
    return (time - trace.clocks[MONOTONIC]) / 1e9


def test_the_clock_is_monotonic_and_knows_the_wall_clock(trace, files):
    assert abs(trace.clocks[REALTIME] / 1e9 - float(facts(files)["start_unix_s"])) < 1e-6
    with open("/proc/uptime", encoding="ascii") as file:
        assert 0 < trace.clocks[MONOTONIC] / 1e9 <= float(file.read().split()[0]) + 1


def test_executions_are_slices(trace, files):
    slices = [one for one in trace.slices if one.track == "executions"]
    assert [one.name for one in slices] == ["warm-up", "test 1", "test 2", "test 3"]
    tests = [one for one in slices if one.category == "execution"]
    for one, row in zip(tests, files["executions"], strict=True):
        assert (seconds(trace, one.begin), seconds(trace, one.end)) == (float(row["begin_s"]), float(row["end_s"]))
        for name in ("test", "pass", "elapsed_s", "user_s", "sys_s", "max_rss_kb", "exit_status", "items"):
            assert float(one.arguments[name]) == float(row[name])
        assert one.arguments["answer"] == row["answer"] == "<b>42"


def test_variants_stand_in_the_names_of_their_executions(schema, tmp_path):
    out = tmp_path / "v.perfwatt"
    said = perfwatt("run", "-o", out, "-n", 1, "--power", "none", "-e", "page-faults", "-L", "n=1,2", "--prepare", "true", "--", "true", "{n}")
    assert said.returncode == 0, said.stderr
    trace = decode(schema, export_trace(out, tmp_path / "trace"))
    slices = [one for one in trace.slices if one.track == "executions"]
    assert [one.name for one in slices] == ["warm-up: n=1", "warm-up: n=2", "test 1: n=1", "test 1: n=2"]
    assert [one.arguments["variant"] for one in slices] == ["n=1", "n=2"] * 2
    around = [one for one in trace.slices if one.track == "around the tests"]
    assert [one.name for one in around] == ["prepare"] * 4
    assert all(one.end <= run.begin for one, run in zip(around, slices, strict=True))


def test_the_whole_idle_windows_and_notes(trace, recording):
    document = json.loads(perfwatt("export", recording, "--format", "json", "--out", "-").stdout)
    whole, = (one for one in trace.slices if one.track == "recording")
    assert (seconds(trace, whole.begin), seconds(trace, whole.end)) == (0, document["end_s"])
    assert whole.name == 'a "label" <script>alert(1)</script>  \u00b5   [31m'  # what cannot be seen is a space
    assert whole.arguments["machine.arch"] == document["machine"]["arch"]
    idle = [(one.name, seconds(trace, one.begin), seconds(trace, one.end)) for one in trace.slices if one.track == "idle"]
    assert idle == [("idle before" if one["before"] else "idle after", one["begin_s"], one["end_s"]) for one in document["windows"]]
    notes = [(one.category, seconds(trace, one.time), one.name) for one in trace.instants if one.track == "notes"]
    assert notes == [(one["kind"], one["time_s"], one["text"]) for one in document["notes"]]


def test_power_is_that_of_the_samples(trace, files):
    track, values = trace.counter("power", f"{files['power'][0]['source']} {files['power'][0]['channel']}")
    rows = [row for row in files["power"] if row["watts"]]
    assert track.counter.unit_name == "W" and len(rows) > 10
    assert [(seconds(trace, time), value) for time, value in values] == [(float(row["time_s"]), float(row["watts"])) for row in rows]
    failed = [row for row in files["power"] if not row["watts"]]
    marks = [one for one in trace.instants if one.track == "power readings without a value"]
    assert [(seconds(trace, one.time), one.name.rsplit(": ", 1)[1]) for one in marks] == [(float(row["time_s"]), row["status"]) for row in failed]


@pytest.mark.parametrize("event", ["task-clock", "page-faults"])
def test_counters_are_bars(trace, files, event):
    rows = [row for row in files["counters"] if row["event"] == event]
    if rows[0]["status"] != "ok":
        pytest.skip(f"SKIPPED LOUDLY: {event} is {rows[0]['status']} here")
    track, values = trace.counter("counters", event)
    assert track.counter.unit == (1 if event == "task-clock" else 2)
    bars = [(float(one["begin_s"]), int(row["value"])) for one, row in zip(files["executions"], rows, strict=True)]
    ends = [(float(one["end_s"]), 0) for one in files["executions"]]
    assert [(seconds(trace, time), value) for time, value in values] == [pair for both in zip(bars, ends) for pair in both]


def test_intervals_are_bars_that_end_when_csv_says(trace, files):
    rows = [row for row in files["intervals"] if row["event"] == "page-faults" and row["value"]]
    if not rows:
        pytest.skip("SKIPPED LOUDLY: page-faults cannot be counted here")
    _, values = trace.counter("counters by interval", "page-faults")
    begins = {row["test"]: float(row["begin_s"]) for row in files["executions"]}
    expected, end = [], None
    for row in rows:
        begin = begins[row["test"]]
        if end not in (None, begin):
            expected.append((end, 0))  # a pause between two tests
        end = begins[row["test"]] = float(row["time_s"])
        expected.append((begin, int(row["value"])))
    expected.append((end, 0))
    assert [(seconds(trace, time), value) for time, value in values] == expected


def test_standard_output_and_foreign_files(recording, tmp_path):
    done = subprocess.run([PERFWATT, "export", recording, "--format", "perfetto", "--out", "-"], capture_output=True, timeout=60, check=True)
    assert done.stdout == export_trace(recording, tmp_path)
    export_trace(recording, tmp_path)  # over an older one
    (tmp_path / "recording.perfetto-trace").write_bytes(b"somebody's")
    refused = perfwatt("export", recording, "--format", "perfetto", "--out", tmp_path)
    assert refused.returncode == 2 and "did not make it" in refused.stderr


def test_what_overlaps_is_on_another_track(schema, recording, tmp_path):
    """A recording may come from a stranger."""
    strange = tmp_path / "s.perfwatt"
    shutil.copy(recording, strange)
    with sqlite3.connect(strange) as data:
        data.execute("UPDATE executions SET begin_ns = 5, end_ns = 1000 + id")
        data.execute("UPDATE notes SET text = ?", ("\x1b]0;x\x07\ud7ff" * 3,))
        data.execute("UPDATE readings SET value = -1 WHERE rowid = 4")
    data.close()
    trace = decode(schema, export_trace(strange, tmp_path))
    assert sorted((one.name, one.end - one.begin) for one in trace.slices if one.track == "executions") == [
        ("test 1", 997), ("test 2", 998), ("test 3", 999), ("warm-up", 996)]


def test_many_samples_are_never_whole_in_memory(schema, recording, tmp_path):
    samples = 400_000
    large = tmp_path / "large.perfwatt"
    shutil.copy(recording, large)
    with sqlite3.connect(large) as data:
        row = data.execute("SELECT * FROM samples").fetchone()
        data.execute("DELETE FROM samples")
        data.executemany(f"INSERT INTO samples VALUES({','.join('?' * len(row))})",
                         ((row[0], row[1] + i * 1_000_000, *row[2:]) for i in range(samples)))
    data.close()

    def most_memory(*arguments):
        with subprocess.Popen([PERFWATT, *map(str, arguments)], stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        return usage.ru_maxrss * 1024

    # CSV is written as it goes, too; what the samples themselves take is in both.
    assert most_memory("export", large, "--format", "perfetto", "--out", tmp_path) < most_memory("export", large, "--out", tmp_path) + 4e6
    content = (tmp_path / "recording.perfetto-trace").read_bytes()
    assert 25 * samples < len(content) < 45 * samples
    trace = decode(schema, content)
    _, values = trace.counter("power", next(track.name for track in trace.tracks.values() if track.counter.unit_name == "W"))
    assert len(values) == samples


def test_regions_are_slices_within_each_other(schema, tmp_path):
    program = compile_program(tmp_path, NESTED)
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 2, "--warmup", 0, command=(program,)).returncode == 0
    trace = decode(schema, export_trace(out, tmp_path / "trace"))
    slices = [one for one in trace.slices if one.track == "program 1"]
    assert sorted(one.name for one in slices) == ["layer"] * 60 + ["predict"] * 20
    outer = [one for one in slices if one.name == "predict"]
    for one in slices:
        assert one.name == "predict" or any(whole.begin <= one.begin and one.end <= whole.end for whole in outer)
