# SPDX-License-Identifier: GPL-3.0-or-later
"""Collectors: what marks itself nothing has regions all the same, and notices nothing. What Python's start does is tested with a small
package that stands for PyTorch."""
import os
import shutil
import subprocess
import textwrap

import pytest

import fake_torch
from conftest import BUILD, SOURCE, one_line, perfwatt, record
from test_regions import Marked

PYTHON = "/usr/bin/python3"
MODULES = """
    import torch
    class Leaf(torch.nn.Module):
        def forward(self, x): return x
    class Block(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.one = Leaf()
            self.two = Leaf()
        def forward(self, x): return self.two(self.one(self.one(x)))
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = Leaf()
            self.block = Block()
            self.again = self.stem
        def forward(self, x): return self.again(self.block(self.stem(x)))
"""
CALLS = {"Net": 3, "Net/stem": 6, "Net/block": 3, "Net/block/block.one": 6, "Net/block/block.two": 3}
CHILD = textwrap.dedent(MODULES) + "for _ in range(3): Net()(1)\n"


class Script:
    """A script beside the package `torch`, which PYTHONPATH names."""

    def __init__(self, folder):
        self.folder = folder
        self.packages = fake_torch.write(folder / "with space")
        (folder / "child.py").write_text(CHILD)

    def env(self, **more):
        return {"PYTHONPATH": str(self.packages), "PYTHONDONTWRITEBYTECODE": "1", **more}

    def run(self, text, *flags, regions="torch", status=0, env=None, python=PYTHON):
        """What it marked; .out and .err are what it printed."""
        script, said = self.folder / "script.py", [self.folder / name for name in ("out", "err")]
        script.write_text(textwrap.dedent(text))
        shell = 'out=$1 err=$2; shift 2; exec "$@" >"$out" 2>"$err"'
        run = Marked(self.folder, ("sh", "-c", shell, "sh", *said, python, *flags, script), "--regions", regions, status=status, env=env or self.env())
        run.out, run.err = (path.read_text() for path in said)
        return run


@pytest.fixture(name="script")
def fixture_script(tmp_path):
    return Script(tmp_path)


def test_every_call_of_a_module_is_a_region(script):
    run = script.run(MODULES + """
    net = Net()
    for _ in range(3): net(1)
    net.forward(1)  # unseen, but for the modules that it calls, each outermost
    """)
    calls = run.calls()
    assert run.notes == [] and run.err == ""
    assert {path: calls.pop(path) for path in CALLS} == CALLS
    assert calls == {"Leaf": 2, "Block": 1, "Block/one": 2, "Block/two": 1}
    assert {row["collector"] for row in run.rows} == {"torch"}


def test_names_are_those_of_the_outermost_module_of_the_call(script):
    run = script.run(MODULES + """
    class Held(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.__dict__["hidden"] = [Leaf()]
        def forward(self, x):
            self.hidden[0](x)
            return Leaf()(x)
    net = Net()
    net.block(1)
    net(1)
    net.later = Block()
    net.forward = lambda x: net.later(x)
    net(1)
    held = Held()
    for _ in range(40): held(1)
    import gc
    for _ in range(50):
        Net()(1)
        gc.collect()
    """)
    calls = run.calls()
    assert calls["Block/one"] == 2 and calls["Net/block/block.one"] == 102 and calls["Net/later/later.one"] == 2
    assert calls["Held"] == 40 and calls["Held/Leaf"] == 80 and calls["Net"] == 52 and run.notes == []


def test_an_exception_closes_its_regions(script):
    run = script.run(MODULES + """
    class Fails(torch.nn.Module):
        def forward(self, x): raise ValueError("no")
    class Tries(Net):
        def __init__(self):
            super().__init__()
            self.fails = Fails()
        def forward(self, x):
            try: self.fails(x)
            except ValueError: return self.stem(x)
    Tries()(1)
    for _ in range(3):
        try: Fails()(1)
        except ValueError: pass
    Net()(1)
    """)
    calls = run.calls()
    assert run.notes == [] and calls["Tries/fails"] == 1 and calls["Tries/stem"] == 1 and calls["Fails"] == 3 and calls["Net/block/block.one"] == 2


