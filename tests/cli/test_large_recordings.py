# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of many executions and of many channels, grown from small ones: what show and export take of memory."""
import json
import os
import shutil
import sqlite3
import subprocess

import pytest
from conftest import PERFWATT, perfwatt

EXECUTIONS, CHANNELS = 20_000, 4_000
METER = "exec:while :; do echo 250; sleep 0.02; echo 251; sleep 0.02; done"
OF_AN_EXECUTION = ("outputs", "captured", "readings", "states")


def columns(data, table):
    return [column[1] for column in data.execute(f"PRAGMA table_info({table})")]


def insert(data, table, rows):
    data.executemany(f"INSERT INTO {table} VALUES({','.join('?' * len(columns(data, table)))})", rows)


def with_executions(small, large, count):
    """The last execution of `small`, `count` times, a millisecond longer each third time."""
    shutil.copy(small, large)
    with sqlite3.connect(large) as data:
        names = columns(data, "executions")
        last = dict(zip(names, data.execute("SELECT * FROM executions ORDER BY id DESC").fetchone()))
        apart = last["end_ns"] - last["begin_ns"] + 10_000_000
        of_it = {table: data.execute(f"SELECT * FROM {table} WHERE execution = ?", (last["id"],)).fetchall() for table in OF_AN_EXECUTION}
        for table in ("executions", *OF_AN_EXECUTION):
            data.execute(f"DELETE FROM {table}")
        for i in range(count):
            moved = {"id": i + 1, "test": i + 1, "begin_ns": last["begin_ns"] + i * apart, "end_ns": last["end_ns"] + i * apart + i % 3 * 1_000_000}
            insert(data, "executions", [[{**last, **moved}[name] for name in names]])
            for table, rows in of_it.items():
                insert(data, table, [(i + 1, *row[1:]) for row in rows])
        data.execute("UPDATE experiment SET tests = ?", (count,))
        data.execute("UPDATE recording SET end_ns = end_ns + ?", (count * apart,))
    data.close()
    return large


def with_channels(small, large, count):
    shutil.copy(small, large)
    with sqlite3.connect(large) as data:
        names = columns(data, "channels")
        first = dict(zip(names, data.execute("SELECT * FROM channels").fetchone()))
        samples = data.execute("SELECT * FROM samples").fetchall()
        insert(data, "channels", [[{**first, "id": i, "name": f"c{i}", "scope": f"device {i}"}[name] for name in names] for i in range(1, count)])
        insert(data, "samples", [(i, *row[1:]) for row in samples[:20] for i in range(1, count)])
    data.close()
    return large


@pytest.fixture(name="small", scope="module")
def small_recording(tmp_path_factory):
    out = tmp_path_factory.mktemp("small") / "r.perfwatt"
    said = perfwatt("run", "-o", out, "-n", 1, "--warmup", 0, "--idle", 1, "-e", "task-clock,page-faults", "--capture", "answer=is ([0-9]+)",
                    "--power", METER, "--", "sh", "-c", "echo it is 42")
    assert said.returncode == 0, said.stderr
    return out


@pytest.fixture(name="executions", scope="module")
def many_executions(small, tmp_path_factory):
    return with_executions(small, tmp_path_factory.mktemp("large") / "executions.perfwatt", EXECUTIONS)


@pytest.fixture(name="channels", scope="module")
def many_channels(small, tmp_path_factory):
    return with_channels(small, tmp_path_factory.mktemp("large") / "channels.perfwatt", CHANNELS)


def most_memory(*arguments):
    """The largest resident set of perfwatt, in bytes."""
    with subprocess.Popen([PERFWATT, *map(str, arguments)], stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


def test_show_takes_little_memory_for_an_execution(small, executions):
    # 2.7 kB, of which 0.4 are in the file; 4.5 when series and metrics stood in maps.
    assert most_memory("show", executions) - most_memory("show", small) < 3_600 * EXECUTIONS


@pytest.mark.parametrize("what, key, count", [("executions", "executions", EXECUTIONS), ("channels", "power", CHANNELS)])
def test_a_json_export_is_never_whole_in_memory(request, tmp_path, what, key, count):
    recording = request.getfixturevalue(what)
    exported = most_memory("export", recording, "--format", "json", "--out", tmp_path)
    # As a whole 180 and 200 MB more; the rows of the summary, which show does not need, are 22.
    assert exported - most_memory("show", recording) < 64e6
    written = (tmp_path / "recording.json").read_text()
    assert len(written) > 30e6
    document = json.loads(written)
    assert len(document[key]) == count
    assert len(document["power"][-1]["watts"]) >= 20
