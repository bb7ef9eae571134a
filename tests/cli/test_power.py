# SPDX-License-Identifier: GPL-3.0-or-later
"""Power over RMCP+ from a real ipmi_sim."""
import os
import re
import subprocess
import time

import pytest
from conftest import BMC_ENV, PERFWATT, SOURCE, as_often_as_due, export, facts, meanwhile, one_line, perfwatt, wait_for
from udp_proxy import OPEN_SESSION, RAKP3, UdpProxy

# It moves in the midst of the command alone: elsewhere it would be taken for what the command does, shown late.
TRACE = [(0, 150), (9, 150), (10, 300), (11.5, 180), (12, 180), (13, 280), (14, 150), (60, 150)]


def watts_at(t):
    if t < 0:
        return TRACE[0][1]
    for (t0, w0), (t1, w1) in zip(TRACE, TRACE[1:]):
        if t0 <= t <= t1:
            return w0 + (w1 - w0) * (t - t0) / (t1 - t0)
    raise ValueError(t)


def true_energy(begin, end, steps=20000):
    step = (end - begin) / steps
    return sum(watts_at(begin + (i + 0.5) * step) for i in range(steps)) * step


def test_energy_of_a_trace_with_a_known_integral(tmp_path, bmc):
    simulator = bmc("150")  # as the trace begins
    out = tmp_path / "r.perfwatt"
    zero = []

    def begin_the_trace():
        zero.append(int(time.time()) + 1)
        simulator.set("trace\n" + "\n".join(f"{t} {w}" for t, w in TRACE))
        os.utime(simulator.folder / "control", (zero[0], zero[0]))
    with meanwhile(out, (0, begin_the_trace)):
        result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 3, "--rate", 10, "--power", simulator.url, "-o", out,
                          "--", "sleep", "18", env=BMC_ENV)
    assert result.returncode == 0, result.stderr
    data = export(out, tmp_path / "csv")
    start = float(facts(data)["start_unix_s"])
    # A reading is of some time while it was read, which is long on a busy machine, and power swings by 150 W at most.
    late = 150 * max(float(row["read_s"]) for row in data["power"] if row["status"] == "ok")
    executions = {(row["test"], row["pass"]): row for row in data["executions"]}
    assert len(data["energy"]) == 1
    for row in data["energy"]:
        execution = executions[row["test"], row["pass"]]
        begin, end = (start + float(execution[key]) - zero[0] for key in ("begin_s", "end_s"))
        truth = true_energy(begin, end)
        assert row["status"] == "measured"
        assert abs(float(row["gross_j"]) - truth) <= 0.02 * truth + late, (row, truth)
        assert abs(float(row["gross_j"]) - truth) <= float(row["uncertainty_j"]) + 1.0 + late


def test_constant_watts_are_what_ipmitool_prints(tmp_path, bmc):
    simulator = bmc("237")
    out = tmp_path / "r.perfwatt"
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 1, "--rate", 10, "--power", simulator.url + "&simulated=1",
                      "-o", out, "--", "sleep", "1", env=BMC_ENV)
    assert result.returncode == 0, result.stderr
    printed = subprocess.run(["ipmitool", "-C", "3", "-I", "lanplus", "-H", "127.0.0.1", "-p", simulator.port, "-U", "admin",
                              "-P", "perfwatt", "dcmi", "power", "reading"], capture_output=True, text=True, timeout=60)
    watts = re.search(r"Instantaneous power reading:\s+(\d+)", printed.stdout).group(1)
    data = export(out, tmp_path / "csv")
    rows = [row for row in data["power"] if row["status"] == "ok"]
    assert as_often_as_due(data) and {float(row["watts"]) for row in rows} == {float(watts)}
    assert "simulated" in result.stdout.lower()
    assert "simulated" in rows[0]["source"]


