# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written, and where: nobody's recording is destroyed, what is shown is what was measured, exports are whole."""
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import time

import pytest

from conftest import PERFWATT, export, one_line, perfwatt, record, wait_for

RUN = [PERFWATT, "run", "-n", "1", "--warmup", "0", "--power", "none"]
# Says that it runs, and waits for the file that it is told; then ends.
WAIT = ["sh", "-c", ': >"$0.runs"; while [ ! -e "$0" ]; do sleep 0.02; done']
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="SKIPPED: only root can give files to another user")
NOBODY = 65534


class Live:
    """A perfwatt whose command runs until it is told to end."""

    def __init__(self, folder, *options, cwd=None, name="r.perfwatt", wait=True):
        self.go, self.file = folder / f"go-{time.monotonic_ns()}", folder / name
        self.errors = folder / f"errors-{time.monotonic_ns()}"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen([*RUN, *map(str, options), "--", *WAIT, self.go], cwd=cwd, text=True,
                                            stdout=subprocess.PIPE, stderr=errors)
        if wait:
            wait_for(self.file.exists)

    def said(self, words):
        return words in self.errors.read_text()

    def end(self):
        """Its exit status and what it printed."""
        self.go.parent.mkdir(exist_ok=True)
        self.go.touch()
        out, _ = self.process.communicate(timeout=120)
        return self.process.returncode, out


@pytest.fixture
def go(tmp_path_factory):
    return tmp_path_factory.mktemp("go")


def live(go, folder, *options, **kwargs):
    run = Live(go, "-o", folder / "r.perfwatt", *options, wait=False, **kwargs)
    run.file = folder / "r.perfwatt"
    wait_for(pathlib.Path(f"{run.go}.runs").exists)
    return run


def label_of(recording, out):
    return {row["key"]: row["value"] for row in export(recording, out)["recording"]}["label"]


# ---- who may write which file

def test_default_names_never_collide(tmp_path, go):
    runs = [Live(go, "--label", f"run {i}", *(["--force"] if i % 2 else []), cwd=tmp_path, wait=False) for i in range(6)]
    assert [run.end()[0] for run in runs] == [0] * 6
    files = sorted(tmp_path.glob("*.perfwatt"))
    assert sorted(label_of(file, tmp_path / f"csv{i}") for i, file in enumerate(files)) == [f"run {i}" for i in range(6)]
    assert sorted(tmp_path.glob("*.perfwatt*")) == files


def test_a_recording_under_way_is_not_replaced(tmp_path, go):
    first = live(go, tmp_path, "--label", "first")
    second = record(first.file, "--force", "--label", "second")
    assert "is being written" in one_line(second, 2)
    watch = perfwatt("power", "--record", first.file, "--force", "--duration", 1, "--power", "none")
    assert "is being written" in one_line(watch, 2)
    status, out = first.end()
    assert status == 0 and "first" in out
    assert label_of(first.file, tmp_path / "csv") == "first"
    assert record(first.file, "--force", "--label", "third").returncode == 0  # now it may
    assert label_of(first.file, tmp_path / "csv") == "third"


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_of_runs_at_once_onto_one_name_one_goes_on(tmp_path, go, force):
    for turn in range(3):
        file = tmp_path / f"{turn}.perfwatt"
        if force:
            assert record(file, "--label", "old", "-n", 1, "--warmup", 0).returncode == 0
        runs = [Live(go, "-o", file, "--label", f"run {i}", *force, wait=False) for i in range(4)]
        wait_for(lambda: sum(run.process.poll() is not None for run in runs) == 3)
        assert sorted(run.process.poll() for run in runs if run.process.poll() is not None) == [2, 2, 2]
        winner = next(i for i, run in enumerate(runs) if run.process.poll() is None)
        assert runs[winner].end()[0] == 0
        assert label_of(file, tmp_path / "csv") == f"run {winner}"
        assert list(tmp_path.glob(f"{turn}.*")) == [file]


def test_the_lock_goes_with_a_killed_perfwatt(tmp_path, go):
    run = live(go, tmp_path)
    run.process.kill()
    run.process.wait()
    run.go.touch()
    assert "INTERRUPTED (killed)" in perfwatt("show", run.file).stdout
    assert record(run.file, "--force").returncode == 0


def test_a_recording_under_way_is_called_so(tmp_path, go):
    run = live(go, tmp_path)
    shown = perfwatt("show", run.file)
    assert shown.returncode == 0 and "UNDER WAY" in shown.stdout and "INTERRUPTED" not in shown.stdout
    data = json.loads(perfwatt("export", run.file, "--format", "json", "--out", "-").stdout)
    assert data["ending"] == "under way" and data["interrupted"] is False
    if shutil.which("gnuplot"):
        assert "nothing to draw" in one_line(perfwatt("plot", run.file, "--out", tmp_path / "figures"), 3)
    assert run.end()[0] == 0
    shown = perfwatt("show", run.file)
    assert "UNDER WAY" not in shown.stdout and "INTERRUPTED" not in shown.stdout


