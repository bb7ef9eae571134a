# SPDX-License-Identifier: GPL-3.0-or-later
"""What events count in the regions of real programs."""
import json
import os
import re
import shutil
import sqlite3
import subprocess

import pytest

from conftest import export, one_line, one_paragraph, perfwatt, record
from test_regions import Marked, compile_program

FAULTS = ("-e", "page-faults,context-switches")  # beside task-clock
TOUCH = """
static inline void touch(long pages) {
  const long size = sysconf(_SC_PAGESIZE);
  char* const memory = (char*)mmap(NULL, (size_t)(pages * size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) _exit(9);
  madvise(memory, (size_t)(pages * size), MADV_NOHUGEPAGE);
  for (long i = 0; i < pages; ++i) ((volatile char*)memory)[i * size] = 1;
  munmap(memory, (size_t)(pages * size));
}
static inline void warm(const char* name) { in(name); out(name); }
"""


@pytest.fixture(scope="module", autouse=True)
def counted(tmp_path_factory):
    out = tmp_path_factory.mktemp("counted") / "r.perfwatt"
    assert record(out, "-n", 1, "--warmup", 0, *FAULTS, command=("true",)).returncode == 0
    rows = export(out, out.parent / "csv")["counters"]
    if [row["status"] for row in rows if row["event"] == "page-faults"] != ["ok"]:
        pytest.skip("SKIPPED LOUDLY: page faults cannot be counted here")


def run_of(folder, source, *options, arguments=(), flags=(), status=0, tests=1, words=None):
    program = compile_program(folder, TOUCH + source, *flags)
    return Marked(folder, words(program) if words else (program, *arguments), *FAULTS, *options, tests=tests, status=status)


def faults(run, column="page-faults"):
    """Of each region: of each of its rows, without a few of the stack's and the records' own."""
    found = {}
    for row in run.rows:
        found.setdefault(row["region"], []).append(int(row[column]) if row[column] else None)
    return found


def near(value, exact, some=12):
    return value is not None and exact <= value <= exact + some


NESTED = """
int main(void) {
  in("outer"); in("inner"); out("inner"); out("outer");
  in("outer");
  touch(100);
  for (int i = 0; i < 10; ++i) { in("inner"); touch(50); out("inner"); perfwatt_items(2); }
  out("outer");
  touch(300);
  return 0;
}
"""


def test_page_faults_are_those_of_the_pages_that_a_region_touches(tmp_path):
    run = run_of(tmp_path, NESTED, tests=2)
    assert run.notes == []
    for row in run.rows:
        exact, own = (600, 100) if row["region"] == "outer" else (500, 500)
        assert near(int(row["page-faults"]), exact) and near(int(row["own page-faults"]), own), row
        assert row["count_scope"] == "process" and row["count_reason"] == ""
        assert 0 < int(row["task-clock"]) <= 1e9 * float(row["seconds"]) * 1.5 + 1e6
    whole = [int(row["value"]) for row in export(run.file, tmp_path / "csv")["counters"] if row["event"] == "page-faults"]
    assert all(one >= 900 for one in whole)


def test_own_counts_add_up_to_the_outermost_regions(tmp_path):
    run = run_of(tmp_path, NESTED)
    for event in ("page-faults", "task-clock", "context-switches"):
        own = sum(int(row["own " + event]) for row in run.rows)
        assert own == int(next(row[event] for row in run.rows if row["region"] == "outer")), event
        whole = next(int(row["value"]) for row in export(run.file, tmp_path / "csv")["counters"] if row["event"] == event)
        assert own <= whole


