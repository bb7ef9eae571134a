# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of a real Slurm: its daemons, with nodes that this machine plays (slurm_cluster.py)."""
import os
import re
import shutil
import subprocess
import types

import pytest
from conftest import BUILD, PERFWATT, SOURCE, Ticking, document, export, one_line, one_paragraph, perfwatt, ranks_of, wait_for
from slurm_cluster import NODES, SPARE, Cluster, why_no_cluster
from working_nodes import WorkingNodes, as_it_stands

ONE_COUNTER, TOUCH_PAGES = BUILD / "libone-counter.so", BUILD / "touch-pages"
MEASURE = (PERFWATT, "run", "--warmup", "0", "--power", "none")
RANK = ("srun", PERFWATT, "rank", "--")
LONG_LATER = ("sh", "-c", 'mkdir "begun.$SLURM_PROCID" 2>/dev/null && exec sleep 0.5; exec sleep 600')  # the first time it is short


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    if why := why_no_cluster():
        pytest.skip(f"SKIPPED LOUDLY: {why}")
    with Cluster(tmp_path_factory.mktemp("slurm")) as found:
        yield found


@pytest.fixture(scope="module", autouse=True)
def slow(cluster, tmp_path_factory):
    """What Slurm itself takes half a minute for goes on beside the tests, on spare nodes: a job whose node vanishes, one out of time, one
    that is queued again."""
    folder = tmp_path_factory.mktemp("slow")
    keeps, goes, repeats = SPARE
    script = batch_script(folder / "again.sh", "again", "sleep 600", f"--nodelist={repeats}", "--ntasks=2", "--requeue", "--open-mode=append")
    again = cluster.batch(script, folder, "-p", "spare")
    vanishing = cluster.begin("salloc", "-p", "spare", "-w", f"{keeps},{goes}", "-N", "2", "--ntasks-per-node=2", *MEASURE, "-n", "2", "-e",
                              "task-clock", "-o", "v.perfwatt", "--", *RANK, *LONG_LATER, folder=folder, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
    wait_for(lambda: len(list(folder.glob("v.job/*/2/*.rank"))) == 4)
    cluster.vanish(goes)
    script = batch_script(folder / "limited.sh", "limited", "sleep 600", "--time=1", f"--nodelist={keeps}", "--ntasks=2")
    limited = cluster.batch(script, folder, "-p", "spare")
    wait_for(lambda: len(list(folder.glob("limited.job/*/1/*.rank"))) == 2)
    cluster.told("scontrol", "update", f"JobId={limited}", "EndTime=now+1")
    wait_for(lambda: len(list(folder.glob("again.job/*/1/*.rank"))) == 2)
    cluster.told("scontrol", "requeue", str(again))
    yield types.SimpleNamespace(folder=folder, vanishing=vanishing, limited=limited, again=again, goes=goes)
    vanishing.stderr.close()


@pytest.fixture(autouse=True)
def no_job_left(cluster):
    yield
    cluster.told("scancel", "-p", "p")


def batch_script(path, name, command, *options):
    lines = ["#!/bin/sh", *(f"#SBATCH {option}" for option in options),
             " ".join(map(str, (*MEASURE, "-n", "1", "-o", f"{name}.perfwatt", "--", *RANK, command))), "echo status $?"]
    path.write_text("\n".join(lines) + "\n")
    return path


def measure(cluster, folder, out, *command, options=(), allocation=("-N", "4", "-n", "8"), **kwargs):
    return cluster.run("salloc", *allocation, *MEASURE, *options, "-o", out, "--", *RANK, *command, folder=folder, **kwargs)


def shown(recording, *options):
    result = perfwatt("show", recording, *options)
    assert result.returncode == 0, result.stderr
    return one_paragraph(result.stdout)


def test_each_rank_counts_what_perf_stat_counts_of_it(tmp_path, cluster):
    work = ("sh", "-c", f"exec {TOUCH_PAGES} 1 $((4000 * (SLURM_PROCID + 1)))")
    played = {"LD_PRELOAD": str(ONE_COUNTER)}  # two events that do not fit together
    result = measure(cluster, tmp_path, "r.perfwatt", *work, options=("-n", "3", "-e", "branches,branch-misses,task-clock"), env=played)
    assert result.returncode == 0, result.stderr
    peer = cluster.run("salloc", "-N", "4", "-n", "8", "srun", "sh", "-c",
                       'exec perf stat -x, -o "stat.$SLURM_PROCID" -e branches,branch-misses "$@"', "sh", *work, folder=tmp_path, env=played)
    assert peer.returncode == 0, peer.stderr
    rows = ranks_of(tmp_path / "r.perfwatt", tmp_path)
    assert len(rows) == 3 * 2 * 8 and {row["state"] for row in rows} == {"ended"}
    for rank in range(8):
        told = {event: count for count, event in re.findall(r"^(\d+),,(branch[^,]*),", (tmp_path / f"stat.{rank}").read_text(), re.M)}
        assert set(told) == {"branches", "branch-misses"}
        for event, count in told.items():
            counted = [float(row[event]) for row in rows if int(row["rank"]) == rank and row[event]]
            assert len(counted) == 3 and 4000 * (rank + 1) <= min(counted)
            assert counted == pytest.approx([float(count)] * 3, rel=0.01, abs=2)
    # Every played node has the host name of this machine: Slurm's names tell them apart, and they are as srun had placed the ranks.
    assert {row["node"] for row in rows} == set(NODES) and {row["launcher"] for row in rows} == {"Slurm"}
    for node in NODES:
        here = sorted({(int(row["local_rank"]), int(row["rank"])) for row in rows if row["node"] == node})
        assert [local for local, _ in here] == list(range(len(here)))
    assert "8 ranks, by Slurm" in shown(tmp_path / "r.perfwatt")


def test_scancel_in_the_middle_leaves_what_was_measured(tmp_path, cluster):
    process = cluster.begin("salloc", "-N", "4", "-n", "8", "-J", "middle", *MEASURE, "-n", "2", "-e", "task-clock", "-o", "r.perfwatt", "--", *RANK,
                            *LONG_LATER, folder=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: len(list(tmp_path.glob("r.job/*/2/*.rank"))) == 8)
    cluster.told("scancel", "-n", "middle")
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 4, errors
    by_test = {test: [row for row in ranks_of(tmp_path / "r.perfwatt", tmp_path) if row["test"] == test] for test in ("1", "2")}
    assert {row["state"] for row in by_test["1"]} == {"ended"} and all(float(row["elapsed_s"]) >= 0.5 for row in by_test["1"])
    assert {row["signal"] for row in by_test["2"]} == {"15"}
    text = shown(tmp_path / "r.perfwatt")
    assert "1 execution failed" in text and "exit status 143 (128 + SIGTERM)" in text


def test_scancel_of_a_batch_job_is_an_interruption(tmp_path, cluster):
    job = cluster.batch(batch_script(tmp_path / "job.sh", "r", "sleep 600", "--nodes=4", "--ntasks=8"), tmp_path)
    wait_for(lambda: len(list(tmp_path.glob("r.job/*/1/*.rank"))) == 8)
    cluster.told("scancel", str(job))
    wait_for(lambda: cluster.ended(job) and "recording: r.perfwatt" in (tmp_path / f"slurm-{job}.out").read_text())
    text = shown(tmp_path / "r.perfwatt")
    assert "INTERRUPTED" in text and "stopped by SIGTERM in test 1, pass 1: that execution is not kept" in text
    assert "none: no execution is in the recording" in shown(tmp_path / "r.perfwatt", "--ranks")


def test_the_script_of_the_documentation(tmp_path, cluster):
    text = (SOURCE / "docs" / "jobs.md").read_text()
    script, = (block for block in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S) if "#SBATCH" in block)
    (tmp_path / "job.sh").write_text(script)
    (tmp_path / "app").write_text("#!/bin/sh\nexec sleep 0.2\n")
    (tmp_path / "app").chmod(0o755)
    job = cluster.batch("job.sh", tmp_path, env={"PATH": f"{BUILD}:/usr/bin:/bin"})
    wait_for(lambda: cluster.ended(job))
    output = (tmp_path / f"slurm-{job}.out").read_text()
    assert cluster.job(job)["JobState"] == "COMPLETED", output
    recording, = tmp_path.glob("*.perfwatt")
    assert recording.name == f"job-{job}.0.perfwatt"
    rows = ranks_of(recording, tmp_path)
    assert {row["node"] for row in rows} == set(NODES) and {row["state"] for row in rows} == {"ended"}


