# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that do not have their nodes to themselves: beside them another process uses CPU time all the while."""
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from conftest import PERFWATT, document, export, one_paragraph, perfwatt

MPIRUN = shutil.which("mpirun.openmpi")
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_plm_rsh_agent": "false"}
LONG = 500
OWN_SENSOR = "hwmon:/proc/self/cwd"

pytestmark = pytest.mark.skipif(not MPIRUN, reason="SKIPPED LOUDLY: Open MPI is not installed (scripts/setup test)")

# Each rank uses half a second of CPU time. The leader of the node goes on until the hog has used enough, and all of the machine, too, as its ticks
# count it: where a hypervisor takes the CPU away some of them are missing. It tells what both used within its own time.
PROGRAM = """#!{python} -I
import json, os, sys, time
hz = os.sysconf("SC_CLK_TCK")
def hog(): return sum(map(int, open("/proc/" + sys.argv[1] + "/stat").read().rsplit(")", 1)[1].split()[11:13])) / hz
def all_of_it(): return sum(map(int, open("/proc/stat").readline().split()[1:4])) / hz
begin = hog(), all_of_it()
while time.process_time() < 0.5: pass
if os.environ["OMPI_COMM_WORLD_LOCAL_RANK"] == "0":
    last = time.monotonic() + 200
    used = lambda: (hog() - begin[0], all_of_it() - begin[1])
    while (used()[0] < 1.5 or used()[1] < 4 + 0.02 * os.cpu_count()) and time.monotonic() < last: time.sleep(0.05)
    with open(sys.argv[2], "a") as file: file.write(json.dumps(used()) + "\\n")
"""


@contextlib.contextmanager
def a_hog():
    """Uses a CPU as long as it is let."""
    with subprocess.Popen([sys.executable, "-I", "-c", "while True: pass"], stdin=subprocess.DEVNULL) as hog:
        try:
            yield hog
        finally:
            hog.kill()


def node_with_a_sensor(tmp_path, name):
    device = tmp_path / name / "hwmon0"
    device.mkdir(parents=True)
    (device / "name").write_text("power_meter\n")
    (device / "power1_input").write_text("100000000\n")
    return tmp_path / name


# Of the node of perfwatt run its leader reads no sensor, and tells what was used all the same.
@pytest.mark.parametrize("node, tests", [("n1", 2), (None, 1)])
def test_who_shares_a_node_has_part_of_its_energy(tmp_path, node, tests):
    program = tmp_path / "works"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    run = node_with_a_sensor(tmp_path, "run")
    there = ["env", "-C", node_with_a_sensor(tmp_path, node), f"SLURMD_NODENAME={node}"] if node else []
    recording, told = tmp_path / "r.perfwatt", tmp_path / "told"
    with a_hog() as hog:
        words = [MPIRUN, "--oversubscribe", "-n", "2", *there, PERFWATT, "rank", "--", program, hog.pid, told]
        result = perfwatt("run", "-n", tests, "-o", recording, "--power", OWN_SENSOR, "--rate", "50", "--idle", "0", "--warmup", "0", "--", *words,
                          env=ENVIRONMENT, timeout=LONG, cwd=run)
    assert result.returncode == 0, result.stderr
    tables = export(recording, tmp_path / "csv")
    within = [json.loads(line) for line in told.read_text().splitlines()]
    assert len(within) == len(tables["nodes"]) == tests
    for test, (row, (of_hog, of_all)) in enumerate(zip(tables["nodes"], within), 1):
        ranks = [rank for rank in tables["ranks"] if rank["test"] == str(test)]
        job = sum(float(rank["user_s"]) + float(rank["sys_s"]) for rank in ranks)
        busy, others = float(row["busy_cpu_s"]), float(row["other_cpu_s"])
        assert len(ranks) == 2 and 1 <= job and row["other_reason"] == ""
        assert busy >= of_all - 0.03, "each of the three sums is rounded down to a tick"
        assert others == pytest.approx(busy - job, abs=1e-4)
        assert others >= min(0.3 * of_hog, of_all - job - 0.03)
    data = document(recording, tmp_path)
    one, = data["nodes"]
    assert one["node"] == (node or os.uname().nodename) and one["energy_j"] > 0
    assert (one["compared_executions"], one["shared_executions"], one["other_reason"]) == (tests, tests, "")
    assert one["other_cpu_s"] == pytest.approx(sum(float(row["other_cpu_s"]) for row in tables["nodes"]) / tests)
    assert data["job_energy"][0]["nodes_shared"] == 1
    said = re.search(r"shared (\S+): other processes used at least ([0-9.]+) % of the CPU time used meanwhile \(([^)]*)\): its energy is theirs, too",
                     one_paragraph(result.stdout))
    assert said and said.group(1) == one["node"], result.stdout
    assert float(said.group(2)) == pytest.approx(100 * one["other_cpu_s"] / one["busy_cpu_s"], abs=0.051)
