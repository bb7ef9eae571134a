# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt run --power hmc://... against an HMC of this test's own."""
import hashlib
import json
import subprocess
import threading
import time

import pytest

from conftest import export, meanwhile, one_line, one_paragraph, perfwatt, started_servers, wait_for
from hmc_server import PARTITION, PASSWORD, SYSTEM, HmcServer

ENV = {"PERFWATT_BMC_PASSWORD": PASSWORD}


@pytest.fixture
def serve(certificate):
    with started_servers() as servers:
        def start(**options):
            servers.append(HmcServer(*certificate, **options))
            return servers[-1]

        yield start


def run(url, out, seconds="3", *options, env=None):
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--rate", 1, "--power", url, "-o", out, *options, "--",
                      "sleep", seconds, env={**ENV, **(env or {})})
    result.stdout = one_paragraph(result.stdout)
    return result


def fingerprint(certificate):
    """SHA-256 of its public key, as docs/power-sources.md says."""
    key = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], check=True, capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=key, check=True, capture_output=True).stdout
    return hashlib.sha256(der).hexdigest()


def total(rows):
    return float(rows[-1]["joules"]) - float(rows[0]["joules"])


def truth(server, data, rows):
    """Joules between the first and the last of the rows, from the curve."""
    start = float(next(row["value"] for row in data["recording"] if row["key"] == "start_unix_s"))
    begin, end = float(rows[0]["time_s"]), float(rows[-1]["time_s"])
    return sum(server.power(start + begin + (end - begin) * (i + 0.5) / 100_000) for i in range(100_000)) * (end - begin) / 100_000


def test_the_servers_energy_and_what_the_partition_used(serve, certificate, tmp_path):
    server = serve()
    result = run(server.url(cacert=certificate[0], partition=PARTITION), tmp_path / "r.perfwatt", "8")
    assert result.returncode == 0, result.stderr
    data = export(tmp_path / "r.perfwatt", tmp_path / "csv")
    rows = data["power"]
    assert {(row["source"], row["channel"], row["status"]) for row in rows} == {("hmc", "server", "ok")}
    execution = data["executions"][0]
    assert float(rows[0]["time_s"]) <= float(execution["begin_s"]), "it runs when the test begins"
    assert float(rows[-1]["time_s"]) >= float(execution["end_s"]), "the bin of its end is waited for"
    seconds = float(rows[-1]["time_s"]) - float(rows[0]["time_s"])
    assert abs(total(rows) - truth(server, data, rows)) <= 200 * 1.2, "within the doubt of the clocks"
    assert 300 * seconds <= total(rows) <= 500 * seconds
    bins = data["server"]
    assert float(bins[0]["begin_s"]) < -200, "what it keeps of before the run"
    between = bins[5:-5]  # the feeds are read one after the other: each may have one more at the ends
    assert len(between) >= 200 and all(300 <= float(row["watts"]) <= 500 for row in between)
    assert {tuple(row[key] for key in ("ours", "partitions", "virtual_io", "firmware", "total")) for row in between} == {
        ("2.5", "6.5", "1.25", "0.25", "20")}
    assert server.asked("DELETE") == ["/rest/api/web/Logon"] and not server.tokens, "the session is ended"
    assert len(server.tokens_made) == 1
    (tmp_path / "json").mkdir()
    assert perfwatt("export", tmp_path / "r.perfwatt", "--format", "json", "--out", tmp_path / "json").returncode == 0
    document = json.loads((tmp_path / "json" / "recording.json").read_text())
    assert document["energy"] and len(document["server"]) == len(bins)


def test_the_partitions_share_is_modelled(serve, certificate, tmp_path):
    """A server of 400 W and 20 W a unit, on which the partition uses six units while the command runs."""
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    known = {}

    def when(path):
        if path not in known and path.exists() and path.read_text():
            known[path] = float(path.read_text())
        return known.get(path, float("inf"))

    def ours(t):
        return 6.0 if when(begun) <= t < when(ended) else 0.1

    server = serve(power=lambda t: 400 + 20 * ours(t))
    server.ours = ours
    server.begin = time.time() - 40  # as few bins as are needed
    url = server.url(cacert=certificate[0], partition=PARTITION)
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--rate", 1, "--power", url, "-o", tmp_path / "r.perfwatt", "--",
                      "sh", "-c", f"date +%s.%N > {begun}; sleep 12; date +%s.%N > {ended}", env=ENV)
    assert result.returncode == 0, result.stderr
    assert "this partition's share, MODELLED" in result.stdout
    data = export(tmp_path / "r.perfwatt", tmp_path / "csv")
    row = next(row for row in data["energy"] if row["channel"] == "partition")
    assert (row["status"], row["source"]) == ("modelled", "hmc")
    seconds = float(row["seconds"])
    others = 4 - 1.25  # units of all but us and the Virtual I/O Servers
    assert float(row["net_j"]) == pytest.approx(20 * 5.9 * seconds, rel=0.15)
    assert float(row["gross_j"]) == pytest.approx(520 * seconds * 6 / (6 + others), rel=0.15)
    unit = next(row for row in data["summary"] if row["quantity"] == "hmc/partition/unit-power")
    assert float(unit["mean"]) == pytest.approx(20, abs=0.1)
    server_row = next(row for row in data["energy"] if row["channel"] == "server")
    assert server_row["status"] == "measured" and float(server_row["gross_j"]) > float(row["gross_j"]) > float(row["net_j"])


