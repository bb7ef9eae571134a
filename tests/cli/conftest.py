# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the built program as a user does."""
import csv
import os
import pathlib
import shutil
import subprocess

import pytest

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


def one_line(result, status):
    """Asserts on the exit status and on one clear line on stderr; gives the line."""
    assert result.returncode == status, (result.returncode, result.stdout, result.stderr)
    lines = [line for line in result.stderr.splitlines() if line.startswith("perfwatt: ") and "warning" not in line]
    assert len(lines) == 1, result.stderr
    for trace in ("terminate called", "Traceback", "Assertion", "core dumped"):
        assert trace not in result.stderr
    return lines[0]


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
        subprocess.run([SOURCE / "lab" / "bmc", "set", self.folder, control], check=True, timeout=10)

    def stop(self):
        subprocess.run([SOURCE / "lab" / "bmc", "stop", self.folder], check=False, timeout=20)


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
