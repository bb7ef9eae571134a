# SPDX-License-Identifier: GPL-3.0-or-later
"""Regions: programs that mark, compiled here, under perfwatt and without it."""
import csv
import io
import json
import os
import re
import resource
import shutil
import subprocess

import pytest

from conftest import BUILD, SOURCE, export, one_line, one_paragraph, perfwatt, record

INCLUDE, STATIC = SOURCE / "include", BUILD / "libperfwatt_mark.a"
HEAD = """
#define _GNU_SOURCE
#include <perfwatt/regions.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static inline void in(const char* name) { perfwatt_region_begin(name); }
static inline void out(const char* name) { perfwatt_region_end(name); }
"""


def compile_program(folder, source, *flags, name="program", head=HEAD, plus=False, link=(STATIC, "-pthread")):
    compiler = "c++" if plus else "cc"
    if not shutil.which(compiler):
        pytest.skip(f"SKIPPED LOUDLY: there is no {compiler}")
    path = folder / f"{name}.{'cc' if plus else 'c'}"
    path.write_text(head + source)
    subprocess.run([compiler, "-O1", "-Wall", "-Werror", "-I", INCLUDE, path, "-o", folder / name, *flags, *link], check=True, timeout=120)
    return folder / name


class Marked:
    """What a run of a program left: regions by path, and the warnings."""

    def __init__(self, folder, command, *options, tests=1, status=0, env=None):
        self.file = folder / "r.perfwatt"
        result = record(self.file, "--force", "-n", tests, "--warmup", 0, "-e", "task-clock", *options, command=command, env=env)
        assert result.returncode == status, result.stderr
        data = export(self.file, folder / "csv")
        self.rows = data.get("regions", [])
        self.notes = [row["value"] for row in data["recording"] if row["key"].startswith("warning.")]
        self.output = result.stdout

    def calls(self):
        calls = {}
        for row in self.rows:
            calls[row["region"]] = calls.get(row["region"], 0) + int(row["calls"])
        return calls

    def told(self, text):
        return any(text in note for note in self.notes)


def marked(folder, source, *options, arguments=(), **kwargs):
    names = ("tests", "status", "env")
    program = compile_program(folder, source, **{key: value for key, value in kwargs.items() if key not in names})
    return Marked(folder, (program, *arguments), *options, **{key: value for key, value in kwargs.items() if key in names})


NESTED = """
int main(void) {
  for (int i = 0; i < 10; ++i) {
    in("predict");
    for (int k = 0; k < 3; ++k) { in("layer"); usleep(1000); out("layer"); perfwatt_items(2); }
    out("predict");
  }
  return 0;
}
"""


def test_regions_have_their_calls_items_and_times_in_every_test(tmp_path):
    run = marked(tmp_path, NESTED, tests=3)
    assert run.notes == []
    assert [(row["test"], row["region"], row["calls"], row["items"], row["collector"]) for row in run.rows] == [
        (str(test), *rest) for test in (1, 2, 3) for rest in (("predict", "10", "60", "marks"), ("predict/layer", "30", "0", "marks"))]
    outer, inner = run.rows[:2]
    assert float(outer["seconds"]) >= float(inner["seconds"]) >= 0.03
    assert abs(float(outer["seconds"]) - float(outer["own_seconds"]) - float(inner["seconds"])) < 1e-9
    assert inner["seconds"] == inner["own_seconds"] and inner["net_j"] == "" and int(inner["task-clock"]) > 0
    executions = export(run.file, tmp_path / "csv")["executions"]
    assert float(outer["seconds"]) < float(executions[0]["elapsed_s"])


