# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: one clear line, the right exit status, nothing lost."""
import os
import re
import shutil
import sqlite3
import subprocess

import pytest

from conftest import BMC_ENV, export, one_line, perfwatt, record


@pytest.mark.parametrize("arguments, status, words", [
    (["rnu"], 2, "did you mean 'run'"),
    (["run", "--tset", "3", "--", "true"], 2, "--tests"),
    (["run", "-n", "0", "--", "true"], 2, "-n|tests"),
    (["run", "-n", "three", "--", "true"], 2, "-n|tests"),
    (["run"], 2, "--"),
    (["run", "-e", "cycels", "--", "true"], 2, "did you mean 'cycles'"),
    (["run", "-e", "cycles:z", "--", "true"], 2, "modifier"),
    (["run", "--stop-when", "cycles", "--", "true"], 2, "EVENT:WIDTH%"),
    (["run", "--stop-when", "cycles:1", "--", "true"], 2, "EVENT:WIDTH%"),
    (["run", "--stop-when", "cycles:0%", "--", "true"], 2, "above 0"),
    (["run", "--stop-when", "cycles:nan%", "--", "true"], 2, "above 0"),
    (["run", "--stop-when", ":1%", "--", "true"], 2, "EVENT:WIDTH%"),
    (["run", "--stop-when", "elapsde:1%", "--", "true"], 2, "did you mean 'elapsed'"),
    (["run", "-e", "page-faults", "--stop-when", "cycles:1%", "--", "true"], 2, "page-faults"),
    (["run", "-e", "page-faults,branch-misses", "--stop-when", "branch-misses:1%", "--", "true"], 3, "cannot be counted here"),
    (["run", "-n", "4", "--stop-when", "elapsed:1%", "--", "true"], 2, "5 tests"),
    (["run", "--capture", "x=(", "--", "true"], 2, "regular expression"),
    (["run", "--capture", "x=abc", "--", "true"], 2, "group"),
    (["run", "--capture", "abc", "--", "true"], 2, "NAME=REGEX"),
    (["run", "--cpus", "0-", "--", "true"], 2, "list of CPUs"),
    (["run", "--cpus", "9999", "--", "true"], 3, "CPU 9999"),
    (["run", "--user", "no-such-user", "--", "true"], 2, "no user"),
    (["run", "--power", "dmci", "--", "true"], 2, "did you mean 'dcmi'"),
    (["run", "--power", "dcmi://u:secret@127.0.0.1", "--", "true"], 2, "PERFWATT_BMC_PASSWORD"),
    (["run", "--", "no-such-program-here"], 4, "no such program"),
    (["run", "--", "/etc/passwd"], 4, "executable"),
    (["run", "-o", "/no/folder/x.perfwatt", "--", "true"], 2, "/no/folder"),
    (["show", "/no/such.perfwatt"], 2, "/no/such.perfwatt"),
    (["show"], 2, "FILE"),
    (["list", "nothing"], 2, "events"),
])
def test_one_line_and_the_right_status(tmp_path, arguments, status, words):
    line = one_line(perfwatt(*arguments, cwd=tmp_path), status)
    assert re.search(words, line), line
    assert "secret" not in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.path.exists("/dev/ipmi0"), reason="this machine has a BMC")
def test_in_band_dcmi_without_a_device(tmp_path):
    assert "/dev/ipmi0" in one_line(perfwatt("run", "--power", "dcmi", "--", "true", cwd=tmp_path), 3)


def test_wrong_password_and_unknown_host(tmp_path, bmc):
    url = bmc("262").url
    wrong = perfwatt("run", "--power", url, "-n", 1, "--", "true", cwd=tmp_path, env={"PERFWATT_BMC_PASSWORD": "no"})
    assert "password" in one_line(wrong, 3)
    unknown = perfwatt("run", "--power", "dcmi://admin@no-such-host.invalid", "--", "true", cwd=tmp_path, env=BMC_ENV)
    assert "no-such-host.invalid" in one_line(unknown, 3)