def test_show_has_columns_of_events(tmp_path):
    run = run_of(tmp_path, NESTED, tests=2)
    page = perfwatt("show", run.file, "--regions")
    assert "by process (task-clock, page-faults, context-switches)" in one_paragraph(page.stdout)
    page = perfwatt("show", run.file, "--regions", "--columns", "calls,page-faults,own:page-faults,page-faults/call,page-faults/item,page-faults/share,task-clock")
    lines = [line.split() for line in page.stdout.splitlines() if line.endswith(("outer", "inner"))]
    assert [line[-1] for line in lines] == ["outer", "inner"] and lines[1][0] == "11" and near(float(lines[1][1]), 500) and near(float(lines[0][2]), 100)
    first = perfwatt("show", run.file, "--regions", "--sort", "own:page-faults", "--columns", "page-faults", "--top", "1").stdout
    assert "outer/inner" in first
    assert "no column 'cycles/hour'" in one_line(perfwatt("show", run.file, "--regions", "--columns", "time,cycles/hour"), 2)
    assert "--columns requires --regions" in one_line(perfwatt("show", run.file, "--columns", "time"), 2)
    assert "no order 'page-faults,time'" in one_line(perfwatt("show", run.file, "--regions", "--sort", "page-faults,time"), 2)


def test_metrics_are_those_of_a_regions_counts_and_time(tmp_path):
    run = run_of(tmp_path, NESTED, tests=2)
    data = export(run.file, tmp_path / "csv")
    found = {(row["region"], row["metric"]): row for row in data["region-metrics"]}
    assert {key[1] for key in found} >= {"page-fault-rate", "cpus-used", "context-switch-rate"} and "ipc" not in {key[1] for key in found}
    for region in ("outer", "outer/inner"):
        rows = [row for row in run.rows if row["region"] == region]
        seconds = sum(float(row["seconds"]) for row in rows)
        for metric, event, unit in (("page-fault-rate", "page-faults", 1), ("cpus-used", "task-clock", 1e-9)):
            rate = sum(int(row[event]) for row in rows) * unit / seconds
            row = found[region, metric]
            assert float(row["mean"]) == pytest.approx(rate, rel=1e-6) and row["n"] == "2" and row["reason"] == "" and row["beside_others"] == "no", row
    summary = json.loads(perfwatt("export", run.file, "--format", "json", "--out", "-").stdout)["region_summary"]
    for region in summary:
        for metric in region["metrics"]:
            assert metric["mean"] == pytest.approx(float(found[region["region"], metric["metric"]]["mean"]), rel=1e-9)
    assert perfwatt("export", run.file, "--format", "folded", "--out", tmp_path / "folded").returncode == 0
    folded = dict(line.rsplit(" ", 1) for line in (tmp_path / "folded" / "regions-page-faults.folded").read_text().splitlines())
    assert near(int(folded["regions;outer"]), 100) and near(int(folded["regions;outer;inner"]), 500)
    page = perfwatt("show", run.file, "--regions", "--columns", "time,page-fault-rate,cpus-used").stdout
    lines = [line.split() for line in page.splitlines() if line.endswith(("outer", "inner"))]
    assert float(lines[1][2]) == pytest.approx(float(found["outer/inner", "page-fault-rate"]["mean"]), rel=1e-3)
    first = perfwatt("show", run.file, "--regions", "--sort", "page-fault-rate", "--columns", "page-fault-rate", "--top", "1").stdout
    assert "1 of 2" in first
    refused = one_line(perfwatt("show", run.file, "--regions", "--columns", "ipc"), 2)
    assert "the regions have no ipc" in refused and "instructions and cycles" in refused and "perfwatt run -M ipc" in refused
    refused = one_line(perfwatt("show", run.file, "--regions", "--columns", "ipx"), 2)
    assert "no column 'ipx'" in refused and "page-fault-rate" in refused


def test_json_has_counts_of_rows_and_of_regions(tmp_path):
    run = run_of(tmp_path, NESTED, tests=2)
    assert perfwatt("export", run.file, "--format", "json", "--out", tmp_path).returncode == 0
    document = json.loads((tmp_path / "recording.json").read_text())
    counts = document["regions"][0]["counts"]
    assert [one["event"] for one in counts] == ["task-clock", "page-faults", "context-switches"]
    assert counts[1]["status"] == "ok" and near(counts[1]["value"], 600) and counts[1]["enabled_ns"] == counts[1]["running_ns"] > 0
    summary = document["region_summary"][1]["counts"][1]
    assert near(summary["mean"], 500) and near(summary["per_call"], 500 / 11, 2) and 0 < summary["share"] < 1 and summary["reason"] == ""


