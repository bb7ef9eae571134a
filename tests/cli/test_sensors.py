# SPDX-License-Identifier: GPL-3.0-or-later
"""Sensors that are files: an OCC and a hwmon tree that a program keeps up to date, with a known energy."""
import bisect
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import PERFWATT, export, one_line, perfwatt

TREES = Path(PERFWATT).parent / "power-trees"


@pytest.fixture
def machine(tmp_path):
    folder = tmp_path / "machine"
    folder.mkdir()
    process = subprocess.Popen([TREES, folder, "60"])
    (folder / "pid").write_text(str(process.pid))
    while not (folder / "truth.csv").exists() or (folder / "truth.csv").stat().st_size < 200:
        assert process.poll() is None
        time.sleep(0.02)
    yield folder
    process.kill()
    process.wait()


def truth_between(folder, begin, end):
    points = [tuple(map(float, line.split(","))) for line in (folder / "truth.csv").read_text().splitlines()[:-1]]
    times = [t for t, _ in points]

    def joules(t):
        i = bisect.bisect(times, t)
        (t0, j0), (t1, j1) = points[i - 1], points[i]
        return j0 + (j1 - j0) * (t - t0) / (t1 - t0)
    return joules(end) - joules(begin)


def test_occ_and_hwmon_agree_with_the_truth(tmp_path, machine):
    out = tmp_path / "r.perfwatt"
    result = perfwatt("run", "-n", 3, "--warmup", 0, "--idle", 1, "--rate", 50, "--power",
                      f"occ:{machine / 'occ'},hwmon:{machine / 'hwmon'}", "-o", out, "--", "sleep", "2")
    assert result.returncode == 0, result.stderr
    time.sleep(0.1)
    data = export(out, tmp_path / "csv")
    start = float({row["key"]: row["value"] for row in data["recording"]}["start_unix_s"])
    executions = {(row["test"], row["pass"]): row for row in data["executions"]}
    whole = [row for row in data["energy"] if row["channel"] in ("PWRSYS", "ibmpowernv System")]
    assert len(whole) == 6
    for row in whole:
        execution = executions[row["test"], row["pass"]]
        truth = truth_between(machine, start + float(execution["begin_s"]), start + float(execution["end_s"]))
        assert row["status"] == "measured"
        off = abs(float(row["gross_j"]) - truth)
        assert off <= float(row["uncertainty_j"]) and off <= 0.03 * truth, (row, truth)
        assert float(row["uncertainty_j"]) < 0.1 * truth
    sockets = [row for row in data["energy"] if row["channel"] == "PWRPROC"]
    for row, system in zip(sockets, [row for row in whole if row["channel"] == "PWRSYS"]):
        assert abs(float(row["gross_j"]) / float(system["gross_j"]) - 0.4) < 0.01


def test_a_sensor_that_vanishes_leaves_a_warning_and_the_run(tmp_path, machine):
    out = tmp_path / "r.perfwatt"
    process = subprocess.Popen([PERFWATT, "run", "-n", "1", "--warmup", "0", "--idle", "0.5", "--power",
                                f"occ:{machine / 'occ'}", "-o", out, "--", "sleep", "3"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    os.kill(int((machine / "pid").read_text()), 9)
    time.sleep(0.1)
    os.truncate(machine / "occ", 0)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 0, stderr
    assert "readings fail" in stdout + stderr
    assert "interrupted" not in stdout


def test_a_sensor_that_freezes_is_a_gap_and_no_energy_of_zero(tmp_path, machine):
    pid = int((machine / "pid").read_text())
    out = tmp_path / "r.perfwatt"
    process = subprocess.Popen([PERFWATT, "run", "-n", "1", "--warmup", "0", "--idle", "0.5", "--power",
                                f"occ:{machine / 'occ'}", "-o", out, "--", "sleep", "6"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    os.kill(pid, signal.SIGSTOP)
    time.sleep(3.5)
    os.kill(pid, signal.SIGCONT)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 0, stderr
    assert "they count as frozen" in stdout and "readings are back" in stdout
    data = export(out, tmp_path / "csv")
    assert {"timeout", "reset", "ok"} == {row["status"] for row in data["power"]}
    assert all(row["status"] == "no-data" and row["reason"] for row in data["energy"])


def test_power_watches_an_occ(machine):
    result = perfwatt("power", "--power", f"occ:{machine / 'occ'}", "-I", 250, "--duration", 1.5, "--format", "csv")
    assert result.returncode == 0, result.stderr
    rows = [line.split(",") for line in result.stdout.splitlines()[1:]]
    assert {row[2] for row in rows} == {"PWRSYS", "PWRPROC", "PWRMEM"}
    assert all(150 < float(row[3]) < 380 for row in rows if row[2] == "PWRSYS" and row[3])


def test_power_records_the_energy_of_counters(tmp_path, machine):
    out = tmp_path / "p.perfwatt"
    result = perfwatt("power", "--power", f"occ:{machine / 'occ'},hwmon:{machine / 'hwmon'}", "-I", 250, "--duration", 4,
                      "--record", out)
    assert result.returncode == 0, result.stderr
    time.sleep(0.1)
    data = export(out, tmp_path / "csv")
    start = float({row["key"]: row["value"] for row in data["recording"]}["start_unix_s"])
    execution = data["executions"][0]
    assert 2.5 < float(execution["end_s"]) - float(execution["begin_s"]) < 4.1
    truth = truth_between(machine, start + float(execution["begin_s"]), start + float(execution["end_s"]))
    whole = [row for row in data["energy"] if row["channel"] in ("PWRSYS", "ibmpowernv System")]
    assert len(whole) == 2
    for row in whole:
        assert abs(float(row["gross_j"]) - truth) <= float(row["uncertainty_j"]) < 0.25 * truth, (row, truth)


def test_power_names_the_sources_that_it_tried_first(tmp_path, machine):
    put = "mount -t tmpfs none /sys/class && mkdir /sys/class/hwmon && mount --bind \"$0\" /sys/class/hwmon"
    if subprocess.run(["unshare", "-m", "sh", "-c", put, machine / "hwmon"], capture_output=True, check=False).returncode != 0:
        pytest.skip("a tree of sensors cannot be mounted here: not root?")
    out = tmp_path / "p.perfwatt"
    result = subprocess.run(["unshare", "-m", "sh", "-c", put + " && exec \"$@\"", machine / "hwmon", PERFWATT, "power",
                             "--duration", "1", "--record", out], capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 0, result.stderr
    assert re.match(r"not used: power source occ: .+\n(not used: .+\n)*power from ", result.stderr), result.stderr
    notes = [row["value"] for row in export(out, tmp_path / "csv")["recording"] if row["key"].startswith("refusal.")]
    assert any("power source occ" in note for note in notes), notes


def test_refusals(tmp_path):
    assert "bare-metal" in one_line(perfwatt("run", "--power", f"occ:{tmp_path / 'none'}", "--", "true"), 3)
    assert "no powercap zone" in one_line(perfwatt("run", "--power", f"rapl:{tmp_path}", "--", "true"), 3)
    assert "no hwmon device" in one_line(perfwatt("run", "--power", f"hwmon:{tmp_path}", "--", "true"), 3)
