# SPDX-License-Identifier: Apache-2.0
"""What the package reads is what `perfwatt export` writes, to the last digit."""
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from conftest import PERFWATT, SOURCE, exported, program

import perfwatt

GIVEN = ("cores_consumed", "entitlement_share", "steal_s", "effective_mhz", "dispatches", "dispersions")  # computed, of executions.csv


def same(value, field):
    """Whether a value is the field of a CSV file."""
    if value is None or value == "":
        return field == ""
    return value == field if isinstance(value, str) else field != "" and float(field) == float(value)


def assert_same(rows, fields, left_out=()):
    assert len(rows) == len(fields)
    for row, expected in zip(rows, fields):
        assert list(row) == [name for name in expected if name not in left_out]
        assert all(same(value, expected[name]) for name, value in row.items()), (row, expected)


def test_every_table_of_csv_is_the_same(recording, tmp_path):
    files = exported(recording, tmp_path)
    with perfwatt.open(recording) as opened:
        for name in ("counters", "parts", "intervals", "power", "states", "energy", "summary", "crosscheck", "validity", "findings"):
            assert_same(opened[name], files[name])
        assert_same(opened.executions, files["executions"], GIVEN)
        assert len(opened.power) > 10 and len(opened.energy) == 3 and len(opened.intervals) > 3 and opened.parts
        assert opened.executions[0]["answer"] == "42" and opened.executions[0]["none"] is None
        assert isinstance(opened.counters[0]["value"], int) and isinstance(opened.energy[0]["seconds"], float)


@pytest.fixture(name="long", scope="module")
def recording_with_blocks(tmp_path_factory):
    """Ten sensors that are read 1,000 times a second."""
    folder = tmp_path_factory.mktemp("long")
    device = folder / "hwmon" / "hwmon0"
    device.mkdir(parents=True)
    (device / "name").write_text("ibmpowernv\n")
    for i in range(1, 10):
        (device / f"power{i}_input").write_text(f"{i}00{i}00{i}00\n")
    (device / "energy1_input").write_text("262000000000\n")
    out, gone = folder / "r.perfwatt", threading.Event()

    def change():
        for i in itertools.count():
            if gone.wait(0.01):
                return
            (device / "power1_input").write_text(f"{2000000 + i * 123457}\n")
            if i == 100:
                (device / "power2_input").write_text("nothing\n")

    changes = threading.Thread(target=change)
    changes.start()
    try:
        program("power", "--record", out, "--rate", 1000, "--duration", 4, "--power", f"hwmon:{folder / 'hwmon'}", "--format", "csv")
    finally:
        gone.set()
        changes.join()
    with sqlite3.connect(out) as data:
        assert data.execute("SELECT count(*) FROM sample_blocks").fetchone()[0] > 0
    return out


def test_samples_in_blocks_are_the_same(long, tmp_path):
    files = exported(long, tmp_path)
    with perfwatt.open(long) as opened:
        assert_same(opened.power, files["power"])
    assert len(files["power"]) > 16384 and {row["status"] for row in files["power"]} >= {"ok", "error"}


def test_samples_that_go_back_in_time_are_sorted_alike(long, tmp_path):
    other = shutil.copy(long, tmp_path / "other.perfwatt")
    with sqlite3.connect(other) as data:
        data.execute("INSERT INTO samples SELECT channel, 5, 1, value, NULL, 0, NULL, NULL, NULL, NULL FROM samples WHERE channel = 0 LIMIT 1")
    files = exported(other, tmp_path)
    with perfwatt.open(other) as opened:
        assert_same(opened.power, files["power"])
    assert files["power"][0]["time_s"] == "5e-09"


@pytest.mark.parametrize("damage", ["bytes = x''", "bytes = substr(bytes, 1, 100)", "bytes = NULL", "bytes = x'ffffff'"])
def test_a_block_that_is_none_is_an_error_of_ours(long, tmp_path, damage):
    other = shutil.copy(long, tmp_path / "other.perfwatt")
    with sqlite3.connect(other) as data:
        data.execute(f"UPDATE sample_blocks SET {damage}")
    with perfwatt.open(other) as opened, pytest.raises(perfwatt.Error, match="no block of samples"):
        _ = opened.power


def test_what_only_json_has_is_the_same(recording):
    document = json.loads(program("export", recording, "--format", "json", "--out", "-").stdout)
    opened = perfwatt.open(recording)
    assert opened.notes == document["notes"] and opened.windows == document["windows"]
    assert {row["key"]: row["value"] for row in opened.machine} == document["machine"]
    assert {row["key"]: row["value"] for row in opened.environment} == document["environment"]
    assert (opened.label, opened.command, opened.version, opened.start_unix_s, opened.ending) == (
        document["label"], document["experiment"]["command"], document["perfwatt_version"], document["start_unix_s"], document["ending"])