def test_scope_none_counts_nothing(tmp_path):
    run = run_of(tmp_path, NESTED, "--region-scope", "none")
    assert faults(run) == {"outer": [None], "outer/inner": [None]} and run.notes == []
    assert run.rows[0]["count_scope"] == "" and run.calls() == {"outer": 2, "outer/inner": 11}
    refused = record(tmp_path / "x.perfwatt", "--region-scope", "crew")
    assert "--region-scope" in one_line(refused, 2) and "process" in refused.stderr


def test_passes_and_tests_meet_in_the_same_regions(tmp_path):
    program = compile_program(tmp_path, TOUCH + NESTED)
    run = Marked(tmp_path, (program,), *FAULTS, "-L", "n=1,2", tests=2)
    assert {(row["variant"], row["test"], row["region"]) for row in run.rows} == {
        (f"n={n}", test, region) for n in (1, 2) for test in ("1", "2") for region in ("outer", "outer/inner")}
    assert all(near(int(row["page-faults"]), 600) for row in run.rows if row["region"] == "outer")


def test_workers_count_in_the_region_of_the_thread_that_waits_for_them(tmp_path):
    run = run_of(tmp_path, """
static void* work(void* nothing) { touch(400); return nothing; }
int main(void) {
  pthread_t threads[4];
  warm("parallel");
  in("parallel");
  for (int i = 0; i < 4; ++i) pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
  out("parallel");
  return 0;
}
""")
    assert near(faults(run)["parallel"][0], 1600, 60) and run.rows[0]["count_reason"] == ""


BESIDE = """
static pthread_barrier_t both;
static void* work(void* pages) {
  pthread_barrier_wait(&both);
  in("work"); pthread_barrier_wait(&both); touch((long)(intptr_t)pages); pthread_barrier_wait(&both); out("work");
  return NULL;
}
int main(void) {
  pthread_t threads[2];
  pthread_barrier_init(&both, NULL, 2);
  for (intptr_t i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, work, (void*)(100 + 100 * i));
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  in("alone"); touch(30); out("alone");
  return 0;
}
"""


def test_regions_of_threads_beside_each_other_say_whose_events_are_in_them(tmp_path):
    run = run_of(tmp_path, BESIDE)
    assert all(near(one, 300, 150) for one in faults(run)["work"]), run.rows  # each has both's
    told = [row["count_reason"] for row in run.rows if row["region"] == "work"]
    assert all("1 of 1 call ran beside regions of other threads or processes" in one for one in told), told
    alone = next(row for row in run.rows if row["region"] == "alone")
    assert near(int(alone["page-faults"]), 30) and alone["count_reason"] == ""
    page = one_paragraph(perfwatt("show", run.file, "--regions", "--columns", "time,page-faults").stdout)
    assert re.search(r" - work ", page) and "several threads were in it beside each other" in page and "page-faults of 1 region" in page


def test_processes_beside_each_other_say_it_too(tmp_path):
    run = run_of(tmp_path, """
int main(void) {
  int ready[2], done[2];
  char byte = 0;
  if (pipe(ready) != 0 || pipe(done) != 0) return 9;
  warm("parent");
  in("parent");
  if (fork() == 0) {
    in("child"); touch(200);
    if (write(ready[1], &byte, 1) != 1 || read(done[0], &byte, 1) != 1) _exit(9);
    out("child");
    _exit(0);
  }
  if (read(ready[0], &byte, 1) != 1) return 9;
  touch(100);
  if (write(done[1], &byte, 1) != 1) return 9;
  wait(NULL);
  out("parent");
  in("later"); touch(50); out("later");
  return 0;
}
""")
    counts = faults(run)
    assert near(counts["parent"][0], 300, 200) and counts["parent/child"][0] >= 300 and near(counts["later"][0], 50)
    told = {row["region"]: row["count_reason"] for row in run.rows}
    assert "beside" in told["parent"] and "beside" in told["parent/child"] and told["later"] == ""


