# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt run --power redfish://... against an HTTPS server of this test's own."""
import os
import signal
import subprocess
import threading
import time

import pytest

from conftest import PERFWATT, export, meanwhile, one_line, one_paragraph, perfwatt, wait_for
from redfish_server import PASSWORD, make_certificate

ENV = {"PERFWATT_BMC_PASSWORD": PASSWORD}


def run(url, out, seconds="1", *options, env=None, **kwargs):
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--rate", 2, "--power", url, "-o", out, *options, "--",
                      "sleep", seconds, env={**ENV, **(env or {})}, **kwargs)
    result.stdout = one_paragraph(result.stdout)
    return result


def run_until(done, url, out, happens):
    """The same with a command that ends when `happens` has come to its end, which begins with the recording."""
    def happen():
        happens()
        done.touch()
    with meanwhile(out, (0, happen)):
        result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--rate", 2, "--power", url, "-o", out, "--", "sh", "-c",
                          f"until [ -e {done} ]; do sleep 0.1; done", env=ENV)
    result.stdout = one_paragraph(result.stdout)
    return result


def power(out, folder):
    return export(out, folder)["power"]


@pytest.mark.parametrize("generation,resource", [("legacy", "Power"), ("newer", "EnvironmentMetrics"), ("sensors", "total_power"),
                                                 ("idrac", "Power")])
def test_generations_of_firmware(serve_redfish, certificate, tmp_path, generation, resource):
    server = serve_redfish(generation, 187.5)
    result = run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", "3")
    assert result.returncode == 0, result.stderr
    rows = power(tmp_path / "r.perfwatt", tmp_path / "csv")
    assert len(rows) >= 2 and {(row["watts"], row["status"]) for row in rows} == {("187.5", "ok")}
    assert rows[0]["channel"] == "system" and rows[0]["source"] == "redfish"
    assert len(server.asked("GET", resource)) >= len(rows)
    assert server.connections == 1, "one kept connection"
    assert len(server.sessions_made) == 1
    assert server.asked("DELETE") == server.sessions_made and not server.tokens, "the session is deleted"


def test_the_password_is_nowhere(serve_redfish, certificate, tmp_path):
    server = serve_redfish()
    result = run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt")
    assert result.returncode == 0
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for secret in (PASSWORD, "token-1"):
        assert secret.encode() not in data and secret not in result.stdout + result.stderr
    line = one_line(run(f"redfish://admin:{PASSWORD}@127.0.0.1:{server.port}", tmp_path / "s.perfwatt"), 2)
    assert "PERFWATT_BMC_PASSWORD" in line and PASSWORD not in line


def test_power_supplies(serve_redfish, certificate, tmp_path):
    for generation in ("legacy", "newer"):
        server = serve_redfish(generation, 232.0)
        out = tmp_path / f"{generation}.perfwatt"
        assert run(server.url(cacert=certificate[0], psu=1), out).returncode == 0
        rows = power(out, tmp_path / generation)
        assert {(row["channel"], row["watts"]) for row in rows} == {
            ("system", "232"), ("powersupply0", "116"), ("powersupply1", "116")}


def test_the_chassis_with_power_is_chosen_or_named(serve_redfish, certificate, tmp_path):
    server = serve_redfish("idrac", 135.0)
    result = run(server.url(cacert=certificate[0]), tmp_path / "outer.perfwatt")
    assert "chassis=ID chooses" in result.stdout
    assert {row["watts"] for row in power(tmp_path / "outer.perfwatt", tmp_path / "outer")} == {"135"}
    assert run(server.url(cacert=certificate[0], chassis="Enclosure.Internal.0-1"), tmp_path / "inner.perfwatt").returncode == 0
    assert {row["watts"] for row in power(tmp_path / "inner.perfwatt", tmp_path / "inner")} == {"41"}
    line = one_line(run(server.url(cacert=certificate[0], chassis="nowhere"), tmp_path / "x.perfwatt"), 3)
    assert "no chassis 'nowhere'" in line and "System.Embedded.1" in line


