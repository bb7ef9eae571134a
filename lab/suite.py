# SPDX-License-Identifier: GPL-3.0-or-later
"""A suite is what is set up once (a machine that runs its job) and the checks that look at what it left."""
import contextlib
import csv
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

from debian import LabError
from guest import LAB, SOURCE, Guest, ended
from packages import packages_for

PERFWATT = SOURCE / "build" / "perfwatt"
STILL_THERE_S = 30  # a suite that goes on says so that often
BEGIN = time.monotonic()


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
    expect(found, f"no /{pattern}/ in: {text.strip()[-1500:]}")
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


def note(what):
    """A line of progress, with the seconds since the start."""
    print(f"{time.monotonic() - BEGIN:5.0f} s  {what}", flush=True)


def newest_file(folder):
    with contextlib.suppress(OSError):  # what the job makes it may also remove
        files = [path for path in folder.iterdir() if path.is_file()]
        return max(files, key=lambda path: path.stat().st_mtime).name if files else ""
    return ""


@contextlib.contextmanager
def noting(what, work=None):
    """Says `what` now and while it goes on, with the newest file of `work`, which shows how far the job there is."""
    done, begin = threading.Event(), time.monotonic()

    def say():
        while not done.wait(STILL_THERE_S):
            newest = newest_file(work) if work else ""
            note(f"{what}: for {time.monotonic() - begin:.0f} s{newest and f', now {newest}'}")

    note(what)
    thread = threading.Thread(target=say, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def descendants(process):
    with contextlib.suppress(OSError):
        for children in pathlib.Path(f"/proc/{process}/task").glob("*/children"):
            for child in children.read_text().split():
                yield from descendants(child)
                yield int(child)


def end():
    """Ends what the suites started: they clean up, and what they have not done is NOT RUN."""
    if ended.is_set():
        return
    ended.set()
    for process in list(descendants(os.getpid())):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)


def run_suite(name, start, checks, report):
    """Gives `report` every check's outcome when it is known; where the set-up fails, that of each is NOT RUN."""
    work = pathlib.Path(tempfile.mkdtemp(prefix="perfwatt-lab."))
    work.chmod(0o755)
    try:
        begin = time.monotonic()
        try:
            if ended.is_set():
                raise LabError("ended before")
            with noting(f"{name}: boots and does its job", work):
                subject = start(work)
        except (LabError, Check, subprocess.SubprocessError, OSError) as error:
            for check in ("boots and does its job", *checks):
                report(Outcome(name, check, "NOT RUN", time.monotonic() - begin, str(error)))
            return
        report(Outcome(name, "boots and does its job", "ok", time.monotonic() - begin))
        for check, function in checks.items():
            report(run_check(name, check, function, subject))
        note(f"{name}: done")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run_check(suite, name, function, subject):
    begin = time.monotonic()
    try:
        if ended.is_set():
            raise LabError("ended before")
        with noting(f"{suite}: {name}"):
            figures = function(subject)
        return Outcome(suite, name, "ok", time.monotonic() - begin, figures or "")
    except LabError as error:
        return Outcome(suite, name, "NOT RUN", time.monotonic() - begin, str(error))
    except (Check, subprocess.SubprocessError, OSError, KeyError, ValueError, IndexError) as error:
        verdict = "NOT RUN" if ended.is_set() else "FAILED"
        return Outcome(suite, name, verdict, time.monotonic() - begin, f"{type(error).__name__}: {error}")
