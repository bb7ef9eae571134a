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
from conftest import PERFWATT, Ticking, export, facts, one_line, one_paragraph, perfwatt, wait_for

TREES = Path(PERFWATT).parent / "power-trees"


@pytest.fixture
def machine(tmp_path):
    folder = tmp_path / "machine"
    folder.mkdir()
    process = subprocess.Popen([TREES, folder, "600"])
    (folder / "pid").write_text(str(process.pid))
    wait_for(lambda: (folder / "truth.csv").exists() and (folder / "truth.csv").stat().st_size > 200)
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
    start = float(facts(data)["start_unix_s"])
    executions = {(row["test"], row["pass"]): row for row in data["executions"]}
    whole = [row for row in data["energy"] if row["channel"] in ("PWRSYS", "ibmpowernv System")]
    assert len(whole) == 6
    for row in whole:
        execution = executions[row["test"], row["pass"]]
        truth = truth_between(machine, start + float(execution["begin_s"]), start + float(execution["end_s"]))
        assert row["status"] == "measured"
        off = abs(float(row["gross_j"]) - truth)
        assert off <= float(row["uncertainty_j"]) and off <= 0.03 * truth, (row, truth)
        # Its power falls slowly after the last test, as a sensor that is late would show it.
        assert float(row["uncertainty_j"]) < 0.5 * truth
    sockets = [row for row in data["energy"] if row["channel"] == "PWRPROC"]
    for row, system in zip(sockets, [row for row in whole if row["channel"] == "PWRSYS"]):
        assert abs(float(row["gross_j"]) / float(system["gross_j"]) - 0.4) < 0.01


