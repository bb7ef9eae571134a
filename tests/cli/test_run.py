# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt run: tests, passes, executions, the child, captures."""
import os
import pathlib
import re
import signal
import subprocess
import sys

from conftest import PERFWATT, export, facts, one_line, perfwatt, record, wait_for


def test_records_each_test_and_counts_software_events(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", 3, "--warmup", 1, "--items", 4, command=("sh", "-c", "echo hello"))
    assert result.returncode == 0, result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["r.perfwatt"]
    data = export(out, tmp_path / "csv")
    assert sorted({row["test"] for row in data["executions"]}) == ["1", "2", "3"]
    assert all(row["exit_status"] == "0" and row["items"] == "4" for row in data["executions"])
    faults = [row for row in data["counters"] if row["event"] == "page-faults"]
    assert len(faults) == len(data["executions"])
    for row in faults:
        assert row["status"] == "ok" and int(row["value"]) > 10 and row["enabled_ns"] == row["running_ns"]
    for row in data["counters"]:
        if row["status"] not in ("ok", "scaled"):
            assert row["value"] == "" and row["reason"], row


def test_an_event_that_cannot_be_counted_says_why_and_the_run_succeeds(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 2).returncode == 0
    rows = [row for row in export(out, tmp_path / "csv")["counters"] if row["event"] == "cycles"]
    if rows[0]["status"] == "ok":
        assert all(int(row["value"]) > 0 for row in rows)
        return
    assert [(row["test"], row["pass"], row["value"]) for row in rows] == [("1", "", ""), ("2", "", "")]
    assert rows[0]["status"] in ("not-supported", "not-permitted") and rows[0]["reason"]


def test_captures_take_the_last_match_and_say_when_none_matched(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", 2, "--capture", "acc=ACC: ([0-9.]+)", "--capture", "none=NEVER ([0-9]+)",
                    command=("sh", "-c", "echo ACC: 0.1; echo ACC: 0.87; printf 'no newline'"))
    assert result.returncode == 0
    assert "none" in result.stdout + result.stderr
    rows = export(out, tmp_path / "csv")["executions"]
    assert [row["acc"] for row in rows] == ["0.87", "0.87"] and [row["none"] for row in rows] == ["", ""]


def test_the_studys_kind_of_program(tmp_path):
    script = tmp_path / "study.py"
    script.write_text("import time\nbegin = time.time()\ncount = 0\nfor i in range(200):\n    count += i % 7 != 0\n"
                      "print('RIGHTS: {}'.format(count))\nprint('ACC: {}'.format(count / 200))\n"
                      "print('Time Elapsed: {}s'.format(time.time() - begin))\n")
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", 2, "--capture", "acc=ACC: ([0-9.]+)", command=(sys.executable, script))
    assert result.returncode == 0, result.stderr
    assert [row["acc"] for row in export(out, tmp_path / "csv")["executions"]] == ["0.855", "0.855"]


def test_threads_and_children_are_counted(tmp_path):
    out = tmp_path / "r.perfwatt"
    burn = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"
    assert record(out, "-n", 1, "--warmup", 0, "-e", "task-clock",
                  command=("sh", "-c", f"sh -c '{burn}' & {burn}; wait")).returncode == 0
    data = export(out, tmp_path / "csv")
    clock = float(data["counters"][0]["value"]) * 1e-9
    cpu = float(data["executions"][0]["user_s"]) + float(data["executions"][0]["sys_s"])
    assert abs(clock - cpu) < 0.1 * cpu + 0.02


def test_the_child_has_no_input_a_session_of_its_own_and_no_secret(tmp_path):
    out = tmp_path / "r.perfwatt"
    code = ("import os,sys; print('input', repr(sys.stdin.read())); print('ours', os.getsid(0) == os.getsid(os.getppid()));"
            "print('secret', 'PERFWATT_BMC_PASSWORD' in os.environ)")
    result = record(out, "-n", 1, "--warmup", 0, "--show-output", command=(sys.executable, "-c", code),
                    env={"PERFWATT_BMC_PASSWORD": "hunter2"})
    for line in ("input ''", "ours False", "secret False"):
        assert line in result.stderr
    assert b"hunter2" not in out.read_bytes()


def test_waits_for_the_process_not_for_its_pipes(tmp_path):
    result = record(tmp_path / "r.perfwatt", "-n", 1, "--warmup", 0, "--show-output", command=("sh", "-c", "sleep 600 & echo is $!"))
    sleeping = int(re.search(r"is (\d+)", result.stderr).group(1))
    os.kill(sleeping, signal.SIGKILL)  # it is still there


def test_pins_to_cpus(tmp_path):
    result = record(tmp_path / "r.perfwatt", "-n", 1, "--warmup", 0, "--cpus", "0", "--show-output",
                    command=(sys.executable, "-c", "import os; print('on', os.sched_getaffinity(0))"))
    assert "on {0}" in result.stderr


def test_runs_as_another_user(tmp_path):
    if os.geteuid() != 0:
        import pytest
        pytest.skip("SKIPPED LOUDLY: only root can become another user")
    result = record(tmp_path / "r.perfwatt", "-n", 1, "--warmup", 0, "--user", "nobody", "--show-output",
                    command=("id", "-un"))
    assert result.returncode == 0 and "nobody" in result.stderr


def test_a_failing_test_is_kept_and_the_others_go_on(tmp_path):
    out, flag = tmp_path / "r.perfwatt", tmp_path / "flag"
    script = f"if [ -e {flag} ]; then rm {flag}; echo broken pipe dream; exit 7; fi"
    flag.write_text("")
    result = record(out, "-n", 3, "--warmup", 0, command=("sh", "-c", script))
    assert result.returncode == 4
    assert "7" in result.stderr and "broken pipe dream" in result.stderr + result.stdout
    assert [row["exit_status"] for row in export(out, tmp_path / "csv")["executions"]] == ["7", "0", "0"]


def test_a_failing_warmup_stops_the_run(tmp_path):
    result = record(tmp_path / "r.perfwatt", "-n", 3, command=("sh", "-c", "echo why; exit 9"))
    assert result.returncode == 4 and "9" in result.stderr and "why" in result.stderr


def test_a_timeout_ends_the_whole_group(tmp_path):
    out = tmp_path / "r.perfwatt"
    mark = f"sleep 97.{os.getpid()}"
    result = record(out, "-n", 1, "--warmup", 0, "--timeout", 0.3, command=("sh", "-c", f"{mark} & {mark}"))
    assert result.returncode == 4 and "timed out" in result.stderr
    wait_for(lambda: mark not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout)


def test_ctrl_c_keeps_the_run_so_far(tmp_path):
    out = tmp_path / "r.perfwatt"
    log = tmp_path / "log"
    process = subprocess.Popen([PERFWATT, "run", "-n", "500", "--warmup", "0", "--power", "none", "-o", out, "--",
                                "sh", "-c", f"echo begins >>{log}; sleep 0.2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: log.exists() and len(log.read_text().split()) >= 3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    data = export(out, tmp_path / "csv")
    assert 2 <= len(data["executions"]) < 500
    assert facts(data)["interrupted"] == "yes"
    assert "interrupted" in perfwatt("show", out).stdout.lower()


def test_exit_130_ends_the_child(tmp_path):
    pid = tmp_path / "pid"
    process = subprocess.Popen([PERFWATT, "run", "-n", "1", "--warmup", "0", "--power", "none", "-o",
                                tmp_path / "r.perfwatt", "--", "sh", "-c", f"echo $$ >{pid}; exec sleep 86"], stderr=subprocess.PIPE)
    wait_for(lambda: pid.exists() and pid.read_text().endswith("\n"))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130 and not os.path.exists(f"/proc/{pid.read_text().strip()}")


def test_a_recording_is_never_overwritten_unasked(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 1).returncode == 0
    before = out.read_bytes()
    assert "--force" in one_line(record(out, "-n", 1), 2)
    assert out.read_bytes() == before
    assert record(out, "-n", 1, "--force").returncode == 0


def test_raw_and_modified_events(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", 1, "--warmup", 0, "-e", "page-faults:u,minor-faults,r1e,cs")
    assert result.returncode == 0, result.stderr
    rows = {row["event"]: row for row in export(out, tmp_path / "csv")["counters"]}
    assert rows["page-faults"]["scope"] == "u" and "context-switches" in rows and "r1e" in rows


def test_multiplex_is_one_pass(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 1, "--multiplex").returncode == 0
    assert {row["pass"] for row in export(out, tmp_path / "csv")["executions"]} == {"1"}


def test_deleted_working_folder_and_long_lines_do_no_harm(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", 1, "--warmup", 0, "--capture", "x=(MARK)",
                    command=(sys.executable, "-c", "print('y' * 5_000_000 + 'MARK'); print('\\x1b[2J')"))
    assert result.returncode == 0
    assert export(out, tmp_path / "csv")["executions"][0]["x"] == "MARK"
    assert "\x1b[2J" not in perfwatt("show", out).stdout
    assert pathlib.Path(out).stat().st_size < 1_000_000


def notes(out, folder, kind):
    rows = export(out, folder)["recording"]
    return [row["value"] for row in rows if row["key"].startswith(kind + ".")]


def test_stops_when_the_mean_is_known_well_enough(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "--stop-when", "elapsed:30%", command=("sleep", "0.05"))
    assert result.returncode == 0, result.stderr
    assert "up to 100 tests" in result.stderr and "± 30 %" in result.stderr
    tests = len(export(out, tmp_path / "csv")["executions"])
    assert 5 <= tests < 100
    assert f"{tests} of at most 100 tests" in result.stdout
    (why,) = notes(out, tmp_path / "csv", "notice")
    assert f"after {tests} tests" in why and why in " ".join(result.stdout.split())
    assert why not in result.stdout.partition("warnings")[2]


def test_stops_at_the_limit_and_says_so(tmp_path):
    out, flag = tmp_path / "r.perfwatt", tmp_path / "flag"
    flip = f"if [ -e {flag} ]; then rm {flag}; sleep 0.2; else touch {flag}; fi"
    result = record(out, "--warmup", 0, "-n", 6, "--stop-when", "elapsed:1%", command=("sh", "-c", flip))
    assert result.returncode == 0, result.stderr
    data = export(out, tmp_path / "csv")
    assert len(data["executions"]) == 6 and notes(out, tmp_path / "csv", "notice") == []
    assert "not reached within 6 tests" in notes(out, tmp_path / "csv", "warning")[0]
    assert "not reached within 6 tests" in " ".join(result.stdout.split())


def test_stops_on_an_event_by_its_alias(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "-e", "faults:u", "--stop-when", "faults:u:50%", "--warmup", 0)
    assert result.returncode == 0, result.stderr
    assert len(export(out, tmp_path / "csv")["executions"]) == 5


def test_the_state_of_the_machine_stands_beside_each_execution(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 2).returncode == 0
    rows = export(out, tmp_path / "csv")["states"]
    seen = {(row["test"], row["when"]) for row in rows if row["key"] == "load_1min"}
    assert seen == {("1", "before"), ("1", "after"), ("2", "before"), ("2", "after")}
    assert all(row["value"] for row in rows)