def test_a_password_file_that_others_can_read_is_refused(tmp_path, bmc):
    secret = tmp_path / "password"
    secret.write_text("perfwatt\n")
    secret.chmod(0o644)
    arguments = ["run", "-n", 1, "--warmup", 0, "--idle", 0, "--power", bmc("262").url, "--bmc-password-file", secret,
                 "-o", tmp_path / "r.perfwatt", "--", "true"]
    assert "chmod 600" in one_line(perfwatt(*arguments), 2)
    secret.chmod(0o600)
    assert perfwatt(*arguments).returncode == 0


def test_files_that_are_no_recordings(tmp_path):
    good = tmp_path / "good.perfwatt"
    assert record(good, "-n", 2).returncode == 0
    truncated = tmp_path / "truncated.perfwatt"
    truncated.write_bytes(good.read_bytes()[:6000])
    newer = tmp_path / "newer.perfwatt"
    shutil.copy(good, newer)
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA user_version = 999")
    empty, text = tmp_path / "empty.perfwatt", tmp_path / "text.perfwatt"
    empty.write_bytes(b"")
    text.write_text("hello")
    for path in (truncated, newer, empty, text, tmp_path):
        for command in (["show", path], ["plot", path, "--out", tmp_path / "f"],
                        ["export", path, "--format", "csv", "--out", tmp_path / "c"]):
            one_line(perfwatt(*command), 2)
    assert "newer" in perfwatt("show", newer).stderr


def test_no_space_left(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("SKIPPED LOUDLY: needs root to mount a small tmpfs")
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", small], capture_output=True).returncode != 0:
        pytest.skip("SKIPPED LOUDLY: mount is not permitted here")
    try:
        noisy = "import os; print('x' * 60000)"
        result = record(small / "r.perfwatt", "-n", 50, "--warmup", 0, command=("python3", "-c", noisy))
        assert "space" in one_line(result, 1)
        kept = tmp_path / "kept"
        kept.mkdir()
        for path in small.glob("r.perfwatt*"):
            shutil.copy(path, kept)
        assert len(export(kept / "r.perfwatt", tmp_path / "csv")["executions"]) >= 1
    finally:
        subprocess.run(["umount", small], check=True)


def test_hostile_text_is_shown_as_text(tmp_path):
    out = tmp_path / "r.perfwatt"
    label = "'; system(\"touch pwned\") `touch pwned` @x <script>alert(1)</script> \x1b[2J\x1b]0;t\x07"
    assert record(out, "-n", 2, "--label", label, command=("sh", "-c", "exit 0 # `touch pwned` \x1b[31m")).returncode == 0
    shown = perfwatt("show", out, cwd=tmp_path)
    assert "<script>" in shown.stdout and "\x1b]0" not in shown.stdout and "\x1b[2J" not in shown.stdout
    plotted = perfwatt("plot", out, "--out", tmp_path / "figures", cwd=tmp_path)
    assert plotted.returncode == 0, plotted.stderr
    assert "<script>" not in (tmp_path / "figures" / "time-elapsed.svg").read_text()
    assert not list(tmp_path.rglob("pwned"))


def test_doctor_looks_where_the_cache_is(tmp_path):
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    model = tmp_path / "perfwatt" / "models" / "resnet50.onnx"
    missing = perfwatt("doctor", env=env).stdout
    assert "missing model" in missing and f"undo:  rm {model}" in missing
    model.parent.mkdir(parents=True)
    model.touch()
    assert f"works   model             {model}\n" in perfwatt("doctor", env=env).stdout


def test_help_fits_a_screen():
    for command in ("run", "show", "plot", "export", "list", "plan", "doctor"):
        result = perfwatt(command, "--help")
        assert result.returncode == 0 and len(result.stdout.splitlines()) <= 50, command
