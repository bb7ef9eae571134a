# SPDX-License-Identifier: Apache-2.0
"""perfwatt.region in scripts, under `perfwatt run` and without it: by the extension and by ctypes."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

import pytest
from conftest import PERFWATT, SOURCE, exported

BUILD = PERFWATT.parent
LIBRARY = BUILD / "libperfwatt_mark.so.0"
EXTENSION = BUILD / "collect" / "_mark.abi3.so"


@pytest.fixture(name="package", scope="session", params=["extension", "ctypes"])
def folder_of_the_package(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    shutil.copytree(SOURCE / "python" / "perfwatt", folder / "perfwatt", ignore=shutil.ignore_patterns("__pycache__", "*.so", "build"))
    if request.param == "extension":
        if not EXTENSION.exists() or sys.version_info < (3, 10):
            pytest.skip("SKIPPED LOUDLY: the extension was not built: Python's headers are not installed")
        shutil.copy(EXTENSION, folder / "perfwatt")
    return folder


class Marked:
    """Regions and warnings of a script."""

    def __init__(self, package, folder, script, *arguments, status=0, env=None):
        path = folder / "script.py"
        path.write_text(textwrap.dedent(script))
        self.file = folder / "r.perfwatt"
        env = {**os.environ, "PYTHONPATH": str(package), "PERFWATT_MARK_LIBRARY": str(LIBRARY), **(env or {})}
        self.run = subprocess.run([PERFWATT, "run", "--force", "-o", self.file, "-n", "1", "--warmup", "0", "-e", "task-clock", "--power", "none",
                                   "--show-output", "--", sys.executable, path, *map(str, arguments)],
                                  env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        assert self.run.returncode == status, self.run.stdout + self.run.stderr
        data = exported(self.file, folder / "csv")
        self.rows = data.get("regions", [])
        self.notes = [row["value"] for row in data["recording"] if row["key"].startswith("warning.")]

    def calls(self):
        calls = {}
        for row in self.rows:
            calls[row["region"]] = calls.get(row["region"], 0) + int(row["calls"])
        return calls

    def seconds(self, region):
        return sum(float(row["seconds"]) for row in self.rows if row["region"] == region)


@pytest.fixture(name="marked")
def run_marked(package, tmp_path):
    return lambda script, *arguments, **kwargs: Marked(package, tmp_path, script, *arguments, **kwargs)


def alone(package, script, **env):
    env = {**{key: value for key, value in os.environ.items() if key != "PERFWATT_REGIONS"}, "PYTHONPATH": str(package), **env}
    return subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=env, capture_output=True, text=True, timeout=60, check=False)


def test_the_way_that_is_taken_is_the_one_that_is_tested(package, marked):
    run = marked("""
        from perfwatt import library, region
        print("through", "the extension" if library.CALLS.region else "ctypes", isinstance(region("a"), library.CALLS.region or object))
    """)
    assert f"through {'the extension' if (package / 'perfwatt' / EXTENSION.name).exists() else 'ctypes'} True" in run.run.stdout + run.run.stderr


def test_blocks_nest_and_have_items(marked):
    run = marked("""
        import perfwatt
        for _ in range(10):
            with perfwatt.region("predict"):
                for _ in range(3):
                    with perfwatt.region("layer"):
                        perfwatt.items(2)
                perfwatt.items(0.5)
        perfwatt.items(1)
        with perfwatt.region("predict"):
            perfwatt.items("many")
    """)
    assert run.calls() == {"predict": 11, "predict/layer": 30}
    assert {row["region"]: float(row["items"]) for row in run.rows} == {"predict": 5, "predict/layer": 60}
    assert len(run.notes) == 1 and "2 calls of perfwatt_items were lost" in run.notes[0]


def test_an_exception_ends_its_regions(marked):
    run = marked("""
        import perfwatt
        @perfwatt.region("decorated")
        def fail(): raise ValueError("x")
        for _ in range(5):
            try:
                with perfwatt.region("outer"), perfwatt.region("inner"):
                    fail()
            except ValueError as error:
                assert str(error) == "x"
        with perfwatt.region("after"): pass
    """)
    assert run.calls() == {"outer": 5, "outer/inner": 5, "outer/inner/decorated": 5, "after": 1} and run.notes == []


def test_decorated_functions_stay_what_they_were(marked):
    run = marked("""
        import functools, inspect
        import perfwatt
        class Model:
            @perfwatt.region("method")
            def method(self, a, *, b=2):
                "says"
                return a + b
            @perfwatt.region("static")
            @staticmethod
            def static(a): return a
            @classmethod
            @perfwatt.region("class")
            def of_class(cls): return cls
        model = Model()
        assert model.method(1) == 3 and Model.static(4) == 4 == model.static(4) and Model.of_class() is Model
        assert Model.method.__doc__ == "says" and str(inspect.signature(Model.method)) == "(self, a, *, b=2)"
        assert perfwatt.region("partial")(functools.partial(max, 3))(5) == 5
        @perfwatt.region("recursive")
        def down(n): return down(n - 1) if n else 0
        down(2)
        @perfwatt.region("coroutine")
        async def coroutine(): pass
        @perfwatt.region("generator")
        def generator(): yield
        @perfwatt.region("async generator")
        async def async_generator(): yield
        assert inspect.iscoroutinefunction(coroutine) and inspect.isgeneratorfunction(generator) and inspect.isasyncgenfunction(async_generator)
    """)
    assert run.calls() == {"method": 1, "static": 2, "class": 1, "partial": 1, "recursive": 1, "recursive/recursive": 1, "recursive/recursive/recursive": 1}


def test_what_is_no_name_and_no_function_is_refused_in_every_case(package, marked):
    script = """
        import perfwatt
        for wrong in (lambda: perfwatt.region(5), lambda: perfwatt.region(print), lambda: perfwatt.region("a")(3), lambda: perfwatt.region("a")(int)):
            try:
                wrong()
            except TypeError as error:
                print("refused", "perfwatt.region" in str(error))
    """
    run = marked(script)
    assert (run.run.stdout + run.run.stderr).count("refused True") == 4
    assert alone(package, script).stdout.count("refused True") == 4


def test_a_decorated_generator_is_in_its_region_while_it_runs(marked):
    run = marked("""
        import time
        import perfwatt
        @perfwatt.region("produce")
        def produce(n):
            with perfwatt.region("within"):
                for i in range(n):
                    got = yield i
                    assert got is None or got == "sent"
            return "done"
        def all_of():
            result = yield from produce(4)
            assert result == "done"
        for _ in all_of():
            with perfwatt.region("consume"):
                time.sleep(0.02)
        one = produce(3)
        assert next(one) == 0 and one.send("sent") == 1
        one.close()
        thrown = produce(3)
        next(thrown)
        try:
            thrown.throw(KeyError("k"))
        except KeyError:
            with perfwatt.region("caught"): pass
        never = produce(2)
        del never
        left = produce(2)
        next(left)
        del left
    """)
    assert run.notes == []
    assert run.calls() == {"produce": 5 + 3 + 2 + 2, "produce/within": 5 + 3 + 2 + 2, "consume": 4, "caught": 1}
    assert run.seconds("produce") < run.seconds("consume") and run.seconds("consume") >= 0.08


def test_a_block_around_a_yield_holds_what_runs_meanwhile(marked):
    run = marked("""
        import perfwatt
        def produce():
            with perfwatt.region("produce"):
                yield 1
        for _ in produce():
            with perfwatt.region("consume"): pass
    """)
    assert run.calls() == {"produce": 1, "produce/consume": 1} and run.notes == []


TASKS = """
    import asyncio, time
    import perfwatt
    {decorator}
    async def work(name, turns):
        {block}
            for _ in range(turns):
                with perfwatt.region("step " + name):
                    time.sleep(0.001)
                    await asyncio.sleep(0)
    async def main():
        await asyncio.gather(*(work(name, 5) for name in "abc"))
        await asyncio.sleep(0.2)
    asyncio.run(main())
    with perfwatt.region("after"): pass
