# SPDX-License-Identifier: GPL-3.0-or-later
"""What was typed is what was meant: values, options, commands, names, reasons."""
import csv
import os
import pathlib
import pty
import re
import resource
import shutil
import signal
import subprocess

import pytest

from conftest import BUILD, PERFWATT, export, one_line, perfwatt, record

QUICK = ["run", "-n", "1", "--warmup", "0", "--power", "none"]
COMMANDS = ["run", "power", "show", "plot", "export", "plan", "classify"]
OPERANDS = {"run": ["--", "true"], "show": ["r"], "plot": ["r"], "export": ["r"], "classify": ["a.jpg"]}


def needs(command):
    if command in ("classify", "model") and not (BUILD / "perfwatt-classify").exists():
        pytest.skip("SKIPPED LOUDLY: perfwatt-classify is not built")


def valued(command):
    """Its options with a value, as --help has them."""
    rows = re.findall(r"^  (?:(-\w),)?(--[a-z-]+) \S", perfwatt(command, "--help").stdout, re.M)
    return [name for row in rows for name in row if name]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_value_is_a_mistake(tmp_path, command):
    needs(command)
    for option in valued(command):
        for words in [[option, ""]] + [[option + "="]] * option.startswith("--"):
            line = one_line(perfwatt(command, *words, *OPERANDS.get(command, []), cwd=tmp_path), 2)
            assert f"{option}: its value is empty" in line
    assert list(tmp_path.iterdir()) == []


def test_options_with_a_value_are_found_above():
    assert {"-n", "--tests", "--user", "--stop-when"} <= set(valued("run")) and "--force" not in valued("run")


@pytest.mark.parametrize("words", [["show", ""], ["plot", ""], ["export", ""], ["list", ""], ["list", "events", ""], ["doctor", ""],
                                   ["classify", ""], ["model", "fetch", ""], ["model", "path", ""], ["model", "import", "", "-o", "x"],
                                   ["model", "import", "x", "-o", ""], ["run", "--", ""], ["run", ""], [""]])
def test_an_empty_word_is_a_mistake(tmp_path, words):
    needs(words[0])
    one_line(perfwatt(*words, cwd=tmp_path), 2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["dcmi://", "dcmi://@host", "dcmi://user@", "dcmi://user@host:", "dcmi://user@host?cipher=",
                                     "dcmi://user@host?", "redfish://", "redfish://user@", "redfish://user@host?chassis=", "exec:", "exec: ",
                                     "csv:", "csv:f?decimal=", ",", "none,", "dcmi?simulated=", "occ:", "hwmon,,rapl", ":", "?"])
def test_an_address_has_no_empty_part(tmp_path, address):
    result = perfwatt("run", "-n", "1", "--warmup", "0", "--power", address, "--", "true", cwd=tmp_path, env={"PERFWATT_BMC_PASSWORD": "x"})
    one_line(result, 2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["rapl,rapl", "csv:f,csv:f", "dcmi://user@host?cipher=3&cipher=17", "redfish://user@host?insecure=1&insecure=0"])
def test_a_source_and_a_key_are_named_once(tmp_path, address):
    result = perfwatt("run", "-n", "1", "--warmup", "0", "--power", address, "--", "true", cwd=tmp_path, env={"PERFWATT_BMC_PASSWORD": "x"})
    assert "twice" in one_line(result, 2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["-e", "page-faults,,task-clock"], ["-e", ","], ["-e", "page-faults,"], ["-M", "ipc,"], ["-M", ","],
                                   ["--cpus", "0,"], ["--cpus", ","], ["-p", "1,"], ["-C", "0,,"], ["--capture", "=x(1)"],
                                   ["--capture", "x="], ["--capture", "="], ["--stop-when", "elapsed:%"], ["--stop-when", "elapsed:"],
                                   ["-e", "{}"], ["-e", "cycles:"], ["-e", ":u"]])
def test_a_list_has_no_empty_part(tmp_path, words):
    one_line(perfwatt(*QUICK, *words, "--", "true", cwd=tmp_path), 2)


@pytest.mark.parametrize("words", [["-n", "1", "--tests", "2"], ["-o", "a", "-o", "b"], ["--user=root", "--user", "root"], ["--cpus", "0", "--cpus", "0"],
                                   ["--power", "none", "--power", "none"], ["--label", "a", "--label", "b"], ["--timeout", "1", "--timeout", "1"]])