def test_recursion_counts_each_depth(tmp_path):
    run = run_of(tmp_path, """
static void go(int deep) { in("r"); touch(10 * deep); if (deep > 1) go(deep - 1); out("r"); }
int main(void) { go(3); go(3); return 0; }
""")
    assert near(faults(run)["r"][0], 120, 20) and near(faults(run)["r/r"][0], 60, 20) and near(faults(run)["r/r/r"][0], 20)
    assert near(faults(run, "own page-faults")["r"][0], 60, 20)


def test_what_is_executed_counts_with_the_same_counters(tmp_path):
    run = run_of(tmp_path, """
int main(int count, char** words) {
  warm("before");
  in("before"); touch(40); out("before");
  if (count == 1) execl(words[0], words[0], "again", NULL);
  return 0;
}
""")
    assert near(faults(run)["before"][0], 80, 40) or [near(one, 40, 20) for one in faults(run)["before"]] == [True, True], run.rows
    assert run.notes == []


def test_kill_keeps_what_had_ended(tmp_path):
    run = run_of(tmp_path, """
int main(void) {
  warm("whole");
  for (int i = 0; i < 7; ++i) { in("whole"); touch(20); in("part"); touch(5); out("part"); out("whole"); }
  in("whole"); in("part"); touch(1000); out("part"); raise(SIGKILL);
  return 0;
}
""", status=4)
    assert near(faults(run)["whole"][0], 175) and near(faults(run, "own page-faults")["whole"][0], 140)
    assert near(faults(run)["whole/part"][0], 1035)


def test_counters_that_the_program_closes(tmp_path):
    run = run_of(tmp_path, """
int main(void) {
  in("before"); touch(20); out("before");
  for (int fd = 3; fd < 1024; ++fd) close(fd);
  in("after"); touch(20); out("after");
  return 0;
}
""")
    told = {row["region"]: row["count_reason"] for row in run.rows}
    assert near(faults(run)["before"][0], 20) and told["before"] == ""
    assert faults(run)["after"] == [None] and "1 of 1 call not counted: the counters that perfwatt gave to the command were closed" in told["after"]
    assert run.told("1 process has regions whose events are not or not always counted") and len(run.notes) == 1
    page = perfwatt("show", run.file, "--regions", "--columns", "page-faults")
    assert "page-faults of 1 region: not-counted: 1 of 1 call not counted" in one_paragraph(page.stdout)


def test_what_closes_its_descriptors_before_it_executes_has_time_only(tmp_path):
    run = run_of(tmp_path, NESTED, words=lambda program: (
        "/usr/bin/python3", "-c", f"import subprocess; subprocess.run(['{program}'], close_fds=True)"))
    assert run.calls() == {"outer": 2, "outer/inner": 11} and faults(run)["outer"] == [None]
    assert run.told("were closed before it marked")


FILTER = """
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
// Sockets are refused, or kill.
static void forbid(unsigned answer) {
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 4, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socketpair, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 2, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_recvmsg, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW), BPF_STMT(BPF_RET | BPF_K, answer)};
  const struct sock_fprog program = {sizeof rules / sizeof rules[0], rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) _exit(9);
}
static void* other(void* nothing) { in("thread"); touch(40); out("thread"); return nothing; }
int main(int count, char** words) {
  (void)words;
  forbid(count > 1 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM);
  in("main"); touch(20); out("main");
  pthread_t one;
  if (pthread_create(&one, NULL, other, NULL) != 0) return 9;
  pthread_join(one, NULL);
  return 0;
}
"""