def test_show_prints_the_tree_and_the_summary_names_it(tmp_path):
    run = marked(tmp_path, NESTED, tests=2)
    assert "regions" in run.output and "2 regions" in one_paragraph(run.output) and "perfwatt show --regions" in one_paragraph(run.output)
    page = perfwatt("show", run.file, "--regions").stdout
    assert [line.split()[-1] for line in page.splitlines() if " %" in line and "±" in line] == ["predict", "layer"]
    assert re.search(r"begin and end cost [\d.]+ (n|µ)s here", one_paragraph(page))
    first = perfwatt("show", run.file, "--regions", "--sort", "own", "--top", "1").stdout
    assert "predict/layer" in first and len([line for line in first.splitlines() if "±" in line]) == 1
    assert "layer" not in perfwatt("show", run.file, "--regions", "--depth", "1").stdout
    assert "tree, time, own" in one_line(perfwatt("show", run.file, "--regions", "--sort", "size"), 2)
    assert "--top requires --regions" in one_line(perfwatt("show", run.file, "--top", "1"), 2)


def test_json_has_rows_and_a_summary(tmp_path):
    run = marked(tmp_path, NESTED, tests=2)
    assert perfwatt("export", run.file, "--format", "json", "--out", tmp_path).returncode == 0
    document = json.loads((tmp_path / "recording.json").read_text())
    assert [row["region"] for row in document["regions"]] == ["predict", "predict/layer"] * 2
    summary = document["region_summary"][1]
    assert (summary["region"], summary["depth"], summary["n"], summary["calls"], summary["logged"]) == ("predict/layer", 1, 2, 30, 60)
    assert summary["p99_s"] >= summary["p50_s"] >= 0.001 and not summary["below_floor"]


def test_regions_none_hands_nothing_on(tmp_path):
    program = compile_program(tmp_path, 'int main(void) { in("a"); out("a"); return getenv("PERFWATT_REGIONS") != NULL; }')
    assert Marked(tmp_path, (program,), "--regions", "none").rows == []
    page = perfwatt("show", tmp_path / "r.perfwatt", "--regions")
    assert page.returncode == 0 and "none: the command marked nothing" in one_paragraph(page.stdout)
    refused = record(tmp_path / "x.perfwatt", "--regions", "all")
    assert "--regions" in one_line(refused, 2) and "marks, none" in refused.stderr