def test_a_value_is_given_once(tmp_path, words):
    line = one_line(perfwatt("run", *words, "--", "true", cwd=tmp_path), 2)
    assert "it is given twice" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["run", "-o", "-", "true"], ["power", "--record", "-"], ["plot", "r", "--out", "-"],
                                   ["classify", "--csv", "-", "a.jpg"], ["model", "import", "x", "-o", "-"]])
def test_nothing_is_called_dash(tmp_path, words):
    needs(words[0])
    assert "'-' is not stdout here" in one_line(perfwatt(*words, cwd=tmp_path), 2)
    assert list(tmp_path.iterdir()) == []


def test_formats_have_no_empty_part(tmp_path):
    for formats in ("svg,,pdf", ",", "svg,"):
        assert "'' is not one of svg, png, pdf" in one_line(perfwatt("plot", "r.perfwatt", "--format", formats, cwd=tmp_path), 2)


def test_events_add(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 1, "--warmup", 0, "-e", "page-faults", "--events=task-clock").returncode == 0
    assert {row["event"] for row in export(out, tmp_path / "csv")["counters"]} == {"page-faults", "task-clock"}
    plans = [perfwatt("plan", "--cpu", "power9", *words).stdout for words in (["-e", "cycles", "-e", "branches"], ["-e", "cycles,branches"])]
    assert plans[0] == plans[1] != ""


# commands

@pytest.mark.parametrize("words", [["sh", "-c", "echo $# $1 >out", "sh", "-n"], ["--", "sh", "-c", "echo $# $1 >out", "sh", "-n"],
                                   ["-o", "x.perfwatt", "--force", "sh", "-c", "echo $# $1 >out", "--", "-n"]])
def test_the_first_word_that_is_no_option_begins_the_command(tmp_path, words):
    result = perfwatt(*QUICK, *words, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out").read_text() == "1 -n\n"


def test_what_follows_the_first_word_is_the_commands_own(tmp_path):
    result = perfwatt(*QUICK, "-o", "r.perfwatt", "printf", "%s\\n", "--help", "--", "-n", "--no-such", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    result = perfwatt("run", "-n", "2", "-e", "page-faults", "task-clock", "--", "true", cwd=tmp_path)
    assert "the command begins at the first word that is no option" in one_line(result, 4)


@pytest.mark.parametrize("option, ours", [("-r", "-n N"), ("-r5", "-n N"), ("--repeat=5", "-n N"), ("--runs", "-n N"), ("--min-runs", "-n N"), ("-w", "--warmup"),
                                          ("-N", "no shell"), ("-S", "no shell"), ("--shell=none", "no shell"), ("-x,", "export"),
                                          ("--export-json", "export"), ("-I", "--interval"), ("-D", "--delay"), ("--per-core", "--per core"),
                                          ("-A", "--per cpu"), ("-t", "-p PID"), ("-i", "counted"), ("-d", "-M LIST"), ("--tset", "--tests")])
def test_options_of_other_tools_get_ours(tmp_path, option, ours):
    line = one_line(perfwatt("run", option, "5", "true", cwd=tmp_path), 2)
    assert option.split("=")[0][:2] in line and ours in line, line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words, meant", [
    (["stat"], "perfwatt run"), (["html"], "perfwatt report"), (["shwo"], "'show'"), (["./prog"], "perfwatt run -- ./prog"), (["RUN"], "'run'"),
    (["--verson"], "a command comes first"), (["run", "-e", "TASK-CLOK", "true"], "'task-clock'"), (["run", "-e", "cycels:u", "true"], "'cycles'"),
    (["plan", "-e", "brnaches"], "'branches'"), (["plan", "--cpu", "power9", "-e", "brnaches"], "'branches'"), (["plan", "--cpu", "power99"], "'power9'"),
    (["list", "evnets"], "'events'"), (["list", "events", "pagefaultz"], "'page-faults'"), (["list", "metrics", "icp"], "'ipc'"),
    (["list", "power", "rpal"], "'rapl'"), (["run", "--power", "hwmno", "true"], "'hwmon'"), (["power", "--power", "redfihs"], "'redfish'"),
    (["power", "--format", "jsnol"], "'jsonl'"), (["plot", "r", "--format", "svgg"], "'svg'"), (["export", "r", "--format", "jsno"], "'json'"),
    (["run", "--per", "sokcet", "-a", "true"], "'socket'"), (["run", "-M", "icp", "true"], "'ipc'"), (["show", "--verbsoe", "r"], "'--verbose'"),
    (["model", "fecth", "x"], "'fetch'"), (["model", "path", "resnet5O"], "'resnet50'"), (["classify", "--backend", "onednnn", "a.jpg"], "'onednn'"),
    (["classify", "--model", "resnet500", "a.jpg"], "'resnet50'"), (["classify", "--preprocess", "cafe", "a.jpg"], "'caffe'"),
    (["model", "import", "x", "-o", "y", "--preproces", "tf"], "'--preprocess'")])
