# SPDX-License-Identifier: GPL-3.0-or-later
"""`perfwatt history`: one quantity over many recordings."""
import csv
import io
import json
import sqlite3

import pytest
from conftest import perfwatt


def make(path, seconds=0.001, *options):
    result = perfwatt("run", "-o", path, "-n", 2, "--warmup", 0, "--power", "none", "-e", "task-clock", *options, "--", "sleep", seconds)
    assert result.returncode == 0, result.stderr
    return path


def edit(path, *statements):
    database = sqlite3.connect(path)
    with database:
        for statement in statements:
            database.execute(*statement)
    database.close()


@pytest.fixture(name="nightly", scope="module")
def twenty_recordings(tmp_path_factory):
    """Of one command, a day apart; from the eleventh on it takes 5 % longer, and the kernel is another."""
    folder = tmp_path_factory.mktemp("nightly")
    first = make(folder / "night00.perfwatt")
    for night in range(20):
        path = folder / f"night{night:02}.perfwatt"
        path.write_bytes(first.read_bytes())
    for night in range(20):
        nanoseconds = int((1e9 if night < 10 else 1.05e9) * (1 + (night * 7 % 5 - 2) * 0.001))
        edit(folder / f"night{night:02}.perfwatt",
             ("UPDATE recording SET start_unix_s = ?", (1.8e9 + night * 86400,)),
             ("UPDATE executions SET end_ns = begin_ns + ?", (nanoseconds,)),
             ("UPDATE facts SET value = ? WHERE key = 'kernel'", ("old" if night < 10 else "new",)))
    return folder


def test_a_step_of_five_percent(nightly):
    text = perfwatt("history", nightly, "--rows", "elapsed").stdout
    assert "20 recordings, 2027-01-15" in text
    assert f"from {nightly}/night10.perfwatt on (2027-01-25" in text
    assert "1.05 " in text and "worse" in text
    assert "old -> new" in text
    document = json.loads(perfwatt("history", nightly, "--rows", "elapsed", "--format", "json").stdout)
    series = document["groups"][0]["series"]
    assert [one["quantity"] for one in series] == ["elapsed"]
    change, = series[0]["changes"]
    assert change["ratio"] == pytest.approx(1.05, abs=0.002) and change["p"] <= 0.01
    assert {"key": "kernel", "old": "old", "new": "new"} in change["differences"]


def test_a_file_that_is_named_twice_counts_once(nightly, tmp_path):
    (tmp_path / "link.perfwatt").symlink_to(nightly / "night03.perfwatt")
    text = perfwatt("history", nightly / "night03.perfwatt", nightly, tmp_path, "--rows", "elapsed").stdout
    assert "20 recordings, 2027-01-15" in text


def test_csv_has_a_row_a_point(nightly):
    rows = list(csv.DictReader(io.StringIO(perfwatt("history", nightly, "--format", "csv").stdout)))
    elapsed = [row for row in rows if row["quantity"] == "elapsed"]
    assert [row["change"] for row in elapsed] == ["worse" if night == 10 else "" for night in range(20)]
    assert float(elapsed[0]["mean"]) == pytest.approx(1, abs=0.01)
    assert {row["recording"] for row in rows} == {str(path) for path in nightly.iterdir()}


def test_small_changes_are_not_told(nightly):
    text = perfwatt("history", nightly, "--rows", "elapsed", "--least", "10%").stdout
    assert "no change was found" in text and "night10" not in text


def test_commands_and_labels_are_series_of_their_own(tmp_path):
    make(tmp_path / "a.perfwatt")
    make(tmp_path / "b.perfwatt", 0.002)
    make(tmp_path / "c.perfwatt", 0.002, "--label", "nightly")
    result = perfwatt("history", tmp_path)
    assert result.returncode == 0
    assert [line for line in result.stdout.splitlines() if line[:1].strip() and "change" not in line] == \
        ["sleep 0.001", "sleep 0.002", "nightly"]
    assert "fewer than 9 recordings" in result.stdout


def test_what_cannot_be_read(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for words, said in (([empty], "no recording in this folder"), ([tmp_path / "nowhere"], "nowhere"), ([], "")):
        result = perfwatt("history", *words)
        assert result.returncode == 2 and said in result.stderr and result.stderr.count("\n") == 1
    broken = empty / "broken.perfwatt"
    broken.write_bytes(b"no recording")
    result = perfwatt("history", empty)
    assert result.returncode == 2 and "none of the recordings" in result.stderr
    assert perfwatt("history", broken).returncode == 2
    make(empty / "good.perfwatt")
    result = perfwatt("history", empty)
    assert result.returncode == 0 and "left out" in result.stderr and "1 recording," in result.stdout
    for words, said in ((["--rows", "elapsd"], "'elapsd'"), (["--least", "x"], "no share"), (["--format", "xml"], "json")):
        result = perfwatt("history", empty / "good.perfwatt", *words)
        assert result.returncode == 2 and said in result.stderr
