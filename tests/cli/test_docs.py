# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages and the completions say what --help says."""
import re
import shutil
import subprocess

import pytest

from conftest import BUILD, PERFWATT, SOURCE, perfwatt

PAGES = SOURCE / "docs" / "man"
BASH, ZSH, FISH = (SOURCE / "completions" / name for name in ("perfwatt.bash", "_perfwatt", "perfwatt.fish"))
COMMANDS = re.findall(r"^  (\w+) ", perfwatt("--help").stdout.split("Examples:")[0], re.M)
MODEL_COMMANDS = ["fetch", "import", "list", "path"]
DRIVE = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _perfwatt; printf "%s\\n" "${COMPREPLY[@]}"'


def options(*command):
    """The long options of --help; of `model`, those of its commands, too."""
    if command[0] in ("classify", "model") and not (BUILD / "perfwatt-classify").exists():
        pytest.skip("SKIPPED LOUDLY: perfwatt-classify is not built")
    result = perfwatt(*command, "--help")
    assert result.returncode == 0, result.stderr
    found = set(re.findall(r"^  (?:-\w,)?(--[a-z-]+)", result.stdout, re.M))
    assert "--help" in found
    return found.union(*(options("model", name) for name in MODEL_COMMANDS)) if command == ("model",) else found


def replies(*words, before="", cwd=None):
    """What bash offers for the last of the words."""
    result = subprocess.run(["bash", "--norc", "--noprofile", "-c", before + DRIVE, "bash", BASH, PERFWATT, *words], cwd=cwd,
                            capture_output=True, text=True, timeout=60, check=True)
    assert result.stderr == ""
    return set(result.stdout.split("\n")) - {""}


def zsh_options(command):
    pattern = r"^_perfwatt_model\(\) \{$(.*?)^\}" if command == "model" else rf"^    {command}\)(.*?);;"
    block = re.search(pattern, ZSH.read_text(), re.M | re.S).group(1)
    return set(re.findall(r"--[a-z][a-z-]*", block.replace("$help[@]", "--help")))


def fish_options(command):
    rows = re.findall(r"^complete -c perfwatt -n '__perfwatt_(?:in )?(.*?)'.* -l ([a-z-]+)", FISH.read_text(), re.M)
    return {"--" + name for condition, name in rows if command in condition.split()}


def power_sources():
    return set(re.findall(r"^([\w-]+) ", perfwatt("list", "power").stdout, re.M)) | {"none"}


def export_formats():
    return set(re.findall(r"^  (\w+) ", perfwatt("export", "--help").stdout.split("Formats:")[1], re.M))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_stands_in_the_manual_page(command):
    page = (PAGES / f"perfwatt-{command}.1").read_text()
    assert "--help" in options(command)
    listed = {"--" + name for name in re.findall(r"Fl -([a-z][a-z-]+)", "\n".join(re.findall(r"^\.It .*", page, re.M)))}
    assert listed == options(command) - {"--help"}
    mentioned = set(re.findall(r"--[a-z][a-z-]*", page)) | {"--" + name for name in re.findall(r"Fl -([a-z][a-z-]+)", page)}
    assert mentioned <= options(command)


def test_manual_pages_are_whole():
    pages = {path.name for path in PAGES.glob("*.1")}
    assert pages == {"perfwatt.1"} | {f"perfwatt-{command}.1" for command in COMMANDS}
    for page in pages:
        text = (PAGES / page).read_text()
        for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "EXAMPLES", "SEE ALSO"):
            assert f".Sh {section}\n" in text, (page, section)
        assert {f"{name}.1" for name in re.findall(r"^\.Xr (perfwatt\S*) 1", text, re.M)} <= pages
    assert re.findall(r"^\.It Cm (\w+)", (PAGES / "perfwatt.1").read_text(), re.M) == COMMANDS


def test_manual_pages_are_clean():
    if not shutil.which("mandoc"):
        pytest.skip("SKIPPED LOUDLY: mandoc is not installed (scripts/setup test)")
    result = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *sorted(PAGES.glob("*.1"))], capture_output=True, text=True,
                            timeout=60, check=False)
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_completed(command):
    words = [("model", name) for name in MODEL_COMMANDS] if command == "model" else [(command,)]
    for names in words:
        assert replies(*names, "--") - {"--"} == options(*names)
    assert zsh_options(command) == options(command)
    assert fish_options(command) == options(command)


def test_every_command_is_completed():
    assert replies("") == {*COMMANDS, "--help", "--version"}
    assert re.findall(r"^    '([a-z]+):", ZSH.read_text(), re.M) == COMMANDS
    assert re.findall(r"""^complete -c perfwatt -n '__perfwatt_after ""' -a (\w+)""", FISH.read_text(), re.M) == COMMANDS


def test_values_are_completed():
    zsh, fish = ZSH.read_text(), FISH.read_text()
    assert replies("run", "--power", "") == power_sources()
    assert set(re.search(r"--power=.*_values -s , source ([\w -]+)'", zsh).group(1).split()) == power_sources()
    assert set(re.search(r"-l power -x -a '([\w -]+)'", fish).group(1).split()) == power_sources()
    assert replies("export", "--format", "") == export_formats()
    assert set(re.search(r"--format=\[of the files\]:format:\((.*)\)'", zsh).group(1).split()) == export_formats()
    assert set(re.search(r"__perfwatt_in export' -l format -x -a '([\w ]+)'", fish).group(1).split()) == export_formats()
    assert replies("plot", "--format", "svg,p") == {"svg,png", "svg,pdf"}
    assert replies("list", "") == {"events", "metrics", "power", "regions", "peaks"}
    assert replies("run", "-M", "ipc,branch-m") == {"ipc,branch-miss-rate", "ipc,branch-mpki"}
    assert replies("run", "-e", "cycles,instr") == {"cycles,instructions"}
    assert replies("plan", "--events", "=", "page") == {"page-faults"}
    assert replies("run", "-n", "") == set()


def test_files_are_completed(tmp_path):
    for name in ("r.perfwatt", "with space.perfwatt", "photo.jpg", "net.onnx", "other"):
        (tmp_path / name).write_text("")
    (tmp_path / "folder").mkdir()
    for command in ("show", "plot", "export"):
        assert replies(command, "", cwd=tmp_path) == {"folder", "r.perfwatt", "with space.perfwatt"}
    assert replies("classify", "", cwd=tmp_path) == {"folder", "photo.jpg"}
    assert replies("export", "--out", "", cwd=tmp_path) == {"folder"}
    assert replies("classify", "--model", "n", cwd=tmp_path) == {"net.onnx"}


def test_the_measured_command_is_completed(tmp_path):
    (tmp_path / "data.txt").write_text("")
    assert "sleep" in replies("run", "-n", "3", "--", "slee")
    assert replies("run", "--", "cat", "da", cwd=tmp_path) == {"data.txt"}
    assert replies("run", "--", "cat", "--", cwd=tmp_path) == set()
    helper = '_command_offset() { COMPREPLY=("at $1"); }; '
    assert replies("run", "-n", "3", "--", "ls", "--al", before=helper) == {"at 5"}


@pytest.mark.parametrize("command", ["run", "classify", "show", "export", "list", "plan", "doctor"])
def test_help_is_tidy(command):
    options(command)
    lines = perfwatt(command, "--help").stdout.splitlines()
    assert all(len(line) <= 100 for line in lines)
    rows = [line for line in lines if re.match(r"  (-\w,)?--", line)]
    assert all(re.match(r"  (-\w,)?--[a-z-]+( \S+)? {2,}\S", line) for line in rows), rows
