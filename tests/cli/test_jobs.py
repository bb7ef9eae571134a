# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of real launchers: Open MPI's and MPICH's, with programs of which it is known what their ranks do."""
import json
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time

import pytest

from conftest import PERFWATT, Ticking, document, export, one_line, one_paragraph, perfwatt, ranks_of, wait_for
from working_nodes import WorkingNodes, as_it_stands

OPEN_MPI, MPICH = shutil.which("mpirun.openmpi"), shutil.which("mpiexec.mpich")
LAUNCHERS = {"openmpi": [OPEN_MPI, "--oversubscribe"], "mpich": [MPICH]}
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_plm_rsh_agent": "false"}
RANK = 'int(os.environ.get("OMPI_COMM_WORLD_RANK", os.environ.get("PMI_RANK")))'
LONG = 300  # seconds that no launcher needs


@pytest.fixture(params=LAUNCHERS)
def launcher(request):
    if not LAUNCHERS[request.param][0]:
        pytest.skip(f"SKIPPED LOUDLY: no launcher of {request.param} is installed (scripts/setup test)")
    return LAUNCHERS[request.param]


@pytest.fixture
def program(tmp_path):
    """A program of Python's that knows its rank; its lines."""
    def make(text, name="program.py"):
        path = tmp_path / name
        path.write_text(f"#!{sys.executable} -I\nimport os, signal, sys, time\nrank = {RANK}\n" + textwrap.dedent(text))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)
    return make


def launched(launcher, ranks, *command):
    return [*launcher, "-n", str(ranks), *map(str, command)]


def run_job(out, launcher, ranks, *command, options=(), before=()):
    """perfwatt run of that many ranks of the command; `before` stands in front of perfwatt rank."""
    words = launched(launcher, ranks, *before, PERFWATT, "rank", "--", *command)
    return perfwatt("run", "-o", out, "--power", "none", "--warmup", "0", *options, "--", *words, env=ENVIRONMENT, timeout=LONG)


def plain(launcher, ranks, *command):
    return subprocess.run(launched(launcher, ranks, *command), capture_output=True, text=True, timeout=LONG, check=False,
                          env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL)


def notes_of(recording, tmp_path):
    return " | ".join(note["text"] for note in document(recording, tmp_path)["notes"])


def spin(seconds):
    """Until so much CPU time is used, of which the interpreter's own begin is a part."""
    return f"while time.process_time() < ({seconds}): pass\n"


def test_the_rank_with_more_work_is_named(tmp_path, launcher, program):
    work = program(spin("0.6 if rank == 5 else 0.4"))
    result = run_job(tmp_path / "r.perfwatt", launcher, 8, work, options=("-n", "2", "-e", "task-clock,page-faults"))
    assert result.returncode == 0, result.stderr
    assert "8 ranks, by " in result.stdout
    rows = ranks_of(tmp_path / "r.perfwatt", tmp_path)
    assert len(rows) == 16 and {row["state"] for row in rows} == {"ended"}
    for row in rows:
        expected = 0.6 if row["rank"] == "5" else 0.4
        used = float(row["user_s"]) + float(row["sys_s"])
        assert expected <= used < expected * 1.1, row
        assert float(row["elapsed_s"]) >= used * 0.99 and int(row["local_rank"]) == int(row["rank"])
        assert row["node"] == os.uname().nodename and row["cpus"]
        if row["task-clock"]:
            # Of a virtual machine whose CPU is another's at times that is in it, and not in what the rank used.
            assert used * 0.9 <= float(row["task-clock"]) / 1e9 <= float(row["elapsed_s"]) * 1.02
    summary = {row["quantity"]: row for row in document(tmp_path / "r.perfwatt", tmp_path)["rank_summary"]}
    cpu = summary["cpu time"]
    assert cpu["most_rank"] == 5 and 5 in cpu["apart"]
    assert cpu["most"] / cpu["median"] == pytest.approx(1.5, rel=0.05)
    assert cpu["imbalance"] == pytest.approx(0.6 / (3.4 / 8), rel=0.05)
    shown = one_paragraph(perfwatt("show", tmp_path / "r.perfwatt").stdout)
    factor = float(re.search(r"rank 5 \(\S+\): [^;]*cpu time ([0-9.]+) x", shown).group(1))
    assert factor == pytest.approx(1.5, rel=0.05)
    table = perfwatt("show", tmp_path / "r.perfwatt", "--ranks").stdout
    assert len(re.findall(rf"^ +\d  {os.uname().nodename[:20]}", table, re.M)) == 8
    assert not (tmp_path / "r.job").exists()


