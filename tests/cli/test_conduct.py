# SPDX-License-Identifier: GPL-3.0-or-later
"""What surrounds the command is what it is without perfwatt; its end is the end of all that it started; perfwatt can
always be ended; and nothing is measured that the command did not do."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import time

import pytest

from conftest import PERFWATT, export, one_line, perfwatt, record, wait_for

RUN = ("run", "--warmup", "0", "--power", "none", "-e", "task-clock", "-o")


def start(out, *words, **kwargs):
    """perfwatt run, one test unless `words` say otherwise, both outputs kept."""
    kwargs = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "stdin": subprocess.DEVNULL, **kwargs}
    return subprocess.Popen([str(part) for part in (PERFWATT, *RUN, out, *words)], **kwargs)


def alive(mark):
    """Processes, but for perfwatt's own, that have `mark` among their words."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        own = any(word.endswith(b"/perfwatt") for word in words) or b"perfwatt" in words[0]  # env before it is perfwatt, too
        if mark.encode() in words and not own and state != "Z":
            found.append(int(folder.name))
    return found


def gone(mark):
    wait_for(lambda: not alive(mark))
    return True


def state_of(process):
    """'T': it is stopped."""
    return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]


def mark_of(number):
    """A number that no other process has, which is hardly larger: sleep adds it to what it is told."""
    return f"{number}{os.getpid():07}"


@pytest.fixture(name="mark")
def number_that_no_other_test_has(request):
    number = f"{600 + os.getpid() % 300}.{abs(hash(request.node.name)) % 100000}"
    yield number
    for process in alive(number):
        os.kill(process, signal.SIGKILL)


def elapsed(out, folder):
    return [float(row["elapsed_s"]) for row in export(out, folder)["executions"]]


# signals

