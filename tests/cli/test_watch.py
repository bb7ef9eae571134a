# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt power: rows, the view of a terminal and recordings, from a real ipmi_sim."""
import contextlib
import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import termios
import time

import pytest
from conftest import BMC_ENV, PERFWATT, as_often_as_due, export, one_line, perfwatt, wait_for


def test_rows_to_a_pipe_and_a_recording(tmp_path, bmc):
    simulator = bmc("240")
    out = tmp_path / "p.perfwatt"
    result = perfwatt("power", "--power", simulator.url, "-I", 200, "--duration", 2, "--record", out, "--format", "csv",
                      env=BMC_ENV)
    assert result.returncode == 0, result.stderr
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    times = [float(row["time_s"]) for row in rows]
    assert 2 <= len(rows) <= 10 and times == sorted(times)
    assert {row["watts"] for row in rows} - {""} == {"240"}
    assert abs(float(rows[-1]["joules"]) - 240 * (times[-1] - times[0] + 0.2)) < 240 * 0.5
    assert abs(times[-1] - time.time()) < 60
    data = export(out, tmp_path / "csv")
    assert as_often_as_due(data)
    assert abs(float(data["energy"][0]["gross_j"]) - 240 * float(data["energy"][0]["seconds"])) < 5
    shown = perfwatt("show", out)
    assert shown.returncode == 0 and "240" in shown.stdout
    assert perfwatt("plot", out, "--out", tmp_path / "figures").returncode == 0
    assert (tmp_path / "figures" / "power-consumption.svg").exists()


def test_jsonl_says_null_while_readings_fail(bmc):
    simulator = bmc("200")
    process = subprocess.Popen([PERFWATT, "power", "--power", simulator.url, "-I", "250", "--duration", "5", "--format",
                                "jsonl"], env={**os.environ, **BMC_ENV}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while (row := json.loads(process.stdout.readline()))["watts"] is None:
        pass
    os.kill(int((simulator.folder / "pid").read_text()), 9)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    last = json.loads(stdout.splitlines()[-1])
    assert row["watts"] == 200 and last["watts"] is None
    assert last["status"] == "no-reading"  # a session time-out takes 8 s


def test_the_view_of_a_terminal(bmc):
    simulator = bmc("222")
    master, slave = pty.openpty()
    process = subprocess.Popen([PERFWATT, "power", "--power", simulator.url, "-I", "200"],
                               env={**os.environ, **BMC_ENV, "TERM": "xterm", "NO_COLOR": ""}, stdout=slave, stderr=slave)
    os.close(slave)
    text = b""
    try:
        while chunk := os.read(master, 65536):
            text += chunk
            if "▅▅".encode() in text and process.poll() is None:
                process.send_signal(signal.SIGINT)
    except OSError:  # the other end is closed
        pass
    assert process.wait(timeout=60) == 0
    last = text.decode().rsplit("\x1b[J", 1)[-1]
    assert re.search(r"channel +now +mean +min +max +energy", last)
    assert re.search(r"dcmi system +222 W +222 W +222 W +222 W +[0-9.]+ J +▅+", last), last


def test_an_interrupted_duration_says_so(tmp_path, bmc):
    simulator = bmc("200")
    out = tmp_path / "p.perfwatt"
    process = subprocess.Popen([PERFWATT, "power", "--power", simulator.url, "-I", "100", "--duration", "60", "--record", out],
                               env={**os.environ, **BMC_ENV}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for(out.exists)
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 130
    shown = perfwatt("show", out)
    assert "stopped" in shown.stdout + shown.stderr


def test_refusals(tmp_path):
    assert "unknown power source" in one_line(perfwatt("power", "--power", "dcmy"), 2)
    assert "--interval" in one_line(perfwatt("power", "-I", "0"), 2)
    existing = tmp_path / "there"
    existing.write_text("x")
    assert "--force" in one_line(perfwatt("power", "--record", existing), 2)
    assert "csv" in one_line(perfwatt("power", "--format", "xml"), 2)
    if not os.path.exists("/dev/ipmi0"):
        one_line(perfwatt("power", "--power", "dcmi"), 3)


@pytest.mark.parametrize("rows, columns", [(24, 80), (10, 80), (6, 60), (4, 40), (24, 20), (1, 1)])
def test_the_view_fits_the_terminal(tmp_path, rows, columns):
    """Each line of it, and all of them, also where there are more channels than lines; the last view has all."""
    device = tmp_path / "hwmon" / "hwmon0"
    device.mkdir(parents=True)
    (device / "name").write_text("a-sensor-with-a-long-name\n")
    for i in range(1, 13):
        (device / f"power{i}_input").write_text("123456000\n")
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (rows, columns))
    process = subprocess.Popen([PERFWATT, "power", "--power", f"hwmon:{device.parent}", "-I", "50", "--duration", "1"],
                               env={**os.environ, "TERM": "xterm", "NO_COLOR": ""}, stdout=slave, stderr=slave)
    os.close(slave)
    text = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while chunk := os.read(master, 65536):
            text += chunk
    assert process.wait(timeout=60) == 0
    views = [view.splitlines() for view in text.decode().split("\x1b[J")[1:]]
    assert len(views) >= 2 and len(views[-1]) == 13
    for view in views[:-1]:
        lines = [line for line in view if not line.startswith("\x1b")]
        assert len(lines) < max(rows, 5) and all(len(line) <= columns for line in lines), lines
    if rows == 24:  # also where names are shortened each can be told from the others
        assert [f"power{i}" in "\n".join(views[0]) for i in range(1, 13)] == [True] * 12, views[0]
    if rows < 14 and columns >= 40:
        assert "more channels" in "\n".join(views[0])