def test_without_perfwatt_a_program_runs_as_ever(tmp_path):
    program = compile_program(tmp_path, NESTED)
    result = subprocess.run([program], capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


FORGED = {
    "no file there": "987:0123456789abcdef:1:987", "another file": "0:0123456789abcdef:1:0", "not a number": "x:0123456789abcdef:1:0",
    "too short": "3:0123:1:0", "too long": "0:0123456789abcdef0:1:0", "nothing": "", "minus": "-1:0123456789abcdef:1:0",
    "huge": "99999999999999:0123456789abcdef:99999999999999999999999:0", "no more": "0:0123456789abcdef", "some more": "0:0123456789abcdef:1:0:",
    "words": "0:0123456789abcdef:self:0"}


@pytest.mark.parametrize("text", FORGED.values(), ids=FORGED.keys())
def test_a_forged_environment_is_no_slab(tmp_path, text):
    program = compile_program(tmp_path, NESTED)
    with open(program, "rb") as other:
        result = subprocess.run([program], env={**os.environ, "PERFWATT_REGIONS": text}, stdin=other, capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


def test_a_slab_of_another_stamp_is_not_written_to(tmp_path):
    program = compile_program(tmp_path, NESTED)
    shell = f'rest=${{PERFWATT_REGIONS#*:*:}}; PERFWATT_REGIONS="${{PERFWATT_REGIONS%%:*}}:0123456789abcdef:$rest" {program}'
    assert Marked(tmp_path, ("sh", "-c", shell)).rows == []
    assert Marked(tmp_path, ("sh", "-c", f"exec {program}")).calls() == {"predict": 10, "predict/layer": 30}


def test_processes_of_fork_and_exec_are_told_apart(tmp_path):
    run = marked(tmp_path, """
int main(int count, char** words) {
  in("outer");
  if (count > 1) { in("executed"); out("executed"); return 0; }
  if (fork() == 0) { in("forked"); out("forked"); out("outer"); in("later"); out("later"); _exit(0); }
  wait(NULL);
  if (vfork() == 0) { execl(words[0], words[0], "again", NULL); _exit(1); }
  wait(NULL);
  out("outer");
  return 0;
}
""")
    assert run.calls() == {"outer": 1, "outer/forked": 1, "later": 1, "outer/executed": 1}
    assert len({row["process"] for row in run.rows}) == 3
    assert run.told("1 region was not ended when their thread was, which was in 'outer'") and len(run.notes) == 1, run.notes


@pytest.mark.parametrize("how, status", [("_exit(0)", 0), ("exit(0)", 0), ("abort()", 4), ("raise(SIGKILL)", 4), ("*(volatile int*)8 = 1", 4)])
def test_what_had_ended_is_kept_however_the_program_ends(tmp_path, how, status):
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    run = marked(tmp_path, f'int main(void) {{ for (int i = 0; i < 7; ++i) {{ in("whole"); out("whole"); }} in("open"); in("inner"); {how}; return 0; }}',
                 status=status)
    assert run.calls() == {"whole": 7}
    assert run.told("2 regions were not ended when their thread was, which was in 'inner'"), run.notes


def test_threads_mark_beside_each_other(tmp_path):
    run = marked(tmp_path, """
static void* work(void* number) {
  for (int i = 0; i < 200; ++i) { in("work"); in((uintptr_t)number % 2 ? "odd" : "even"); out((uintptr_t)number % 2 ? "odd" : "even"); out("work"); }
  if ((uintptr_t)number == 5) { in("died"); pthread_exit(NULL); }
  return NULL;
}
int main(void) {
  pthread_t threads[64];
  in("all");
  for (uintptr_t i = 0; i < 64; ++i) pthread_create(&threads[i], NULL, work, (void*)i);
  for (int i = 0; i < 64; ++i) pthread_join(threads[i], NULL);
  out("all");
  return 0;
}
""")
    assert run.calls() == {"all": 1, "work": 12800, "work/odd": 6400, "work/even": 6400}
    assert len({row["thread"] for row in run.rows}) == 65
    assert run.told("which was in 'died'") and len(run.notes) == 1
    page = perfwatt("show", run.file, "--regions").stdout
    assert "65 threads, whose times add up" in page


def test_more_threads_than_have_rows_share_them(tmp_path):
    run = marked(tmp_path, """
static void* work(void* nothing) { in("work"); out("work"); return nothing; }
int main(void) {
  for (int i = 0; i < 2000; ++i) { pthread_t one; pthread_create(&one, NULL, work, NULL); pthread_join(one, NULL); }
  return 0;
}
""")
    assert run.calls() == {"work": 2000}
    assert len(run.rows) == 256 - 1  # and the main thread, which marked nothing
    assert run.told("share rows")


def test_recursion_and_what_is_too_deep(tmp_path):
    run = marked(tmp_path, """
static void go(int deep) { in("r"); if (deep > 1) go(deep - 1); out("r"); }
int main(void) { go(3); in("top"); go(200); out("top"); return 0; }
""")
    calls = run.calls()
    assert calls["r/r/r"] == 1 and calls["top"] == 1 and calls["top/" + "/".join(["r"] * 127)] == 1 and len(calls) == 3 + 1 + 127
    assert run.told("73 begins of regions were lost: more than 128 within each other") and len(run.notes) == 1


def test_ends_that_do_not_match_are_named(tmp_path):
    run = marked(tmp_path, 'int main(void) { out("never"); in("a"); in("b"); out("a"); out("b"); in("c"); out("x"); out("c"); perfwatt_items(3); return 0; }')
    assert run.calls() == {"a": 1, "a/b": 1, "c": 1}
    assert run.told("2 ends of regions that the thread was not in (the first: 'never' outside of any)"), run.notes
    assert run.told("1 region was ended before one within: the first 'a' before 'b'")
    assert run.told("1 call of perfwatt_items was lost")


def test_names_of_every_kind(tmp_path):
    run = marked(tmp_path, r"""
int main(void) {
  static char long_name[10001], almost[10001];
  memset(long_name, 'n', 10000); memset(almost, 'n', 10000); almost[9999] = 'm';
  const char* names[] = {"new\nline", "sla/sh", "back\\slash", "\x1b[31mred", "bad \xff\xfe utf", "", "comma,\"quote\"", "Grüße", long_name, almost};
  for (unsigned i = 0; i < sizeof names / sizeof *names; ++i) { in(names[i]); in("within"); out("within"); out(names[i]); }
  in(NULL); out(NULL);
  return 0;
}
""")
    calls = run.calls()
    for path in ("new line", "sla\\/sh", "back\\\\slash", " [31mred", "bad ?? utf", "", 'comma,"quote"', "Grüße", "sla\\/sh/within", "n" * 1023):
        assert path in calls, (path, [key[:30] for key in calls])
    assert calls[""] == 2 and calls["n" * 1023] == 2  # the two long ones begin alike
    assert run.told("1 name of a region is longer than 1023 bytes and cut")
    page = perfwatt("show", run.file, "--regions").stdout
    assert "\x1b" not in page
    assert perfwatt("export", run.file, "--format", "json", "--out", tmp_path).returncode == 0
    assert json.loads((tmp_path / "recording.json").read_bytes().decode())["regions"]


def test_a_hundred_thousand_names(tmp_path):
    run = marked(tmp_path, """
int main(void) {
  char name[32];
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 100000; ++i) { snprintf(name, sizeof name, "name %d", i); in(name); out(name); }
  return 0;
}
""")
    calls = run.calls()
    assert len(calls) == 100000 and set(calls.values()) == {2} and run.notes == []


def test_what_there_is_no_room_for_is_counted(tmp_path):
    run = marked(tmp_path, """
int main(void) {
  char name[600];
  memset(name, 'x', sizeof name - 1); name[sizeof name - 1] = 0;
  for (int i = 0; i < 120000; ++i) { snprintf(name, 8, "%07d", i); name[7] = 'x'; in(name); in("within"); out("within"); out(name); }
  in("after"); out("after");
  return 0;
}
""")
    lost = [note for note in run.notes if "the room for them is full (64 MiB)" in note]
    assert len(lost) == 1 and len(run.notes) == 1
    count = int(re.search(r"([\d,]+) begins", lost[0])[1].replace(",", ""))
    assert sum(run.calls().values()) + count == 240001


def test_ten_million_occurrences_are_counted_exactly(tmp_path):
    run = marked(tmp_path, """
int main(void) {
  const perfwatt_region step = perfwatt_region_named("step");
  in("loop");
  for (int i = 0; i < 10000000; ++i) { perfwatt_begin(step); perfwatt_end(step); }
  out("loop");
  return 0;
}
""", "--region-scope", "none")
    assert run.calls() == {"loop": 1, "loop/step": 10000000} and run.notes == []
    outer, inner = run.rows
    assert abs(float(outer["seconds"]) - float(outer["own_seconds"]) - float(inner["seconds"])) < 1e-6
    assert perfwatt("export", run.file, "--format", "json", "--out", tmp_path).returncode == 0
    summary = json.loads((tmp_path / "recording.json").read_text())["region_summary"]
    assert summary[0]["logged"] == 1 and 262144 <= summary[1]["logged"] <= 262144 + 64 and summary[1]["below_floor"]
    page = perfwatt("show", run.file, "--regions").stdout
    assert re.search(r"ns!", page)


def test_marks_in_signal_handlers(tmp_path):
    run = marked(tmp_path, """
static volatile long handled;
static void handler(int number) { (void)number; in("handler"); out("handler"); ++handled; }
int main(void) {
  const timer_t* none = NULL; (void)none;
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
  const struct itimerspec often = {{0, 20000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
  signal(SIGUSR1, handler);
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  timer_settime(timer, 0, &often, NULL);
  long marked = 0;
  while (handled < 20000) { in("main"); out("main"); ++marked; }
  timer_settime(timer, 0, &never, NULL);
  printf("marked %ld handled %ld\\n", marked, handled);
  return 0;
}
""", "--capture", "marked=marked ([0-9]+)", "--capture", "handled=handled ([0-9]+)")
    row = export(run.file, tmp_path / "csv")["executions"][0]
    calls = run.calls()
    assert calls["main"] == int(row["marked"])
    lost = [int(re.search(r"([\d,]+) marks? of", note)[1].replace(",", "")) for note in run.notes if "signal handler" in note]
    in_handler = calls.get("handler", 0) + calls.get("main/handler", 0)
    assert in_handler > 0 and 2 * in_handler + sum(lost) == 2 * int(row["handled"]), (calls, run.notes, row)
    assert not [note for note in run.notes if "signal handler" not in note]


PLUGIN = 'void go(const char* name) { perfwatt_region_begin(name); perfwatt_region_end(name); }\n'


def test_copies_of_the_library_in_plugins_that_come_and_go(tmp_path):
    flags = ("-shared", "-fPIC", "-Wl,-Bsymbolic", "-Wl,--exclude-libs,ALL")
    plugins = [compile_program(tmp_path, PLUGIN, *flags, name=f"plugin{i}") for i in (0, 1)]
    run = marked(tmp_path, """
static void* other(void* go) { ((void (*)(const char*))go)("thread"); return NULL; }
int main(int count, char** words) {
  for (int round = 0; round < 5; ++round)
    for (int i = 1; i < count; ++i) {
      pthread_t thread;
      void* const plugin = dlopen(words[i], RTLD_NOW | RTLD_LOCAL);
      void (*go)(const char*) = (void (*)(const char*))dlsym(plugin, "go");
      in("main"); go("plugin"); out("main");
      pthread_create(&thread, NULL, other, (void*)go);
      if (round % 2) pthread_join(thread, NULL);
      if (round % 2) dlclose(plugin); else pthread_join(thread, NULL);
    }
  return 0;
}
""", arguments=plugins, link=(STATIC, "-pthread", "-ldl"))
    assert run.calls() == {"main": 10, "plugin": 10, "thread": 10} and run.notes == []


def test_a_plugin_that_is_opened_without_end_costs_the_program_nothing(tmp_path):
    plugin = compile_program(tmp_path, PLUGIN, "-shared", "-fPIC", "-Wl,-Bsymbolic", "-Wl,--exclude-libs,ALL", name="plugin")
    run = marked(tmp_path, """
int main(int count, char** words) {
  for (int i = 0; i < 1000; ++i) {
    void* const plugin = dlopen(words[count - 1], RTLD_NOW | RTLD_LOCAL);
    ((void (*)(const char*))dlsym(plugin, "go"))("plugin");
    dlclose(plugin);
  }
  return 0;
}
""", arguments=(plugin,), link=("-ldl",))
    assert run.calls() == {"plugin": 64} and run.told("no room for more threads or processes")


def test_the_shared_library_and_a_static_program(tmp_path):
    shared = Marked(tmp_path, (compile_program(tmp_path, NESTED, link=("-L", BUILD, "-lperfwatt_mark", f"-Wl,-rpath,{BUILD}")),))
    assert shared.calls() == {"predict": 10, "predict/layer": 30}
    static = Marked(tmp_path, (compile_program(tmp_path, NESTED, "-static"),))
    assert static.calls() == {"predict": 10, "predict/layer": 30}


CPLUSPLUS = """
#include <perfwatt/regions.h>
#include <stdexcept>
#include <thread>
#include <vector>
static const perfwatt::Name layer("layer");
static void deep(int i) {
  const perfwatt::Region one(layer);
  perfwatt::items(1);
  if (i == 3) throw std::runtime_error("three");
}
int main() {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([] {
      const perfwatt::Region all("all");
      for (int i = 0; i < 10; ++i) {
        try { deep(i); } catch (const std::exception&) {}
      }
    });
  for (auto& one : threads) one.join();
}
"""


def test_cplusplus_ends_by_itself_also_where_an_exception_leaves(tmp_path):
    run = marked(tmp_path, CPLUSPLUS, plus=True, head="")
    assert run.calls() == {"all": 4, "all/layer": 40} and run.notes == []
    assert sum(float(row["items"]) for row in run.rows) == 40


@pytest.mark.parametrize("language", ["c11", "c++98", "c++20"])
def test_the_header_is_clean_in_every_language(tmp_path, language):
    plus = language.startswith("c++")
    compile_program(tmp_path, "int main() { perfwatt_region_begin(\"a\"); perfwatt_items(1); perfwatt_region_end(\"a\"); return 0; }\n", f"-std={language}", "-Wpedantic",
                    "-Wextra", "-Wshadow", "-Wconversion", plus=plus, head="#include <perfwatt/regions.h>\n")


def test_a_program_that_damages_its_slab_only_loses_its_regions(tmp_path):
    run = marked(tmp_path, """
int main(void) {
  int fd = atoi(getenv("PERFWATT_REGIONS"));
  in("before"); out("before");
  if (ftruncate(fd, 0) == 0) return 1;
  uint32_t* const words = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  for (int i = 64; i < 1 << 18; ++i) words[i] = (uint32_t)i * 2654435761u;
  for (int i = 0; i < 1000; ++i) { in("after"); in("x"); out("x"); out("after"); }
  return 0;
}
""")
    assert run.told("something else wrote there") or run.notes == []


def test_a_program_that_closes_everything_and_goes_on(tmp_path):
    run = marked(tmp_path, """
int main(int count, char** words) {
  in("before"); out("before");
  for (int fd = 3; fd < 1024; ++fd) close(fd);
  in("after"); out("after");
  if (count == 1) execl(words[0], words[0], "again", NULL);
  return 0;
}
""")
    assert run.calls() == {"before": 2, "after": 2}  # what is executed finds perfwatt's own


def test_what_python_executes_marks(tmp_path):
    program = compile_program(tmp_path, NESTED)
    run = Marked(tmp_path, ("/usr/bin/python3", "-c", f"import subprocess; subprocess.run(['{program}'], close_fds=True)"))
    assert run.calls() == {"predict": 10, "predict/layer": 30}


def test_a_limit_of_address_space_ends_only_the_marks(tmp_path):
    program = compile_program(tmp_path, NESTED)
    run = Marked(tmp_path, ("sh", "-c", f"ulimit -v 40000; exec {program}"))
    assert run.rows == []


def test_few_descriptors_are_enough(tmp_path):
    program = compile_program(tmp_path, NESTED)
    result = subprocess.run(["sh", "-c", f"ulimit -Sn 200; '{BUILD / 'perfwatt'}' run -o {tmp_path}/r.perfwatt -n 1 --warmup 0 --power none -- {program}"],
                            capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0 and "2 regions" in one_paragraph(result.stdout)


def test_variants_have_their_regions(tmp_path):
    program = compile_program(tmp_path, 'int main(int n, char** w) { for (int i = 0; i < atoi(w[n - 1]); ++i) { in("a"); out("a"); } return 0; }')
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 2, "--warmup", 0, "-L", "times=3,5", command=(program, "{times}")).returncode == 0
    rows = export(out, tmp_path / "csv")["regions"]
    assert sorted((row["variant"], row["test"], row["calls"]) for row in rows) == [
        ("times=3", "1", "3"), ("times=3", "2", "3"), ("times=5", "1", "5"), ("times=5", "2", "5")]
    page = perfwatt("show", out, "--regions", "--variant", "times=5").stdout
    assert re.search(r"\s5\s.*  a$", page, re.M), page


def test_the_examples_of_the_documentation_run(tmp_path):
    text = (SOURCE / "docs" / "regions.md").read_text()
    c, cc = re.search(r"```c\n(.*?)```", text, re.S)[1], re.search(r"```cpp\n(.*?)```", text, re.S)[1]
    assert Marked(tmp_path, (compile_program(tmp_path, c, head=""),)).calls() == {"predict": 1, "predict/sum": 100}
    assert Marked(tmp_path, (compile_program(tmp_path, cc, head="", plus=True),)).calls() == {"predict": 1, "predict/layer": 1000}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    prefix = tmp_path_factory.mktemp("installed")
    subprocess.run(["cmake", "--install", BUILD, "--component", "perfwatt", "--prefix", prefix], check=True, capture_output=True, timeout=120)
    return prefix


def test_pkg_config_finds_what_is_installed(tmp_path, installed):
    if not shutil.which("pkg-config"):
        pytest.skip("SKIPPED LOUDLY: pkg-config is not installed")
    found = next(installed.rglob("perfwatt-mark.pc")).parent
    words = subprocess.run(["pkg-config", "--cflags", "--libs", "perfwatt-mark"], env={**os.environ, "PKG_CONFIG_PATH": str(found)}, check=True,
                           capture_output=True, text=True, timeout=60).stdout.split()
    source = tmp_path / "program.c"
    source.write_text(HEAD + NESTED)
    subprocess.run(["cc", source, "-o", tmp_path / "program", *words], check=True, timeout=60)
    libraries = str(next(installed.rglob("libperfwatt_mark.so")).parent)
    run = Marked(tmp_path, (tmp_path / "program",), env={"LD_LIBRARY_PATH": libraries})
    assert run.calls() == {"predict": 10, "predict/layer": 30}


@pytest.mark.parametrize("target", ["perfwatt::mark", "perfwatt::mark-static"])
def test_cmake_finds_what_is_installed(tmp_path, installed, target):
    (tmp_path / "program.c").write_text(HEAD + NESTED)
    (tmp_path / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.16)\nproject(p C)\nfind_package(perfwatt-mark REQUIRED)\n"
                                             f"add_executable(program program.c)\ntarget_link_libraries(program PRIVATE {target})\n")
    for words in (["-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={installed}"], ["--build", tmp_path / "build"]):
        subprocess.run(["cmake", *words], check=True, capture_output=True, timeout=120)
    assert Marked(tmp_path, (tmp_path / "build" / "program",)).calls() == {"predict": 10, "predict/layer": 30}


STRICT = """
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
int main(int count, char** words) {
  (void)words;
  if (count == 1) in("before");
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) return 9;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  for (int i = 0; i < 1000; ++i) {
    char name[16] = "name 0000";
    name[5] = (char)('0' + i % 10);
    if (count == 1) { in(name); out(name); }
  }
  if (count == 1) out("before");
  syscall(SYS_exit, 0);
}
"""


def test_after_the_start_only_the_clock_is_asked(tmp_path):
    program = compile_program(tmp_path, STRICT)
    if subprocess.run([program, "without"], timeout=60, check=False).returncode != 0:
        pytest.skip("SKIPPED LOUDLY: no strict seccomp here, or the clock is a system call")
    run = Marked(tmp_path, (program,))
    assert run.calls() == {"before": 1, **{f"before/name {i}000": 100 for i in range(10)}}


def test_a_set_user_id_program_marks_nothing(tmp_path):
    if os.getuid() != 0:
        pytest.skip("SKIPPED LOUDLY: only root gives a program to another user")
    program = compile_program(tmp_path, NESTED)
    shutil.chown(program, "nobody")
    program.chmod(0o4755)
    assert Marked(tmp_path, (program,)).rows == []


def test_marks_after_vfork_are_the_parents(tmp_path):
    run = marked(tmp_path, """
int main(void) {
  in("parent");
  if (vfork() == 0) { in("child"); out("child"); _exit(0); }
  wait(NULL);
  in("after"); out("after");
  out("parent");
  return 0;
}
""")
    assert run.calls() == {"parent": 1, "parent/child": 1, "parent/after": 1} and run.notes == []
    assert len({row["process"] for row in run.rows}) == 1


def test_threads_that_are_cancelled_or_go_on_at_the_end(tmp_path):
    run = marked(tmp_path, """
static void* wait_in_region(void* nothing) { in("waits"); pause(); return nothing; }
static void* mark_for_ever(void* nothing) { for (;;) { in("ever"); out("ever"); } return nothing; }
int main(void) {
  pthread_t one, two;
  pthread_create(&one, NULL, wait_in_region, NULL);
  pthread_create(&two, NULL, mark_for_ever, NULL);
  usleep(20000);
  pthread_cancel(one);
  pthread_join(one, NULL);
  return 0;
}
""")
    assert run.calls()["ever"] > 0 and "waits" not in run.calls()
    assert run.told("which was in 'waits'") or run.told("2 regions were not ended"), run.notes


def test_children_of_children_at_once(tmp_path):
    run = marked(tmp_path, """
int main(void) {
  for (int i = 0; i < 16; ++i)
    if (fork() == 0) {
      for (int k = 0; k < 4; ++k)
        if (fork() == 0) { for (int n = 0; n < 100; ++n) { in("leaf"); out("leaf"); } _exit(0); }
      while (wait(NULL) > 0) {}
      in("branch"); out("branch");
      _exit(0);
    }
  while (wait(NULL) > 0) {}
  return 0;
}
""")
    assert run.calls() == {"leaf": 6400, "branch": 16} and run.notes == []
    assert len({row["process"] for row in run.rows}) == 80


def test_every_symbol_of_the_library_has_our_name():
    for library, flags in ((STATIC, ["-g"]), (BUILD / "libperfwatt_mark.so", ["-D"])):
        said = subprocess.run(["nm", *flags, "--defined-only", library], check=True, capture_output=True, text=True, timeout=60).stdout
        names = [line.split()[-1] for line in said.splitlines() if re.match(r"^[0-9a-f]+ [A-Z] ", line)]
        assert "perfwatt_region_begin_" in names
        assert [name for name in names if not name.startswith("perfwatt_")] == []


def test_compare_tells_which_region_differs(tmp_path):
    program = compile_program(tmp_path, """
int main(int argc, char** argv) {
  (void)argc;
  in("all");
  in("work"), usleep(atoi(argv[1])), out("work");
  in("rest"), usleep(20000), out("rest");
  out("all");
  return 0;
}
""")
    out = tmp_path / "r.perfwatt"
    result = perfwatt("run", "-n", 9, "--warmup", 1, "--idle", 0, "--power", "none", "-e", "task-clock", "-L", "us=20000,80000", "-o", out, "--",
                      program, "{us}")
    assert result.returncode == 0, result.stderr
    rows = perfwatt("compare", out, "--reference", "us=20000", "--rows", "region/all/work", "--format", "csv").stdout
    rows = {row["quantity"]: row for row in csv.DictReader(io.StringIO(rows))}
    work, rest = rows["region/all/work"], rows["region/all/rest"]
    assert work["verdict"] == "worse" and 3 < float(work["ratio"]) < 5 and work["unit"] == "s"
    assert rest["verdict"] in ("same", "cannot-tell") and float(rest["ci95_low"]) < 1.5, rest
