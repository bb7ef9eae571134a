# SPDX-License-Identifier: GPL-3.0-or-later
"""Meters that are programs (exec:), logs (csv:) and NVIDIA boards (nvml), as a user names them."""
import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import PERFWATT, SOURCE, as_often_as_due, export, facts, meanwhile, one_line, one_paragraph, perfwatt, wait_for

FAKE_NVML = Path(PERFWATT).parent / "libfake-nvml.so"


def run(out, source, seconds=1.5, *options, env=None, timeout=120):
    """What it prints in one paragraph, and its export."""
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0.5, "-o", out, *options, "--power", source, "--", "sleep", seconds,
                      env=env, timeout=timeout)
    assert result.returncode == 0, result.stderr
    result.stdout = one_paragraph(result.stdout)
    return result, export(out, f"{out}.csv")


def python(tmp_path, text):
    """exec:CMD of a Python program that has time, and out(...) to print a line at once."""
    script = tmp_path / "meter.py"
    script.write_text("import sys, time\ndef out(*words):\n    print(*words, sep=',', flush=True)\n" + text)
    return f"exec:exec {sys.executable} {script}"


def values(data, channel="watts", column="watts"):
    return [float(row[column]) for row in data["power"] if row["channel"] == channel and row[column]]


def warnings(data):
    return "\n".join(row["value"] for row in data["recording"] if "warning" in row["key"])


def gone(pid):
    """Whether the process has ended; a zombie has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def seconds_said(pattern, text):
    """The one number that the pattern has a group for."""
    (found,) = re.findall(pattern, text)
    return float(found)


def spans_the_execution(data):
    """Whether the readings begin before it and end behind it, or just before."""
    times = [float(row["time_s"]) for row in data["power"] if row["watts"]]
    (execution,) = data["executions"]
    return min(times) <= float(execution["begin_s"]) and max(times) > float(execution["end_s"]) - 1


class Writer:
    """Something that is done ten times a second, beside what is tested."""

    def __init__(self, write):
        self.write, self.stop = write, threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.stop.wait(0.1):
            self.write()

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def append(log, text):
    with log.open("a") as file:
        file.write(text)


def test_energy_by_the_meters_own_time(tmp_path):
    meter = python(tmp_path, """
out("time", "watts", "volts", "gpu_watts", "joules")
begin = time.time()
while True:
    t = time.time()
    out(f"{t:.4f}", 100 + 50 * (t - begin), 230, 75, f"{1000 + 200 * (t - begin):.3f}")
    time.sleep(0.05)
""")
    _, data = run(tmp_path / "r.perfwatt", meter, 3, "--rate", 20)
    start = float(facts(data)["start_unix_s"])
    watts = [(float(row["time_s"]), float(row["watts"])) for row in data["power"] if row["channel"] == "watts" and row["watts"]]
    assert len(watts) >= 10 and spans_the_execution(data)
    (t0, w0), (t1, w1) = watts[0], watts[-1]
    assert abs((w1 - w0) / (t1 - t0) - 50) < 0.5
    assert abs(start + t0 - time.time()) < 60
    energy = {row["channel"]: row for row in data["energy"]}
    seconds = float(energy["joules"]["seconds"])
    assert abs(float(energy["joules"]["gross_j"]) - 200 * seconds) <= float(energy["joules"]["uncertainty_j"])
    assert abs(float(energy["gpu_watts"]["gross_j"]) - 75 * seconds) <= 0.01 * 75 * seconds
    execution = data["executions"][0]
    middle = (float(execution["begin_s"]) + float(execution["end_s"])) / 2
    truth = (w0 + 50 * (middle - t0)) * seconds
    assert abs(float(energy["watts"]["gross_j"]) - truth) <= max(float(energy["watts"]["uncertainty_j"]), 0.01 * truth)


def test_the_program_is_given_no_secret_no_input_and_its_own_group(tmp_path):
    meter = python(tmp_path, f"""
import os
import re
open({str(tmp_path / 'seen')!r}, "w").write(repr((os.environ.get("PERFWATT_BMC_PASSWORD"), sys.stdin.read(), os.getpgid(0) != os.getsid(0))))
while True:
    out(7); time.sleep(0.1)