def test_the_whole_is_the_sum_of_its_ranks(tmp_path, launcher, program):
    result = run_job(tmp_path / "r.perfwatt", launcher, 3, program(spin("0.3")), options=("-n", "2", "-e", "task-clock"))
    assert result.returncode == 0, result.stderr
    tables = export(tmp_path / "r.perfwatt", tmp_path / "csv")
    for execution in tables["executions"]:
        own = [row for row in tables["ranks"] if row["test"] == execution["test"]]
        assert float(execution["user_s"]) == pytest.approx(sum(float(row["user_s"]) for row in own), abs=1e-5)
        assert int(execution["max_rss_kb"]) == max(int(row["max_rss_kb"]) for row in own)
        counted = [row for row in tables["counters"] if row["test"] == execution["test"] and row["status"] == "ok"]
        for count in counted:
            assert float(count["value"]) == pytest.approx(sum(float(row["task-clock"]) for row in own), rel=1e-6)


def test_output_and_exit_status_are_the_launchers(tmp_path, launcher, program):
    prints = program('print("rank", rank, "of all")\nprint("error", rank, file=sys.stderr)\nsys.exit(3 if rank == 1 else 0)')
    without = plain(launcher, 3, prints)
    result = run_job(tmp_path / "r.perfwatt", launcher, 3, prints, options=("-n", "1", "--show-output"))
    assert result.returncode == 4, result.stderr
    lines = lambda text: sorted(re.findall(r"^(?:rank|error) \d.*", text, re.M))
    # What a launcher ends of the others is a matter of time.
    assert set(lines(result.stderr)) <= {"rank 0 of all", "rank 1 of all", "rank 2 of all", "error 0", "error 1", "error 2"}
    assert {"rank 1 of all", "error 1"} <= set(lines(result.stderr)) and set(lines(without.stdout)) <= {"rank 0 of all", "rank 1 of all", "rank 2 of all"}
    execution, = export(tmp_path / "r.perfwatt", tmp_path / "csv")["executions"]
    assert int(execution["exit_status"]) == without.returncode != 0


def test_a_rank_sees_nothing_of_us(tmp_path, launcher, program):
    look = program("""
        import json, resource
        own = open("/proc/self/status").read()
        seen = {
            "descriptors": sorted(int(fd) for fd in os.listdir("/proc/self/fd")),
            "variables": sorted(os.environ), "folder": os.getcwd(),
            "signals": [line for line in own.splitlines() if line[:6] in ("SigBlk", "SigIgn")],
            "leads_group": os.getpgrp() in (os.getpid(), os.getppid()), "leads_session": os.getsid(0) in (os.getpid(), os.getppid()),
            "limits": [resource.getrlimit(what) for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_CORE, resource.RLIMIT_STACK)],
            "input": os.fstat(0).st_mode, "terminal": os.isatty(0)}
        open(sys.argv[1] + "." + str(rank), "w").write(json.dumps(seen))
        """)
    assert plain(launcher, 2, look, tmp_path / "without").returncode == 0
    words = launched(launcher, 2, PERFWATT, "rank", "--", look, tmp_path / "with")
    result = perfwatt("run", "-n", "1", "-o", tmp_path / "r.perfwatt", "--power", "none", "--warmup", "0", "--", *words, env=ENVIRONMENT,
                      timeout=LONG)
    assert result.returncode == 0, result.stderr
    # The launcher itself is a child of perfwatt's now: what differs there differs here.
    assert perfwatt("run", "-n", "1", "-o", tmp_path / "l.perfwatt", "--power", "none", "--warmup", "0", "--regions", "none", "--",
                    *launched(launcher, 2, look, tmp_path / "launcher"), env=ENVIRONMENT, timeout=LONG).returncode == 0
    for rank in (0, 1):
        under, alone = (json.loads((tmp_path / f"{name}.{rank}").read_text()) for name in ("with", "launcher"))
        assert under == alone