def test_tables_of_variants_end_with_their_label(tmp_path):
    out = tmp_path / "v.perfwatt"
    program("run", "-o", out, "-n", 2, "-e", "page-faults,cycles:k", "--interval", 100, "--per", "thread", "-L", "n=1,2", "--vary", "pad=x,y", "--prepare", "true",
            "--power", "none", "--", "sleep", "0.{n}")
    files = exported(out, tmp_path / "csv")
    with perfwatt.open(out) as opened:
        for name in ("counters", "parts", "intervals", "states", "summary", "energy", "validity", "findings"):
            assert_same(opened[name], files[name])
        assert_same(opened.executions, files["executions"], GIVEN)
        assert opened.command == ["sleep", "0.{n}"]
        document = json.loads(program("export", out, "--format", "json", "--out", "-").stdout)
        assert opened.interludes == document["interludes"] and len(opened.interludes) >= 6
        assert opened.windows == document["windows"] == []


def test_power_says_which_command_around_the_tests_ran(tmp_path):
    out = tmp_path / "p.perfwatt"
    program("run", "-o", out, "-n", 2, "--setup", "sleep 0.3", "--prepare", "sleep 0.2", "--conclude", "sleep 0.2", "--cleanup", "sleep 0.3", "--idle", 0.3, "--power",
            "exec:while :; do echo 100; sleep 0.02; done", "--rate", 20, "--", "sleep", "0.2")
    files = exported(out, tmp_path / "csv")
    with perfwatt.open(out) as opened:
        assert_same(opened.power, files["power"])
        spans = opened.interludes
        assert {row["during"] for row in opened.power} == {None, "setup", "prepare", "conclude", "cleanup"}
        for row in opened.power:
            inside = [one["command_of"] for one in spans if one["begin_s"] <= row["time_s"] < one["end_s"]]
            assert [row["during"]] == (inside or [None])


def test_nothing_is_written_beside_it(recording):
    before = sorted(os.listdir(recording.parent)), recording.stat().st_mtime_ns, recording.read_bytes()
    perfwatt.open(recording).close()
    assert before == (sorted(os.listdir(recording.parent)), recording.stat().st_mtime_ns, recording.read_bytes())