def test_threads_and_forked_children_have_their_own(script):
    run = script.run(MODULES + """
    import os, threading
    net = Net()
    threads = [threading.Thread(target=lambda: [net(1) for _ in range(20)]) for _ in range(50)]
    for one in threads: one.start()
    for one in threads: one.join()
    if os.fork() == 0:
        net(1)
        os._exit(0)
    os.wait()
    """)
    assert run.calls()["Net"] == 1001 and run.notes == [] and len({row["process"] for row in run.rows}) == 2


def test_marks_of_the_script_stand_around_and_within(script):
    env = script.env(PYTHONPATH=f"{script.packages}:{SOURCE / 'python'}", PERFWATT_MARK_LIBRARY=str(BUILD / "libperfwatt_mark.so.0"))
    run = script.run("""
    import perfwatt
""" + MODULES + """
    class Marked(Net):
        def forward(self, x):
            with perfwatt.region("mine"): return self.stem(x)
    with perfwatt.region("around"): Marked()(1)
    """, env=env)
    assert run.calls() == {"around": 1, "around/Marked": 1, "around/Marked/mine": 1, "around/Marked/mine/stem": 1}
    assert {row["region"]: row["collector"] for row in run.rows} == {
        "around": "marks", "around/Marked": "torch", "around/Marked/mine": "marks", "around/Marked/mine/stem": "torch"}


LOOK = """
    import builtins, os, sys
    import subprocess
    for name in sorted(os.environ):
        if name != "PERFWATT_REGIONS": print(name, os.environ[name])
    print(sorted(name for name in os.environb if name != b"PERFWATT_REGIONS"))
    print(sys.path, sys.argv, sys.flags, sorted(sys.modules), "ours" if any("erfwatt" in str(value) for value in sys.modules.values()) else "")
    print(getattr(sys.modules.get("sitecustomize"), "__file__", None), getattr(sys.modules.get("usercustomize"), "__file__", None), dir(builtins))
    print(sorted(sys.path_importer_cache))
    import torch
    print([type(one) for one in sys.meta_path], torch.__spec__.origin, sorted(torch.__dict__), torch.__loader__.__dict__)
"""


@pytest.mark.parametrize("path", [None, "", "packages", "packages:", ":packages", "twice"])
def test_the_script_sees_what_it_would_see_without(script, path):
    value = {None: None, "twice": f"{script.packages}:{script.packages}"}.get(path, (path or "").replace("packages", str(script.packages)))
    env = {**script.env(), "PYTHONPATH": value}
    if value is None:
        env = ["env", "-u", "PYTHONPATH"]
    seen = []
    for regions in ("torch", "marks"):
        if isinstance(env, list):
            text = LOOK.split("    import torch")[0]
            run = subprocess.run([*env, BUILD / "perfwatt", "run", "--force", "-o", script.folder / "r.perfwatt", "-n", "1", "--warmup", "0", "--power", "none",
                                  "-e", "task-clock", "--regions", regions, "--show-output", "--", PYTHON, "-c", textwrap.dedent(text)],
                                 capture_output=True, text=True, timeout=60, check=False)
            assert run.returncode == 0
            seen.append(run.stderr.split("-c", 1)[1].split("\n", 1)[1])
        else:
            text = LOOK if script.packages.name in value else LOOK.split("    import torch")[0]
            run = script.run(text, regions=regions, env=env)
            seen.append(run.out + run.err)
    assert seen[0] == seen[1] and "sitecustomize" in seen[0]