def test_what_was_meant(tmp_path, words, meant):
    needs(words[0])
    if words[0] == "export":
        (tmp_path / "r").touch()
    (tmp_path / "a.jpg").touch()
    assert meant in one_line(perfwatt(*words, cwd=tmp_path), 2)


# terminals

def on_terminal(words, **env):
    """What a terminal gets."""
    text = b""

    def read(fd):
        nonlocal text
        data = os.read(fd, 65536)
        text += data
        return data

    saved = {name: os.environ.get(name) for name in env}
    os.environ.update(env)
    try:
        pty.spawn([str(PERFWATT), *words], read, lambda _: b"")
    finally:
        for name, value in saved.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return text


@pytest.mark.parametrize("env", [{"TERM": "dumb", "NO_COLOR": ""}, {"TERM": "", "NO_COLOR": ""}, {"TERM": "xterm", "NO_COLOR": "1"}])
def test_no_escapes_where_none_are_wanted(tmp_path, env):
    meter = "exec:while :; do echo 5; sleep 0.1; done"
    run = on_terminal(["run", "-n", "1", "--warmup", "0", "-o", str(tmp_path / "r.perfwatt"), "--power", meter, "--idle", "0.7", "--", "sleep", "0.7"], **env)
    assert b"\x1b" not in run and b"elapsed" in run
    assert (b"idle before" in run) == (env["TERM"] == "xterm")
    power = on_terminal(["power", "--duration", "0.6", "-I", "100", "--power", meter], **env)
    assert b"\x1b" not in power and b"watts" in power


def test_a_terminal_gets_the_line_that_is_written_over(tmp_path):
    words = [*QUICK, "-o", str(tmp_path / "r.perfwatt"), "--", "sleep", "1.2"]
    assert b"\x1b[K" in on_terminal(words, TERM="xterm", NO_COLOR="")
    plain = on_terminal(["run", "--force", *words[1:]], TERM="xterm", NO_COLOR="1")
    assert b"test 1/1" in plain and b"\r" in plain


# captures

@pytest.mark.parametrize("name", ["test", "pass", "begin_s", "end_s", "elapsed_s", "user_s", "sys_s", "max_rss_kb", "exit_status", "items", "variant",
                                  "cores_consumed", "steal_s", "dispersions"])
def test_a_capture_has_no_columns_name(tmp_path, name):
    line = one_line(perfwatt(*QUICK, "--capture", name + "=(1)", "--", "true", cwd=tmp_path), 2)
    assert f"'{name}' is a column" in line
    assert list(tmp_path.iterdir()) == []


def test_every_column_of_executions_is_refused_above(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 1, "--warmup", 0, "--capture", "mine=(1)").returncode == 0
    assert perfwatt("export", out, "--out", tmp_path / "csv").returncode == 0
    header = next(csv.reader((tmp_path / "csv" / "executions.csv").open()))
    assert header.count("mine") == 1
    for name in set(header) - {"mine"}:
        one_line(perfwatt(*QUICK, "--capture", name + "=(1)", "--", "true", cwd=tmp_path), 2)
    one_line(perfwatt(*QUICK, "--capture", "a=(1)", "--capture", "a=(2)", "--", "true", cwd=tmp_path), 2)


# programs

def program(path, content, mode=0o755):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return f"./{path.name}"


def foreign():
    """The head of a program for s390x."""
    return b"\x7fELF\x02\x02\x01" + bytes(9) + b"\x00\x02\x00\x16" + bytes(100)