def test_the_password_and_the_session_are_nowhere(serve, certificate, tmp_path):
    server = serve()
    result = run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt")
    assert result.returncode == 0
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for secret in (PASSWORD, "token-1"):
        assert secret.encode() not in data and secret not in result.stdout + result.stderr
    line = one_line(run(f"hmc://hscroot:pass1@127.0.0.1:{server.port}/x", tmp_path / "s.perfwatt"), 2)
    assert "PERFWATT_BMC_PASSWORD" in line and "pass1" not in line


def test_certificates_are_verified_or_pinned(serve, certificate, tmp_path):
    server = serve()
    line = one_line(run(server.url(), tmp_path / "a.perfwatt"), 3)
    assert "certificate" in line and "fingerprint=SHA256" in line and "insecure=1" in line
    wrong = one_line(run(server.url(fingerprint="ab" * 32), tmp_path / "b.perfwatt"), 3)
    assert "fingerprint" in wrong
    assert not server.asked("PUT"), "no password for a stranger"
    assert run(server.url(fingerprint=fingerprint(certificate[0])), tmp_path / "c.perfwatt").returncode == 0
    result = run(server.url(insecure=1), tmp_path / "d.perfwatt")
    assert result.returncode == 0 and "not verified" in result.stdout


def test_refusals_are_one_line(serve, certificate, tmp_path):
    server = serve()
    where = {"cacert": certificate[0]}
    line = one_line(run(server.url(**where), tmp_path / "a.perfwatt", env={"PERFWATT_BMC_PASSWORD": "wrong-one"}), 3)
    assert "401" in line and "PERFWATT_BMC_PASSWORD" in line and "wrong-one" not in line
    assert len(server.asked("PUT")) == 1, "accounts are locked after some"
    assert SYSTEM in one_line(run(server.url("Server-B", **where), tmp_path / "b.perfwatt"), 3)
    assert PARTITION in one_line(run(server.url(partition="other", **where), tmp_path / "c.perfwatt"), 3)
    for fault, text in (("403", "HTTP 403"), ("204", "no mean power"), ("html", "no feed"), ("garbage", "no feed"), ("500", "HTTP 500")):
        server.fault = fault
        assert text in one_line(run(server.url(**where), tmp_path / f"{fault}.perfwatt"), 3)
    server.fault = None
    server.preferences["EnergyMonitorEnabled"] = False
    line = one_line(run(server.url(**where), tmp_path / "d.perfwatt"), 3)
    assert "EnergyMonitorEnabled is not true" in line and "administrator" in line
    assert not server.asked("POST"), "it is not ours to switch it on"
    assert "reachable from here" in one_line(run("hmc://a@127.0.0.1:9/x", tmp_path / "e.perfwatt"), 3)


@pytest.mark.parametrize("fault", ["503", "403", "500", "204", "html", "garbage", "closed"])
def test_trouble_is_said_and_nothing_is_lost(serve, certificate, tmp_path, fault):
    server = serve()
    done = tmp_path / "done"

    def trouble():
        server.fault = fault
        before = len(server.asked("GET", "Type=Energy"))
        wait_for(lambda: len(server.asked("GET", "Type=Energy")) >= before + 2)
        server.fault = None
        time.sleep(1)
        done.touch()

    with meanwhile(tmp_path / "r.perfwatt", (0, trouble)):
        result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--rate", 1, "--power",
                          server.url(cacert=certificate[0]), "-o", tmp_path / "r.perfwatt", "--", "sh", "-c",
                          f"until [ -e {done} ]; do sleep 0.1; done", env=ENV)
    assert result.returncode == 0, result.stderr
    rows = export(tmp_path / "r.perfwatt", tmp_path / "csv")["power"]
    counted = [row for row in rows if row["joules"]]
    assert {row["status"] for row in counted} == {"ok"}
    times = [float(row["time_s"]) for row in counted]
    assert all(after - before < 1.9 for before, after in zip(times, times[1:])), "every second of it"
    assert (fault == "204") == (counted == rows)


def test_bins_that_failed_are_gaps(serve, certificate, tmp_path):
    server = serve()
    server.status = lambda end: 2 if int(end) % 5 == 0 else 0
    result = run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", "7")
    assert result.returncode == 0
    assert "failed or partial" in result.stdout
    statuses = {row["status"] for row in export(tmp_path / "r.perfwatt", tmp_path / "csv")["power"]}
    assert statuses == {"ok", "no-value", "reset"}


def test_a_session_that_ends_is_opened_again(serve, certificate, tmp_path):
    server = serve()
    threading.Timer(3, lambda: server.tokens.clear()).start()
    result = run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", "8")
    assert result.returncode == 0
    assert {row["status"] for row in export(tmp_path / "r.perfwatt", tmp_path / "csv")["power"]} == {"ok"}
    assert len(server.tokens_made) == 2


@pytest.mark.parametrize("ahead", [90, -90])
def test_a_clock_that_is_off_is_corrected(serve, certificate, tmp_path, ahead):
    server = serve()
    server.ahead = float(ahead)
    result = run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", "8")
    assert result.returncode == 0
    assert ("ahead of" if ahead > 0 else "behind") in result.stdout and "the HMC's clock is" in result.stdout
    data = export(tmp_path / "r.perfwatt", tmp_path / "csv")
    rows = data["power"]
    assert abs(total(rows) - truth(server, data, rows)) <= 200 * 1.2