def test_certificates_are_verified_unless_asked_by_name(serve_redfish, certificate, tmp_path):
    server = serve_redfish()
    line = one_line(run(server.url(), tmp_path / "a.perfwatt"), 3)
    assert "certificate" in line and "cacert=FILE" in line and "insecure=1" in line
    assert not server.asked("POST"), "no password for a stranger"
    result = run(server.url(insecure=1), tmp_path / "b.perfwatt")
    assert result.returncode == 0
    assert "not verified" in result.stdout and "insecure=1" in result.stderr
    other = make_certificate(tmp_path, "elsewhere.example", "IP:192.0.2.1")
    stranger = serve_redfish(pair=other)
    assert "certificate subject name" in one_line(run(stranger.url(cacert=other[0]), tmp_path / "c.perfwatt"), 3)
    assert not stranger.asked("POST")
    one_line(run(server.url(cacert=tmp_path / "missing.pem"), tmp_path / "d.perfwatt"), 3)


def test_basic_authentication_where_there_are_no_sessions(serve_redfish, certificate, tmp_path):
    server = serve_redfish()
    server.faults.add("no-sessions")
    assert run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt").returncode == 0
    assert {row["watts"] for row in power(tmp_path / "r.perfwatt", tmp_path / "csv")} == {"232"}
    assert len(server.asked("POST")) == 1