def test_a_rank_that_crashes_is_named(tmp_path, launcher, program):
    crash = program(spin("0.3") + "if rank == 2: os.kill(os.getpid(), signal.SIGSEGV)\ntime.sleep(600)")
    result = run_job(tmp_path / "r.perfwatt", launcher, 4, crash, options=("-n", "1"))
    assert result.returncode == 4, result.stderr
    assert "rank 2 of 4" in (notes := notes_of(tmp_path / "r.perfwatt", tmp_path)), notes
    assert "the first to fail" in notes and "SIGSEGV" in notes
    rows = ranks_of(tmp_path / "r.perfwatt", tmp_path)
    assert [row["signal"] for row in rows if row["rank"] == "2"] == ["11"]
    assert all(float(row["elapsed_s"]) > 0 for row in rows if row["state"] == "ended")
    execution, = export(tmp_path / "r.perfwatt", tmp_path / "csv")["executions"]
    assert int(execution["exit_status"]) == plain(launcher, 4, crash).returncode


def test_a_rank_whose_perfwatt_is_killed_is_unfinished(tmp_path, launcher, program):
    killed = program(spin("0.2") + "if rank == 1: os.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(1)")
    result = run_job(tmp_path / "r.perfwatt", launcher, 3, killed, options=("-n", "1"))
    assert result.returncode == 4, result.stderr
    row, = (row for row in ranks_of(tmp_path / "r.perfwatt", tmp_path) if row["rank"] == "1")
    assert row["state"] == "unfinished" and row["user_s"] == "" and float(row["begin_unix_s"]) > 1e9
    notes = notes_of(tmp_path / "r.perfwatt", tmp_path)
    assert re.search("began, and nothing told how (it|they) ended", notes)
    kept = pathlib.Path(re.search(r"is kept in ([^|]*)", notes).group(1).strip())
    assert (kept / "1.rank").exists()


def test_a_rank_that_hangs_leaves_the_others_and_its_counts(tmp_path, launcher, program):
    # Hydra's proxy spins while one rank has ended and another has not: there the one that hangs may be asked to end.
    stubborn = "" if launcher == LAUNCHERS["mpich"] else "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n  "
    hangs = program(spin("0.2") + f"if rank == 3:\n  {stubborn}time.sleep(600)")
    result = run_job(tmp_path / "r.perfwatt", launcher, 4, hangs, options=("-n", "1", "--timeout", "15", "-e", "task-clock"))
    assert result.returncode == 4, result.stderr
    assert "rank 3 of 4" in (notes := notes_of(tmp_path / "r.perfwatt", tmp_path)) and "had not ended by the time-out" in notes
    rows = {int(row["rank"]): row for row in ranks_of(tmp_path / "r.perfwatt", tmp_path)}
    assert [rows[rank]["exit_status"] for rank in range(3)] == ["0", "0", "0"]
    assert rows[3]["state"] == "unfinished" or rows[3]["signal"] == "9" or (not stubborn and rows[3]["signal"] == "15")
    assert float(rows[3]["elapsed_s"]) > 1
    if rows[0]["task-clock"]:
        assert float(rows[3]["task-clock"]) / 1e9 >= 0.15


def test_a_rank_that_is_late_or_missing(tmp_path, launcher, program):
    front = program("""
        if rank == 1 and sys.argv[1] == "late": time.sleep(1.5)
        os.execvp(*("true", ["true"]) if rank == 1 and sys.argv[1] == "missing" else (sys.argv[2], sys.argv[2:]))
        """, "front.py")
    quick = program("", "quick.py")
    late = run_job(tmp_path / "late.perfwatt", launcher, 4, quick, before=(front, "late"), options=("-n", "1"))
    assert late.returncode == 0, late.stderr
    begins = {int(row["rank"]): float(row["begin_unix_s"]) for row in ranks_of(tmp_path / "late.perfwatt", tmp_path)}
    assert begins[1] - min(begins.values()) > 1
    missing = run_job(tmp_path / "m.perfwatt", launcher, 4, quick, before=(front, "missing"), options=("-n", "2", "-e", "task-clock"))
    assert missing.returncode == 0, missing.stderr
    assert "rank 1 of 4 is missing: nothing came from it" in notes_of(tmp_path / "m.perfwatt", tmp_path)
    assert "rank 1 in 2 of 2 executions" in one_paragraph(perfwatt("show", tmp_path / "m.perfwatt").stdout)
    tables = export(tmp_path / "m.perfwatt", tmp_path / "csv")
    assert {row["value"] for row in tables["counters"]} == {""}, "a sum without a rank is none"
    assert [row["elapsed_s"] for row in tables["ranks"] if row["rank"] == "1"] == ["", ""]
    assert (tmp_path / "m.job").exists()