def test_an_interrupted_recording_is_read_with_its_log(recording, tmp_path):
    killed = tmp_path / "killed.perfwatt"
    shutil.copy(recording, killed)
    writer = sqlite3.connect(killed, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("UPDATE recording SET ending = NULL")
    assert (tmp_path / "killed.perfwatt-wal").stat().st_size > 0
    files = sorted(os.listdir(tmp_path))
    opened = perfwatt.open(killed)
    assert opened.executions == perfwatt.open(recording).executions and opened.ending == "killed"
    assert sorted(os.listdir(tmp_path)) == files
    writer.close()


def test_a_recording_under_way_is_read_as_it_stands(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    arguments = ["run", "-o", "r.perfwatt", "-n", "2", "--warmup", "0", "--power", "none", "--", "sh", "-c",
                 "test -e first && { : >second; read line <fifo; }; : >first"]
    with subprocess.Popen([PERFWATT, *arguments], cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not (tmp_path / "second").exists():
            time.sleep(0.02)
        opened = perfwatt.open(tmp_path / "r.perfwatt")
        assert opened.ending == "under way" and [row["test"] for row in opened.executions] == [1]
        (tmp_path / "fifo").write_text("go on\n")
        assert process.wait(timeout=60) == 0
    opened = perfwatt.open(tmp_path / "r.perfwatt")
    assert opened.ending == "complete" and len(opened.executions) == 2


@pytest.mark.parametrize("what, said", [
    (b"", "not a recording"), (b"SQLite format 3\0" + b"x" * 40, "not a recording"), (b"\x7fELF" * 100, "not a recording"),
])
def test_what_is_no_recording_is_one_line(tmp_path, what, said):
    (tmp_path / "x").write_bytes(what)
    with pytest.raises(perfwatt.Error, match=said) as raised:
        perfwatt.open(tmp_path / "x")
    assert raised.value.where == str(tmp_path / "x") and "\n" not in str(raised.value)


def test_other_databases_and_layouts_are_refused(recording, tmp_path):
    for name, sql, said in [("other", "PRAGMA application_id = 7", "no perfwatt recording"), ("newer", "PRAGMA user_version = 99", "newer perfwatt"),
                            ("old", "PRAGMA user_version = 2", "never released"), ("less", "DROP TABLE notes", "its tables"),
                            ("view", "DROP TABLE notes; CREATE VIEW notes AS SELECT 1 AS kind, 2 AS time_ns, 3 AS text", "its tables"),
                            ("trigger", "CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END", "its tables"),
                            ("type", "UPDATE executions SET begin_ns = 'x'", "damaged"), ("event", "UPDATE readings SET event = 99", "damaged")]:
        path = tmp_path / name
        shutil.copy(recording, path)
        with sqlite3.connect(path) as database:
            database.executescript(sql)
        database.close()
        with pytest.raises(perfwatt.Error, match=said):
            opened = perfwatt.open(path)
            assert opened.executions and opened.counters
    with pytest.raises(perfwatt.Error, match="no such file"):
        perfwatt.open(tmp_path / "nowhere")


def test_a_cut_file_is_an_error_of_ours(recording, tmp_path):
    whole = recording.read_bytes()
    for size in range(0, len(whole), max(1, len(whole) // 40)):
        (tmp_path / "cut").write_bytes(whole[:size])
        with pytest.raises(perfwatt.Error):
            opened = perfwatt.open(tmp_path / "cut")
            for name in opened.tables:
                list(opened.rows(name)[1])


def test_without_the_program_its_tables_say_so(recording, monkeypatch):
    opened = perfwatt.open(recording)
    monkeypatch.delenv("PERFWATT")
    monkeypatch.setenv("PATH", "/nowhere")
    assert opened.executions
    with pytest.raises(perfwatt.Error, match="PERFWATT") as raised:
        opened.energy  # pylint: disable=pointless-statement
    assert raised.value.hint
    monkeypatch.setenv("PERFWATT", "/nowhere/perfwatt")
    with pytest.raises(perfwatt.Error, match="cannot be run"):
        opened.summary  # pylint: disable=pointless-statement


def test_frames(recording):
    opened = perfwatt.open(recording)
    if "pandas" not in sys.modules:
        try:
            import pandas  # noqa: F401  pylint: disable=import-outside-toplevel,unused-import
        except ImportError:
            with pytest.raises(perfwatt.Error, match="pandas"):
                opened.frame("power")
            pytest.skip("SKIPPED LOUDLY: no pandas (scripts/setup test)")
    for name in ("executions", "power", "energy"):
        frame = opened.frame(name)
        assert list(frame.columns) == list(opened[name][0])
        for column in ("begin_s", "time_s", "gross_j"):
            if column in frame:
                told = [None if value != value else value for value in frame[column]]  # pandas has NaN for what is not there
                assert told == [row[column] for row in opened[name]]


def test_names(recording):
    opened = perfwatt.open(recording)
    assert set(opened.tables) <= set(dir(opened))
    with pytest.raises(perfwatt.Error, match="there are executions"):
        opened["nothing"]  # pylint: disable=pointless-statement
    with pytest.raises(AttributeError):
        opened.nothing  # pylint: disable=pointless-statement


def test_pip_installs_it_offline(recording, tmp_path):
    shutil.copytree(SOURCE / "python", tmp_path / "python", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    installed = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps", "--target",
                                tmp_path / "site", tmp_path / "python"], capture_output=True, text=True, timeout=120, check=False)
    if "No module named pip" in installed.stderr:
        pytest.skip("SKIPPED LOUDLY: no pip (scripts/setup test)")
    assert installed.returncode == 0, installed.stderr
    code = f"import perfwatt; print(perfwatt.__file__, len(perfwatt.open({str(recording)!r}).executions))"
    done = subprocess.run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {code}"], capture_output=True,
                          text=True, timeout=60, check=True, cwd=tmp_path)
    assert done.stdout.split() == [str(tmp_path / "site" / "perfwatt" / "__init__.py"), "3"]


def test_the_version_is_the_programs():
    said = program("--version").stdout
    assert perfwatt.__version__ in said
    assert f'version = "{perfwatt.__version__}"' in (SOURCE / "python" / "pyproject.toml").read_text()


def test_the_example_of_the_documentation_runs(recording, tmp_path):
    """Each block of Python in docs/python.md, one after the other, in a folder with an r.perfwatt; what it prints stands below it."""
    text = (SOURCE / "docs" / "python.md").read_text()
    blocks = [block.split("```")[0] for block in text.split("```python\n")[1:]]
    assert len(blocks) >= 2
    shutil.copy(recording, tmp_path / "r.perfwatt")
    done = subprocess.run([sys.executable, "-c", "\n".join(blocks)], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
                          env={**os.environ, "PYTHONPATH": str(SOURCE / "python")})
    assert done.returncode == 0, done.stderr
    assert "test 1" in done.stdout and "J per item" in done.stdout


def test_the_debian_package_has_it(recording, tmp_path):
    if not shutil.which("dpkg-deb"):
        pytest.skip("SKIPPED LOUDLY: no dpkg-deb")
    made = subprocess.run([SOURCE / "scripts" / "deb-python"], capture_output=True, text=True, timeout=60, check=True)
    subprocess.run(["dpkg-deb", "-x", SOURCE / made.stdout.strip(), tmp_path], check=True, timeout=60)
    code = f"import perfwatt; print(perfwatt.__file__, len(perfwatt.open({str(recording)!r}).executions))"
    folder = tmp_path / "usr/lib/python3/dist-packages"
    done = subprocess.run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {code}"], capture_output=True, text=True,
                          timeout=60, check=True)
    assert done.stdout.split() == [str(folder / "perfwatt/__init__.py"), "3"]
