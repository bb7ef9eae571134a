# SPDX-License-Identifier: GPL-3.0-or-later
"""`perfwatt compare`: recordings before against recordings after."""
import csv
import io
import json

import pytest
from conftest import perfwatt

COLUMNS = "variant,quantity,unit,old_median,new_median,ratio,ci95_low,ci95_high,p,verdict,basis,reason".split(",")


def make(path, seconds, tests=8, *options):
    result = perfwatt("run", "-o", path, "-n", tests, "--warmup", 0, "--power", "none", "-e", "task-clock,cycles", *options, "--",
                      "sleep", seconds)
    assert result.returncode == 0, result.stderr
    return path


@pytest.fixture(name="files", scope="module")
def some_recordings(tmp_path_factory):
    """Three of a fast command, three of a slow one."""
    folder = tmp_path_factory.mktemp("compare")
    return {kind: [make(folder / f"{kind}{i}.perfwatt", seconds) for i in range(3)] for kind, seconds in (("fast", 0.02), ("slow", 0.3))}


def rows_of(*words):
    result = perfwatt("compare", *words, "--format", "csv")
    assert result.returncode == 0, result.stderr
    return {row["quantity"]: row for row in csv.DictReader(io.StringIO(result.stdout))}


def test_two_recordings_only_differ(files):
    rows = rows_of(files["fast"][0], "--with", files["slow"][0])
    assert list(rows["elapsed"]) == COLUMNS
    assert (rows["elapsed"]["verdict"], rows["elapsed"]["basis"]) == ("differs", "one-session")
    assert float(rows["elapsed"]["ci95_low"]) > 2
    text = perfwatt("compare", files["fast"][0], "--with", files["slow"][0]).stdout
    assert text.startswith("the recordings differ in: elapsed (")
    assert "  command   sleep 0.02 -> sleep 0.3" in text


def test_three_a_side_tell_of_the_code(files):
    rows = rows_of(*files["fast"], "--with", *files["slow"])
    assert (rows["elapsed"]["verdict"], rows["elapsed"]["basis"]) == ("worse", "sessions")
    rows = rows_of(*files["slow"], "--with", *files["fast"])
    assert rows["elapsed"]["verdict"] == "better"
    assert float(rows["elapsed"]["ratio"]) < 0.5


def test_what_sessions_are_apart_can_be_told(files):
    rows = rows_of(files["slow"][0], "--with", files["fast"][0], "--session-sd", "5%")
    assert (rows["elapsed"]["verdict"], rows["elapsed"]["basis"]) == ("better", "one-session")


def test_a_recording_against_itself_is_the_same(files):
    for row in rows_of(files["slow"][0], "--with", files["slow"][0]).values():
        assert row["verdict"] in ("same", "cannot-tell", "not-comparable")
        assert row["ratio"] in ("", "1")


def test_limits(files):
    slower = ["compare", files["fast"][0], "--with", files["slow"][0]]
    result = perfwatt(*slower, "--fail-if", "elapsed>2%")
    assert result.returncode == 5
    assert "over the limit elapsed>2%" in result.stderr
    assert perfwatt(*slower, "--fail-if", "elapsed<2%").returncode == 0
    same = [files["slow"][0], "--with", files["slow"][0]]
    untold = rows_of(*same)["cycles"]["verdict"] in ("cannot-tell", "not-comparable")  # there may be no PMU
    assert perfwatt("compare", *same, "--fail-if", "cycles>1%").returncode == 0
    assert perfwatt("compare", *same, "--fail-if", "cycles>1%", "--strict").returncode == (5 if untold else 0)


def test_json_and_markdown_say_the_same(files):
    words = ["compare", files["fast"][0], "--with", files["slow"][0]]
    document = json.loads(perfwatt(*words, "--format", "json").stdout)
    rows = rows_of(*words[1:])
    assert [row["quantity"] for row in document["rows"]] == list(rows)
    for row in document["rows"]:
        assert list(row) == COLUMNS
        for name in ("ratio", "p", "old_median"):
            assert (row[name] is None) == (rows[row["quantity"]][name] == "")
            if row[name] is not None:
                assert row[name] == float(rows[row["quantity"]][name])
    table = perfwatt(*words, "--format", "markdown").stdout
    assert f"| elapsed, s | {rows['elapsed']['old_median'][:4]}" in table