"""


@pytest.mark.parametrize("decorated", [False, True], ids=["block", "decorator"])
def test_tasks_that_interleave_are_each_in_their_own_regions(marked, decorated):
    run = marked(TASKS.format(decorator='@perfwatt.region("work")' if decorated else "",
                              block="if True:" if decorated else 'with perfwatt.region("work"):'))
    assert run.notes == []
    calls = run.calls()
    assert calls == {"work": 18, "work/step a": 10, "work/step b": 10, "work/step c": 10, "after": 1}
    assert 0.015 <= run.seconds("work")
    assert run.seconds("work") - sum(run.seconds("work/step " + name) for name in "abc") < 0.1


def test_tasks_that_are_cancelled_nested_and_thrown_away(marked):
    run = marked("""
        import asyncio, gc
        import perfwatt
        @perfwatt.region("inner")
        async def inner(seconds):
            with perfwatt.region("sleep"):
                await asyncio.sleep(seconds)
        async def outer(seconds):
            with perfwatt.region("outer"):
                await inner(seconds)
        async def main():
            task = asyncio.create_task(outer(100))
            await asyncio.sleep(0.01)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            try:
                await asyncio.wait_for(outer(100), 0.01)
            except asyncio.TimeoutError:
                pass
            await outer(0.01)
            with perfwatt.region("plain"): pass
        asyncio.run(main())
        loop = asyncio.new_event_loop()
        left = loop.create_task(outer(100))
        loop.run_until_complete(asyncio.sleep(0))
        left._log_destroy_pending = False
        loop.close()
        del left, loop
        gc.collect()
        with perfwatt.region("after"): pass
    """)
    assert run.notes == []
    calls = run.calls()
    assert {"outer", "outer/inner", "outer/inner/sleep", "plain", "after"} <= set(calls) and all(path.startswith(("outer", "inner")) or calls[path] == 1 for path in calls)
    assert calls["outer/inner/sleep"] == calls["outer/inner"] == calls["outer"] == 7


def test_async_generators_and_async_for(marked):
    run = marked("""
        import asyncio
        import perfwatt
        @perfwatt.region("source")
        async def source(n):
            try:
                for i in range(n):
                    await asyncio.sleep(0)
                    got = yield i
            except KeyError:
                yield "caught"
        async def main():
            async for _ in source(3):
                with perfwatt.region("use"):
                    await asyncio.sleep(0)
            one = source(5)
            assert await one.__anext__() == 0 and await one.asend("x") == 1 and await one.athrow(KeyError()) == "caught"
            await one.aclose()
            unfinished = source(5)
            await unfinished.__anext__()
        asyncio.run(main())
        with perfwatt.region("after"): pass
    """)
    assert run.notes == []
    calls = run.calls()
    assert set(calls) == {"source", "use", "after"} and calls["use"] == 6 and calls["after"] == 1


def test_threads_have_their_own(marked):
    run = marked("""
        import threading
        import perfwatt
        gate = threading.Barrier(200)
        @perfwatt.region("work")
        def work():
            gate.wait()
            for _ in range(50):
                with perfwatt.region("odd"): pass
        with perfwatt.region("all"):
            threads = [threading.Thread(target=work) for _ in range(200)]
            for one in threads: one.start()
            for one in threads: one.join()
    """)
    assert run.calls() == {"all": 1, "work": 200, "work/odd": 10000} and run.notes == []
    assert len({row["thread"] for row in run.rows}) == 201


def test_children_by_fork_subprocess_and_exec(marked, tmp_path):
    (tmp_path / "child.py").write_text("import perfwatt\nwith perfwatt.region('child'): pass\n")
    run = marked("""
        import multiprocessing, os, subprocess, sys
        import perfwatt
        def pooled(n):
            with perfwatt.region("pooled"): return n
        with perfwatt.region("parent"):
            if os.fork() == 0:
                with perfwatt.region("forked"): pass
                os._exit(0)
            os.wait()
        subprocess.run([sys.executable, sys.argv[1]], check=True)
        with multiprocessing.get_context("fork").Pool(2) as pool:
            assert pool.map(pooled, range(10)) == list(range(10))
        with perfwatt.region("before exec"): pass
        os.execv(sys.executable, [sys.executable, sys.argv[1]])
    """, tmp_path / "child.py")
    assert run.calls() == {"parent": 1, "parent/forked": 1, "child": 2, "pooled": 10, "before exec": 1}
    assert all("counters that perfwatt gave to the command were closed" in note for note in run.notes)  # subprocess does so


@pytest.mark.parametrize("how, status", [("os._exit(0)", 0), ("sys.exit(3)", 4), ("os.kill(os.getpid(), 9)", 4), ("raise KeyError", 4)])
def test_what_had_ended_is_kept_however_it_ends(marked, how, status):
    run = marked(f"""
        import os, sys
        import perfwatt
        for _ in range(7):
            with perfwatt.region("whole"): pass
        with perfwatt.region("open"):
            {how}
    """, status=status)
    assert run.calls()["whole"] == 7


def test_names_of_every_kind(marked):
    run = marked(r"""
        import perfwatt
        for name in ("sla/sh", "Grüße", "nul\0within", "lone \ud800", "", "n" * 2000):
            with perfwatt.region(name): pass
        assert perfwatt.region("same") is perfwatt.region("same")
        for i in range(70000):
            with perfwatt.region(f"many {i}"): pass
    """)
    calls = run.calls()
    for name in ("sla\\/sh", "Grüße", "nul?within", "lone ?", "", "n" * 1023):
        assert calls[name] == 1, name
    assert len(calls) == 70006 and "same" not in calls and len(run.notes) == 1 and "longer than 1023 bytes" in run.notes[0]


def test_without_perfwatt_nothing_is_loaded(package):
    done = alone(package, """
        import sys
        before = set(sys.modules)
        import perfwatt
        assert not {"ctypes", "sqlite3", "perfwatt.library", "perfwatt._mark", "perfwatt.recording", "perfwatt.program"} & (set(sys.modules) - before)
        with perfwatt.region("a"):
            perfwatt.items(3)
        try:
            with perfwatt.region("a"): raise KeyError
        except KeyError:
            print("raised")
        def function(): pass
        assert perfwatt.region("a")(function) is function
        assert "libperfwatt_mark" not in open("/proc/self/maps").read()
        assert perfwatt.open and perfwatt.Recording and perfwatt.Error and {"open", "region", "Error"} <= set(dir(perfwatt))
        from perfwatt import *
        try:
            perfwatt.nothing
        except AttributeError as error:
            print(error)
    """)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout == "raised\nmodule 'perfwatt' has no attribute 'nothing'\n"


@pytest.mark.parametrize("text", ["", "987:0123456789abcdef:1:987", "x"])
def test_a_forged_environment_marks_nothing(package, text):
    done = alone(package, "import perfwatt\nwith perfwatt.region('a'): perfwatt.items(2)\nprint('ran')", PERFWATT_REGIONS=text,
                 PERFWATT_MARK_LIBRARY=str(LIBRARY))
    assert (done.returncode, done.stdout, done.stderr) == (0, "ran\n", "")


@pytest.mark.parametrize("library", ["/nowhere/at all.so", str(pathlib.Path(__file__)), "libm.so.6"])
def test_another_library_marks_nothing_and_is_no_error(marked, library):
    run = marked("import perfwatt\nwith perfwatt.region('a'): print('ran')", env={"PERFWATT_MARK_LIBRARY": library})
    assert "ran" in run.run.stdout + run.run.stderr and set(run.calls()) <= {"a"}


def test_the_library_is_found_beside_the_package(package, tmp_path):
    folder = tmp_path / "with space"
    shutil.copytree(package, folder)
    shutil.copy(LIBRARY, folder / "perfwatt")
    run = Marked(folder, tmp_path, "import perfwatt\nwith perfwatt.region('a'): pass", env={"PERFWATT_MARK_LIBRARY": ""})
    assert run.calls() == {"a": 1}


def test_pip_builds_the_extension(tmp_path):
    shutil.copytree(SOURCE / "python", tmp_path / "python", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info", "tests"))
    done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps", "--target", tmp_path / "site", tmp_path / "python"],
                          capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0 and "No module named" in done.stderr:
        pytest.skip("SKIPPED LOUDLY: pip or setuptools is not installed: " + done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr
    run = Marked(tmp_path / "site", tmp_path, "import perfwatt\nfrom perfwatt import library\nwith perfwatt.region('a'): print('by', library.CALLS.region)")
    assert run.calls() == {"a": 1}
    if EXTENSION.exists():
        assert "by <class 'perfwatt.Region'>" in run.run.stdout + run.run.stderr


def test_the_example_of_the_documentation_runs(package, tmp_path):
    script = re.search(r"```python\n(.*?)```", (SOURCE / "docs" / "regions.md").read_text(encoding="utf-8"), re.S)[1]
    run = Marked(package, tmp_path, script)
    assert run.calls() == {"load": 1, "predict": 1, "predict/layer": 1000} and run.notes == []