# ---- what is explained is what is open

def move(folder, sidecars):
    for sidecar in ("", "-wal", "-shm") if sidecars else ("",):
        (folder / f"r.perfwatt{sidecar}").rename(folder / f"moved.perfwatt{sidecar}")


@pytest.mark.parametrize("sidecars", [False, True])
def test_a_moved_recording(tmp_path, go, sidecars):
    run = live(go, tmp_path, "--label", "first")
    wait_for((tmp_path / "r.perfwatt-wal").exists)
    move(tmp_path, sidecars)
    wait_for(lambda: run.said("was moved to"))
    status, out = run.end()
    assert status == 0 and "first" in out and "elapsed" in out and f"recording: {tmp_path / 'moved.perfwatt'}" in out
    assert sorted(tmp_path.iterdir()) == [tmp_path / "moved.perfwatt"]
    shown = perfwatt("show", tmp_path / "moved.perfwatt")
    assert "1 of 1 test" in shown.stdout and "INTERRUPTED" not in shown.stdout and "was moved" in shown.stdout


@pytest.mark.parametrize("sidecars", [False, True])
def test_a_second_run_of_the_same_name_is_another_recording(tmp_path, go, sidecars):
    first = live(go, tmp_path, "--label", "first")
    wait_for((tmp_path / "r.perfwatt-wal").exists)
    move(tmp_path, sidecars)
    second = live(go, tmp_path, "--label", "second", "--force")
    (status, out), (status2, out2) = first.end(), second.end()
    assert (status, status2) == (0, 0)
    assert out.startswith("first: ") and out2.startswith("second: ")
    assert label_of(tmp_path / "moved.perfwatt", go / "csv1") == "first"
    assert label_of(tmp_path / "r.perfwatt", go / "csv2") == "second"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["moved.perfwatt", "r.perfwatt"]


def test_a_folder_that_was_renamed(tmp_path, go):
    (tmp_path / "a").mkdir()
    run = live(go, tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")
    status, out = run.end()
    assert status == 0 and f"recording: {tmp_path / 'b' / 'r.perfwatt'}" in out
    assert perfwatt("show", tmp_path / "b" / "r.perfwatt").returncode == 0
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["r.perfwatt"]


@pytest.mark.parametrize("how", ["file", "folder", "replaced"])
def test_a_recording_that_was_removed(tmp_path, go, how):
    folder = tmp_path / "out"
    folder.mkdir()
    run = live(go, folder, "--label", "first")
    if how == "file":
        run.file.unlink()
    elif how == "folder":
        shutil.rmtree(folder)
    else:
        (tmp_path / "other").write_text("another's")
        (tmp_path / "other").rename(run.file)
    wait_for(lambda: run.said("was deleted"))  # at once
    status, out = run.end()
    assert status == 1 and "elapsed" in out and "first" in out
    assert run.errors.read_text().splitlines()[-1].startswith("perfwatt: ")
    if how == "replaced":
        assert run.file.read_text() == "another's"


def test_a_full_disk_is_no_usage(tmp_path):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    result = record(tmp_path / "r.perfwatt", preexec_fn=small_files)
    assert "File too large" in one_line(result, 1) or "no space left" in result.stderr
    assert list(tmp_path.iterdir()) == []
    assert record(tmp_path / "r.perfwatt").returncode == 0
    result = perfwatt("export", tmp_path / "r.perfwatt", "--out", tmp_path / "csv", preexec_fn=lambda: (
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)))
    one_line(result, 1)
    assert list((tmp_path / "csv").iterdir()) == []


# ---- exports and figures