@pytest.mark.parametrize("arguments", [(), ("kill",)], ids=["refused", "killed"])
def test_a_filter_of_sockets_does_not_matter_where_nothing_is_asked(tmp_path, arguments):
    run = run_of(tmp_path, FILTER, arguments=arguments)
    assert near(faults(run)["main"][0], 20) and near(faults(run)["thread"][0], 40, 30) and run.notes == []


def test_a_user_who_may_not_count_has_counts(tmp_path):
    if os.getuid() != 0:
        pytest.skip("SKIPPED LOUDLY: only root starts a command as another user")
    folder = tmp_path / "open"
    folder.mkdir()
    run = run_of(folder, """
#include <linux/perf_event.h>
#include <sys/syscall.h>
int main(void) {
  struct perf_event_attr attr = {.size = sizeof attr, .type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CPU_CLOCK};
  printf("may %d\\n", (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, 0) >= 0);
  warm("own"); in("own"); touch(60); out("own");
  return 0;
}
""", "--user", "nobody", "--capture", "may=may ([01])", words=lambda program: (shutil.copy(program, "/tmp/perfwatt-region-test"),))
    os.unlink("/tmp/perfwatt-region-test")
    may = export(run.file, tmp_path / "csv")["executions"][0]["may"]
    assert may == "0" and near(faults(run)["own"][0], 60) and run.notes == []


def test_what_is_not_counted_in_regions_is_said(tmp_path):
    run = run_of(tmp_path, NESTED, "--delay", "1")
    assert faults(run)["outer"] == [None] and run.told("regions have time only: --delay")
    run = run_of(tmp_path, NESTED, "--per", "thread")
    assert faults(run)["outer"] == [None] and run.told("regions have time only: --per thread")


def test_an_event_that_is_not_there_is_unknown_in_regions_too(tmp_path):
    program = compile_program(tmp_path, TOUCH + NESTED)
    run = Marked(tmp_path, (program,), "-e", "page-faults,r1a2b3c")
    status = {row["event"]: row["status"] for row in export(run.file, tmp_path / "csv")["counters"]}
    if status["r1a2b3c"] == "ok":
        pytest.skip("SKIPPED LOUDLY: this machine counts every code")
    assert near(int(run.rows[0]["page-faults"]), 600) and run.rows[0]["r1a2b3c"] == ""


def test_the_program_sees_descriptors_of_high_numbers_alone(tmp_path):
    run = run_of(tmp_path, """
int main(void) {
  in("a"); out("a");
  int low = 0;
  for (int fd = 3; fd < 512; ++fd) low += fcntl(fd, F_GETFD) >= 0;
  printf("low %d next %d\\n", low, open("/dev/null", O_RDONLY));
  return 0;
}
""", "--capture", "low=low ([0-9]+)", "--capture", "next=next ([0-9]+)")
    row = export(run.file, tmp_path / "csv")["executions"][0]
    assert (row["low"], row["next"]) == ("0", "3")


def test_a_thread_is_not_cancelled_in_a_mark(tmp_path):
    run = run_of(tmp_path, """
static volatile long marked;
static void* work(void* nothing) {
  while (marked < 2000) { in("a"); out("a"); ++marked; }
  pause();
  return nothing;
}
int main(void) {
  pthread_t one;
  pthread_create(&one, NULL, work, NULL);
  pthread_cancel(one);
  pthread_join(one, NULL);
  printf("marked %ld\\n", marked);
  return 0;
}
""", "--capture", "marked=marked ([0-9]+)")
    row = export(run.file, tmp_path / "csv")["executions"][0]
    assert row["marked"] == "2000" and run.calls() == {"a": 2000}


def test_a_recording_with_a_count_of_nothing_is_refused(tmp_path):
    run = run_of(tmp_path, NESTED)
    for change in ("UPDATE region_counts SET total = 99", "UPDATE region_counts SET own_value = value + 1", "UPDATE region_counts SET event = 77",
                   "UPDATE region_counts SET status = 'fine'", "UPDATE region_counts SET running_ns = enabled_ns + 1"):
        broken = tmp_path / "broken.perfwatt"
        shutil.copy(run.file, broken)
        with sqlite3.connect(broken) as database:
            database.execute(change)
        database.close()
        result = perfwatt("show", broken, "--regions")
        assert result.returncode == 2 and "region_counts" in result.stderr, (change, result.stderr)


