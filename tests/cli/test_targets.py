# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose events are counted: against perf stat, and against what a program of known page faults does."""
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

import pytest

from conftest import BUILD, export, facts, one_line, perfwatt, record, wait_for

TOUCH = str(BUILD / "touch-pages")
SOFTWARE = "task-clock,page-faults,context-switches,cpu-migrations"


def perf(*args):
    """perf stat's counts by event."""
    if not shutil.which("perf"):
        pytest.skip("SKIPPED LOUDLY: perf is not installed (scripts/setup test)")
    done = subprocess.run(["perf", "stat", "-x", ",", *args], capture_output=True, text=True, timeout=60, check=True)
    rows = [line.split(",") for line in done.stderr.splitlines() if line.count(",") > 3]
    return {row[2]: float(row[0]) for row in rows}


def counts(rows, event):
    return [float(row["value"]) for row in rows["counters"] if row["event"] == event]


def close(a, b, share):
    return abs(a - b) <= share * max(a, b)


def test_a_command_as_perf_stat(tmp_path):
    assert record(tmp_path / "r.perfwatt", "-n", 5, "-e", SOFTWARE, command=(TOUCH, "4", "500")).returncode == 0
    rows = export(tmp_path / "r.perfwatt", tmp_path / "csv")
    theirs = [perf("-e", SOFTWARE, TOUCH, "4", "500") for _ in range(5)]
    ours = statistics.median(counts(rows, "page-faults"))
    assert close(ours, statistics.median(one["page-faults"] for one in theirs), 0.02)
    assert 5000 < ours < 5300
    # Four threads start, run and end: each tool sees at least one switch of each, whatever the machine does beside.
    assert statistics.median(counts(rows, "context-switches")) >= 4
    assert statistics.median(one["context-switches"] for one in theirs) >= 4


def counters_of(run):
    """How many counters a perfwatt or perf that waits has open."""
    folder = f"/proc/{run.pid}"
    try:
        opened = sum(os.readlink(f"{folder}/fd/{fd}") == "anon_inode:[perf_event]" for fd in os.listdir(f"{folder}/fd"))
        state = open(f"{folder}/stat", encoding="utf-8").read().rsplit(")", 1)[1].split()[0]
    except OSError:
        return 0
    return opened if state == "S" else 0


