# SPDX-License-Identifier: Apache-2.0
"""Recordings by the program beside which these tests are built."""
import csv
import os
import pathlib
import subprocess
import sys

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PERFWATT = pathlib.Path(os.environ.get("PERFWATT_BUILD_DIR", SOURCE / "build")) / "perfwatt"
METER = "exec:while :; do echo 250; sleep 0.05; echo 251.125; sleep 0.05; done"
sys.path.insert(0, str(SOURCE / "python"))
os.environ["PERFWATT"] = str(PERFWATT)


def program(*arguments):
    done = subprocess.run([PERFWATT, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done


def exported(recording, folder):
    """The CSV files, each a list of dicts of text."""
    program("export", recording, "--format", "csv", "--out", folder)
    return {path.stem: list(csv.DictReader(path.open(newline=""))) for path in pathlib.Path(folder).glob("*.csv")}


@pytest.fixture(name="recording", scope="session")
def one_recording(tmp_path_factory):
    out = tmp_path_factory.mktemp("python") / "r.perfwatt"
    program("run", "-o", out, "-n", 3, "--warmup", 1, "--idle", 1, "--items", 7, "--label", "a \"label\", \u00b5", "--interval", 100, "--per", "thread",
            "-e", "task-clock,page-faults,cycles:k", "--capture", "answer=is ([0-9]+)", "--capture", "none=(nothing)", "--power", METER, "--",
            "sh", "-c", "sleep 0.3; echo it is 42")
    return out