# Threads that each have counters of their own.
OWN = ("--region-scope", "thread")


def test_each_thread_counts_its_own(tmp_path):
    run = run_of(tmp_path, """
static pthread_barrier_t all;
static void* work(void* pages) {
  warm("work");
  pthread_barrier_wait(&all);
  in("work"); touch((long)(intptr_t)pages); out("work");
  pthread_barrier_wait(&all);
  return NULL;
}
int main(void) {
  pthread_t threads[8];
  pthread_barrier_init(&all, NULL, 8);
  in("main");
  for (intptr_t i = 0; i < 8; ++i) pthread_create(&threads[i], NULL, work, (void*)(100 + 100 * i));
  for (int i = 0; i < 8; ++i) pthread_join(threads[i], NULL);
  out("main");
  return 0;
}
""", *OWN)
    assert run.notes == [] and {row["count_scope"] for row in run.rows} == {"thread"} and {row["count_reason"] for row in run.rows} == {""}
    counts = faults(run)
    assert all(near(one, exact) for one, exact in zip(sorted(counts["work"]), range(100, 900, 100)))
    assert counts["main"][0] < 100
    page = one_paragraph(perfwatt("show", run.file, "--regions", "--columns", "page-faults,time").stdout)
    assert "by thread (" in page and re.search(r" 3,6\d\d .* work ", page), page


MAKING = """
static volatile int over;
static void* nothing(void* none) { return none; }
static void* make(void* none) {
  pthread_t thread;
  while (!over) if (pthread_create(&thread, NULL, nothing, NULL) == 0) pthread_join(thread, NULL);
  return none;
}
int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, make, NULL);
  for (int i = 0; i < 30000; ++i) { in("mark"); out("mark"); }
  over = 1;
  pthread_join(thread, NULL);
  return 0;
}
"""


@pytest.mark.parametrize("interval", [(), ("--interval", "1")], ids=["marks", "intervals"])
def test_counters_are_read_beside_threads_that_are_being_made(tmp_path, interval):
    """The kernel refuses a group that it is giving to a new thread at that moment (ECHILD)."""
    run = run_of(tmp_path, MAKING, *interval)
    assert run.notes == [] and run.calls() == {"mark": 30000} and faults(run)["mark"][0] is not None
    rows = export(run.file, tmp_path / "csv").get("intervals", [])
    assert bool(rows) == bool(interval) and {row["status"] for row in rows} <= {"ok"}


def test_both_scopes_agree_on_a_single_thread(tmp_path):
    program = compile_program(tmp_path, TOUCH + NESTED)
    counts = [faults(Marked(tmp_path, (program,), *FAULTS, "--region-scope", scope)) for scope in ("process", "thread")]
    assert all(near(one["outer"][0], 600) and near(one["outer/inner"][0], 500) for one in counts), counts


def test_children_and_what_is_executed_ask_anew(tmp_path):
    run = run_of(tmp_path, """
int main(int count, char** words) {
  warm("main");
  in("main"); touch(20); out("main");
  if (count > 1) return 0;
  if (fork() == 0) { warm("forked"); in("forked"); touch(30); out("forked"); _exit(0); }
  wait(NULL);
  if (vfork() == 0) { execl(words[0], words[0], "again", NULL); _exit(1); }
  wait(NULL);
  in("main"); touch(20); out("main");
  return 0;
}
""", *OWN)
    assert run.notes == [] and near(faults(run)["forked"][0], 30) and sorted(near(one, exact) for one, exact in zip(sorted(faults(run)["main"]), (20, 40))) == [True, True]


