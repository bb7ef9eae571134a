# SPDX-License-Identifier: GPL-3.0-or-later
"""The line on a terminal that says how far a run is."""
import contextlib
import os
import pty
import re
import subprocess

from conftest import PERFWATT

METER = "exec:while :; do echo 250; sleep 0.05; done"


def progress_of(*words):
    """What stands in the line, one after the other."""
    master, slave = pty.openpty()
    process = subprocess.Popen([PERFWATT, *map(str, words)], env={**os.environ, "TERM": "xterm", "NO_COLOR": ""}, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    text = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while chunk := os.read(master, 65536):
            text += chunk
    assert process.wait(timeout=60) == 0, text
    return [re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line) for line in re.split(r"[\r\n]+", text.decode())]


def test_each_phase_says_how_long_it_takes_still(tmp_path):
    lines = progress_of("run", "-o", tmp_path / "r.perfwatt", "-n", 2, "--idle", 1.5, "--power", METER, "--", "sleep", 1.5)
    for phase, what in (("idle before", "[12] s left of it"), ("warm-up", "[12] s so far"), ("test 1/2", "about [0-9]+ s left"),
                        ("test 2/2", "about [0-9]+ s left"), ("idle after", "about [012] s left")):
        assert any(line.startswith(phase) and re.search(what, line) for line in lines), (phase, lines)
    assert any("250 W" in line for line in lines)
