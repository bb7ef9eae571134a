# SPDX-License-Identifier: GPL-3.0-or-later
"""`perfwatt compare --fail-if ... --confirm CMD`: measured again before it fails."""
import json
import re
import shutil

import pytest
from conftest import PERFWATT, one_line, perfwatt

SLOWER = "elapsed>20%"


def make(path, seconds, *options, command=("sh", "-c", 'sleep "$0"')):
    """All of one label: what was measured is the same thing, in another version."""
    result = perfwatt("run", "-o", path, "-n", 8, "--warmup", 0, "--power", "none", "--label", "job", "-e", "task-clock", *options, "--", *command, str(seconds))
    assert result.returncode == 0, result.stderr
    return path


@pytest.fixture(name="files", scope="module")
def some_recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("confirm")
    return {name: make(folder / f"{name}.perfwatt", seconds) for name, seconds in (("fast", 0.02), ("slow", 0.3), ("fast2", 0.02), ("slow2", 0.3))}


def confirmed(tmp_path, files, command, *options):
    """The slow one, of which the new recording is what `command` makes."""
    new = tmp_path / "it's new.perfwatt"
    shutil.copy(files["slow"], new)
    return perfwatt("compare", files["fast"], "--with", new, "--fail-if", SLOWER, "--confirm", command, *options)


def test_what_is_there_again_fails(tmp_path, files):
    result = confirmed(tmp_path, files, f"cp '{files['slow2']}' {{FILE}}; echo sa''id")
    assert result.returncode == 5, result.stderr
    assert "measuring again: cp " in result.stderr and "measured again: confirmed: elapsed: " in result.stderr
    assert "\nsaid\n" in result.stderr and "said" not in result.stdout
    first, again = result.stdout.split("measured again (--confirm)")
    for text in (first, again):
        assert re.search(r"the recordings differ in: elapsed \(\d+(\.\d+e\+\d+)? % more\)", re.sub(r"\s+", " ", text))
    assert "confirmed   elapsed: " in re.sub(r"\s{2,}", "   ", again)
    assert (tmp_path / "it's new-confirm.perfwatt").read_bytes() == files["slow2"].read_bytes()


def test_what_is_not_there_again_passes(tmp_path, files):
    (tmp_path / "it's new-confirm.perfwatt").write_text("somebody's")
    result = confirmed(tmp_path, files, f'cp "{files["fast2"]}" "$PERFWATT_CONFIRM"')
    assert result.returncode == 0, result.stderr
    assert "measured again: not confirmed: elapsed: " in result.stderr and "not confirmed" in result.stdout
    assert (tmp_path / "it's new-confirm.perfwatt").read_text() == "somebody's"
    assert (tmp_path / "it's new-confirm-2.perfwatt").exists()


@pytest.mark.parametrize("again,status", [("slow2", 5), ("fast2", 0)])
def test_json_says_both(tmp_path, files, again, status):
    result = confirmed(tmp_path, files, f"cp '{files[again]}' {{FILE}}", "--format", "json")
    document = json.loads(result.stdout)
    told = document["confirmation"]
    assert result.returncode == status and told["confirmed"] == (status == 5) and told["failure"] == ""
    (limit,) = told["limits"]
    assert (limit["limit"], limit["variant"], limit["confirmed"]) == (SLOWER, "", status == 5)
    assert limit["first"].endswith(f"over the limit {SLOWER}") and limit["again"].startswith("elapsed: ")
    alone = json.loads(perfwatt("compare", files["fast"], "--with", files[again], "--format", "json").stdout)
    assert told["comparison"] == alone
    assert document["rows"] == json.loads(perfwatt("compare", files["fast"], "--with", files["slow"], "--format", "json").stdout)["rows"]
    assert "## Measured again" in confirmed(tmp_path, files, f"cp '{files[again]}' {{FILE}}", "--format", "markdown").stdout


def test_it_records_really(tmp_path, files):
    command = f"{PERFWATT} run -o {{FILE}} -n 8 --warmup 0 --power none --label job -e task-clock -- sh -c 'sleep \"$0\"' 0.3"
    assert confirmed(tmp_path, files, command).returncode == 5


def test_it_is_not_run_without_need(tmp_path, files):
    result = perfwatt("compare", files["fast"], "--with", files["fast2"], "--fail-if", "elapsed>90%", "--confirm", f"touch '{tmp_path}/ran'")
    assert result.returncode == 0 and "measuring again" not in result.stderr
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("command,status,said", [
    ("echo no disk; exit 7", 4, "failed with exit status 7"),
    ("true", 2, "wrote no recording"),
    ("echo no recording >{FILE}", 2, "not-confirm"),
    (f"{PERFWATT} run -o {{FILE}} -n 2 --power none -- true >/dev/null", 2, "the new recording is of 'true', not of 'job'"),
    (f"{PERFWATT} run -o {{FILE}} -n 2 --power none --label job -- false >/dev/null || :", 2, "elapsed cannot be compared in the new recording"),
    (f"{PERFWATT} run -o {{FILE}} -n 2 --power none --label job -L a=1,2 -- true >/dev/null", 2, "no variant is in recordings of both sides"),
])
def test_a_confirmation_that_fails_is_no_pass(tmp_path, files, command, status, said):
    result = confirmed(tmp_path, files, command)
    assert result.returncode == status, result.stderr
    assert said.replace("not-confirm", "it's new-confirm.perfwatt") in result.stderr.splitlines()[-1]
    assert re.search(r"\n  failed +\S", result.stdout)
    document = json.loads(confirmed(tmp_path, files, command, "--format", "json").stdout)
    assert document["confirmation"]["failure"] and document["confirmation"]["confirmed"] is False and document["confirmation"]["limits"] == []


def test_each_variant_is_confirmed_by_itself(tmp_path):
    """Of three, one is slow for good, one was so once."""
    slow = ("sh", "-c", 'case $0 in a) ;; b) sleep 0.2 ;; c) test -e "$1" || sleep 0.2 ;; esac', "{side}")
    words = ("-L", "side=a,b,c")
    first = make(tmp_path / "r.perfwatt", tmp_path / "calm", *words, command=slow)
    again = make(tmp_path / "calm", tmp_path / "calm", *words, command=slow)
    compare = ("compare", first, "--reference", "side=a", "--fail-if", SLOWER, "--confirm", f"cp '{again}' {{FILE}}")
    result = perfwatt(*compare, "--format", "json")
    assert result.returncode == 0 or result.returncode == 5, result.stderr
    limits = {one["variant"]: one["confirmed"] for one in json.loads(result.stdout)["confirmation"]["limits"]}
    assert limits == {"side=b": True, "side=c": False} and result.returncode == 5
    assert "side=b: elapsed: " in perfwatt(*compare).stderr


def test_usage(files, tmp_path):
    both = (files["fast"], "--with", files["slow"])
    assert "no limit that it could confirm" in one_line(perfwatt("compare", *both, "--confirm", "true"), 2)
    one_line(perfwatt("compare", *both, "--fail-if", SLOWER, "--confirm", ""), 2)
    assert perfwatt("compare", *both, "--fail-if", "nothing>2%", "--confirm", f"touch '{tmp_path}/ran'").returncode == 2
    assert not (tmp_path / "ran").exists()