def test_threads_that_come_and_go_leave_nothing_open(tmp_path):
    run = run_of(tmp_path, """
static void* work(void* nothing) { in("work"); out("work"); return nothing; }
int main(void) {
  for (int i = 0; i < 1500; ++i) { pthread_t one; pthread_create(&one, NULL, work, NULL); pthread_join(one, NULL); }
  int open_ones = 0;
  for (int fd = 3; fd < 2000; ++fd) open_ones += fcntl(fd, F_GETFD) >= 0;
  printf("open %d next %d\\n", open_ones, open("/dev/null", O_RDONLY));
  return 0;
}
""", *OWN, "--capture", "open=open ([0-9]+)", "--capture", "next=next ([0-9]+)")
    row = export(run.file, tmp_path / "csv")["executions"][0]
    assert int(row["open"]) <= 3 and row["next"] == "3"  # the slab, the socket, the main thread's
    assert run.calls() == {"work": 1500} and all(one is not None for one in faults(run)["work"])


@pytest.mark.parametrize("arguments", [(), ("kill",)], ids=["refused", "killed"])
def test_under_a_filter_later_threads_have_time_only(tmp_path, arguments):
    run = run_of(tmp_path, FILTER, *OWN, arguments=arguments)
    assert near(faults(run)["main"][0], 20) and faults(run)["thread"] == [None]  # the main thread asked at the start
    told = next(row["count_reason"] for row in run.rows if row["region"] == "thread")
    assert "seccomp filter" in told and run.told("seccomp filter") and len(run.notes) == 1


def test_a_socket_that_is_closed_leaves_threads_time_only(tmp_path):
    run = run_of(tmp_path, """
static void* work(void* nothing) { in("work"); touch(10); out("work"); return nothing; }
int main(void) {
  pthread_t one;
  for (int fd = 3; fd < 1024; ++fd) close(fd);
  pthread_create(&one, NULL, work, NULL);
  pthread_join(one, NULL);
  return 0;
}
""", *OWN)
    assert run.calls() == {"work": 1} and faults(run)["work"] == [None] and run.told("a thread could not ask for counters: Bad file descriptor")


def test_requests_that_are_none_get_nothing_and_disturb_nobody(tmp_path):
    run = run_of(tmp_path, """
#include <sys/socket.h>
int main(void) {
  int asked = 0;
  for (int fd = 64; fd < 1024; ++fd) {
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_SEQPACKET) continue;
    ++asked;
    for (int i = 0; i < 2000; ++i) {
      char text[64];
      memset(text, i, sizeof text);
      send(fd, text, (size_t)(i % 64), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
  }
  printf("asked %d\\n", asked);
  usleep(200000);
  if (fork() == 0) { in("after"); touch(30); out("after"); _exit(0); }
  wait(NULL);
  return 0;
}
""", *OWN, "--capture", "asked=asked ([0-9]+)")
    assert export(run.file, tmp_path / "csv")["executions"][0]["asked"] == "1" and near(faults(run)["after"][0], 30, 30)


def test_a_user_who_may_not_count_has_threads_counts(tmp_path):
    if os.getuid() != 0:
        pytest.skip("SKIPPED LOUDLY: only root starts a command as another user")
    run = run_of(tmp_path, BESIDE, *OWN, "--user", "nobody", words=lambda program: (shutil.copy(program, "/tmp/perfwatt-region-threads"),))
    os.unlink("/tmp/perfwatt-region-threads")
    assert [near(one, exact, 40) for one, exact in zip(sorted(faults(run)["work"]), (100, 200))] == [True, True] and run.notes == []


def test_events_of_a_pmu_are_not_taken_twice(tmp_path):
    program = compile_program(tmp_path, TOUCH + NESTED)
    run = Marked(tmp_path, (program,), *FAULTS, "-e", "cycles", *OWN)
    status = {row["event"]: row["status"] for row in export(run.file, tmp_path / "csv")["counters"]}
    assert near(faults(run)["outer"][0], 600) and run.rows[0]["cycles"] == ""
    assert run.told("those of a PMU are counted once") == (status["cycles"] == "ok")