@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A recording with more in it than another."""
    folder = tmp_path_factory.mktemp("two")
    assert record(folder / "more.perfwatt", "-n", 1, "--warmup", 0, "--interval", 50, "--per", "cpu", "-a",
                  "-e", "task-clock,page-faults,minor-faults", command=("sleep", "0.2")).returncode in (0, 3)
    if not (folder / "more.perfwatt").exists():  # -a is root's
        assert record(folder / "more.perfwatt", "-n", 1, "--warmup", 0, "--interval", 50,
                      "-e", "task-clock,page-faults,minor-faults", command=("sleep", "0.2")).returncode == 0
    assert record(folder / "less.perfwatt", "-n", 1, "--warmup", 0, "-e", "task-clock").returncode == 0
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_export_replaces_the_whole_of_an_older_one(tmp_path, two):
    for format in ("csv", "json"):
        for recording, out in (("more", "x"), ("less", "x"), ("less", "y")):
            assert perfwatt("export", two / f"{recording}.perfwatt", "--format", format, "--out", tmp_path / out).returncode == 0
        assert names(tmp_path / "x") == names(tmp_path / "y")
    for name in names(tmp_path / "y"):
        assert (tmp_path / "x" / name).read_bytes() == (tmp_path / "y" / name).read_bytes()


def test_an_export_touches_no_file_of_others(tmp_path, two):
    for name in ("intervals.csv", "notes.csv"):
        (tmp_path / name).write_text("time;value\n")
    assert perfwatt("export", two / "less.perfwatt", "--out", tmp_path).returncode == 0
    assert (tmp_path / "intervals.csv").read_text() == (tmp_path / "notes.csv").read_text() == "time;value\n"
    before = names(tmp_path)
    result = perfwatt("export", two / "more.perfwatt", "--out", tmp_path)
    assert "intervals.csv: is there, and perfwatt did not make it" in one_line(result, 2)
    assert names(tmp_path) == before
    (tmp_path / "recording.json").symlink_to(tmp_path / "notes.csv")
    assert "recording.json" in one_line(perfwatt("export", two / "less.perfwatt", "--format", "json", "--out", tmp_path), 2)
    assert (tmp_path / "notes.csv").read_text() == "time;value\n"


@pytest.mark.skipif(not shutil.which("gnuplot"), reason="SKIPPED LOUDLY: gnuplot is not installed")
def test_a_plot_replaces_the_whole_of_an_older_one(tmp_path, two):
    def plot(recording, out, formats="svg"):
        return perfwatt("plot", two / f"{recording}.perfwatt", "--out", tmp_path / out, "--format", formats)
    assert plot("more", "x", "svg,png").returncode == 0
    assert "minor-faults.svg" in names(tmp_path / "x")
    (tmp_path / "x" / "mine.csv").write_text("mine")
    (tmp_path / "x" / "mine.svg").write_text("mine")
    (tmp_path / "x" / "mine.gp").write_text("# perfwatt: not its script\n")
    assert plot("less", "x").returncode == 0 and plot("less", "y").returncode == 0
    assert [name for name in names(tmp_path / "x") if not name.startswith("mine.")] == names(tmp_path / "y")
    # The same data in another format stands beside.
    assert plot("less", "x", "png").returncode == 0
    assert {"time-elapsed.svg", "time-elapsed.png", "mine.csv", "mine.gp", "mine.svg"} <= set(names(tmp_path / "x"))
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "time-elapsed.csv").write_text("mine")
    assert "time-elapsed.csv: is there" in one_line(plot("less", "z"), 2)
    assert names(tmp_path / "z") == ["time-elapsed.csv"] and (tmp_path / "z" / "time-elapsed.csv").read_text() == "mine"


# ---- other people's folders

@pytest.fixture
def theirs(tmp_path):
    """A folder of another user's, with a link of theirs to one of root's."""
    os.chmod(tmp_path, 0o755)
    folder = tmp_path / "theirs"
    folder.mkdir()
    (tmp_path / "roots").mkdir()
    (folder / "link").symlink_to(tmp_path / "roots")
    os.chown(folder, NOBODY, NOBODY)
    os.lchown(folder / "link", NOBODY, NOBODY)
    return folder


@needs_root
def test_root_writes_through_no_link_of_a_user(tmp_path, theirs, two):
    link = theirs / "link"
    results = [record(link / "r.perfwatt"), record(link / "r.perfwatt", "--force"),
               perfwatt("export", two / "less.perfwatt", "--out", link),
               perfwatt("export", two / "less.perfwatt", "--out", link / "new" / "folder")]
    if shutil.which("gnuplot"):
        results.append(perfwatt("plot", two / "less.perfwatt", "--out", link))
    for result in results:
        assert "link of user 65534" in one_line(result, 3)
    assert names(tmp_path / "roots") == []
    # A link of root's own, and one that a user follows, are as they ever were.
    (tmp_path / "own").symlink_to(theirs)
    assert record(tmp_path / "own" / "r.perfwatt").returncode == 0


@needs_root
def test_planted_links_lead_root_nowhere(tmp_path, theirs):
    target = tmp_path / "roots" / "target"
    for sidecar in ("", "-wal", "-shm", "-journal"):
        planted = theirs / f"r.perfwatt{sidecar}"
        planted.symlink_to(target)
        assert record(theirs / "r.perfwatt").returncode == 2
        assert record(theirs / "r.perfwatt", "--force").returncode == 0
        assert not (theirs / "r.perfwatt").is_symlink() and not target.exists()
        (theirs / "r.perfwatt").unlink()
    assert names(theirs) == ["link"]


RACE = """
import os, sys
folder, target, user = sys.argv[1:]
os.setgid(int(user)), os.setuid(int(user)), os.chdir(folder)
print("ready", flush=True)
while True:
    for name in os.listdir():
        try:
            os.unlink(name), os.symlink(os.path.join(target, name), name)
        except OSError:
            pass
