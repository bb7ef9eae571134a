# SPDX-License-Identifier: GPL-3.0-or-later
"""The collector `omp`: parallel regions of programs that mark nothing, by GCC (libgomp) and clang (libomp)."""
import os
import shutil
import subprocess

import pytest

from conftest import BUILD, one_line, record
from test_regions import Marked

LIBRARY = BUILD / "collect" / "libperfwatt_omp.so"
HEAD = """
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static double out[256];
static double work(long n) { double s = 0; for (long i = 1; i <= n; ++i) s += 1.0 / (double)i; return s; }
"""


def compiled(folder, source, *flags, compiler="gcc", name="program", head=HEAD):
    if not shutil.which(compiler):
        pytest.skip(f"SKIPPED LOUDLY: there is no {compiler}")
    path = folder / (name + (".cc" if "++" in compiler else ".c"))
    path.write_text(head + source)
    done = subprocess.run([compiler, "-O1", "-fopenmp", path, "-o", folder / name, *flags], capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0 and compiler.startswith("clang"):
        pytest.skip(f"SKIPPED LOUDLY: {compiler} has no OpenMP: {done.stderr.splitlines()[0]}")
    assert done.returncode == 0, done.stderr
    return folder / name


def both(folder, program, *arguments, regions="omp", env=None):
    """What it marked; its output is that without the collector."""
    shell = ("sh", "-c", 'exec "$@" >"$0" 2>&1', folder / "out")
    Marked(folder, (*shell, program, *arguments), "--regions", "marks", env=env)
    without = (folder / "out").read_bytes()
    run = Marked(folder, (*shell, program, *arguments), "--regions", regions, env=env)
    assert (folder / "out").read_bytes() == without
    return run


TEAMS = """
__attribute__((noinline)) static void first(void) {
#pragma omp parallel num_threads(4)
  out[omp_get_thread_num()] = work(1000);
}
int main(void) {
  for (int i = 0; i < 10; ++i) first();
#pragma omp parallel num_threads(3)
  {
#pragma omp for
    for (int i = 0; i < 30; ++i) out[i] = work(i);
#pragma omp barrier
    out[omp_get_thread_num()] += 1;
  }
#pragma omp parallel if (0)
  out[0] += 1;
  printf("%.9f\\n", out[29]);
  return 0;
}
"""


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_each_parallel_region_has_its_calls_and_each_thread_its_share(tmp_path, compiler):
    run = both(tmp_path, compiled(tmp_path, TEAMS, compiler=compiler))
    calls = run.calls()
    regions = {path for path in calls if "/" not in path}
    assert run.notes == [] and len(regions) == 3 and {path + "/parallel" for path in regions} | regions == set(calls)
    named = {path: calls[path] for path in regions}
    assert sorted(named.values()) == [1, 3, 40] and all(calls[path + "/parallel"] == number for path, number in named.items())
    assert [path for path in regions if path.startswith("first")] == [path for path in regions if named[path] == 40]
    if compiler == "gcc":
        assert regions == {"first._omp_fn.0", "main._omp_fn.0", "main._omp_fn.1"}
    assert {row["collector"] for row in run.rows} == {"omp"}
    assert len({row["thread"] for row in run.rows if row["region"].startswith("first")}) == 4


def test_every_schedule_sections_reductions_and_tasks_of_gcc(tmp_path):
    schedules = ("static", "dynamic", "guided", "runtime", "monotonic:dynamic", "nonmonotonic:guided,3", "static,2", "auto")
    loops = "".join(f"#pragma omp parallel for num_threads(2) schedule({one}) reduction(+ : total)\n  for (long i = 0; i < 64; ++i) total += (double)i;\n"
                    for one in schedules)
    run = both(tmp_path, compiled(tmp_path, """
int main(void) {
  double total = 0;
""" + loops + """
#pragma omp parallel sections num_threads(2)
  {
#pragma omp section
    out[0] = 1;
#pragma omp section
    out[1] = 2;
  }
#pragma omp parallel num_threads(2) reduction(task, + : total)
#pragma omp single
  for (int i = 0; i < 8; ++i)
#pragma omp task in_reduction(+ : total)
    total += i;
#pragma omp parallel num_threads(4)
#pragma omp single
  for (int i = 0; i < 50; ++i) {
    char big[300];
    for (int k = 0; k < 300; ++k) big[k] = (char)(i + k);
#pragma omp task firstprivate(i, big)
    out[i] = i + big[299];
#pragma omp task if (0)
    out[i + 100] = i;
#pragma omp task depend(inout : out[200]) priority(2)
    out[200] += 1;
  }
#pragma omp parallel num_threads(2)
#pragma omp parallel num_threads(2)
  out[0] += 0;
  for (int i = 0; i < 256; ++i) total += out[i];
  printf("%.3f\\n", total);
  return 0;
}
"""))
    calls = run.calls()
    assert run.notes == [], run.notes
    teams = [path for path in calls if path.endswith("/parallel") and "/parallel/" not in path]
    assert len(teams) >= len(schedules) + 4
    by_code = {}
    for path, number in calls.items():
        by_code[path.rsplit("/", 1)[-1]] = by_code.get(path.rsplit("/", 1)[-1], 0) + number
    assert sorted(number for name, number in by_code.items() if name.startswith("main._omp_fn") and number in (8, 50)) == [8, 50, 50, 50]


def test_tasks_of_cplusplus_whose_data_are_objects(tmp_path):
    run = both(tmp_path, compiled(tmp_path, """
#include <string>
#include <vector>
struct alignas(64) Wide { double values[8]; };
int main() {
  std::vector<std::size_t> sizes(40);
  Wide wide{{1, 2, 3, 4, 5, 6, 7, 8}};
#pragma omp parallel num_threads(4)
#pragma omp single
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    std::string text(i * 10, 'x');
#pragma omp task firstprivate(text, i, wide)
    { sizes[i] = text.size() + (std::size_t)wide.values[7] + ((unsigned long)&wide % 64); text += "y"; }
  }
  std::size_t sum = 0;
  for (std::size_t one : sizes) sum += one;
  std::printf("%zu\\n", sum);
}
""", compiler="g++"))
    assert (tmp_path / "out").read_text() == f"{sum(i * 10 + 8 for i in range(40))}\n"
    assert 40 in run.calls().values() and run.notes == []


def test_many_threads_forks_and_ends_within_a_region(tmp_path):
    run = both(tmp_path, compiled(tmp_path, """
#include <sys/wait.h>
int main(void) {
  if (fork() == 0) {
#pragma omp parallel num_threads(2)
    out[omp_get_thread_num()] = 1;
    _exit(0);
  }
  wait(NULL);
#pragma omp parallel num_threads(200)
  out[omp_get_thread_num()] = 1;
#pragma omp parallel num_threads(2)
#pragma omp master
  { fflush(NULL); _exit(0); }
  return 0;
}
"""))
    calls = run.calls()
    assert calls["main._omp_fn.1"] == 200 and calls["main._omp_fn.0"] == 2 and len({row["process"] for row in run.rows}) == 2


@pytest.mark.parametrize("local", ["RTLD_LOCAL", "RTLD_GLOBAL"])
def test_libgomp_that_comes_with_a_plugin(tmp_path, local):
    plugin = compiled(tmp_path, "void go(void) {\n#pragma omp parallel num_threads(2)\n  out[omp_get_thread_num()] = work(10);\n}\n", "-shared", "-fPIC", name="plugin.so")
    program = compiled(tmp_path, f'#include <dlfcn.h>\nint main(int n, char** w) {{ void* p = dlopen(w[n - 1], RTLD_NOW | {local}); ((void (*)(void))dlsym(p, "go"))(); return 0; }}',
                       "-fno-openmp", head="")
    assert both(tmp_path, program, plugin).calls() == {"go._omp_fn.0": 2, "go._omp_fn.0/parallel": 2}


def test_what_has_no_symbols_is_named_by_its_place(tmp_path):
    program = compiled(tmp_path, TEAMS, "-s")
    assert all(path.split("/")[0].startswith("program+0x") for path in both(tmp_path, program).calls())


PRELOADED = '__attribute__((constructor)) static void begin(void) { if (getenv("LD_PRELOAD")) write(1, "theirs\\n", 7); }\n'


def test_what_the_user_loads_first_stays_first(tmp_path):
    theirs = compiled(tmp_path, "#include <stdlib.h>\n#include <unistd.h>\n" + PRELOADED, "-shared", "-fPIC", name="theirs.so", head="")
    run = both(tmp_path, compiled(tmp_path, TEAMS), env={"LD_PRELOAD": str(theirs)})
    assert (tmp_path / "out").read_text().count("theirs") >= 1 and run.calls()["first._omp_fn.0"] == 40


def test_a_tool_of_the_users_own_stays(tmp_path):
    program = compiled(tmp_path, TEAMS, compiler="clang")
    assert both(tmp_path, program, env={"OMP_TOOL_LIBRARIES": "/nowhere.so"}).calls() == {}
    assert both(tmp_path, program, env={"OMP_TOOL": "disabled"}).calls() == {}


def test_marks_of_the_program_stand_around(tmp_path):
    source = '#include <perfwatt/regions.h>\n' + HEAD + """
int main(void) {
  perfwatt_region_begin("predict");
#pragma omp parallel num_threads(2)
  { perfwatt_region_begin("mine"); out[omp_get_thread_num()] = 1; perfwatt_region_end("mine"); }
  perfwatt_region_end("predict");
  return 0;
}
"""
    program = compiled(tmp_path, source, "-I", BUILD.parent / "include" if (BUILD.parent / "include").exists() else "/usr/include", "-L", BUILD, "-lperfwatt_mark",
                       f"-Wl,-rpath,{BUILD}", head="")
    assert both(tmp_path, program).calls() == {"predict": 1, "predict/main._omp_fn.0": 1, "predict/main._omp_fn.0/parallel": 1, "predict/main._omp_fn.0/parallel/mine": 1,
                                               "main._omp_fn.0": 1, "main._omp_fn.0/parallel": 1, "main._omp_fn.0/parallel/mine": 1}


def test_without_perfwatt_or_openmp_nothing_is_loaded(tmp_path):
    maps = compiled(tmp_path, 'int main(void) {\n  int c;\n  FILE* maps;\n#pragma omp parallel num_threads(2)\n  out[0] = 1;\n  maps = fopen("/proc/self/maps", "r");\n'
                              '  while ((c = getc(maps)) != EOF) putchar(c);\n  return 0;\n}\n')
    said = subprocess.run([maps], env={**os.environ, "LD_PRELOAD": str(LIBRARY)}, capture_output=True, text=True, timeout=60, check=True)
    assert "libperfwatt_omp" in said.stdout and "libperfwatt_mark" not in said.stdout and said.stderr == ""
    run = Marked(tmp_path, ("sh", "-c", 'cat /proc/self/maps >"$0"', tmp_path / "maps"), "--regions", "omp")
    assert run.rows == [] and "libperfwatt_omp" in (tmp_path / "maps").read_text() and "libperfwatt_mark" not in (tmp_path / "maps").read_text()


@pytest.mark.parametrize("text", ["", "987:0123456789abcdef:1:987"])
def test_a_forged_environment_marks_nothing(tmp_path, text):
    env = {**os.environ, "LD_PRELOAD": str(LIBRARY), "PERFWATT_REGIONS": text}
    done = subprocess.run([compiled(tmp_path, TEAMS)], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("3.9")


def test_auto_and_lists_have_it(tmp_path):
    program = compiled(tmp_path, TEAMS)
    for regions in ("auto", "omp,torch", "marks,omp"):
        assert both(tmp_path, program, regions=regions).calls()["first._omp_fn.0"] == 40
    assert "torch, omp" in one_line(record(tmp_path / "x.perfwatt", "--regions", "opm"), 2)