""")
    run(tmp_path / "r.perfwatt", meter, 0.3, env={"PERFWATT_BMC_PASSWORD": "secret"})
    secret, given, group = eval((tmp_path / "seen").read_text())
    assert (secret, given, group) == (None, "", True)
    assert b"secret" not in (tmp_path / "r.perfwatt").read_bytes()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, None])
def test_the_program_and_what_it_started_end_with_perfwatt(tmp_path, how):
    pids = tmp_path / "pids"
    meter = f"exec:sleep 600 & echo $! $$ > {pids}; trap '' TERM INT HUP; while :; do echo 5; sleep 0.1; done"
    process = subprocess.Popen([PERFWATT, "power", "--format", "csv", "--duration", "600" if how else "1", "--power", meter],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    if how:
        time.sleep(0.5)
        process.send_signal(how)
    process.wait(60)
    for pid in pids.read_text().split():
        wait_for(lambda: gone(pid))


def test_a_program_that_stops_is_a_warning_and_a_gap(tmp_path):
    meter = python(tmp_path, "for i in range(12):\n    out(200); time.sleep(0.1)\nsys.exit(3)\n")
    result, data = run(tmp_path / "r.perfwatt", meter, 3)
    assert "the program ended with exit status 3" in result.stdout
    assert {row["status"] for row in data["power"]} == {"ok", "session-lost"}
    (energy,), (execution,) = data["energy"], data["executions"]
    begin, end = (float(execution[key]) for key in ("begin_s", "end_s"))
    told = max(float(row["time_s"]) for row in data["power"] if row["status"] == "ok")
    assert energy["status"] != "measured" or float(energy["coverage"]) < (told + 0.5 - begin) / (end - begin) < 1


def test_a_program_that_goes_silent_is_a_gap(tmp_path):
    meter = python(tmp_path, "for i in range(12):\n    out(200); time.sleep(0.1)\ntime.sleep(600)\n")
    result, data = run(tmp_path / "r.perfwatt", meter, 5)
    assert "no reading for more than 2.0 s" in result.stdout
    assert "timeout" in {row["status"] for row in data["power"]}


def test_a_program_that_floods_is_bounded(tmp_path):
    meter = python(tmp_path, "import itertools\nfor i in itertools.count():\n    sys.stdout.write('150\\n' * 10000)\n")
    _, data = run(tmp_path / "r.perfwatt", meter, 2)
    assert set(values(data)) == {150} and len(values(data)) >= 2 and as_often_as_due(data)
    assert (tmp_path / "r.perfwatt").stat().st_size < 1_000_000


def test_nonsense_is_counted_with_one_warning_that_cannot_move_the_cursor(tmp_path):
    meter = python(tmp_path, "i = 0\nwhile True:\n    out('\\x1b[31mwatts: ' + 'many' * 2000 if i % 4 == 3 else 120)\n    i += 1\n"
                             "    time.sleep(0.15)\n")
    result, data = run(tmp_path / "r.perfwatt", meter, 3)
    assert result.stdout.count("a line that is no reading: ' [31mwatts:") == 1
    assert "\x1b" not in result.stdout + result.stderr
    assert set(values(data)) == {120}
    assert "error" in {row["status"] for row in data["power"]}


def test_time_stamps_that_jump_make_no_wrong_joule(tmp_path):
    meter = python(tmp_path, "i = 0\nwhile True:\n    out(f'{time.time() - (3600 if i >= 15 else 0):.3f}', 100)\n    i += 1\n"
                             "    time.sleep(0.1)\n")
    result, data = run(tmp_path / "r.perfwatt", meter, 3)
    # The line that tells may come late.
    assert -3601 <= -seconds_said(r"is -([0-9.]+) s off", result.stdout) <= -3599.9
    times = [float(row["time_s"]) for row in data["power"]]
    energy, execution = data["energy"][0], data["executions"][0]
    assert times == sorted(times) and -1 < times[0] and times[-1] < float(execution["end_s"]) + 2
    assert energy["status"] == "measured"
    assert abs(float(energy["gross_j"]) - 100 * float(energy["seconds"])) < 1


BUSY = "touch busy; sleep 2; rm busy"


def joules_between(told, begin, end):
    """Of (time, watts) in their order, linear between them."""
    joules = 0
    for (t0, w0), (t1, w1) in zip(told, told[1:]):
        a, b = max(t0, begin), min(t1, end)
        if a < b:
            joules += (b - a) * (w0 + (w1 - w0) * ((a + b) / 2 - t0) / (t1 - t0))
    return joules


# The correction is as good as the freshest line; that of a busy machine may be late.
@pytest.mark.parametrize("off, direction", [(-20, "behind"), (7.5, "ahead"), (3600, "ahead")])
def test_a_meters_clock_that_is_wrong_is_corrected(tmp_path, off, direction):
    meter = python(tmp_path, f"""
