# SPDX-License-Identifier: GPL-3.0-or-later
"""--region-scope team: what the threads of a pool do is in the regions of the thread that they work for."""
import os
import subprocess

import pytest

from conftest import BUILD, SOURCE, perfwatt
from test_omp import compiled
from test_region_counts import FAULTS, FILTER, TOUCH, counted, faults, near, run_of  # noqa: F401
from test_regions import HEAD, Marked, compile_program
from test_targets import perf

TEAM = ("--region-scope", "team")
SHARED = ("-I", SOURCE / "include", "-L", BUILD, "-lperfwatt_mark", f"-Wl,-rpath,{BUILD}", "-pthread")
OMP_HEAD = HEAD.replace("#define _GNU_SOURCE", "#ifndef _GNU_SOURCE\n#define _GNU_SOURCE\n#endif") + TOUCH + """
#include <omp.h>
static double cpu_of_all;
static double cpu(void) { struct timespec t; clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec; }
static void turn(double seconds) { const double begin = cpu(); while (cpu() - begin < seconds) continue; }
"""
# A pool that is there before the first region; static and dynamic loops, and tasks, many of which run in the wait at the region's end.
POOL = """
int main(void) {
#pragma omp parallel num_threads(4)
  touch(1);
  in("static");
#pragma omp parallel for num_threads(4) schedule(static, 1)
  for (int i = 0; i < 4; ++i) touch(1000);
  out("static");
  in("dynamic");
#pragma omp parallel for num_threads(4) schedule(dynamic)
  for (int i = 0; i < 40; ++i) touch(100);
  out("dynamic");
  in("tasks");
#pragma omp parallel num_threads(4)
#pragma omp single nowait
  for (int i = 0; i < 40; ++i)
#pragma omp task
    { touch(100); turn(2e-3); }
  out("tasks");
  in("cpu");
#pragma omp parallel num_threads(4) reduction(+ : cpu_of_all)
  {
    const double begin = cpu();
    turn(omp_get_thread_num() ? 0.05 : 0.02);
    cpu_of_all += cpu() - begin;
  }
  out("cpu");
  printf("%.9f\\n", cpu_of_all);
  return 0;
}
"""


def omp_run(folder, source, compiler="g++", regions="marks,omp"):
    program = compiled(folder, source, *SHARED, compiler=compiler, head=OMP_HEAD)
    return Marked(folder, ("sh", "-c", 'exec "$0" >"$1"', program, folder / "out"), *FAULTS, *TEAM, "--regions", regions)


def summed(run, column="page-faults"):
    """By region: as `show` has them, which is not the sum of the threads' rows."""
    words = perfwatt("show", run.file, "--regions", "--columns", column).stdout.splitlines()
    found = {}
    for line in words:
        parts = line.split()
        if len(parts) == 2 and parts[0].replace(",", "").isdigit():
            found[parts[1]] = int(parts[0].replace(",", ""))
    return found


@pytest.mark.parametrize("compiler", ["gcc", "g++", "clang++"])
def test_what_workers_do_is_in_the_region_of_the_thread_that_they_work_for(tmp_path, compiler):
    run = omp_run(tmp_path, POOL, compiler)
    counts = summed(run)
    for region in ("static", "dynamic", "tasks"):
        assert 4000 <= counts[region] <= 4080, (region, counts)  # >= 98 %
    leader = next(row for row in run.rows if row["region"] == "cpu")
    cpu_of_all = float((tmp_path / "out").read_text())
    assert int(leader["task-clock"]) / 1e9 >= 0.98 * cpu_of_all > 0.98 * 0.17
    assert {row["count_scope"] for row in run.rows} == {"team"}
    workers = [row for row in run.rows if row["count_reason"]]
    assert workers and all("for another thread" in row["count_reason"] for row in workers)
    assert run.notes == []


def test_teams_within_teams_are_in_those_around_them(tmp_path):
    run = omp_run(tmp_path, """
int main(void) {
  omp_set_max_active_levels(2);
  in("both");
#pragma omp parallel num_threads(2)
  {
#pragma omp parallel num_threads(2)
    touch(1000);
  }
  out("both");
  return 0;
}
""")
    assert 4000 <= summed(run)["both"] <= 4120 and run.notes == []


PTHREADS = """
struct part { perfwatt_team team; long pages; };
static void* work(void* data) {
  const struct part* const part = data;
  perfwatt_team_join(part->team);
  in("work"); touch(part->pages); out("work");
  return NULL;
}
static void lead(const char* name, int threads, long pages) {
  pthread_t all[400];
  in(name);
  const struct part part = {perfwatt_team_here(), pages};
  for (int i = 0; i < threads; ++i) if (pthread_create(&all[i], NULL, work, (void*)&part)) _exit(8);
  for (int i = 0; i < threads; ++i) pthread_join(all[i], NULL);
  out(name);
}
"""


def some_of(threads):
    """Faults that a thread has besides: of its stack and its records."""
    return 12 + 14 * threads


