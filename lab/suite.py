# SPDX-License-Identifier: GPL-3.0-or-later
"""A suite is what is set up once (a machine that runs its job) and the checks that look at what it left."""
import csv
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass

from debian import LabError
from guest import LAB, SOURCE, Guest
from packages import packages_for

PERFWATT = SOURCE / "build" / "perfwatt"


@dataclass
class Outcome:
    suite: str
    check: str
    verdict: str  # ok, FAILED or NOT RUN
    seconds: float
    text: str = ""  # why it failed, or figures


class Check(AssertionError):
    """What was expected and what there was."""


def expect(holds, what):
    if not holds:
        raise Check(what)


def expect_match(pattern, text):
    found = re.search(pattern, text, re.M)
    expect(found, f"no /{pattern}/ in: {text.strip()[-400:]}")
    return found


def export(recording, folder):
    """The CSV files of a recording, read by this machine's own build: each a list of dicts."""
    done = subprocess.run([PERFWATT, "export", recording, "--format", "csv", "--out", folder], capture_output=True, text=True,
                          timeout=60, check=False)
    expect(done.returncode == 0, done.stderr)
    return {path.stem: list(csv.DictReader(path.open(newline=""))) for path in pathlib.Path(folder).glob("*.csv")}


def within(a, b, share):
    return abs(a - b) <= share * max(abs(a), abs(b))


def draw_photo(work):
    """One drawn photo of a hot dog as `work`/photos/hotdog.jpg."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([SOURCE / "build" / "draw-photos", folder], check=True, timeout=60, stdout=subprocess.DEVNULL)
        (work / "photos").mkdir()
        shutil.copy(sorted(pathlib.Path(folder).glob("*.jpg"))[0], work / "photos" / "hotdog.jpg")


def run_job(name, prepare=None, limit_s=360, watts="262", machine="", **environment):
    """Boots `machine` (`name`) with perfwatt's packages and lets it do lab/jobs/NAME."""
    def start(work):
        if prepare:
            prepare(work)
        guest = Guest(machine or name, work, watts, environment)
        status = guest.run((LAB / "jobs" / name).read_text(), packages_for(guest.machine.architecture), limit_s)
        expect(status == 0, guest.text(".lab/stderr")[-400:])
        return guest
    return start


def run_suite(name, start, checks):
    """Every check's outcome; where the set-up fails, that of each is NOT RUN."""
    work = pathlib.Path(tempfile.mkdtemp(prefix="perfwatt-lab."))
    work.chmod(0o755)
    try:
        begin = time.monotonic()
        try:
            subject = start(work)
        except (LabError, Check, subprocess.SubprocessError, OSError) as error:
            return [Outcome(name, check, "NOT RUN", 0, str(error)) for check in checks]
        outcomes = [Outcome(name, "boots and does its job", "ok", time.monotonic() - begin)]
        return outcomes + [run_check(name, check, function, subject) for check, function in checks.items()]
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run_check(suite, name, function, subject):
    begin = time.monotonic()
    try:
        figures = function(subject)
        return Outcome(suite, name, "ok", time.monotonic() - begin, figures or "")
    except (Check, subprocess.SubprocessError, OSError, KeyError, ValueError, IndexError) as error:
        return Outcome(suite, name, "FAILED", time.monotonic() - begin, f"{type(error).__name__}: {error}")
