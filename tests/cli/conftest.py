# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the built program as a user does."""
import contextlib
import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time

import pytest

from redfish_server import RedfishServer, make_certificate

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("PERFWATT_BUILD_DIR", SOURCE / "build"))
PERFWATT = BUILD / "perfwatt"
SHARED = SOURCE.parent / "shared"


def perfwatt(*args, timeout=120, env=None, **kwargs):
    """Runs perfwatt; never raises on a failing exit status."""
    environment = {**os.environ, **(env or {})}
    return subprocess.run([PERFWATT, *map(str, args)], capture_output=True, text=True, errors="replace",
                          timeout=timeout, env=environment, stdin=subprocess.DEVNULL, **kwargs)


def record(out, *options, command=("true",), **kwargs):
    return perfwatt("run", "-o", out, "--power", "none", *options, "--", *command, **kwargs)


def export(recording, out):
    """The CSV files of a recording, each a list of dicts."""
    result = perfwatt("export", recording, "--format", "csv", "--out", out)
    assert result.returncode == 0, result.stderr
    return {path.stem: list(csv.DictReader(path.open(newline=""))) for path in pathlib.Path(out).glob("*.csv")}


def one_paragraph(text):
    """Without the line ends that the width of a terminal makes."""
    return " ".join(text.split())


def one_line(result, status):
    """Asserts on the exit status and on one clear line on stderr; gives the line."""
    assert result.returncode == status, (result.returncode, result.stdout, result.stderr)
    lines = [line for line in result.stderr.splitlines() if line.startswith("perfwatt: ") and not line.startswith("perfwatt: warning")]
    assert len(lines) == 1, result.stderr
    for trace in ("terminate called", "Traceback", "Assertion", "core dumped"):
        assert trace not in result.stderr
    return lines[0]


def wait_for(condition, within=60):
    """Until the condition holds: on a busy machine, long."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def ahead_of_all_else():
    """The calling thread plays a sensor, which waits for nobody; where that is not allowed it may be late."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(threading.get_native_id(), os.SCHED_FIFO, os.sched_param(50))


@contextlib.contextmanager
def meanwhile(recording, *steps):
    """Does each of the steps, an action after so many seconds, from when the recording is there: its sources are open then."""
    def do():
        wait_for(recording.exists)
        begin = time.monotonic()
        for seconds, action in steps:
            time.sleep(max(0, begin + seconds - time.monotonic()))
            action()
    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    yield
    thread.join()


class Ticking:
    """Plays sensors meanwhile: tick() every so many seconds, or, on a busy machine, later."""

    def __init__(self, period):
        self.period = period
        self.stop = threading.Event()
        self.begin = time.monotonic()
        self.thread = threading.Thread(target=self.run)

    def since(self):
        return time.monotonic() - self.begin

    def run(self):
        ahead_of_all_else()
        while not self.stop.wait(self.period):
            self.tick()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def ranks_of(recording, folder):
    return export(recording, folder / "csv")["ranks"]


def document(recording, folder):
    """The recording as export's JSON has it."""
    result = perfwatt("export", recording, "--format", "json", "--out", folder)
    assert result.returncode == 0, result.stderr
    return json.loads((folder / "recording.json").read_text())


def facts(data):
    """What is said of a recording and its sources, by key."""
    return {row["key"]: row["value"] for row in data["recording"]}


def as_often_as_due(data, source=0):
    """Whether the source was read once in each period of its rate, but for those that are counted as missed."""
    known = facts(data)
    times = sorted({float(row["time_s"]) for row in data["power"]})
    due = (times[-1] - times[0]) * float(known[f"source.{source}.rate_hz"])
    return len(times) >= 2 and abs(len(times) + int(known[f"source.{source}.missed"]) - due) <= 3 + 0.02 * due


class Bmc:
    """The simulated BMC of lab/, ended with the test."""

    def __init__(self, folder, control):
        self.folder = folder
        started = subprocess.run([SOURCE / "lab" / "bmc", "start", folder, control], capture_output=True, text=True,
                                 timeout=60)
        assert started.returncode == 0, started.stderr
        self.url = started.stdout.strip().splitlines()[-1]
        self.port = (folder / "port").read_text().strip()

    def set(self, control):
        subprocess.run([SOURCE / "lab" / "bmc", "set", self.folder, control], check=True, timeout=60)

    def stop(self):
        subprocess.run([SOURCE / "lab" / "bmc", "stop", self.folder], check=False, timeout=60)


@pytest.fixture
def bmc(tmp_path):
    if not shutil.which("ipmi_sim"):
        pytest.skip("SKIPPED LOUDLY: ipmi_sim is not installed (scripts/setup test)")
    simulators = []

    def start(control):
        simulators.append(Bmc(tmp_path / f"bmc{len(simulators)}", control))
        return simulators[-1]

    yield start
    for simulator in simulators:
        simulator.stop()


BMC_ENV = {"PERFWATT_BMC_PASSWORD": "perfwatt"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """(certificate, key) of localhost, signed by itself."""
    if not shutil.which("openssl"):
        pytest.skip("SKIPPED LOUDLY: openssl is not installed (scripts/setup test)")
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@contextlib.contextmanager
def started_servers():
    """A list for servers, which are shut down at the end."""
    servers = []
    yield servers
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_path():
    """A folder for every user. Not pytest's own: each start of another pytest closes that to others."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        yield pathlib.Path(folder)


@pytest.fixture
def serve_redfish(certificate):
    """Starts a server of Redfish of a generation, which draws so many watts."""
    with started_servers() as servers:
        def start(generation="legacy", watts=232.0, pair=None):
            servers.append(RedfishServer(*(pair or certificate), generation, watts))
            return servers[-1]

        yield start


@pytest.fixture(name="browser", scope="module")
def one_browser():
    from browser import Browser, why_none  # it takes SOURCE from here

    if why_none():
        pytest.skip(f"SKIPPED LOUDLY: {why_none()}")
    browser = Browser()
    yield browser
    browser.close()