def test_sixty_four_ranks(tmp_path, launcher):
    result = run_job(tmp_path / "r.perfwatt", launcher, 64, "sleep", "2", options=("-n", "1", "--timeout", "120"))
    assert result.returncode == 0, result.stderr
    rows = ranks_of(tmp_path / "r.perfwatt", tmp_path)
    assert [int(row["rank"]) for row in rows] == list(range(64)) and {row["state"] for row in rows} == {"ended"}
    assert all(float(row["elapsed_s"]) >= 2 for row in rows)
    assert (tmp_path / "r.perfwatt").stat().st_size < 64 * 20_000 + 300_000


MPI_PROGRAM = """
import ctypes
try: mpi, world = ctypes.CDLL("libmpi.so.40", mode=ctypes.RTLD_GLOBAL), None
except OSError: mpi = None
if "PMI_RANK" in os.environ and "OMPI_COMM_WORLD_RANK" not in os.environ:
    mpi, world = ctypes.CDLL("libmpich.so.12", mode=ctypes.RTLD_GLOBAL), ctypes.c_int(0x44000000)
elif mpi: world = ctypes.byref(ctypes.c_char.in_dll(mpi, "ompi_mpi_comm_world"))
size = ctypes.c_int()
assert mpi.MPI_Init(None, None) == 0
assert mpi.MPI_Comm_size(world, ctypes.byref(size)) == 0
assert mpi.MPI_Barrier(world) == 0
print("of", size.value, flush=True)
assert mpi.MPI_Finalize() == 0
"""


def test_a_program_of_mpi_finds_the_other_ranks(tmp_path, launcher, program):
    mpi = program(MPI_PROGRAM)
    without = plain(launcher, 4, mpi)
    if without.returncode != 0:
        pytest.skip(f"SKIPPED LOUDLY: MPI does not work here: {without.stderr[-300:]}")
    assert without.stdout.split("\n").count("of 4") == 4
    result = run_job(tmp_path / "r.perfwatt", launcher, 4, mpi, options=("-n", "1", "--show-output", "--timeout", "120"))
    assert result.returncode == 0, result.stderr
    assert result.stderr.split("\n").count("of 4") == 4
    assert len(ranks_of(tmp_path / "r.perfwatt", tmp_path)) == 4