def test_a_sensor_that_vanishes_leaves_a_warning_and_the_run(tmp_path, machine):
    out = tmp_path / "r.perfwatt"
    process = subprocess.Popen([PERFWATT, "run", "-n", "1", "--warmup", "0", "--idle", "0.5", "--power",
                                f"occ:{machine / 'occ'}", "-o", out, "--", "sleep", "3"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    wait_for(out.exists)
    time.sleep(1)
    os.kill(int((machine / "pid").read_text()), 9)
    time.sleep(0.1)
    os.truncate(machine / "occ", 0)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    assert "readings fail" in stdout + stderr
    assert "interrupted" not in stdout


def test_a_sensor_that_freezes_is_a_gap_and_no_energy_of_zero(tmp_path, machine):
    pid = int((machine / "pid").read_text())
    out = tmp_path / "r.perfwatt"
    process = subprocess.Popen([PERFWATT, "run", "-n", "1", "--warmup", "0", "--idle", "0.5", "--power",
                                f"occ:{machine / 'occ'}", "-o", out, "--", "sleep", "6"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    wait_for(out.exists)
    time.sleep(1.5)
    os.kill(pid, signal.SIGSTOP)
    time.sleep(3.5)
    os.kill(pid, signal.SIGCONT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    stdout = one_paragraph(stdout)
    assert "stood still for" in stdout and "frozen" in stdout and "readings are back" in stdout
    data = export(out, tmp_path / "csv")
    assert {"timeout", "reset", "ok"} == {row["status"] for row in data["power"]}
    assert all(row["status"] == "no-data" and row["reason"] for row in data["energy"])


class Files(Ticking):
    """Sensors that are files, renewed by a thread by the time since its start: on a busy machine later than it should be, which is
    then the truth."""

    def __init__(self, period, renew):
        super().__init__(period)
        self.renew = renew
        renew(0)

    def tick(self):
        self.renew(self.since())


def put(file, value):
    """At once, as a sensor does."""
    fd = os.open(file, os.O_WRONLY | os.O_CREAT)
    os.pwrite(fd, b"%-20d\n" % value, 0)
    os.close(fd)


def hwmon_power(folder):
    device = folder / "hwmon0"
    device.mkdir(parents=True)
    (device / "name").write_text("ina3221\n")
    return device / "power1_input"


def zones(folder, count):
    for i in range(count):
        zone = folder / f"intel-rapl:{i}"
        zone.mkdir(parents=True)
        (zone / "name").write_text(f"package-{i}\n")
        (zone / "max_energy_range_uj").write_text("262143328850\n")
    return [folder / f"intel-rapl:{i}" / "energy_uj" for i in range(count)]


# At 10 Hz and in step it would be always on or always off: 600 J a second, or 200.
def test_a_load_in_step_with_the_sampling_is_seen_as_it_is(tmp_path):
    power, told = hwmon_power(tmp_path / "hwmon"), []

    def renew(t):
        told.append((time.time(), 200 if t % 0.1 < 0.05 else 600))
        put(power, told[-1][1] * 1e6)
    with Files(0.002, renew):
        out = tmp_path / "r.perfwatt"
        result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 1, "--power", f"hwmon:{tmp_path / 'hwmon'}", "-o", out, "--",
                          "sleep", "4")
    assert result.returncode == 0, result.stderr
    data = export(out, tmp_path / "csv")
    row, execution, start = data["energy"][0], data["executions"][0], float(facts(data)["start_unix_s"])
    begin, end = (start + float(execution[key]) for key in ("begin_s", "end_s"))
    truth = sum(max(0, min(t1, end) - max(t0, begin)) * watts for (t0, watts), (t1, _) in zip(told, told[1:]))
    assert abs(truth / (end - begin) - 400) < 100
    assert abs(float(row["gross_j"]) - truth) / (end - begin) < 24, (row, truth)  # 3 standard deviations of 40 x 10 readings
    times, power = zip(*((float(row["time_s"]), float(row["watts"])) for row in data["power"] if row["watts"]))
    assert len(power) <= 10 * (times[-1] - times[0]) + 3 and len(set(power)) > 3, power  # one a period, however often it was read


def test_one_of_two_counters_that_stops_is_a_gap_with_its_name(tmp_path):
    first, second = zones(tmp_path / "powercap", 2)

    def renew(t):
        put(first, 1e9 + 60e6 * t)
        put(second, 1e9 + 52e6 * min(t, 2.5))
    with Files(0.005, renew):
        out = tmp_path / "r.perfwatt"
        result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 1, "--power", f"rapl:{tmp_path / 'powercap'}", "-o", out, "--",
                          "sleep", "5")
    assert result.returncode == 0, result.stderr
    shown = one_paragraph(result.stdout)
    assert re.search(r"rapl: package-1: its counter has stood still for [0-9.]+ s: it counts as frozen", shown), shown
    assert "package-0: its counter" not in shown
    energy = {row["channel"]: row for row in export(out, tmp_path / "csv")["energy"]}
    assert energy["package-0"]["status"] == "measured"
    assert abs(float(energy["package-0"]["mean_w"]) - 60) < 1
    assert energy["package-1"]["status"] == "no-data" and energy["package-1"]["reason"], energy


# 65 kJ last 6.5 s at 10 kW: a counter that is read less often may have gone around.
def test_rows_of_many_seconds_do_not_lose_a_counter(tmp_path):
    (counter,) = zones(tmp_path / "powercap", 1)
    (counter.parent / "max_energy_range_uj").write_text("65532610987\n")
    with Files(0.01, lambda t: put(counter, (65e9 + 100e6 * t) % 65532610987)):
        out = tmp_path / "p.perfwatt"
        result = perfwatt("power", "--power", f"rapl:{tmp_path / 'powercap'}", "-I", 7000, "--duration", 12, "--record", out, "--format",
                          "csv")
    assert result.returncode == 0, result.stderr
    rows = [line.split(",") for line in result.stdout.splitlines()[1:]]
    assert len(rows) == 2 and all(row[5] == "ok" and abs(float(row[3]) - 100) < 3 for row in rows), rows
    data = export(out, tmp_path / "csv")
    times = [float(row["time_s"]) for row in data["power"]]
    assert {row["status"] for row in data["power"]} == {"ok"} and max(b - a for a, b in zip(times, times[1:])) < 6.5
    assert abs(float(data["energy"][0]["mean_w"]) - 100) < 1


def test_how_often_a_sensor_is_renewed_is_learned(tmp_path):
    power = hwmon_power(tmp_path / "hwmon")
    with Files(0.01, lambda t: put(power, 1e6 * (200 + 7 * int(t) % 5))):
        out = tmp_path / "r.perfwatt"
        result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 1, "--power", f"hwmon:{tmp_path / 'hwmon'}", "-o", out, "--",
                          "sleep", "5")
    assert result.returncode == 0, result.stderr
    (every,) = re.findall(r"values renewed every ([0-9.]+) s", one_paragraph(result.stdout))
    assert abs(float(every) - 1) < 0.1


# An idle machine of 20 W between tests of 100 W: what lies between them is in none.
def test_dips_between_tests_are_in_no_test(tmp_path):
    (counter,) = zones(tmp_path / "powercap", 1)
    busy = tmp_path / "busy"
    state = {"joules": 1000.0, "time": 0.0}
    shown = [(time.time(), 1000.0)]

    def renew(t):
        watts = 100 if busy.exists() else 20
        state["joules"] += watts * (t - state["time"])
        state["time"] = t
        put(counter, state["joules"] * 1e6)
        shown.append((time.time(), state["joules"]))
    with Files(0.001, renew):
        out = tmp_path / "r.perfwatt"
        result = perfwatt("run", "-n", 4, "--warmup", 0, "--idle", 1, "--pause", 0.05, "--power", f"rapl:{tmp_path / 'powercap'}", "-o",
                          out, "--", "sh", "-c", f"touch {busy}; sleep 1; rm {busy}")
    assert result.returncode == 0, result.stderr
    data = export(out, tmp_path / "csv")
    start = float(facts(data)["start_unix_s"])

    def joules(second):
        """What was shown then, and next: the step between the two may be large where this thread had no CPU."""
        at = bisect.bisect(shown, (start + second, float("inf")))
        return shown[at - 1][1], shown[at][1]
    for row, execution in zip(data["energy"], data["executions"]):
        (least_begin, most_begin), (least_end, most_end) = (joules(float(execution[key])) for key in ("begin_s", "end_s"))
        slack = 0.5 + float(row["uncertainty_j"])
        assert least_end - most_begin - slack < float(row["gross_j"]) < most_end - least_begin + slack, row


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
    start = float(facts(data)["start_unix_s"])
    execution = data["executions"][0]
    assert 2.5 < float(execution["end_s"]) - float(execution["begin_s"])
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
                             "--duration", "1", "--record", out], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert re.match(r"not used: power source occ: .+\n(not used: .+\n)*power from ", result.stderr), result.stderr
    notes = [row["value"] for row in export(out, tmp_path / "csv")["recording"] if row["key"].startswith("refusal.")]
    assert any("power source occ" in note for note in notes), notes


def test_refusals(tmp_path):
    assert "bare-metal" in one_line(perfwatt("run", "--power", f"occ:{tmp_path / 'none'}", "--", "true"), 3)
    assert "no powercap zone" in one_line(perfwatt("run", "--power", f"rapl:{tmp_path}", "--", "true"), 3)
    assert "no hwmon device" in one_line(perfwatt("run", "--power", f"hwmon:{tmp_path}", "--", "true"), 3)
