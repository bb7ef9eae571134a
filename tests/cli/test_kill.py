# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of perfwatt at any moment: the recording opens, says so, and has what ended more than a second before."""
import random
import subprocess
import time

from conftest import PERFWATT, export, perfwatt

COMMAND = "date +%s.%N >> {log}; sleep 0.1"


def test_twenty_kills(tmp_path):
    randomness = random.Random(20261123)
    for i in range(20):
        folder = tmp_path / str(i)
        folder.mkdir()
        out, log = folder / "r.perfwatt", folder / "log"
        process = subprocess.Popen([PERFWATT, "run", "-n", "1000", "--warmup", "0", "--power", "none", "-o", out, "--",
                                    "sh", "-c", f"sleep 0.05; date +%s.%N >> {log}"], stderr=subprocess.DEVNULL)
        while not log.exists():
            time.sleep(0.01)
        time.sleep(randomness.uniform(0.0, 1.5))
        process.kill()
        killed_at = time.time()
        process.wait()
        must_be_there = sum(float(line) < killed_at - 1.0 for line in log.read_text().split())
        data = export(out, folder / "csv")
        assert len(data["executions"]) >= must_be_there
        assert {row["key"]: row["value"] for row in data["recording"]}["interrupted"] == "yes"
        shown = perfwatt("show", out)
        assert shown.returncode == 0 and "interrupted" in shown.stdout.lower()