def test_srun_outside_an_allocation_is_refused(tmp_path, cluster):
    result = cluster.run(*MEASURE, "-o", "r.perfwatt", "--", *RANK, "true", folder=tmp_path)
    assert "salloc -N NODES" in one_line(result, 2)
    assert not list(tmp_path.iterdir()) and cluster.told("squeue", "-h", "-p", "p") == ""


def test_each_rank_by_itself(tmp_path, cluster):
    result = cluster.run("srun", "-N", "2", "-n", "2", *MEASURE, "-n", "1", "-o", "out-%r.perfwatt", "--", "true", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert {path.name for path in tmp_path.glob("*.perfwatt")} == {"out-0.perfwatt", "out-1.perfwatt"}


def test_a_node_that_vanishes_is_named(tmp_path, slow):
    _, errors = slow.vanishing.communicate(timeout=120)
    assert slow.vanishing.returncode == 4, errors
    lost = [row for row in ranks_of(slow.folder / "v.perfwatt", tmp_path) if row["node"] == slow.goes]
    assert [(row["test"], row["state"]) for row in lost] == [("1", "ended")] * 2 + [("2", "unfinished")] * 2
    numbers = ", ".join(sorted(row["rank"] for row in lost if row["test"] == "2"))
    notes = " | ".join(note["text"] for note in document(slow.folder / "v.perfwatt", tmp_path)["notes"])
    assert f"ranks {numbers.replace(', ', '-')} of 4 (on {slow.goes}) began, and nothing told how they ended" in notes
    assert "NODE FAILURE" in errors


def test_a_time_limit_is_an_interruption(cluster, slow):
    wait_for(lambda: cluster.ended(slow.limited), 120)
    assert cluster.job(slow.limited)["JobState"] == "TIMEOUT"
    wait_for(lambda: "recording: limited.perfwatt" in (slow.folder / f"slurm-{slow.limited}.out").read_text())
    assert "stopped by SIGTERM in test 1" in shown(slow.folder / "limited.perfwatt")


def test_a_job_that_is_queued_again_does_not_replace_its_recording(cluster, slow):
    output = slow.folder / f"slurm-{slow.again}.out"
    wait_for(lambda: output.exists() and output.read_text().endswith("status 2\n"))
    assert output.read_text().splitlines()[-2] == "perfwatt: again.perfwatt: exists already; --force replaces it, -o FILE records elsewhere"
    assert "INTERRUPTED" in shown(slow.folder / "again.perfwatt")


class Sensors(Ticking):
    """A hwmon device on each node: of a power, or of a counter of energy that a thread keeps up to date."""

    def __init__(self, cluster):
        super().__init__(0.001)
        self.cluster = cluster
        self.counters = []  # (descriptor, watts)
        self.late, self.last = 0, None  # s: the longest that the counters stood still

    def device(self, folder, **inputs):
        (folder / "hwmon0").mkdir()
        for name, text in {"name": "played", **inputs}.items():
            (folder / "hwmon0" / name).write_text(f"{text}\n")

    def power(self, folder, watts):
        self.device(folder, power1_input=int(watts * 1e6))

    def energy(self, folder, watts):
        self.device(folder, energy1_input=f"{0:018d}")
        self.counters.append((os.open(folder / "hwmon0" / "energy1_input", os.O_WRONLY), watts))

    def tick(self):
        now = self.since()
        self.late, self.last = max(self.late, now - (now if self.last is None else self.last)), now
        for descriptor, watts in self.counters:
            os.pwrite(descriptor, f"{int(watts * 1e6 * now):018d}\n".encode(), 0)

    def __exit__(self, *_):
        super().__exit__()
        for descriptor, _ in self.counters:
            os.close(descriptor)
        for folder in (self.cluster.sensors, *map(self.cluster.sensors_of, NODES)):
            shutil.rmtree(folder / "hwmon0", ignore_errors=True)


def power_options(cluster):
    return ("--power", f"hwmon:{cluster.sensors}", "--rate", "50", "--idle", "0.5", "--warmup", "0")


def leaders_of(recording, tmp_path):
    """[{node: time that its leader's command took}], by execution."""
    executions = {}
    for row in ranks_of(recording, tmp_path):
        if row["local_rank"] == "0":
            executions.setdefault((row["test"], row["pass"]), {})[row["node"]] = float(row["elapsed_s"])
    return list(executions.values())


def test_energies_of_nodes_sum_to_the_truth(tmp_path, cluster):
    watts = {"n1": 110, "n2": 220, "n3": 330, "n4": 440}
    sensors = Sensors(cluster)
    sensors.power(cluster.sensors, 7)  # of the machine that perfwatt run is on, which is none of the job's
    for node in ("n1", "n2"):
        sensors.power(cluster.sensors_of(node), watts[node])
    for node in ("n3", "n4"):
        sensors.energy(cluster.sensors_of(node), watts[node])
    with sensors:
        result = cluster.run("salloc", "-N", "4", "-n", "8", PERFWATT, "run", *power_options(cluster), "-n", "3", "-o", "r.perfwatt", "--", *RANK,
                             "sleep", "1.5", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    told = document(tmp_path / "r.perfwatt", tmp_path)
    leaders = leaders_of(tmp_path / "r.perfwatt", tmp_path)
    assert len(leaders) == 3
    truth = {node: watts[node] * sum(times[node] for times in leaders) / 3 for node in NODES}
    nodes = {one["node"]: one for one in told["nodes"]}
    assert set(nodes) == set(NODES)
    for node, one in nodes.items():
        stale = 2 * sensors.late * watts[node] if node in ("n3", "n4") else 0  # of the played counter itself
        assert one["energy_j"] == pytest.approx(truth[node], abs=one["uncertainty_j"] + stale), (node, one, truth)
        assert one["uncertainty_j"] < 0.1 * truth[node] and one["reason"] == "" and one["sensor"].startswith("hwmon/")
    job, = told["job_energy"]
    assert (job["nodes"], job["nodes_known"]) == (4, 4)
    assert job["energy_j"] == pytest.approx(sum(one["energy_j"] for one in nodes.values()))
    assert job["energy_j"] == pytest.approx(sum(truth.values()), abs=job["uncertainty_j"] + 2 * sensors.late * (330 + 440))
    rows = export(tmp_path / "r.perfwatt", tmp_path / "nodes")["nodes"]
    assert len(rows) == 12 and all(int(row["readings"]) > 20 for row in rows)
    assert {row["mean_w"] for row in rows if row["node"] == "n2"} == {row["most_w"] for row in rows if row["node"] == "n2"} == {"220"}


def test_a_node_without_a_sensor_is_named_and_the_node_of_the_run_counts_once(tmp_path, cluster):
    sensors = Sensors(cluster)
    for node, watts in (("n1", 100), ("n2", 200), ("n3", 300)):
        sensors.power(cluster.sensors_of(node), watts)
    words = (PERFWATT, "run", *power_options(cluster), "-n", "2", "-o", "r.perfwatt", "--", *RANK, "sleep", "1.5")
    (tmp_path / "job.sh").write_text("#!/bin/sh\n" + " ".join(map(str, words)) + "\n")
    with sensors:
        job = cluster.batch("job.sh", tmp_path, "--nodes=4", "--ntasks=8")
        wait_for(lambda: cluster.ended(job))
    data = document(tmp_path / "r.perfwatt", tmp_path)
    nodes = {one["node"]: one for one in data["nodes"]}
    assert nodes["n4"]["energy_j"] is None and "no hwmon device" in nodes["n4"]["reason"]
    # The script runs on n1: perfwatt run reads that node itself, from the begin of the launcher to its end.
    leaders = leaders_of(tmp_path / "r.perfwatt", tmp_path)
    whole = [execution["elapsed_s"] for execution in data["executions"]]
    truth = 100 * sum(whole) / 2 + sum(200 * times["n2"] + 300 * times["n3"] for times in leaders) / 2
    job, = data["job_energy"]
    assert (job["nodes"], job["nodes_known"]) == (4, 3)
    assert job["energy_j"] == pytest.approx(truth, abs=job["uncertainty_j"])
    text = shown(tmp_path / "r.perfwatt")
    assert "3 of 4 nodes: a lower bound" in text and re.search(r"n4 \d - - - .* n4 +no energy: /\S+: no hwmon device", text)


def test_net_energies_of_nodes_are_by_their_own_idle_power(tmp_path, cluster):
    watts = {"n1": (50, 110), "n2": (140, 220), "n3": (90, 330), "n4": (200, 440)}
    sensors = Sensors(cluster)
    sensors.power(cluster.sensors, 7)
    for node in NODES:
        sensors.device(cluster.sensors_of(node), power1_input=as_it_stands(watts[node][0]))
    working = WorkingNodes(tmp_path, watts, cluster.sensors / "hwmon0" / "power1_input")
    options = ("--power", f"hwmon:{cluster.sensors}", "--rate", "50", "--idle", "2", "--warmup", "0", "-n", "2")
    with sensors:
        result = cluster.run("salloc", "-N", "4", "-n", "8", PERFWATT, "run", *options, "-o", "r.perfwatt", "--", *RANK, working.program, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    data = document(tmp_path / "r.perfwatt", tmp_path)
    assert not [note for note in data["notes"] if "idle power of the nodes" in note["text"]], data["notes"]
    assert {len(working.times(node)) for node in NODES} == {2}  # none worked in an idle window
    nodes = {one["node"]: one for one in data["nodes"]}
    for node, one in nodes.items():
        assert one["idle_w"] == pytest.approx(watts[node][0], rel=0.01) and one["net_reason"] == "", one
        truth, doubt = working.truth(node)
        assert one["net_j"] == pytest.approx(truth, abs=one["net_uncertainty_j"] + doubt), (one, working.times(node))
        assert one["net_uncertainty_j"] < 0.25 * truth
    job, = data["job_energy"]
    assert (job["nodes"], job["nodes_net_known"]) == (4, 4)
    assert job["net_lower_bound"] == job["lower_bound"]  # hwmon does not say that it reads a whole node
    truth, doubt = map(sum, zip(*map(working.truth, NODES)))
    # One machine plays all, and is late for all: their errors are not independent, as those of nodes are.
    assert job["net_j"] == pytest.approx(truth, abs=sum(one["net_uncertainty_j"] for one in nodes.values()) + doubt)