def test_a_wrong_password_is_said_once(serve_redfish, certificate, tmp_path):
    server = serve_redfish()
    line = one_line(run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", env={"PERFWATT_BMC_PASSWORD": "wrong-one"}), 3)
    assert "401" in line and "PERFWATT_BMC_PASSWORD" in line and "wrong-one" not in line
    assert len(server.asked("POST")) == 1, "accounts are locked after some"


def passwords_sent(server):
    return len(server.asked("POST")) + server.basic


@pytest.mark.parametrize("fault", [None, "no-sessions"])
def test_a_password_that_is_no_longer_taken_ends_the_source(serve_redfish, certificate, tmp_path, fault):
    server = serve_redfish()
    server.faults.update([fault] if fault else [])
    sent = []

    def change():
        sent.append(passwords_sent(server))
        server.password = "another"
        server.tokens.clear()

    threading.Timer(3, change).start()
    result = run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", "12")
    assert result.returncode == 0, result.stderr
    assert "is not asked again" in result.stdout
    assert passwords_sent(server) <= sent[0] + 1, "accounts are locked after some"
    rows = power(tmp_path / "r.perfwatt", tmp_path / "csv")
    assert {row["status"] for row in rows} == {"ok", "session-lost"} and rows[-1]["status"] == "session-lost"


def test_a_wrong_password_is_sent_once_without_sessions(serve_redfish, certificate, tmp_path):
    server = serve_redfish("idrac")
    server.faults.add("no-sessions")
    line = one_line(run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", env={"PERFWATT_BMC_PASSWORD": "wrong-one"}), 3)
    assert "401" in line and server.basic == 1


def test_a_service_that_is_busy_for_long_is_asked_less_and_less_often(serve_redfish, certificate, tmp_path):
    server = serve_redfish("newer", 210.0)
    asked = []

    def busy():
        asked.append(len(server.log))
        server.fault = "503"

    threading.Timer(2.5, busy).start()
    assert run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", "12").returncode == 0
    assert 3 <= len(server.log) - asked[0] <= 9, "after 0.25, 0.5, 1, 2 and 4 s"


def test_a_password_is_redirected_once(serve_redfish, certificate, tmp_path):
    server = serve_redfish()
    server.faults.add("redirected-sessions")
    one_line(run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt"), 3)
    assert len(server.asked("POST")) == 2


def test_a_session_that_ends_is_opened_again(serve_redfish, certificate, tmp_path):
    server = serve_redfish()

    def end_the_session():
        server.wait_for_readings(3)
        server.tokens.clear()
        server.wait_for_readings(4)
    assert run_until(tmp_path / "done", server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", end_the_session).returncode == 0
    rows = power(tmp_path / "r.perfwatt", tmp_path / "csv")
    assert {row["status"] for row in rows} == {"ok"} and len(server.sessions_made) == 2
    recording = {row["key"]: row["value"] for row in export(tmp_path / "r.perfwatt", tmp_path / "csv2")["recording"]}
    assert recording["source.0.reconnects"] == "1"


FAULTS = {"503": "busy", "garbage": "error", "deep": "error", "huge": "error", "truncated": "session-lost",
          "closed": "session-lost", "silence": "timeout", "redirect": "error"}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_leave_a_gap_and_readings_come_back(serve_redfish, certificate, tmp_path, fault):
    server = serve_redfish("newer", 210.0)
    server.elsewhere = "https://192.0.2.1/redfish/v1/Chassis"

    def fail_for_a_while():
        server.wait_for_readings(2)
        server.fault = fault
        server.wait_for_readings(2)
        server.fault = None
        server.wait_for_readings(4)
    result = run_until(tmp_path / "done", server.url(cacert=certificate[0]), tmp_path / "r.perfwatt", fail_for_a_while)
    assert result.returncode == 0, result.stderr
    rows = power(tmp_path / "r.perfwatt", tmp_path / "csv")
    bad = [row for row in rows if row["status"] != "ok"]
    assert bad and {row["status"] for row in bad} == {FAULTS[fault]}, rows
    assert all(row["watts"] == "" for row in bad)
    assert {row["watts"] for row in rows if row["status"] == "ok"} == {"210"}
    assert rows[-1]["status"] == "ok"
    assert "readings fail" in result.stdout and "readings are back" in result.stdout


@pytest.mark.parametrize("page", [
    {"PowerWatts": None}, {"PowerWatts": {"Reading": None}}, {"PowerWatts": {"Reading": "many"}}, {"PowerWatts": []},
    {"PowerWatts": {"Reading": -5}}, {"PowerWatts": {"Reading": 1e300}}, {}, {"PowerWatts": {"Reading": {"Reading": 5}}}])
def test_json_of_strangers(serve_redfish, certificate, tmp_path, page):
    server = serve_redfish("newer", 210.0)
    server.replaced["/EnvironmentMetrics"] = page
    one_line(run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt"), 3)


def test_a_number_that_is_a_text_counts(serve_redfish, certificate, tmp_path):
    server = serve_redfish("newer", 210.0)
    server.replaced["/EnvironmentMetrics"] = {"PowerWatts": {"Reading": "211.5"}}
    assert run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt").returncode == 0
    assert {row["watts"] for row in power(tmp_path / "r.perfwatt", tmp_path / "csv")} == {"211.5"}


def test_links_that_lead_elsewhere_are_not_followed(serve_redfish, certificate, tmp_path):
    server = serve_redfish("newer", 210.0)
    server.replaced["/Chassis"] = {"Members": [{"@odata.id": "https://192.0.2.1/redfish/v1/Chassis/x"}, {"@odata.id": "//192.0.2.1/"},
                                               {"@odata.id": 5}, None, {"@odata.id": "/redfish/v1/\r\nX: y"}]}
    assert "no chassis" in one_line(run(server.url(cacert=certificate[0]), tmp_path / "r.perfwatt"), 3)


def test_nobody_there_is_refused(tmp_path, serve_redfish):
    server = serve_redfish()
    port = server.port
    server.shutdown()
    server.server_close()
    line = one_line(run(f"redfish://admin@127.0.0.1:{port}", tmp_path / "r.perfwatt"), 3)
    assert "reachable" in line


def test_ctrl_c_does_not_wait_for_a_silent_bmc(serve_redfish, certificate, tmp_path):
    server = serve_redfish()
    process = subprocess.Popen([str(part) for part in (
        PERFWATT, "run", "-n", 1, "--warmup", 0, "--idle", 30, "--power", server.url(cacert=certificate[0]), "-o",
        tmp_path / "r.perfwatt", "--", "true")], env={**os.environ, **ENV}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wait_for((tmp_path / "r.perfwatt").exists)
    server.wait_for_readings(2)
    server.fault = "silence"
    server.wait_for_readings(1)
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert time.monotonic() - begin < 4  # a request is given up after 5 s


def test_parts_of_the_machine_by_their_sensors(serve_redfish, certificate, tmp_path):
    server = serve_redfish("ebmc", 400.0)
    server.replaced["/Metrics"] = {}
    assert run(server.url(cacert=certificate[0], sensors=1), tmp_path / "r.perfwatt", "4").returncode == 0
    rows = power(tmp_path / "r.perfwatt", tmp_path / "csv")
    assert {(row["channel"], row["watts"]) for row in rows} == {
        ("system", "400"), ("power_p0_power", "50"), ("power_p0_mem_power", "51"), ("power_fans_a_power", "52")}