def start_waiting(threads, pages):
    process = subprocess.Popen([TOUCH, str(threads), str(pages), "wait"], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("per", [(), ("--per", "thread")])
def test_a_running_process_until_it_ends(tmp_path, per):
    process = start_waiting(3, 1000)
    recording = tmp_path / "r.perfwatt"
    run = subprocess.Popen([BUILD / "perfwatt", "run", "--power", "none", "-e", SOFTWARE, "-p", str(process.pid), *per, "-o", recording],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: recording.exists() and counters_of(run) > 0)
    time.sleep(0.5)
    process.send_signal(signal.SIGUSR1)
    assert process.wait(60) == 0
    out, err = run.communicate(timeout=60)
    assert run.returncode == 0, err
    rows = export(recording, tmp_path / "csv")
    [faults] = counts(rows, "page-faults")
    assert close(faults, 6000, 0.02)
    assert counts(rows, "task-clock")[0] > 60e6
    if per:
        by_thread = {row["part"].split()[2]: float(row["value"]) for row in rows["parts"] if row["event"] == "page-faults"}
        for number in range(3):
            assert close(by_thread[f"worker-{number}"], 1000 * (number + 1), 0.02), by_thread
        assert sum(by_thread.values()) == faults


def test_a_running_process_as_perf_stat(tmp_path):
    """Both tools count the same process at the same time."""
    process = start_waiting(2, 2000)
    reference = subprocess.Popen(["perf", "stat", "-x", ",", "-e", "page-faults,task-clock", "-p", str(process.pid)],
                                 stderr=subprocess.PIPE, text=True) if shutil.which("perf") else None
    run = subprocess.Popen([BUILD / "perfwatt", "run", "--power", "none", "-e", SOFTWARE, "-p", str(process.pid), "-o",
                            tmp_path / "r.perfwatt"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for tool in (run, reference):
        wait_for(lambda: not tool or counters_of(tool) > 0)
    time.sleep(1)
    process.send_signal(signal.SIGUSR1)
    assert process.wait(60) == 0
    assert run.wait(60) == 0
    ours = export(tmp_path / "r.perfwatt", tmp_path / "csv")
    if not reference:
        pytest.skip("SKIPPED LOUDLY: perf is not installed (scripts/setup test)")
    theirs = {row[2]: float(row[0]) for row in (line.split(",") for line in reference.communicate(timeout=60)[1].splitlines()) if len(row) > 3}
    assert close(counts(ours, "page-faults")[0], theirs["page-faults"], 0.02)
    assert close(counts(ours, "task-clock")[0], theirs["task-clock"] * (1e6 if theirs["task-clock"] < 1e6 else 1), 0.02)


def test_each_thread_of_a_command(tmp_path):
    recording = tmp_path / "r.perfwatt"
    for attempt in range(10):  # what a busy machine takes for an exec may look like a program that is not counted
        assert record(recording, "-n", 2, "--force", "-e", SOFTWARE, "--per", "thread", command=(TOUCH, "5", "400")).returncode == 0
        rows = export(recording, tmp_path / f"csv{attempt}")
        if {row["status"] for row in rows["counters"]} == {"ok"}:
            break
    for test in ("1", "2"):
        faults = {row["part"].split()[-1]: float(row["value"]) for row in rows["parts"]
                  if row["event"] == "page-faults" and row["test"] == test}
        for number in range(5):
            assert 0 <= faults[f"worker-{number}"] - 400 * (number + 1) <= 32, faults  # its own start
        [total] = [float(row["value"]) for row in rows["counters"] if row["event"] == "page-faults" and row["test"] == test]
        assert sum(faults.values()) == total
        assert all(row["status"] == "ok" for row in rows["parts"])
    shown = perfwatt("show", recording).stdout
    assert "per thread, in test 2" in shown and "worker-4" in shown


def test_a_thousand_threads_are_all_counted(tmp_path):
    recording = tmp_path / "r.perfwatt"
    assert record(recording, "-n", 1, "--warmup", 0, "-e", SOFTWARE, "--per", "thread", command=(TOUCH, "1000", "1")).returncode == 0
    rows = export(recording, tmp_path / "csv")
    faults = [float(row["value"]) for row in rows["parts"] if row["event"] == "page-faults"]
    assert len(faults) == 1001
    assert sum(faults) == counts(rows, "page-faults")[0] > 500_500


def machine_faults():
    return int(re.search(r"^pgfault (\d+)", pathlib.Path("/proc/vmstat").read_text(), re.M).group(1))


@pytest.mark.skipif(os.geteuid() != 0, reason="counting whole CPUs needs root")
def test_whole_cpus_see_what_ran_on_them(tmp_path):
    recording = tmp_path / "r.perfwatt"
    last = max(os.sched_getaffinity(0))
    before = machine_faults()
    run = record(recording, "-n", 1, "--warmup", 0, "-e", "page-faults,task-clock", "-a", "--per", "cpu", "--cpus", last,
                 command=(TOUCH, "1", "60000"))
    assert run.returncode == 0, run.stderr
    rows = export(recording, tmp_path / "csv")
    by_cpu = {row["part"]: float(row["value"]) for row in rows["parts"] if row["event"] == "page-faults"}
    # What else runs on the CPU has its page faults there, too; those of the whole machine the kernel counts by itself.
    assert 0.98 * 60000 < by_cpu[f"cpu {last}"] <= machine_faults() - before, by_cpu
    assert sum(by_cpu.values()) == counts(rows, "page-faults")[0]
    elapsed = float(rows["executions"][0]["elapsed_s"])
    assert close(counts(rows, "task-clock")[0] / 1e9, elapsed * len(by_cpu), 0.05)
    one = record(tmp_path / "one.perfwatt", "-n", 1, "--warmup", 0, "-e", "page-faults", "-C", last, "--cpus", last,
                 command=(TOUCH, "1", "60000"))
    assert one.returncode == 0, one.stderr
    assert 0.98 * 60000 < counts(export(tmp_path / "one.perfwatt", tmp_path / "one"), "page-faults")[0] <= machine_faults() - before


def test_intervals_add_up(tmp_path):
    recording = tmp_path / "r.perfwatt"
    script = "import time\nfor _ in range(10):\n  time.sleep(.1)\n  bytearray(4 << 20)"
    assert record(recording, "-n", 1, "-e", SOFTWARE, "--interval", 50, command=(sys.executable, "-c", script)).returncode == 0
    rows = export(recording, tmp_path / "csv")
    for event in ("page-faults", "task-clock"):
        series = [float(row["value"]) for row in rows["intervals"] if row["event"] == event]
        assert len(series) >= 4
        assert sum(series) == counts(rows, event)[0]
    execution = rows["executions"][0]
    *times, last = sorted({float(row["time_s"]) for row in rows["intervals"]})
    assert float(execution["end_s"]) == last
    # Each stands behind its own multiple of 50 ms: a busy machine leaves some out, and is late for some.
    turns = [(one - float(execution["begin_s"])) / 0.05 for one in times]
    assert sorted({int(turn) for turn in turns}) == [int(turn) for turn in turns] and int(turns[0]) >= 1, turns
    assert min(turn - int(turn) for turn in turns) < 0.2, turns


def test_a_delay_leaves_the_start_out(tmp_path):
    # Its memory is touched before the 1.5 s are over, but for a very busy machine: there it is tried again with more.
    script = "import time\nbytearray(40 << 20)\nprint('TOUCHED', time.time())\ntime.sleep({})"
    assert record(tmp_path / "all", "-n", 1, "-e", "page-faults", command=(sys.executable, "-c", script.format(0))).returncode == 0
    for delay in (1.5, 4, 10, 30):
        assert record(tmp_path / "late", "-n", 1, "--warmup", 0, "--force", "-e", "page-faults", "--delay", int(delay * 1000), "--capture",
                      "touched=TOUCHED (.*)", command=(sys.executable, "-c", script.format(delay + 0.4))).returncode == 0
        data = export(tmp_path / "late", tmp_path / f"late{delay}")
        execution = data["executions"][0]
        if float(execution["touched"]) < float(facts(data)["start_unix_s"]) + float(execution["begin_s"]) + delay:
            break
    whole, late = (counts(export(tmp_path / name, tmp_path / f"{name}-csv"), "page-faults")[0] for name in ("all", "late"))
    assert late < 0.2 * whole


def test_threads_of_another_architectures_names_are_refused_in_one_line(tmp_path):
    line = one_line(perfwatt("run", "-e", "PM_EXEC_STALL", "--power", "none", "--", "true"), 2)
    assert "is an event of power10" in line


@pytest.mark.parametrize("options, status, words", [
    (("-p", "4194000"), 3, "no process 4194000"),
    (("-p", "x"), 2, "no process number"),
    (("-p", "1", "-a"), 2, "exclude each other"),
    (("-C", "9999"), 3, "CPU 9999 is not online"),
    (("-C", "3-1"), 2, "no list of CPUs"),
    (("--per", "core"), 2, "add -a"),
    (("-a", "--per", "thread"), 2, "write --per cpu"),
    (("--per", "thread", "--delay", "5"), 2, "counts from its start"),
    (("-e", "{page-faults"), 2, "closing brace"),
    (("-e", "nopmu/x/"), 2, "there is no PMU 'nopmu'"),
    (("-e", "cycles:pp"), 2, "is for sampling"),
])
def test_what_cannot_be_counted_is_one_line(tmp_path, options, status, words):
    line = one_line(perfwatt("run", "-o", tmp_path / "r", "--power", "none", *options, "--", "true"), status)
    assert words in line
    assert not (tmp_path / "r").exists()


def test_a_process_ends_once(tmp_path):
    process = start_waiting(1, 1)
    try:
        line = one_line(perfwatt("run", "-o", tmp_path / "r", "--power", "none", "-n", 3, "-p", process.pid), 2)
        assert "-- sleep 5" in line
        assert "no command to measure" in one_line(perfwatt("run", "--power", "none"), 2)
    finally:
        process.kill()
        process.wait()


def run_that_ends(process, recording, *options, beside=()):
    """Counts `process`, which the command ends (though nobody reaps it), and then goes on for a moment."""
    ending = f"kill -USR1 {process.pid}; while grep -q 'State:.[RSD]' /proc/{process.pid}/status; do sleep 0.02; done; sleep 0.1"
    counted = ",".join(str(one.pid) for one in (process, *beside))
    return record(recording, "-e", SOFTWARE, "-p", counted, *options, command=("sh", "-c", ending))


def test_a_process_that_ends_in_mid_run_ends_the_run(tmp_path):
    process = start_waiting(1, 500)
    run = run_that_ends(process, tmp_path / "r.perfwatt", "-n", 12, "--warmup", 0)
    assert process.wait(60) == 0
    assert run.returncode == 0, run.stderr
    rows = export(tmp_path / "r.perfwatt", tmp_path / "csv")
    assert [row["test"] for row in rows["executions"]] == ["1"]
    assert counts(rows, "page-faults")[0] >= 500
    said = " ".join(run.stdout.split())
    told = re.search(rf"test 1, pass 1: process {process.pid} ended ([0-9.]+) s into it: nothing of it was counted from then on", said)
    assert told and 0 <= float(told[1]) <= float(rows["executions"][0]["elapsed_s"]) - 0.09, said
    assert said.count(f"process {process.pid} ended: the run ends after test 1, pass 1 (of 12 tests in 1 pass)") == 1, said


def test_a_process_that_ends_in_the_warm_up_is_one_line(tmp_path):
    process = start_waiting(1, 1)
    run = run_that_ends(process, tmp_path / "r.perfwatt", "-n", 3, "--warmup", 2)
    assert process.wait(60) == 0
    assert run.returncode == 3
    [line] = [line for line in run.stderr.splitlines() if "no test was counted" in line]
    assert f"process {process.pid} ended before the first test" in line and "--warmup 0" in line


def test_one_of_two_processes_that_ends_does_not_end_the_run(tmp_path):
    first, second = start_waiting(1, 1), start_waiting(1, 1)
    try:
        run = run_that_ends(first, tmp_path / "r.perfwatt", "-n", 2, "--warmup", 0, beside=(second,))
    finally:
        second.kill()
    assert first.wait(60) == 0 and second.wait(60) != 0
    assert run.returncode == 0, run.stderr
    said = " ".join(run.stdout.split())
    assert said.count(f"process {first.pid} ended") == 1 and "the run ends" not in said, said
    assert [row["test"] for row in export(tmp_path / "r.perfwatt", tmp_path / "csv")["executions"]] == ["1", "2"]


def test_a_thread_of_a_running_process_is_named_with_what_it_started(tmp_path):
    script = ("import signal, threading\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})\nprint('ready', flush=True)\n"
              "signal.sigwait({signal.SIGUSR1})\nthread = threading.Thread(target=lambda: b'x' * (8 << 20))\nthread.start()\nthread.join()")
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    run = run_that_ends(process, tmp_path / "r.perfwatt", "-n", 1, "--warmup", 0, "--per", "thread")
    assert process.wait(60) == 0
    assert run.returncode == 0, run.stderr
    rows = export(tmp_path / "r.perfwatt", tmp_path / "csv")
    [part] = [row for row in rows["parts"] if row["event"] == "page-faults"]
    assert part["part"].startswith(f"thread {process.pid} ") and part["part"].endswith(" (and what it started)")
    assert float(part["value"]) == counts(rows, "page-faults")[0] > 1000
    assert "per thread (and what it started), in test 1" in run.stdout and f"thread {process.pid} " in run.stdout


def test_nobody_else_s_process(tmp_path):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root and setpriv")
    process = start_waiting(1, 1)
    try:
        done = subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "--", BUILD / "perfwatt", "run", "-o", "/tmp/nobody.perfwatt",
                               "--power", "none", "-p", str(process.pid), "--", "true"], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 3, done.stderr
        assert f"process {process.pid} cannot be counted" in done.stderr
    finally:
        process.kill()
        process.wait()