@pytest.mark.parametrize("text", ["import os; print('site', os.environ.get('PYTHONPATH'))", "raise KeyError('site')", "import torch", "import nothing_there"])
def test_the_users_own_customizations_go_on(script, text):
    """sitecustomize on PYTHONPATH, usercustomize and .pth in the user's site: all as without."""
    user = script.folder / "user"
    version = subprocess.run([PYTHON, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=True).stdout.strip()
    site = user / "lib" / version / "site-packages"
    site.mkdir(parents=True)
    (site / "one.pth").write_text("import sys; print('pth', sorted(sys.modules)[:3])\n")
    (site / "usercustomize.py").write_text("print('user')\n")
    (script.packages / "sitecustomize.py").write_text(text + "\n")
    env = script.env(PYTHONUSERBASE=str(user))
    with_torch, without = (script.run("import sys\n" + textwrap.dedent(MODULES) + "print(sys.modules.get('sitecustomize'))\nNet()(1)", regions=regions, env=env)
                           for regions in ("torch", "marks"))
    assert (with_torch.out, with_torch.err) == (without.out, without.err)
    assert with_torch.calls()["Net"] == 1 and "user" in with_torch.out and "pth" in with_torch.out


ENDS = {
    "raises": (MODULES + "    class Bad(Net):\n        def forward(self, x): return self.block.one.none\n    class Outer(Net):\n"
               "        def forward(self, x): return Bad()(x)\n    Outer()(1)", 4),
    "wrong arguments": (MODULES + "    Net()(1, 2, three=3)", 4),
    "no such module": ("import torch.nothing", 4),
    "no such program": ("import subprocess; subprocess.run(['/nowhere/at all'])", 4),
    "no such program to exec": ("import os; os.execve('/nowhere', ['x'], {'a': 'b'})", 4),
    "wrong call of exec": ("import os; os.execve('/bin/true')", 4),
    "wrong environment": ("import os; os.execve('/bin/true', ['x'], {1: 2})", 4),
    "exit": ("import sys; print('ends'); sys.exit(7)", 4),
    "_exit": ("import os, torch; print('ends', flush=True); os._exit(3)", 4),
    "closed": ("import os; os.closerange(3, 2000); import torch; print('went on')", 0),
    "chdir": ("import os; os.chdir('/'); import torch; print('went on')", 0)}


@pytest.mark.parametrize("text, status", ENDS.values(), ids=ENDS)
def test_output_and_end_stay_what_they_were(script, text, status):
    runs = [script.run(text, regions=regions, status=status) for regions in ("torch", "marks")]
    ends = [perfwatt("export", script.folder / "r.perfwatt", "--format", "csv", "--tables", "executions", "--out", "-").stdout.splitlines()[1].split(",")[:4] for _ in runs]
    assert (runs[0].out, runs[0].err) == (runs[1].out, runs[1].err) and ends[0] == ends[1]


def test_torch_that_cannot_be_imported_fails_as_ever(script):
    (script.packages / "torch" / "__init__.py").write_text("raise ImportError('broken')\n")
    runs = [script.run("try:\n    import torch\nexcept ImportError as error: print(error)\nimport torch", regions=regions, status=4) for regions in ("torch", "marks")]
    assert runs[0].out == "broken\n" and (runs[0].out, runs[0].err) == (runs[1].out, runs[1].err)
    shutil.rmtree(script.packages / "torch")
    missing = [script.run("import no_torch_at_all", regions=regions, status=4) for regions in ("torch", "marks")]
    assert missing[0].err == missing[1].err


CHILDREN = {
    "inherited": "subprocess.run([sys.executable, child])",
    "a copy": "subprocess.run([sys.executable, child], env={**os.environ, 'MORE': '1'})",
    "posix_spawn": "os.waitpid(os.posix_spawn(sys.executable, [sys.executable, child], os.environ), 0)",
    "posix_spawn of subprocess": "subprocess.run([sys.executable, child], close_fds=False)",
    "execve": "os.execve(sys.executable, [sys.executable, child], dict(os.environ))",
    "execv": "os.execv(sys.executable, [sys.executable, child])",
    "system": "os.system(f'{sys.executable} {child}')",
    "spawn": "os.spawnv(os.P_WAIT, sys.executable, [sys.executable, child])",
    "its own PYTHONPATH": "os.environ['PYTHONPATH'] += ':/nowhere'; subprocess.run([sys.executable, child])",
    "putenv": "os.putenv('PYTHONPATH', os.environ['PYTHONPATH']); os.system(f'{sys.executable} {child}')",
    "removed": "path = os.environ.pop('PYTHONPATH'); subprocess.run([sys.executable, '-c', f'import sys; sys.path.append({path!r}); exec(open({child!r}).read())'])",
    "a child of a child": "subprocess.run([sys.executable, '-c', f'import subprocess, sys; subprocess.run([sys.executable, {child!r}])'])",
    "multiprocessing": "multiprocessing.get_context('spawn').Process(target=runpy.run_path, args=(child,)).start()"}


@pytest.mark.parametrize("how", CHILDREN.values(), ids=CHILDREN)
def test_what_the_script_starts_is_seen(script, how):
    run = script.run(f"""
    import multiprocessing, os, runpy, subprocess, sys
    if __name__ == "__main__":
        child = {str(script.folder / 'child.py')!r}
        {how}
    """)
    assert run.calls() == CALLS and run.err == ""
    # subprocess closes descriptors; multiprocessing's resource tracker ends a little after the program.
    assert all("counters that perfwatt gave to the command were closed" in note or "left 1 process running" in note for note in run.notes)


def test_a_child_with_an_empty_environment_is_left_alone(script):
    run = script.run(f"""
    import os, subprocess, sys
    print(subprocess.run(["/usr/bin/env"], env={{}}, capture_output=True).stdout, subprocess.run(["/usr/bin/env"], env={{"A": "b"}}, capture_output=True).stdout)
    """)
    assert run.out == "b'' b'A=b\\n'\n"


@pytest.mark.parametrize("flag", ["-S", "-I", "-E"])
def test_where_python_does_not_look_nothing_is_injected(script, flag):
    run = script.run(f"import sys; sys.path.append({str(script.packages)!r})\n" + textwrap.dedent(MODULES) + "Net()(1); print('ran')", flag)
    assert run.rows == [] and run.out == "ran\n" and run.err == ""


def test_a_virtual_environment_has_it_too(script):
    made = subprocess.run([PYTHON, "-m", "venv", "--without-pip", script.folder / "venv"], capture_output=True, text=True, timeout=120, check=False)
    if made.returncode != 0:
        pytest.skip("SKIPPED LOUDLY: no venv here: " + made.stderr.strip())
    assert script.run(CHILD, python=script.folder / "venv" / "bin" / "python").calls() == CALLS


def test_a_program_that_imports_no_torch_loads_nothing(script):
    run = script.run("import sys, json, sqlite3\nprint('ctypes' in sys.modules, 'perfwatt_mark' in open('/proc/self/maps').read())")
    assert run.out == "False False\n"


def test_nothing_is_written_beside_the_collectors(script):
    env = script.env()
    del env["PYTHONDONTWRITEBYTECODE"]
    script.run(CHILD, env=env)
    assert not [path for path in (BUILD / "collect").rglob("*.pyc")]


@pytest.fixture(name="installed", scope="module")
def fixture_installed(tmp_path_factory):
    prefix = tmp_path_factory.mktemp("installed") / "a space"
    subprocess.run(["cmake", "--install", BUILD, "--component", "perfwatt", "--prefix", prefix], check=True, capture_output=True, timeout=120)
    return prefix


def run_installed(script, prefix):
    return subprocess.run([prefix / "bin" / "perfwatt", "run", "-n", "1", "--warmup", "0", "--power", "none", "-e", "task-clock", "--regions", "torch", "--force", "-o",
                           script.folder / "r.perfwatt", "--", PYTHON, script.folder / "child.py"], env={**os.environ, **script.env()},
                          capture_output=True, text=True, timeout=60, check=False)


def test_what_is_installed_works_also_in_a_path_with_a_space(script, installed):
    done = run_installed(script, installed)
    assert done.returncode == 0 and "5 regions" in done.stdout, done.stdout + done.stderr


def test_a_path_that_cannot_be_named_and_files_that_are_missing_are_refused(script, installed, tmp_path):
    shutil.copytree(installed, tmp_path / "a:b", symlinks=True)
    assert "no path has a ':'" in one_line(run_installed(script, tmp_path / "a:b"), 3)
    shutil.rmtree(next((tmp_path / "a:b").rglob("start")).parent)
    assert "its files are not there" in one_line(run_installed(script, tmp_path / "a:b"), 3)


def test_the_words_of_regions(script):
    assert "auto, marks, none, torch" in one_line(record(script.folder / "x.perfwatt", "--regions", "trch"), 2)
    assert script.run(CHILD, regions="auto").calls() == CALLS
    assert script.run(CHILD, regions="torch,marks,torch").calls() == CALLS
    listed = perfwatt("list", "regions").stdout
    assert [line.split()[:2] for line in listed.splitlines() if not line.startswith(" ")][:2] == [["marks", "usable"], ["torch", "usable"]]
    assert "torch" in perfwatt("list", "regions", "tor").stdout and "did you mean" in one_line(perfwatt("list", "regions", "torhc"), 2)


def test_a_nested_perfwatt_is_one_start(script):
    run = script.run(f"""
    import subprocess
    print(subprocess.run([{str(BUILD / 'perfwatt')!r}, "run", "-n", "1", "--warmup", "0", "--power", "none", "--regions", "torch", "--force", "-o",
                         {str(script.folder / 'inner.perfwatt')!r}, "--", {PYTHON!r}, {str(script.folder / 'child.py')!r}], capture_output=True, text=True).stdout)
    """)
    assert "5 regions" in run.out and run.calls() == {}