import os
told = open("told", "w")
while True:
    now, watts = time.time(), 200 if os.path.exists("busy") else 100
    print(now, watts, file=told, flush=True)
    out(f"{{now + {off}:.3f}}", watts)
    time.sleep(0.05)
""")
    out = tmp_path / "r.perfwatt"
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 1.5, "-o", out, "--power", meter, "--", "sh", "-c", BUSY, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert abs(seconds_said(rf"its clock is ([0-9.]+) s {direction}: corrected", one_paragraph(result.stdout)) - abs(off)) < 0.2, result.stdout
    data = export(out, tmp_path / "csv")
    row, execution, start = data["energy"][0], data["executions"][0], float(facts(data)["start_unix_s"])
    told = [tuple(map(float, line.split())) for line in (tmp_path / "told").read_text().splitlines()]
    truth = joules_between(told, start + float(execution["begin_s"]), start + float(execution["end_s"]))
    assert row["status"] == "measured"
    assert truth > 150 * float(row["seconds"])
    assert abs(float(row["gross_j"]) - truth) < 25, row
    assert abs(float(row["net_j"]) - (truth - 100 * float(row["seconds"]))) < 25, row


def test_the_old_lines_of_a_log_that_is_followed_are_not_those_of_now(tmp_path):
    log = tmp_path / "meter.csv"
    log.write_text("time,watts\n" + "".join(f"{time.time() + 7.5 - 20 + i / 10:.3f},999\n" for i in range(200)))
    with Writer(lambda: append(log, f"{time.time() + 7.5:.3f},80\n")):
        result, data = run(tmp_path / "r.perfwatt", f"csv:{log}", 2)
    assert 5 < seconds_said(r"its clock is ([0-9.]+) s ahead: corrected", result.stdout) <= 7.5
    assert set(values(data)) == {80} and len(values(data)) >= 5 and spans_the_execution(data)
    assert abs(float(data["energy"][0]["gross_j"]) - 80 * float(data["energy"][0]["seconds"])) < 2


def test_a_number_with_a_comma_is_refused_unless_something_says_what_it_is(tmp_path):
    meter = "exec:while sleep 0.1; do echo 212,5; done"
    refused = one_line(perfwatt("run", "-n", 1, "--power", meter, "--", "true", cwd=tmp_path), 3)
    assert "'212,5' is one number with a decimal comma, or a time and a number" in refused
    assert "exec: " not in one_line(perfwatt("run", "--power", meter + "?decimal=dot", "--", "true", cwd=tmp_path), 2)
    _, data = run(tmp_path / "a.perfwatt", meter + "?decimal=comma", 0.5)
    assert set(values(data)) == {212.5}
    _, data = run(tmp_path / "b.perfwatt", f"exec:echo watts; {meter[5:]}", 0.5)
    assert set(values(data)) == {212.5}
    log = tmp_path / "meter.csv"
    log.write_text("212,5\n")
    assert "'212,5'" in one_line(perfwatt("run", "-n", 1, "--power", f"csv:{log}", "--", "true", cwd=tmp_path), 3)


def test_a_log_that_grows_is_read_from_its_end(tmp_path):
    log = tmp_path / "meter.csv"
    log.write_text("time,watts\n" + "".join(f"{time.time() - 1000 + i:.3f},999\n" for i in range(900)))
    with Writer(lambda: append(log, f"{time.time():.3f},80\n")):
        _, data = run(tmp_path / "r.perfwatt", f"csv:{log}", 2)
    assert set(values(data)) == {80} and len(values(data)) >= 5 and spans_the_execution(data)
    assert abs(float(data["energy"][0]["gross_j"]) - 80 * float(data["energy"][0]["seconds"])) < 2


def test_a_log_that_is_complete_counts_where_its_times_overlap(tmp_path):
    log = tmp_path / "meter.csv"
    begin = time.time()
    log.write_text("time,watts\n" + "".join(f"{begin - 10 + i * 0.1:.3f},{i}\n" for i in range(400)))
    _, data = run(tmp_path / "r.perfwatt", f"csv:{log}", 2)
    start = float(facts(data)["start_unix_s"])
    rows = [(start + float(row["time_s"]), float(row["watts"])) for row in data["power"] if row["watts"]]
    assert len(rows) >= 5 and spans_the_execution(data)
    assert all(abs(t - (begin - 10 + w * 0.1)) < 0.01 for t, w in rows)


def test_a_log_that_is_cut_or_replaced_goes_on(tmp_path):
    log = tmp_path / "meter.csv"
    log.write_text("watts\n")
    lines = itertools.count()

    def write():
        line = next(lines)
        if line == 10:
            log.write_text("")
        if line == 20:
            log.rename(tmp_path / "old.csv")
        append(log, "60\n")
    with Writer(write):
        result, data = run(tmp_path / "r.perfwatt", f"csv:{log}", 4)
    assert "the log was cut" in result.stdout and "the log was replaced" in result.stdout
    assert set(values(data)) == {60} and len(values(data)) >= 5 and spans_the_execution(data)


def test_refusals_of_meters(tmp_path):
    def refused(source, status=3):
        return one_line(perfwatt("run", "-n", 1, "--power", source, "--", "true", cwd=tmp_path), status)
    assert "exit status 127 without a reading" in refused("exec:no-such-meter")
    assert "without a reading: it says 'hello'" in refused("exec:echo hello")
    assert "write exec:COMMAND" in refused("exec:", 2)
    assert "No such file" in refused(f"csv:{tmp_path / 'none'}")
    assert "no regular file" in refused(f"csv:{tmp_path}")
    assert "write csv:FILE" in refused("csv:", 2)
    begin = time.monotonic()
    assert "no reading within 15 s" in refused("exec:sleep 600")
    assert time.monotonic() - begin < 60


# NVML

@pytest.fixture
def boards(tmp_path):
    """Sets what the fake NVML answers."""
    control = tmp_path / "boards"

    def set_to(text):
        control.with_suffix(".new").write_text(text)
        control.with_suffix(".new").rename(control)
    set_to("count=2 watts0=250 watts1=60 energy1=3")
    set_to.env = {"FAKE_NVML": str(control)}
    return set_to


def test_boards_tell_energy_first_and_power_where_they_have_none(tmp_path, boards):
    result, data = run(tmp_path / "r.perfwatt", f"nvml:{FAKE_NVML}", 2, env=boards.env)
    energy = {row["channel"]: row for row in data["energy"]}
    assert set(energy) == {"GPU 0 Fake V100", "GPU 1 Fake V100"}
    assert "GPU 0 Fake V100: GPU 0" in result.stdout
    for name, watts in (("GPU 0 Fake V100", 250), ("GPU 1 Fake V100", 60)):
        assert abs(float(energy[name]["gross_j"]) - watts * float(energy[name]["seconds"])) < 0.02 * watts
    assert values(data, "GPU 0 Fake V100", "joules") and set(values(data, "GPU 1 Fake V100")) == {60}


def test_power_of_ampere_and_later_is_a_mean_of_a_second(tmp_path, boards):
    boards("count=2 watts0=250 joules0=-1 architecture0=9 watts1=60 energy1=3")
    result, data = run(tmp_path / "r.perfwatt", f"nvml:{FAKE_NVML}", 2, env=boards.env)
    assert set(values(data, "GPU 0 Fake V100")) == {250}
    assert result.stdout.count("spreads a step of the power over up to 1.1 s") == 1
    energy = {row["channel"]: row for row in data["energy"]}
    for channel, watts in (("GPU 0 Fake V100", 250), ("GPU 1 Fake V100", 60)):
        row = energy[channel]
        assert row["status"] == "measured" and abs(float(row["mean_w"]) - watts) < 0.01, row
        assert row["reason"].startswith("net energy is smaller than its uncertainty"), row


def test_a_board_that_is_lost_and_a_counter_that_begins_anew(tmp_path, boards):
    out = tmp_path / "r.perfwatt"
    with meanwhile(out, (1.5, lambda: boards("count=2 watts0=250 watts1=60 energy0=15 power1=15 energy1=3")),
                   (2.5, lambda: boards("count=2 watts0=250 watts1=60 energy1=3 joules0=10"))):
        result, data = run(out, f"nvml:{FAKE_NVML}", 4, env=boards.env)
    assert "GPU 0: GPU is lost" in result.stdout and "readings are back" in result.stdout
    assert "GPU 0: its counter went back" in result.stdout
    states = {row["status"] for row in data["power"] if row["channel"].startswith("GPU 0")}
    assert states == {"ok", "session-lost", "reset"}
    energy = {row["channel"]: row for row in data["energy"]}
    assert energy["GPU 0 Fake V100"]["status"] == "no-data" and energy["GPU 0 Fake V100"]["reason"]
    joules = values(data, "GPU 0 Fake V100", "joules")
    assert joules == sorted(joules)


def test_a_counter_of_a_board_that_jumps_is_a_gap(tmp_path, boards):
    out = tmp_path / "r.perfwatt"
    with meanwhile(out, (1.5, lambda: boards("count=1 watts0=250 joules0=65000"))):
        _, data = run(out, f"nvml:{FAKE_NVML}", 3, env=boards.env)
    (row,) = [row for row in data["energy"] if row["channel"] == "GPU 0 Fake V100"]
    assert row["status"] == "no-data" and row["gross_j"] == "", row
    assert "450 W is the most that it can draw: the energy meanwhile is unknown" in warnings(data)
    assert max(values(data, "GPU 0 Fake V100", "joules")) < 250 * 6


def test_refusals_of_nvml(tmp_path, boards):
    def refused(text):
        boards(text)
        return one_line(perfwatt("run", "-n", 1, "--power", f"nvml:{FAKE_NVML}", "--", "true", env=boards.env, cwd=tmp_path), 3)
    assert "Insufficient Permissions" in refused("init=4")
    assert "sudo modprobe nvidia" in refused("init=9")
    assert "there is no board" in refused("count=0")
    assert "Not Supported" in refused("energy0=3 power0=3")
    assert "GPU 0: Insufficient Permissions" in refused("board0=4")
    missing = one_line(perfwatt("run", "--power", f"nvml:{tmp_path / 'none.so'}", "--", "true"), 3)
    assert "not installed" in missing
    boards("count=2 board0=4")
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "-o", tmp_path / "r.perfwatt", "--power", f"nvml:{FAKE_NVML}", "--",
                      "sleep", "0.5", env=boards.env)
    assert result.returncode == 0 and "GPU 0: Insufficient Permissions: it is left out" in one_paragraph(result.stdout)


def test_list_and_doctor_show_them():
    listed = perfwatt("list", "power").stdout
    doctor = perfwatt("doctor").stdout
    for name in ("exec", "csv"):
        assert f"\n{name:<9} by address" in listed
        assert f"works   power             {name}: {name}:" in doctor
    for name in ("nvml", "perf-rapl"):
        assert f"\n{name:<9} " in listed and f"power             {name}: " in doctor


def test_the_examples_of_the_manual_work(tmp_path):
    text = (SOURCE / "docs" / "power-meters.md").read_text().split("## The lines")[0]
    commands = re.findall(r"^```sh\n(.*?)```", text, re.M | re.S)
    (script,) = re.findall(r"^```python\n(.*?)```", text, re.M | re.S)
    assert len(commands) == 3
    (tmp_path / "meter.py").write_text(script)
    (tmp_path / "meter.txt").write_text("237.5\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "perfwatt").symlink_to(PERFWATT)
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    printed = []
    for command in commands:
        result = subprocess.run(["sh", "-ec", command], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
        assert "perfwatt: " not in result.stderr, result.stderr
        printed.append(result.stdout)
    assert printed[0].count(",exec,watts,237.5,") >= 2
    for name in ("exec", "csv"):
        data = export(tmp_path / f"{name}.perfwatt", tmp_path / name)
        energy = {(row["channel"], row["status"]) for row in data["energy"]}
        assert energy == {(channel, "measured") for channel in ("watts", "outlet2_watts", "joules")}
        assert all(abs(float(row["mean_w"]) / 212.5 - 1) < 0.001 for row in data["energy"] if row["channel"] == "watts")
        # Its counter takes 0.1 s for granted.
        assert all(20 < float(row["mean_w"]) < 230 for row in data["energy"] if row["channel"] == "joules")