def test_signals_come_once(tmp_path, launcher, program):
    counts = program("""
        came = []
        signal.signal(signal.SIGUSR1, lambda *_: came.append(1))
        signal.signal(signal.SIGUSR2, lambda *_: came.append(2))
        open(sys.argv[1], "w").write(f"{os.getpid()} {os.getppid()} {os.getpgrp()}\\n")
        end = time.monotonic() + 60
        while not os.path.exists(sys.argv[1] + ".over") and time.monotonic() < end: time.sleep(0.01)
        time.sleep(0.3)
        print("came", sorted(came), flush=True)
        """)
    told = tmp_path / "told"
    words = launched(launcher, 1, PERFWATT, "rank", "--", counts, told)
    with subprocess.Popen([PERFWATT, "run", "-n", "1", "-o", tmp_path / "r.perfwatt", "--power", "none", "--warmup", "0", "--show-output",
                           "--", *words], env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as outer:
        wait_for(lambda: told.exists() and told.read_text().endswith("\n"))
        pid, parent, group = map(int, told.read_text().split())
        assert pathlib.Path(f"/proc/{parent}/comm").read_text() == "perfwatt\n"
        os.kill(parent, signal.SIGUSR1)
        if group in (pid, parent):
            os.killpg(group, signal.SIGUSR2)
        (tmp_path / "told.over").write_text("")
        _, errors = outer.communicate(timeout=LONG)
    assert outer.returncode == 0, errors
    assert ("came [1, 2]" if group in (pid, parent) else "came [1]") in errors


def test_each_rank_by_itself(tmp_path, launcher):
    words = launched(launcher, 2, PERFWATT, "run", "-n", "1", "--warmup", "0", "--power", "none", "-o", tmp_path / "out-%r.perfwatt", "--", "true")
    result = subprocess.run(words, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, timeout=LONG, stdin=subprocess.DEVNULL,
                            check=False)
    assert result.returncode == 0, result.stderr
    assert {path.name for path in tmp_path.glob("*.perfwatt")} == {"out-0.perfwatt", "out-1.perfwatt"}


def test_what_cannot_be_meant_is_refused(tmp_path):
    alone = {name: "" for name in ("OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID", "FLUX_TASK_RANK")}
    assert "perfwatt run -o job.perfwatt -- mpirun" in one_line(perfwatt("rank", "--", "true"), 2)
    assert "job's folder cannot be read" in one_line(perfwatt("rank", "--job", tmp_path, "--execution", "1", "--", "true"), 2)
    assert "no launcher says" in one_line(perfwatt("run", "-o", tmp_path / "x-%r", "--", "true", env=alone), 2)
    refused = {("--per", "thread"): "--per", ("-a",): "-a", ("--interval", "100"): "--interval", ("--delay", "100"): "--delay"}
    for options, name in refused.items():
        result = perfwatt("run", *options, "-o", tmp_path / "r.perfwatt", "--power", "none", "--", "env", PERFWATT, "rank", "--", "true")
        assert name in one_line(result, 2)
    assert "--job-dir" in one_line(perfwatt("run", "--job-dir", tmp_path, "-o", tmp_path / "r.perfwatt", "--", "true"), 2)
    fake = tmp_path / "srun"
    fake.write_text("#!/bin/sh\n")
    fake.chmod(0o755)
    outside = {name: value for name, value in os.environ.items() if not name.startswith("SLURM_")}
    result = subprocess.run([PERFWATT, "run", "-o", tmp_path / "r.perfwatt", "--", fake, PERFWATT, "rank", "--", "true"], env=outside,
                            capture_output=True, text=True, timeout=60, check=False)
    assert "salloc" in one_line(result, 2)
    assert not list(tmp_path.glob("r.*"))


def test_a_command_that_starts_no_rank_says_so(tmp_path):
    result = perfwatt("run", "-n", "1", "--warmup", "0", "-o", tmp_path / "r.perfwatt", "--power", "none", "--", "echo", "perfwatt", "rank")
    assert result.returncode == 0, result.stderr
    assert "no rank told anything" in notes_of(tmp_path / "r.perfwatt", tmp_path)


def test_two_launchers_in_one_command_are_refused(tmp_path, program, launcher):
    twice = tmp_path / "twice.sh"
    twice.write_text(f'#!/bin/sh\n"$@"\nexec "$@"\n')
    twice.chmod(0o755)
    words = [twice, *launched(launcher, 2, PERFWATT, "rank", "--", "true")]
    result = perfwatt("run", "-n", "1", "--warmup", "0", "-o", tmp_path / "r.perfwatt", "--power", "none", "--show-output", "--", *words,
                      env=ENVIRONMENT, timeout=LONG)
    assert result.returncode == 4, result.stderr
    assert "has begun before" in result.stderr


IDLE_AND_LOAD = {"n1": (60, 150), "n2": (90, 240)}  # W
OWN_SENSOR = "hwmon:/proc/self/cwd"
NEVER_ON_WATCH = """#!/bin/sh
case "$*" in *" --watch "*) {instead} ;; esac
exec "$@"
"""


class PlayedNodes(WorkingNodes):
    """Nodes whose sensor is of the folder that their ranks are in."""

    def __init__(self, tmp_path):
        self.nodes = tmp_path / "nodes"
        for node, (idle, _) in {**IDLE_AND_LOAD, "run": (7, 7)}.items():
            device = self.nodes / node / "hwmon0"
            device.mkdir(parents=True)
            (device / "name").write_text("power_meter\n")  # of ACPI: the whole machine
            (device / "power1_input").write_text(f"{as_it_stands(idle)}\n")
        super().__init__(tmp_path, IDLE_AND_LOAD, self.nodes / "{node}" / "hwmon0" / "power1_input")

    def words(self, launcher, wrappers=None):
        words = [*launcher]
        for node in IDLE_AND_LOAD:
            words += [] if node == "n1" else [":"]
            words += ["-n", "1", "env", "-C", self.nodes / node, f"SLURMD_NODENAME={node}", "OMPI_COMM_WORLD_LOCAL_RANK=0", "MPI_LOCALRANKID=0",
                      *(wrappers or {}).get(node, ()), PERFWATT, "rank", "--", self.program]
        return words

    def run(self, tmp_path, launcher, *options, wrappers=None, **kwargs):
        return perfwatt("run", "-o", tmp_path / "r.perfwatt", "--power", OWN_SENSOR, "--rate", "50", "--warmup", "0", *options, "--",
                        *self.words(launcher, wrappers), env=ENVIRONMENT, timeout=LONG, cwd=self.nodes / "run", **kwargs)


def test_the_net_energy_of_each_node_is_by_its_own_idle_power(tmp_path, launcher):
    nodes = PlayedNodes(tmp_path)
    result = nodes.run(tmp_path, launcher, "-n", "3", "--idle", "2")
    assert result.returncode == 0, result.stderr
    data = document(tmp_path / "r.perfwatt", tmp_path)
    told = {one["node"]: one for one in data["nodes"]}
    assert set(told) == set(IDLE_AND_LOAD)
    for node, one in told.items():
        assert one["idle_w"] == pytest.approx(IDLE_AND_LOAD[node][0], rel=0.01) and one["net_reason"] == ""
        truth, doubt = nodes.truth(node)
        assert one["net_j"] == pytest.approx(truth, abs=one["net_uncertainty_j"] + doubt), (one, nodes.times(node))
        assert one["net_uncertainty_j"] < 0.25 * one["net_j"] and one["net_j"] < 0.75 * one["energy_j"]
    job, = data["job_energy"]
    assert (job["nodes_net_known"], job["net_lower_bound"]) == (2, False)
    assert job["net_j"] == pytest.approx(sum(one["net_j"] for one in told.values()))
    truth, doubt = map(sum, zip(*map(nodes.truth, IDLE_AND_LOAD)))
    # One machine plays both, and is late for both: their errors are not independent, as those of nodes are.
    assert job["net_j"] == pytest.approx(truth, abs=sum(one["net_uncertainty_j"] for one in told.values()) + doubt)
    rows = export(tmp_path / "r.perfwatt", tmp_path / "csv")["nodes"]
    assert len(rows) == 6 and {row["node"]: float(row["idle_w"]) for row in rows} == {node: pytest.approx(idle) for node, (idle, _) in IDLE_AND_LOAD.items()}
    assert sum(float(row["net_j"]) for row in rows if row["node"] == "n2") / 3 == pytest.approx(told["n2"]["net_j"])
    assert "net of idle" in perfwatt("show", tmp_path / "r.perfwatt").stdout
    # The node of perfwatt run itself was watched at the same time, for no longer than asked.
    windows = [window["end_s"] - window["begin_s"] for window in data["windows"]]
    assert len(windows) == 2 and all(0 < length <= 2 for length in windows)
    assert not (tmp_path / "r.job").exists()


def test_a_node_that_does_not_watch_is_gross_alone(tmp_path, launcher):
    nodes = PlayedNodes(tmp_path)
    wrapper = tmp_path / "wrapper"
    wrapper.write_text(NEVER_ON_WATCH.format(instead="exit 0"))
    wrapper.chmod(0o755)
    result = nodes.run(tmp_path, launcher, "-n", "2", "--idle", "1", wrappers={"n2": [wrapper]})
    assert result.returncode == 0, result.stderr
    data = document(tmp_path / "r.perfwatt", tmp_path)
    told = {one["node"]: one for one in data["nodes"]}
    truth, doubt = nodes.truth("n1")
    assert told["n1"]["net_j"] == pytest.approx(truth, abs=told["n1"]["net_uncertainty_j"] + doubt)
    assert told["n2"]["net_j"] is None and told["n2"]["energy_j"] and told["n2"]["net_reason"] == "its idle power was not watched"
    job, = data["job_energy"]
    assert (job["nodes_known"], job["lower_bound"], job["nodes_net_known"], job["net_lower_bound"]) == (2, False, 1, True)
    assert job["net_j"] == told["n1"]["net_j"]
    text = one_paragraph(perfwatt("show", tmp_path / "r.perfwatt").stdout)
    assert "gross alone n2: its idle power was not watched" in text and "net of idle: of 1 of 2 nodes: a lower bound" in text
    assert "idle power of the nodes before the tests: " in notes_of(tmp_path / "r.perfwatt", tmp_path)


def test_a_launcher_that_fails_in_an_idle_window_is_a_warning(tmp_path, launcher):
    nodes = PlayedNodes(tmp_path)
    wrapper = tmp_path / "wrapper"
    wrapper.write_text(NEVER_ON_WATCH.format(instead="echo no watching here; exit 3"))
    wrapper.chmod(0o755)
    result = nodes.run(tmp_path, launcher, "-n", "1", "--idle", "1", wrappers={node: [wrapper] for node in IDLE_AND_LOAD})
    assert result.returncode == 0, result.stderr
    assert "idle power of the nodes before the tests: the launcher failed with exit status 3" in notes_of(tmp_path / "r.perfwatt", tmp_path)
    data = document(tmp_path / "r.perfwatt", tmp_path)
    assert all(one["energy_j"] and one["net_j"] is None and one["net_reason"] for one in data["nodes"])
    assert len(data["windows"]) == 2  # of perfwatt run's own node, all the same


class Log(Ticking):
    """A meter's, on one machine's disk: no node reads it."""

    def __init__(self, path):
        super().__init__(0.05)
        self.path = path
        path.write_text("time,watts\n")

    def tick(self):
        with self.path.open("a") as file:
            file.write(f"{time.time():.3f},80\n")


def test_nodes_without_a_sensor_are_not_watched_for_long(tmp_path, launcher):
    words = launched(launcher, 2, PERFWATT, "rank", "--", "sleep", "0.2")
    with Log(tmp_path / "meter.csv") as log:
        result = perfwatt("run", "-n", "2", "-o", tmp_path / "r.perfwatt", "--power", f"csv:{log.path}", "--idle", "1", "--warmup", "0", "--",
                          *words, env=ENVIRONMENT, timeout=LONG)
    assert result.returncode == 0, result.stderr
    assert "idle power of the nodes" not in notes_of(tmp_path / "r.perfwatt", tmp_path)
    assert all(row["state"] == "ended" for row in ranks_of(tmp_path / "r.perfwatt", tmp_path))


def test_ctrl_c_in_an_idle_window_ends_its_launcher(tmp_path, launcher):
    nodes = PlayedNodes(tmp_path)
    words = [PERFWATT, "run", "-n", "1", "-o", tmp_path / "r.perfwatt", "--power", OWN_SENSOR, "--idle", "120", "--", *nodes.words(launcher)]
    with subprocess.Popen(words, cwd=nodes.nodes / "run", env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True) as outer:
        wait_for(lambda: len(list(tmp_path.glob("r.job/*/1/*.rank"))) == 2)
        ranks = [int(path.name) for path in pathlib.Path("/proc").iterdir() if path.name.isdigit() and watches(path, tmp_path)]
        assert len(ranks) == 2
        outer.send_signal(signal.SIGINT)
        _, errors = outer.communicate(timeout=60)
    assert outer.returncode == 128 + signal.SIGINT, errors
    assert not [rank for rank in ranks if watches(pathlib.Path(f"/proc/{rank}"), tmp_path)]
    assert not list(tmp_path.glob("*.times"))
    assert "INTERRUPTED" in one_paragraph(perfwatt("show", tmp_path / "r.perfwatt").stdout)


def watches(process, tmp_path):
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return False
    return words[1:3] == ["rank", "--job"] and words[3].startswith(str(tmp_path)) and "--watch" in words


def test_what_a_watch_cannot_be_is_refused(tmp_path):
    job = ("rank", "--job", tmp_path, "--execution", "1", "--watch")
    for seconds in ("0", "x", "-1", ""):
        assert "--watch" in one_line(perfwatt(*job, seconds), 2)
    for words in (("5", "--", "true"), ("5", "true")):
        assert "it watches idle power, and runs no command" in one_line(perfwatt(*job, *words), 2)
    assert "it is in no job" in one_line(perfwatt("rank", "--watch", "5"), 2)
    assert "job's folder cannot be read" in one_line(perfwatt(*job, "5"), 2)
