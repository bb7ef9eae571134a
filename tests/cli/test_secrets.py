# SPDX-License-Identifier: GPL-3.0-or-later
"""What the measured command, and others of its user, can see of perfwatt's passwords. Real processes, a real ipmi_sim."""
import os
import shutil
import subprocess
import time

import pytest

from conftest import BMC_ENV, PERFWATT, export, one_line, perfwatt

SECRET = "perfwatt"  # the simulated BMC's
NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]

# What is left of perfwatt's environment, whether its memory may be read, and whether its memory could be dumped.
LOOK = """
perfwatt=$PPID
while [ "$(cat /proc/$perfwatt/comm)" != perfwatt ]; do perfwatt=$(cut -d' ' -f4 /proc/$perfwatt/stat); done
echo "environ: $(tr '\\0' '\\n' </proc/$perfwatt/environ 2>/dev/null | grep PASSWORD)"
cat /proc/$perfwatt/maps >/dev/null 2>&1 && echo maps: read
echo "own: $PERFWATT_BMC_PASSWORD"
"""


def as_nobody(tmp_path, *command, env=None):
    return subprocess.run([*NOBODY, *map(str, command)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "HOME": str(tmp_path), **(env or {})}, stdin=subprocess.DEVNULL)


@pytest.fixture
def tmp_path(open_path):
    return open_path


@pytest.fixture
def nobody(tmp_path):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("SKIPPED LOUDLY: only root can be somebody else, with setpriv")
    if as_nobody(tmp_path, PERFWATT, "--version").returncode != 0:
        pytest.skip("SKIPPED LOUDLY: nobody may not start the built program")


def test_the_command_sees_no_password(tmp_path, bmc, nobody):
    out = tmp_path / "r.perfwatt"
    result = as_nobody(tmp_path, PERFWATT, "run", "-n", 1, "--warmup", 0, "--idle", 0, "--power", bmc("200").url, "--show-output",
                       "-o", out, "--", "sh", "-c", LOOK, env=BMC_ENV)
    assert result.returncode == 0, result.stderr
    shown = result.stderr  # where its output goes
    assert "environ: \n" in shown and "own: \n" in shown, shown
    assert "\nmaps: read" not in shown, "it may be traced"


def test_a_user_counts_while_a_password_is_held(tmp_path, bmc, nobody):
    out = tmp_path / "r.perfwatt"
    result = as_nobody(tmp_path, PERFWATT, "run", "-n", 1, "--warmup", 0, "--idle", 0, "--power", bmc("200").url, "-e", "task-clock",
                       "-o", out, "--", "sh", "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done", env=BMC_ENV)
    assert result.returncode == 0, result.stderr
    plain = as_nobody(tmp_path, PERFWATT, "run", "-n", 1, "--warmup", 0, "--idle", 0, "--power", "none", "-e", "task-clock",
                      "-o", tmp_path / "p.perfwatt", "--", "true")
    without = {row["event"]: row["status"] for row in export(tmp_path / "p.perfwatt", tmp_path / "plain")["counters"]}
    assert {row["event"]: row["status"] for row in export(out, tmp_path / "csv")["counters"]} == without


# The kernel gives the files of a process that may not be dumped, and leaves no core file, to root.
def test_no_core_file_has_a_password(tmp_path, bmc, nobody):
    url, owners = bmc("200").url, {}
    for power in (url, "none"):
        out = tmp_path / f"{len(owners)}.perfwatt"
        process = subprocess.Popen([*NOBODY, PERFWATT, "run", "-n", "1", "--warmup", "0", "--idle", "0", "--power", power, "-o", out, "--",
                                    "sleep", "30"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "HOME": str(tmp_path), **(BMC_ENV if power == url else {})})
        try:
            deadline = time.monotonic() + 60
            while not (out.exists() and out.stat().st_size) and time.monotonic() < deadline:
                time.sleep(0.05)
            owners[power] = os.stat(f"/proc/{process.pid}/environ").st_uid
            assert b"PERFWATT_BMC_PASSWORD=" + SECRET.encode() not in open(f"/proc/{process.pid}/environ", "rb").read()
        finally:
            process.kill()
            process.wait()
    assert owners == {url: 0, "none": 65534}


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o602])
def test_a_password_file_that_others_may_read_or_write_is_refused(tmp_path, mode):
    file = tmp_path / "password"
    file.write_text("secret\n")
    file.chmod(mode)
    line = one_line(perfwatt("run", "-n", 1, "--power", "dcmi://admin@127.0.0.1:9", "--bmc-password-file", file, "-o", tmp_path / "r.perfwatt",
                             "--", "true"), 2)
    assert "chmod 600" in line