def test_each_thread_has_those_that_work_for_it(tmp_path):
    run = run_of(tmp_path, PTHREADS + """
static void* other(void* nothing) { lead("two", 3, 500); return nothing; }
int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, other, NULL);
  lead("one", 2, 1000);
  pthread_join(thread, NULL);
  lead("again", 2, 700);
  in("alone"); touch(100); out("alone");
  return 0;
}
""", *TEAM)
    counts = faults(run)
    assert near(counts["one"][0], 2000, some_of(2)) and near(counts["two"][0], 1500, some_of(3)) and near(counts["again"][0], 1400, some_of(2))
    assert near(counts["alone"][0], 100)
    assert summed(run)["work"] == sum(counts["work"]) and run.notes == []  # of workers alone: their own


def test_a_thread_that_changes_its_leader_takes_nothing_with_it(tmp_path):
    run = run_of(tmp_path, """
static pthread_barrier_t turn;
static perfwatt_team teams[2];
static void* worker(void* nothing) {
  warm("work");
  for (int i = 0; i < 2; ++i) {
    pthread_barrier_wait(&turn);
    perfwatt_team_join(teams[i]);
    touch(300 + 100 * i);
    pthread_barrier_wait(&turn);
  }
  return nothing;
}
static void* leader(void* name) {
  warm(name);
  teams[1] = perfwatt_team_here();
  pthread_barrier_wait(&turn);
  pthread_barrier_wait(&turn);
  in(name);
  pthread_barrier_wait(&turn);
  pthread_barrier_wait(&turn);
  out(name);
  return NULL;
}
int main(void) {
  pthread_t threads[2];
  pthread_barrier_init(&turn, NULL, 3);
  teams[0] = perfwatt_team_here();
  pthread_create(&threads[0], NULL, worker, NULL);
  pthread_create(&threads[1], NULL, leader, "second");
  in("first");
  for (int i = 0; i < 4; ++i) pthread_barrier_wait(&turn);
  out("first");
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return 0;
}
""", *TEAM)
    counts = faults(run)
    assert near(counts["first"][0], 300, 30) and near(counts["second"][0], 400, 30), counts


def test_a_forked_child_begins_without_a_team(tmp_path):
    run = run_of(tmp_path, PTHREADS + """
int main(void) {
  lead("parent", 2, 200);
  if (fork() == 0) { in("child"); touch(50); out("child"); lead("again", 2, 300); _exit(0); }
  wait(NULL);
  lead("parent", 2, 200);
  return 0;
}
""", *TEAM)
    counts = faults(run)
    assert near(counts["parent"][0], 800, some_of(4)) and near(counts["child"][0], 50) and near(counts["again"][0], 600, some_of(2)), counts
    assert run.notes == []


def test_more_threads_than_a_team_has_room_for_are_no_number(tmp_path):
    run = run_of(tmp_path, PTHREADS.replace("out(\"work\");", "out(\"work\"); pthread_barrier_wait(&all);").replace("struct part {", "static pthread_barrier_t all;\nstruct part {")
                 + "int main(void) { pthread_barrier_init(&all, NULL, 300); lead(\"many\", 300, 1); return 0; }", *TEAM)
    row = next(row for row in run.rows if row["region"] == "many")
    assert row["page-faults"] == "" and "more than 255" in row["count_reason"]


def test_other_scopes_have_no_teams(tmp_path):
    run = run_of(tmp_path, PTHREADS + "int main(void) { lead(\"one\", 2, 1000); return 0; }", "--region-scope", "thread")
    assert faults(run)["one"][0] < 500 and {row["count_reason"] for row in run.rows} == {""}


# Leaders and workers that come, change sides and go, while all mark.
CROWD = """
#include <dirent.h>
static perfwatt_team teams[4];
static pthread_barrier_t all;
static void* crowd(void* number) {
  const intptr_t me = (intptr_t)number;
  if (me < 4) teams[me] = perfwatt_team_here();
  pthread_barrier_wait(&all);
  for (int i = 0; i < 200; ++i) {
    in("outer");
    if (me >= 4) perfwatt_team_join(teams[(me + i / 20) % 4]);
    in("inner"); out("inner");
    out("outer");
  }
  pthread_barrier_wait(&all);
  return NULL;
}
int main(void) {
  pthread_t threads[64];
  pthread_barrier_init(&all, NULL, 64);
  for (intptr_t i = 0; i < 64; ++i) pthread_create(&threads[i], NULL, crowd, (void*)i);
  for (int i = 0; i < 64; ++i) pthread_join(threads[i], NULL);
  int open = 0;
  DIR* const folder = opendir("/proc/self/fd");
  while (folder && readdir(folder)) ++open;
  if (folder) closedir(folder);
  return open > 24 ? 7 : 0;  // nothing of the threads' is left
}
"""


