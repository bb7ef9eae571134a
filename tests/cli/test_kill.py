# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of perfwatt at any moment: the recording opens, says so, and has all that ended before the last began."""
import random
import subprocess
import time

from conftest import PERFWATT, export, perfwatt, wait_for


def test_twenty_kills(tmp_path):
    randomness = random.Random(20261123)
    for i in range(20):
        folder = tmp_path / str(i)
        folder.mkdir()
        out, log = folder / "r.perfwatt", folder / "log"
        process = subprocess.Popen([PERFWATT, "run", "-n", "1000", "--warmup", "0", "--power", "none", "-o", out, "--",
                                    "sh", "-c", f"echo begins >> {log}; sleep 0.05"], stderr=subprocess.DEVNULL)
        wait_for(log.exists)
        time.sleep(randomness.uniform(0.0, 1.5))
        process.kill()
        process.wait()
        begun = len(log.read_text().split())
        data = export(out, folder / "csv")
        # Where a busy machine gave perfwatt no CPU, a test is left out, which is said.
        left_out = sum("is left out" in row["value"] for row in data["recording"])
        assert begun - 1 <= len(data["executions"]) + left_out <= begun
        assert {row["key"]: row["value"] for row in data["recording"]}["interrupted"] == "yes"
        shown = perfwatt("show", out)
        assert shown.returncode == 0 and "interrupted" in shown.stdout.lower()