"""


@needs_root
def test_the_owner_of_a_folder_never_wins_a_race(tmp_path, theirs, two):
    """Every name that appears becomes a link to a folder of root's, as fast as its owner can."""
    for folder in reversed(tmp_path.parents[:2]):
        os.chmod(folder, 0o755)
    racer = subprocess.Popen([sys.executable, "-c", RACE, theirs, tmp_path / "roots", str(NOBODY)], text=True,
                             stdout=subprocess.PIPE)
    assert racer.stdout.readline() == "ready\n"
    try:
        for _ in range(20):
            for result in (record(theirs / "r.perfwatt", "--force", "-n", 1, "--warmup", 0),
                           perfwatt("export", two / "less.perfwatt", "--out", theirs)):
                assert result.returncode in (0, 1, 2), result.stderr
    finally:
        racer.kill()
        racer.wait()
    assert names(tmp_path / "roots") == []


# ---- what a stranger's recording may leave behind

@pytest.fixture
def killed(tmp_path, go):
    run = live(go, tmp_path)
    run.process.kill()
    run.process.wait()
    run.go.touch()
    return run.file


def test_a_sparse_log_fills_no_disk(tmp_path, killed):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    os.truncate(f"{killed}-wal", 1 << 40)

    def small_files():  # what is copied with its holes is as long, but written no further than it is here
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
    shown = perfwatt("show", killed, env={"TMPDIR": str(temporary)}, preexec_fn=small_files)
    assert shown.returncode == 0 and "INTERRUPTED" in shown.stdout, shown.stderr
    assert names(temporary) == []


def test_nothing_is_left_of_a_copy_however_show_ends(tmp_path, killed):
    """Its standard output is a pipe that nobody reads, so that it hangs once it has opened the copy."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    read, write = os.pipe()
    os.set_blocking(write, False)
    try:
        while True:
            os.write(write, bytes(4096))
    except BlockingIOError:
        os.set_blocking(write, True)
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        process = subprocess.Popen([PERFWATT, "show", killed], stdout=write, env={**os.environ, "TMPDIR": str(temporary)})
        asleep = 0
        while asleep < 20:  # in a row
            time.sleep(0.02)
            state = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            asleep = asleep + 1 if state == "S" else 0
        process.send_signal(sent)
        process.wait()
        assert names(temporary) == []
    os.close(read)
    os.close(write)


# ---- the cache

@pytest.mark.skipif(not PERFWATT.with_name("perfwatt-classify").exists(), reason="SKIPPED: no perfwatt-classify")
def test_a_planted_model_is_not_used(tmp_path):
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    models = tmp_path / "perfwatt" / "models"
    planted = models / "resnet14-synthetic.onnx"

    def path():
        return perfwatt("model", "path", "resnet14-synthetic", env=env)
    models.mkdir(parents=True, mode=0o700)
    planted.write_bytes(b"planted")
    assert path().stdout.strip() == str(planted) and planted.stat().st_size > 100_000  # generated again
    planted.write_bytes(b"planted")
    for folder in (models, models.parent):
        folder.chmod(0o777)
        assert "others than you and root can write" in one_line(path(), 3)
        if folder == models:
            assert "others than you" in perfwatt("doctor", env=env).stdout
        folder.chmod(0o755)
    assert planted.read_bytes() == b"planted"
    fetched = models / "resnet50.onnx"
    fetched.write_bytes(b"planted")
    assert "it is not the model resnet50" in one_line(perfwatt("model", "path", "resnet50", env=env), 2)


@pytest.mark.skipif(not PERFWATT.with_name("perfwatt-classify").exists(), reason="SKIPPED: no perfwatt-classify")
def test_without_home_the_cache_is_in_no_folder_of_all(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key not in ("HOME", "XDG_CACHE_HOME")}
    listed = subprocess.run([PERFWATT, "doctor"], capture_output=True, text=True, timeout=120, env=environment)
    undo = [line for line in listed.stdout.splitlines() if "model" in line or ".cache" in line]
    assert undo and "/tmp/.cache" not in "".join(undo)