@pytest.mark.parametrize("sanitizer", ["thread", "address,undefined"])
def test_sixty_four_threads_that_change_sides_are_clean(tmp_path, sanitizer):
    sources = sorted((SOURCE / "src" / "mark").glob("*.c"))
    flags = (f"-fsanitize={sanitizer}", "-g", "-I", SOURCE / "src", *sources, "-pthread")
    built = subprocess.run(["cc", "-x", "c", "-fsanitize=" + sanitizer, "-o", tmp_path / "probe", "-"], input="int main(void) { return 0; }", text=True,
                           capture_output=True, timeout=60, check=False)
    if built.returncode != 0 or subprocess.run([tmp_path / "probe"], capture_output=True, timeout=60, check=False).returncode != 0:
        pytest.skip(f"SKIPPED LOUDLY: no program of -fsanitize={sanitizer} runs here")
    program = compile_program(tmp_path, TOUCH + CROWD, link=flags)
    (tmp_path / "known").write_text("race:perfwatt_ask_\n")  # numbers of files that it does not see closed: by raw system calls
    environment = {**os.environ, "TSAN_OPTIONS": f"suppressions={tmp_path}/known"}
    run = Marked(tmp_path, ("sh", "-c", 'exec "$0" 2>"$1"', program, tmp_path / "errors"), *FAULTS, *TEAM, env=environment)
    assert "Sanitizer" not in (tmp_path / "errors").read_text(), (tmp_path / "errors").read_text()[:4000]
    assert run.calls() == {"outer": 64 * 200, "outer/inner": 64 * 200} and all(row["page-faults"] for row in run.rows)


# The whole of each is what perf stat has of it, less what it is without its work; page faults, which a busy machine does not change.
SERIAL = """
int main(int count, char** words) {
  (void)words;
  in("work"); if (count < 2) touch(20000); out("work");
  return 0;
}
"""
PARALLEL = """
int main(int count, char** words) {
  (void)words;
#pragma omp parallel num_threads(4)
  touch(1);
  in("work");
  if (count < 2)
#pragma omp parallel for num_threads(4) schedule(dynamic)
    for (int i = 0; i < 200; ++i) touch(100);
  out("work");
  return 0;
}
"""
NUMPY = """
import mmap
import sys
import numpy
import perfwatt
memory = mmap.mmap(-1, 80 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
memory.madvise(mmap.MADV_NOHUGEPAGE)
numbers = numpy.frombuffer(memory, dtype=numpy.float64)
with perfwatt.region("work"):
    if len(sys.argv) < 2:
        numbers += 1
"""


@pytest.mark.parametrize("kind", ["c", "openmp", "numpy"])
def test_what_a_region_counts_is_what_perf_stat_has(tmp_path, kind):
    options, environment = ("--region-scope", "process"), {"PERFWATT_MARK_LIBRARY": str(BUILD / "libperfwatt_mark.so.0"), "PYTHONPATH": str(SOURCE / "python")}
    if kind == "c":
        command = [compile_program(tmp_path, TOUCH + SERIAL)]
    elif kind == "openmp":
        command, options = [compiled(tmp_path, PARALLEL, *SHARED, compiler="g++", head=OMP_HEAD)], (*TEAM, "--regions", "marks,omp")
    else:
        pytest.importorskip("numpy", reason="SKIPPED LOUDLY: no python3-numpy (scripts/setup test)")
        (tmp_path / "script.py").write_text(NUMPY)
        command = ["/usr/bin/python3", tmp_path / "script.py"]
    run = Marked(tmp_path, command, *FAULTS, *options, env=environment)
    around = ["env", *(f"{name}={value}" for name, value in environment.items())]
    whole, without = (perf("-e", "page-faults", *around, *command, *more)["page-faults"] for more in ((), ("idle",)))
    leader = next(row for row in run.rows if row["region"] == "work" and not row["count_reason"])
    assert int(leader["page-faults"]) == pytest.approx(whole - without, rel=0.02) and whole - without > 15000


def test_under_a_filter_that_kills_a_team_goes_on_and_takes_nobody(tmp_path):
    """The filter allows a leader's marks: reads, and the clock; a thread that would join then is not counted, and its leader's regions say so."""
    run = run_of(tmp_path, FILTER[:FILTER.index("static void* other")] + """
static perfwatt_team team;
static pthread_barrier_t turn;
static void* early(void* nothing) {
  perfwatt_team_join(team);
  in("early"); out("early");
  for (int i = 0; i < 2; ++i) pthread_barrier_wait(&turn);
  touch(100);
  pthread_barrier_wait(&turn);
  return nothing;
}
static void* late(void* nothing) { perfwatt_team_join(team); in("late"); out("late"); return nothing; }
int main(void) {
  pthread_t threads[2];
  pthread_barrier_init(&turn, NULL, 2);
  team = perfwatt_team_here();
  in("before"); out("before");
  pthread_create(&threads[0], NULL, early, NULL);
  pthread_barrier_wait(&turn);
  forbid(SECCOMP_RET_KILL_PROCESS);
  in("main");
  for (int i = 0; i < 2; ++i) pthread_barrier_wait(&turn);
  out("main");
  pthread_create(&threads[1], NULL, late, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  in("after"); out("after");
  return 0;
}
""", *TEAM)
    counts = faults(run)
    assert near(counts["main"][0], 100, 30) and counts["late"] == [None] and counts["after"] == [None]
    assert run.told("seccomp filter")