@pytest.mark.parametrize("names", ["HUP", "INT,QUIT", "CHLD", "PIPE", "USR1,TERM"])
def test_ignored_signals_are_inherited(tmp_path, names):
    run = subprocess.run(["env", f"--ignore-signal={names}", PERFWATT, *RUN, tmp_path / "r.perfwatt", "--show-output", "-n", "1",
                          "--", "grep", "-E", "^Sig(Ign|Blk)", "/proc/self/status"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    mask = int(re.search(r"SigIgn:\s*(\w+)", run.stderr).group(1), 16) & 0x7fffffff
    assert mask == sum(1 << (getattr(signal, f"SIG{name}") - 1) for name in names.split(","))
    assert int(re.search(r"SigBlk:\s*(\w+)", run.stderr).group(1), 16) == 0


def test_a_hangup_under_nohup_ends_nothing(tmp_path):
    out = tmp_path / "r.perfwatt"
    run = subprocess.Popen(["env", "--ignore-signal=HUP", PERFWATT, *RUN, out, "-n", "1", "--", "sleep", "1", mark_of("0.000")],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: alive(mark_of("0.000")))
    run.send_signal(signal.SIGHUP)
    assert run.wait(60) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_started_it_with_interrupts_ignored_can_end_it(tmp_path, mark, number):
    out = tmp_path / "r.perfwatt"
    run = subprocess.Popen(["env", "--ignore-signal=INT", PERFWATT, *RUN, out, "-n", "1", "--", "sleep", mark],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: alive(mark))
    run.send_signal(number)
    assert run.wait(60) == 130
    assert gone(mark)


# the session

class Terminal:
    """perfwatt in the foreground of a terminal of its own."""

    def __init__(self, *words):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(PERFWATT, [str(word) for word in (PERFWATT, *words)])
        self.text = b""

    def read(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and select.select([self.fd], [], [], 0.05)[0]:
            try:
                self.text += os.read(self.fd, 65536)
            except OSError:
                break

    def type(self, text):
        os.write(self.fd, text)

    def end(self, within=60):
        """The exit status; None where it does not end."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            self.read(0.1)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None


def test_ctrl_c_ends_a_command_that_ignores_it(tmp_path, mark):
    terminal = Terminal(*RUN, tmp_path / "r.perfwatt", "-n", "1", "--", "sh", "-c", f"trap '' INT TERM; sleep {mark}; sleep {mark}")
    wait_for(lambda: alive(mark))
    terminal.type(b"\x03")
    assert terminal.end() == 130
    assert gone(mark)


def test_ctrl_c_reaches_perfwatt_from_a_command_with_a_session_of_its_own(tmp_path, mark):
    terminal = Terminal(*RUN, tmp_path / "r.perfwatt", "-n", "1", "--", "setsid", "sh", "-c", f"setsid sleep {mark}; :")
    wait_for(lambda: alive(mark))
    terminal.type(b"\x03")
    assert terminal.end() == 130
    assert gone(mark)


def test_the_terminal_is_not_the_commands(tmp_path):
    out = tmp_path / "r.perfwatt"
    terminal = Terminal(*RUN, out, "-n", "1", "--show-output", "--", "sh", "-c",
                        "(: </dev/tty) 2>&1; tty; echo its terminal: $(ps -o tty= -p $$)")
    assert terminal.end() == 0
    assert b"/dev/tty" in terminal.text and b"not a tty" in terminal.text and b"its terminal: ?\r\n" in terminal.text


def test_a_terminal_that_is_handed_on_can_be_read(tmp_path):
    terminal = Terminal(*RUN, tmp_path / "r.perfwatt", "-n", "1", "--input", "-", "--show-output", "--", "sh", "-c", "read x; echo got $x")
    terminal.type(b"hello\n")  # it waits there until it is read
    assert terminal.end() == 0
    assert b"got hello" in terminal.text


TYPES_INTO = """
import fcntl, os, sys, termios
for fd in (0, 1, 2):
    try:
        fcntl.ioctl(fd, termios.TIOCSTI, b"X")
        print("ty" + "ped")
    except OSError as error:
        print("n" + "o:", error.errno)
"""


def test_another_user_cannot_type_into_our_terminal(tmp_path):
    if os.getuid() != 0:
        pytest.skip("SKIPPED LOUDLY: only root becomes another user")
    terminal = Terminal(*RUN, tmp_path / "r.perfwatt", "-n", "1", "--user", "nobody", "--input", "-", "--show-output", "--",
                        "/usr/bin/python3", "-c", TYPES_INTO)
    assert terminal.end() == 0
    assert b"no:" in terminal.text and b"typed" not in terminal.text


def test_ctrl_z_stops_both_and_the_test_is_left_out(tmp_path):
    out, little = tmp_path / "r.perfwatt", mark_of("0.001")
    run = start(out, "-n", "2", "--", "sh", "-c", f"sleep 2 {little}")
    wait_for(lambda: alive(little))
    (sleeping,) = alive(little)
    run.send_signal(signal.SIGTSTP)
    wait_for(lambda: state_of(run.pid) == "T")
    wait_for(lambda: state_of(sleeping) == "T")
    run.send_signal(signal.SIGCONT)
    shown, _ = run.communicate(timeout=60)
    assert run.returncode == 0
    assert re.search(r"test 1, pass 1 is left out: it was stopped by Ctrl-Z for", shown), shown
    data = export(out, tmp_path / "csv")
    assert {row["test"] for name in ("executions", "counters", "states") for row in data[name]} == {"2"}
    assert perfwatt("export", out, "--format", "json", "--out", tmp_path).returncode == 0
    executions = json.loads((tmp_path / "recording.json").read_text())["executions"]
    assert [(one["test"], bool(one["left_out"])) for one in executions] == [(1, True), (2, False)]


# the end

@pytest.mark.parametrize("script", [
    "sleep {0}", "setsid sleep {0}", "setsid sleep {0} & wait", "(setsid sh -c 'sleep {0}; :' &); sleep {0}",
    "trap '' TERM; sleep {0}; sleep {0}", "setsid sh -c 'trap \"\" TERM HUP INT; sleep {0}; sleep {0}' & wait",
])
def test_a_time_out_reaches_all_that_was_started(tmp_path, mark, script):
    out = tmp_path / "r.perfwatt"
    run = record(out, "-n", 1, "--warmup", 0, "--timeout", 0.7, command=("sh", "-c", script.format(mark)))
    assert run.returncode == 4
    assert not alive(mark)
    assert elapsed(out, tmp_path / "csv")[0] < 60


def test_what_is_left_when_perfwatt_is_killed_is_ended(tmp_path, mark):
    run = start(tmp_path / "r.perfwatt", "-n", "1", "--", "sh", "-c", f"trap '' TERM HUP; sleep {mark} & sleep {mark}; :")
    wait_for(lambda: len(alive(mark)) == 2)
    run.kill()
    run.communicate(timeout=60)
    assert gone(mark)


def test_leftovers_are_named_with_the_tests_that_they_ran_into(tmp_path, mark):
    flag = tmp_path / "flag"
    script = (f"[ -e {flag} ] || {{ touch {flag}; setsid sleep {mark} >/dev/null 2>&1 & "
              "until grep -qx sleep /proc/$!/comm; do sleep 0.01; done; }; :")
    run = record(tmp_path / "r.perfwatt", "-n", 3, "--warmup", 0, command=("sh", "-c", script))
    assert run.returncode == 0
    assert re.search(r"test 1, pass 1 left 1 process running: sleep \(\d+\)", run.stdout), run.stdout
    assert "still there in tests 2-3" in " ".join(run.stdout.split())
    assert alive(mark)  # it is not perfwatt's to end
    for process in alive(mark):
        os.kill(process, signal.SIGKILL)


# A megabyte is more than its pipe holds; nobody reads it but a process of perfwatt's, which ends with the last who can print there.
@pytest.mark.parametrize("options", [(), ("--show-output",)])
def test_a_leftover_may_go_on_to_print(tmp_path, options):
    go, done = tmp_path / "go", tmp_path / "done"
    script = f"(until [ -e {go} ]; do sleep 0.05; done; head -c 3000000 /dev/zero && echo $? >{done}) & exit 0"
    run = record(tmp_path / "r.perfwatt", "-n", 2, "--warmup", 0, *options, command=("sh", "-c", script))
    assert run.returncode == 0 and "left 1 process running" in run.stdout
    go.touch()
    wait_for(done.exists)
    assert done.read_text() in ("0\n", "")
    wait_for(lambda: not subprocess.run(["pgrep", "-x", "perfwatt-reader"], capture_output=True, text=True).stdout)


def test_no_leftover_is_seen_where_there_is_none(tmp_path):
    # What takes longer to end than it is given, as on a busy machine, is one: a few tries, then.
    for _ in range(20):
        run = record(tmp_path / "r.perfwatt", "-n", 1, "--force", command=("sh", "-c", "echo a | cat | cat; (sleep 0.01 &) ; wait"))
        if "running" not in run.stdout:
            break
    assert run.returncode == 0 and "running" not in run.stdout


# descriptors, users, input

def test_descriptors_that_perfwatt_was_given_reach_the_command(tmp_path):
    out = tmp_path / "r.perfwatt"
    run = subprocess.run(["bash", "-c", f"exec 7<<<'from seven'; '{PERFWATT}' {' '.join(RUN)} {out} -n 2 --show-output -- "
                          "cat <(echo hi) /dev/fd/7"], capture_output=True, text=True, timeout=60)
    assert run.stderr.count("hi\n") == 1 and "from seven" in run.stderr, run.stderr


def test_none_of_perfwatts_own_do(tmp_path):
    listing = ("sh", "-c", "cd /proc/$$/fd; for f in *; do [ -e $f ] && readlink $f; done; :")
    plain = subprocess.run(listing, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, timeout=60).stdout.split()
    out = tmp_path / "r.perfwatt"
    perfwatt(*RUN, out, "-n", 1, "--interval", "100", "--show-output", "--", *listing)
    run = perfwatt("run", "-o", out, "--warmup", 0, "--force", "-n", 1, "--power", "exec:while echo 1; do sleep 0.1; done", "--idle", 0,
                   "--show-output", "--", *listing)
    assert run.returncode == 0, run.stderr
    plain = [line for line in plain if line != "(deleted)"]
    shown = [line for line in run.stderr.splitlines() if line.startswith(("/", "pipe:", "socket:", "anon", "memfd"))]
    ours = [line for line in shown if line.startswith(("/memfd:perfwatt-regions", "anon_inode:[perf_event]"))]
    assert len(shown) == len(plain) + len(ours), (shown, plain)
    assert sum(line.startswith("/memfd") for line in ours) == 1 and len(ours) <= 3, "the memory for what it marks, and a group or two of counters that marks read"
    for fewer, left in (("--region-scope", ["memfd"]), ("--regions", [])):
        plainly = perfwatt(*RUN, out, "--force", "-n", 1, fewer, "none", "--show-output", "--", *listing).stderr
        assert ("memfd" in plainly) == bool(left) and "perf_event]" not in plainly, plainly


def test_a_user_has_its_groups_and_its_own_variables(tmp_path):
    if os.getuid() != 0:
        pytest.skip("SKIPPED LOUDLY: only root becomes another user")
    name = "www-data"
    expected = subprocess.run(["id", "-G", name], capture_output=True, text=True, check=True).stdout.split()
    run = record(tmp_path / "r.perfwatt", "-n", 1, "--user", name, "--show-output",
                 command=("sh", "-c", "echo groups $(id -G); echo is $HOME $USER $LOGNAME $SHELL"))
    assert f"groups {' '.join(expected)}\n" in run.stderr
    fields = subprocess.run(["getent", "passwd", name], capture_output=True, text=True, check=True).stdout.strip().split(":")
    assert f"is {fields[5]} {name} {name} {fields[6]}\n" in run.stderr


def test_input_is_what_was_asked_for(tmp_path):
    text = tmp_path / "input"
    text.write_text("one two\n")
    for words in (("--input", text), ("--input", "-")):
        with text.open() as ours:
            run = start(tmp_path / f"{words[1] == '-'}.perfwatt", *words, "-n", "2", "--capture", "x=(.+)", "--", "cat", stdin=ours)
            run.communicate(timeout=60)
        rows = export(tmp_path / f"{words[1] == '-'}.perfwatt", tmp_path / f"csv{words[1] == '-'}")["executions"]
        assert [row["x"] for row in rows] == ["one two", "one two"]
    assert "--input" in one_line(record(tmp_path / "r.perfwatt", "--input", tmp_path / "missing"), 2)
    run = record(tmp_path / "r.perfwatt", "-n", 1, "--show-output", command=("readlink", "/proc/self/fd/0"))
    assert "/dev/null\n" in run.stderr


# time and counts

def test_time_is_the_commands_where_perfwatt_stands_still(tmp_path):
    out, little = tmp_path / "r.perfwatt", mark_of("0.002")
    run = start(out, "-n", "1", "--", "sleep", "1", little)
    wait_for(lambda: alive(little))
    run.send_signal(signal.SIGSTOP)
    wait_for(lambda: not alive(little))
    time.sleep(3)
    run.send_signal(signal.SIGCONT)
    run.communicate(timeout=60)
    begin, end = (float(export(out, tmp_path / "csv")["executions"][0][key]) for key in ("begin_s", "end_s"))
    assert 1 <= end - begin < 3.5


def test_the_largest_resident_set_is_not_perfwatts(tmp_path):
    program = tmp_path / "small"
    source = "int main(void) { return 0; }"
    if not shutil.which("cc") or subprocess.run(["cc", "-static", "-x", "c", "-o", program, "-"], input=source, text=True).returncode:
        pytest.skip("SKIPPED LOUDLY: no static program can be built here")
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 1, command=(program,)).returncode == 0
    assert int(export(out, tmp_path / "csv")["executions"][0]["max_rss_kb"]) < 1500


def test_a_set_user_id_program_is_not_counted(tmp_path):
    if os.getuid() != 0:
        pytest.skip("SKIPPED LOUDLY: only root makes a set-user-ID program of another user's")
    tmp_path.chmod(0o755)
    program = pathlib.Path("/tmp") / f"perfwatt-set-user-{os.getpid()}"
    shutil.copy("/usr/bin/md5sum", program)
    try:
        program.chmod(0o4755)
        out = tmp_path / "r.perfwatt"
        run = record(out, "-n", 1, "--user", "nobody", "-e", "task-clock", command=(program, PERFWATT))
        row = export(out, tmp_path / "csv")["counters"][0]
        if row["status"] == "ok":
            pytest.skip("SKIPPED LOUDLY: set-user-ID has no effect on this disk")
        assert row["status"] == "not-counted" and "set-user-ID" in row["reason"], row
        assert run.returncode == 0
    finally:
        program.unlink()


def test_a_process_named_twice_is_counted_once(tmp_path):
    waiting = subprocess.Popen(["sleep", "600"])
    try:
        run = start(tmp_path / "r.perfwatt", "-n", "1", "-p", f"{waiting.pid},{waiting.pid}", "--", "sleep", "0.1")
        shown, _ = run.communicate(timeout=60)
        assert run.returncode == 0 and f"{waiting.pid}, {waiting.pid}" not in shown
    finally:
        waiting.kill()
        waiting.wait()


def test_stop_when_ends_on_what_does_not_vary(tmp_path):
    run = record(tmp_path / "r.perfwatt", "-e", "emulation-faults", "--stop-when", "emulation-faults:1%")
    if "cannot be counted" in run.stderr:
        pytest.skip("SKIPPED LOUDLY: nothing may be counted here")
    assert run.returncode == 0
    assert "emulation-faults is 0 in each of 5 tests" in " ".join(run.stdout.split())


# the usual end

@pytest.mark.parametrize("words", [("-a",), ("-C", "0"), ("-p", "PROCESS"), ("-n", "1", "-a", "--", "sleep", "61.5")])
def test_ctrl_c_is_the_usual_end_of_watching_others(tmp_path, words):
    waiting = subprocess.Popen(["sleep", "600"])
    out = tmp_path / "r.perfwatt"
    try:
        run = start(out, *(word.replace("PROCESS", str(waiting.pid)) for word in words))
        wait_for(lambda: out.exists() or run.poll() is not None)
        time.sleep(1)
        run.send_signal(signal.SIGINT)
        shown, said = run.communicate(timeout=60)
    finally:
        waiting.kill()
        waiting.wait()
    if run.returncode == 3:
        pytest.skip(f"SKIPPED LOUDLY: {said}")
    assert run.returncode == 0, said
    assert "interrupted" not in shown and "elapsed" in shown
    assert 0 < elapsed(out, tmp_path / "csv")[0] < 61


# messages and output that nobody reads

@pytest.mark.parametrize("how", ["closed", "full", "gone"])
@pytest.mark.parametrize("words", [("--show-output", "--", "sh", "-c", "yes | head -c 3000000; exit 3"),
                                   ("--", "sh", "-c", "seq 9; exit 3")])
def test_nothing_depends_on_who_reads_messages(tmp_path, how, words):
    out = tmp_path / "r.perfwatt"
    reader, writer = os.pipe()
    if how == "gone":
        os.close(reader)
    if how == "full":
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        os.write(writer, b"x" * 4096)
    close = (lambda: os.close(2)) if how == "closed" else None
    run = start(out, "-n", "6", *words, stderr=writer, preexec_fn=close)
    os.close(writer)
    shown, _ = run.communicate(timeout=60)
    if how != "gone":
        os.close(reader)
    assert run.returncode == 4, shown
    assert len(export(out, tmp_path / "csv")["executions"]) == 6
    if how != "closed" or "--show-output" in words:
        assert "nobody read" in " ".join(shown.split())


def test_a_time_out_and_ctrl_c_work_where_nobody_reads_the_output(tmp_path, mark):
    for number in (None, signal.SIGINT):
        reader, writer = os.pipe()
        run = start(tmp_path / f"{number}.perfwatt", "-n", "1", *(("--timeout", "1") if number is None else ()), "--show-output", "--",
                    "sh", "-c", f"yes & sleep {mark}", stderr=writer)
        os.close(writer)
        wait_for(lambda: alive(mark))
        time.sleep(0.5)
        if number:
            run.send_signal(number)
        run.communicate(timeout=60)
        os.close(reader)
        assert run.returncode == (130 if number else 4)
        assert gone(mark)


def test_a_lost_result_is_no_success(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 1).returncode == 0
    with open("/dev/full", "w", encoding="utf-8") as full:
        for words in (["show", out], ["export", out, "--format", "json", "--out", "-"]):
            done = subprocess.run([PERFWATT, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
            assert "standard output: cannot write" in one_line(done, 1)