def test_items_that_differ_are_not_compared(tmp_path):
    one = make(tmp_path / "a.perfwatt", 0.02, 8, "--items", 1)
    two = make(tmp_path / "b.perfwatt", 0.02, 8, "--items", 2)
    rows = rows_of(one, "--with", two)
    assert rows["elapsed"]["verdict"] == "not-comparable"
    assert "1 and 2" in rows["elapsed"]["reason"]
    assert rows["items-per-second"]["verdict"] == "differs"


def test_one_test_tells_nothing(tmp_path, files):
    one = make(tmp_path / "one.perfwatt", 0.02, 1)
    row = rows_of(one, "--with", files["slow"][0])["elapsed"]
    assert (row["verdict"], row["ratio"], row["p"]) == ("cannot-tell", "", "")
    assert "two or more" in row["reason"]


@pytest.mark.parametrize("words, said", [
    (["--rows", "elapsd"], "no recording has a quantity 'elapsd'"),
    (["--fail-if", "elapsed"], "'elapsed' is no limit"),
    (["--fail-if", "elapsed>x%"], "'x%' is no share"),
    (["--fail-if", "elapsd>1%"], "no recording has a quantity 'elapsd'"),
    (["--same-within", "200%"], "'200%' is no share"),
    (["--session-sd", "-1%"], "'-1%' is no share"),
    (["--better", "elapsed=faster"], "says no direction"),
    (["--format", "cvs"], "csv"),
])
def test_what_was_mistyped(files, words, said):
    result = perfwatt("compare", files["fast"][0], "--with", files["slow"][0], *words)
    assert result.returncode == 2
    assert said in result.stderr and result.stderr.count("\n") == 1


def test_without_a_side(files, tmp_path):
    assert perfwatt("compare", files["fast"][0]).returncode == 2
    assert perfwatt("compare", "--with", files["fast"][0]).returncode == 2
    empty = tmp_path / "empty.perfwatt"
    empty.write_bytes(b"")
    result = perfwatt("compare", files["fast"][0], "--with", empty)
    assert result.returncode == 2 and str(empty) in result.stderr and result.stderr.count("\n") == 1


def test_the_clock_or_the_code(files):
    text = perfwatt("compare", files["fast"][0], "--with", files["slow"][0]).stdout
    assert "the clock or the code" in text
    document = json.loads(perfwatt("compare", files["fast"][0], "--with", files["slow"][0], "--format", "json").stdout)
    clock = document["clock_or_code"]
    if clock["reason"]:  # there may be no PMU
        assert "cycles" in clock["reason"] and clock["parts"] == []
        assert "not known" in text and clock["reason"] in " ".join(text.split())
    else:
        assert [part["name"] for part in clock["parts"]] == ["elapsed", "cycles", "frequency", "CPUs used"]
        assert clock["parts"][0]["ratio"] > 2


def test_equal_things(files, tmp_path):
    long = make(tmp_path / "long.perfwatt", 0.001, 24)
    document = json.loads(perfwatt("compare", "--aa", long, "--format", "json").stdout)
    blocks = document["comparisons"][0]
    assert (blocks["of"], blocks["a_side"], blocks["made"], blocks["independent"]) == ("blocks", 11, 3, 1)
    assert all(row["claimed"] <= row["compared"] <= 3 for row in blocks["rows"])
    text = perfwatt("compare", "--aa", *files["slow"]).stdout
    assert text.startswith("one recording against another: ") and "of 3 claim a difference" in text
    assert "--session-sd" in text
    document = json.loads(perfwatt("compare", "--aa", *files["slow"], "--format", "json").stdout)
    assert {row["quantity"] for row in document["session_sd"]} >= {"elapsed", "task-clock"}


@pytest.mark.parametrize("words, said", [
    (["FAST", "--aa", "FAST"], "one side"),
    (["--aa", "FAST", "--figures", "f"], "no figures"),
    (["--aa", "FAST", "--format", "csv"], "text or json"),
    (["--aa", "FAST", "SLOW"], "not one and the same"),
    (["--aa", "nowhere.perfwatt"], "nowhere.perfwatt"),
    (["--aa", "ONE"], "cannot be cut into blocks"),
    ([], "both sides"),
])
def test_equal_things_that_cannot_be_compared(files, tmp_path, words, said):
    one = make(tmp_path / "one.perfwatt", 0.001, 1)
    words = [{"FAST": files["fast"][0], "SLOW": files["slow"][0], "ONE": one}.get(word, word) for word in words]
    result = perfwatt("compare", *words)
    assert result.returncode == 2
    assert said in result.stderr and result.stderr.count("\n") == 1