def test_a_bmc_that_vanishes_leaves_a_gap_and_comes_back(tmp_path, bmc):
    simulator = bmc("200")
    out = tmp_path / "r.perfwatt"
    process = subprocess.Popen([str(part) for part in (
        PERFWATT, "run", "-n", 1, "--warmup", 0, "--idle", 1,
        "--rate", 5, "--power", simulator.url, "-o", out, "--", "sleep", "22")], env={**os.environ, **BMC_ENV},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(out.exists)
    time.sleep(2)
    os.kill(int((simulator.folder / "pid").read_text()), 9)
    time.sleep(3)
    subprocess.run([SOURCE / "lab" / "bmc", "restart", simulator.folder], check=True, timeout=60, stdout=subprocess.DEVNULL)
    back_at = time.time()
    stdout, stderr = process.communicate(timeout=180)
    assert process.returncode == 0, stderr
    data = export(out, tmp_path / "csv")
    rows, start = data["power"], float(facts(data)["start_unix_s"])
    good = [float(row["time_s"]) for row in rows if row["status"] == "ok"]
    assert max(b - a for a, b in zip(good, good[1:])) > 2.5
    assert any(0 < start + time_s - back_at < 15 for time_s in good)
    assert good[-1] > float(data["executions"][0]["end_s"]) - 2
    assert any(row["status"] in ("timeout", "session-lost") for row in rows)
    assert "readings are back" in stdout


def test_busy_inactive_and_slow(tmp_path, bmc):
    simulator = bmc("watts=210 delay_ms=1500")
    out = tmp_path / "slow.perfwatt"
    assert perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--power", simulator.url, "-o", out, "--", "sleep", "6",
                    env=BMC_ENV).returncode == 0
    reads = [float(row["read_s"]) for row in export(out, tmp_path / "slow")["power"] if row["status"] == "ok"]
    assert reads and min(reads) > 1.4 and min(reads) < 3.0, reads  # with a retransmission each would take 3 s
    simulator.set("watts=210 active=0")
    out = tmp_path / "inactive.perfwatt"
    assert perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--rate", 5, "--power", simulator.url, "-o", out, "--",
                    "sleep", "1", env=BMC_ENV).returncode == 0
    rows = export(out, tmp_path / "inactive")["power"]
    assert rows and all(row["status"] == "inactive" and row["watts"] == "210" for row in rows)
    simulator.set("watts=210 cc=0xc0")
    busy = perfwatt("run", "-n", 1, "--power", simulator.url, "--", "true", env=BMC_ENV, cwd=tmp_path)
    assert busy.returncode == 3 and "busy" in busy.stderr


@pytest.fixture
def proxy():
    proxies = []

    def start(simulator, *replay):
        proxies.append(UdpProxy(simulator.port, *replay))
        return proxies[-1], simulator.url.replace(f":{simulator.port}", f":{proxies[-1].port}")

    yield start
    for each in proxies:
        each.close()


def test_a_wrong_password_is_sent_once(tmp_path, bmc, proxy):
    between, url = proxy(bmc("200"))
    line = one_line(perfwatt("run", "-n", 1, "--power", url, "-o", tmp_path / "r.perfwatt", "--", "true",
                             env={"PERFWATT_BMC_PASSWORD": "wrong"}), 3)
    assert "password" in line and between.asked(OPEN_SESSION) == 1 and between.asked(RAKP3) <= 1


@pytest.mark.parametrize("replay", ["double", "stale"])
def test_answers_that_come_again_at_the_start_are_no_trouble(tmp_path, bmc, proxy, replay):
    _, url = proxy(bmc("200"), replay, range(6))
    out = tmp_path / "r.perfwatt"
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--rate", 5, "--power", url, "-o", out, "--", "sleep", "2", env=BMC_ENV)
    assert result.returncode == 0, result.stderr
    assert {row["watts"] for row in export(out, tmp_path / "csv")["power"] if row["status"] == "ok"} == {"200"}


def restart_with(simulator, password):
    """The simulator again, on the same port, with another password."""
    os.kill(int((simulator.folder / "pid").read_text()), 9)
    config = simulator.folder / "lan.conf"
    config.write_text(config.read_text().replace('"perfwatt" admin', f'"{password}" admin'))
    process = subprocess.Popen(["ipmi_sim", "-c", config, "-f", SOURCE / "lab" / "bmc.emu", "-s", simulator.folder / "state", "-n"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    (simulator.folder / "pid").write_text(f"{process.pid}\n")
    return process


def test_a_password_that_is_no_longer_taken_ends_the_source(tmp_path, bmc, proxy):
    simulator = bmc("200")
    between, url = proxy(simulator)
    out = tmp_path / "r.perfwatt"
    process = subprocess.Popen([str(part) for part in (
        PERFWATT, "run", "-n", 1, "--warmup", 0, "--idle", 0, "--rate", 5, "--power", url, "-o", out, "--", "sleep", "40")],
        env={**os.environ, **BMC_ENV}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while between.asked(OPEN_SESSION) == 0 and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(2)
    before = between.asked(RAKP3)
    simulated = restart_with(simulator, "another")
    try:
        stdout, stderr = process.communicate(timeout=90)
    finally:
        simulated.kill()
        simulated.wait()
    assert process.returncode == 0, stderr
    assert "is not asked again" in stdout
    assert between.asked(RAKP3) <= before + 1, "accounts are locked after some"