def test_each_fault_of_a_program_has_its_name(tmp_path):
    faults = {
        program(tmp_path / "gone", "#!/no/such/python3\n"): "its interpreter is not there: #!/no/such/python3",
        program(tmp_path / "dos", "#!/bin/sh\r\ntrue\r\n"): "as Windows ends lines",
        program(tmp_path / "plain", "true\n", 0o644): "it is not executable",
        program(tmp_path / "s390", foreign()): "it is a program for s390x",
        ".": "it is a folder", "..": "it is a folder", str(tmp_path): "it is a folder", "/dev/null": "no file but a device",
        "./none": "there is no such file", "none-at-all": "there is no such program", "sleep 1": "starts no shell", "gone": "./gone", "A=1": "env NAME=VALUE",
    }
    for word, words in faults.items():
        for dashes in (["--"], []):
            result = perfwatt(*QUICK, "-o", "r.perfwatt", "--force", *dashes, word, cwd=tmp_path)
            assert words in one_line(result, 4), word


def test_a_script_without_a_first_line_is_one_of_sh(tmp_path):
    result = perfwatt(*QUICK, "-o", "r.perfwatt", program(tmp_path / "job", "echo ran >out\n"), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out").read_text() == "ran\n"


def test_a_folder_that_may_not_be_entered(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("SKIPPED LOUDLY: needs root for --user")
    folder = tmp_path / "closed"
    folder.mkdir()
    program(folder / "job", "#!/bin/sh\n")
    folder.chmod(0o700)
    line = one_line(perfwatt(*QUICK, "--user", "nobody", "--", folder / "job", cwd=tmp_path), 4)
    assert "may not be entered by nobody" in line


def test_a_loader_that_is_not_there(tmp_path):
    sh = open("/proc/self/exe", "rb").read()
    loader = re.search(rb"/lib[^\0]*/ld-[^\0]*", sh)
    if not loader:
        pytest.skip("SKIPPED LOUDLY: python3 is linked statically here")
    name = loader.group()
    other = sh.replace(name, b"/no" + name[3:], 1)
    line = one_line(perfwatt(*QUICK, "-o", "r.perfwatt", "--", program(tmp_path / "python", other), cwd=tmp_path), 4)
    assert "the loader that it asks for is not there: /no" in line


@pytest.mark.parametrize("name", ["SEGV", "KILL", "ABRT", "TERM", "XFSZ", "SYS"])
def test_signals_have_names(tmp_path, name):
    out, number = tmp_path / "r.perfwatt", getattr(signal, "SIG" + name)
    result = record(out, "-n", 1, "--warmup", 0, command=("sh", "-c", f"kill -{name} $$"))
    text = f"exit status {128 + number} (SIG{name})"
    assert result.returncode == 4 and text in result.stderr and text in perfwatt("show", out).stdout
    assert text in record(out, "-n", 1, "--force", command=("sh", "-c", f"kill -{name} $$")).stderr


# As what a shell says of a command of its own.
def test_a_status_as_of_a_signal(tmp_path):
    result = record(tmp_path / "r.perfwatt", "-n", 1, "--warmup", 0, command=("sh", "-c", "exit 139"))
    assert "exit status 139 (128 + SIGSEGV);" in result.stderr


def test_a_status_that_is_no_signal(tmp_path):
    for status in (1, 127, 128, 193, 255):
        result = record(tmp_path / "r.perfwatt", "--force", "-n", 1, "--warmup", 0, command=("sh", "-c", f"exit {status}"))
        assert f"exit status {status};" in result.stderr and "SIG" not in result.stderr


def test_the_limit_of_files_has_its_name(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    command = ("sh", "-c", "ulimit -f 1; exec head -c 100000 /dev/zero >big")
    result = record(tmp_path / "r.perfwatt", "-n", 1, "--warmup", 0, command=command, cwd=tmp_path)
    assert limits == resource.getrlimit(resource.RLIMIT_FSIZE)
    assert result.returncode == 4 and "(SIGXFSZ)" in result.stderr


# reasons

def test_a_delay_past_the_end_says_so(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 1, "--warmup", 0, "-e", "page-faults,task-clock", "--delay", "60000").returncode == 0
    rows = export(out, tmp_path / "csv")["counters"]
    assert {row["status"] for row in rows} == {"not-counted"}
    assert {row["reason"] for row in rows} == {"the command ended before --delay was over (6e+04 ms)"}


def as_user(tmp_path, *words):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("SKIPPED LOUDLY: needs root and setpriv")
    return subprocess.run(["setpriv", *words], capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)


def test_root_without_the_capability_is_told_so(tmp_path):
    result = as_user(tmp_path, "--bounding-set", "-perfmon,-sys_admin", "--inh-caps", "-perfmon,-sys_admin", PERFWATT, "list", "events", "cycles")
    if "unknown capability" in result.stderr:
        pytest.skip("SKIPPED LOUDLY: setpriv does not know CAP_PERFMON")
    doctor = as_user(tmp_path, "--bounding-set", "-perfmon,-sys_admin", "--inh-caps", "-perfmon,-sys_admin", PERFWATT, "doctor")
    assert "everything may be counted" not in doctor.stdout


def test_a_seccomp_filter_is_not_taken_for_paranoid(tmp_path):
    python = shutil.which("python3")
    script = tmp_path / "filtered.py"
    script.write_text(FILTER)
    for error in (1, 38):
        result = subprocess.run([python, script, str(error), PERFWATT, "run", "-n", "1", "--warmup", "0", "--power", "none", "-o", tmp_path / "r.perfwatt",
                                 "--force", "-e", "page-faults", "--", "true"], capture_output=True, text=True, timeout=60, check=False)
        if result.returncode == 77:
            pytest.skip("SKIPPED LOUDLY: no seccomp filters here")
        assert "a seccomp filter refuses perf_event_open" in one_line(result, 3)
        assert "paranoid" not in result.stderr
        doctor = subprocess.run([python, script, str(error), PERFWATT, "doctor"], capture_output=True, text=True, timeout=60, check=False)
        assert "missing perf events       a seccomp filter refuses perf_event_open" in doctor.stdout


# Answers perf_event_open with an errno, then executes the rest: ERRNO PROGRAM...
FILTER = """
import ctypes, os, struct, sys
number = {"x86_64": 298, "aarch64": 241, "ppc64le": 319}.get(os.uname().machine)
libc = ctypes.CDLL(None, use_errno=True)
rows = [(0x20, 0, 0, 0), (0x15, 0, 1, number or 0), (0x06, 0, 0, 0x50000 | int(sys.argv[1])), (0x06, 0, 0, 0x7fff0000)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *row) for row in rows))
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]
program = Program(len(rows), ctypes.addressof(code))
libc.prctl(38, 1, 0, 0, 0)
if number is None or libc.prctl(22, 2, ctypes.byref(program), 0, 0) != 0:
    sys.exit(77)
os.execv(sys.argv[2], sys.argv[2:])
"""


def under_a_limit(tmp_path, blocks, *words):
    return subprocess.run(["sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh", PERFWATT, *words], capture_output=True, text=True, timeout=60,
                          cwd=tmp_path, check=False)


def test_what_perfwatt_writes_under_a_file_size_limit(tmp_path):
    assert "ulimit -f" in one_line(under_a_limit(tmp_path, 8, *QUICK, "-o", "small.perfwatt", "true"), 1)
    assert record(tmp_path / "r.perfwatt", "-n", 2).returncode == 0
    for words in (["export", "r.perfwatt", "--format", "json", "--out", "x"], ["plot", "r.perfwatt", "--out", "y"]):
        if words[0] == "plot" and not shutil.which("gnuplot"):
            continue
        assert re.search(r"ulimit -f|SIGXFSZ|File too large", one_line(under_a_limit(tmp_path, 0, *words), 1))


def test_a_quota_of_cgroup_version_1_is_seen(tmp_path):
    group = pathlib.Path(f"/sys/fs/cgroup/cpu/perfwatt-test-{os.getpid()}")
    try:
        group.mkdir()
        (group / "cpu.cfs_quota_us").write_text("3000")  # less than the share that a busy machine leaves
    except OSError:
        pytest.skip("SKIPPED LOUDLY: no cgroup of version 1 here that we may make")
    try:
        busy = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done"
        result = subprocess.run(["sh", "-c", f'echo $$ >{group}/cgroup.procs; exec "$@"', "sh", PERFWATT, *QUICK, "-o", "r.perfwatt", "sh", "-c", busy],
                                capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
        assert result.returncode == 0, result.stderr
        assert "the CPU quota of the cgroup was used up: throttled_cgroup rose by" in re.sub(r"\s+", " ", result.stdout)
        facts = {row["key"]: row["value"] for row in export(tmp_path / "r.perfwatt", tmp_path / "csv")["recording"]}
        assert facts["machine.cgroup_cpu_limit"] == "0.03 CPUs"
    finally:
        group.rmdir()
