# SPDX-License-Identifier: GPL-3.0-or-later
"""summary.csv and what `perfwatt show` prints are the same numbers."""
import json
import re

import pytest
from conftest import export, perfwatt, record

PREFIXES = {"": 1, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
COLUMNS = ("variant,quantity,unit,n,mean,ci95_low,ci95_high,median,min,max,stddev,cv,outliers,status,reason").split(",")
LABELS = {"elapsed": "elapsed", "user": "user", "system": "system", "largest resident set": "max-rss", "task-clock": "task-clock",
          "page-faults": "page-faults", "mean power": "exec/watts/mean-power", "peak power": "exec/watts/peak-power",
          "energy, gross": "exec/watts/energy-gross", "energy, net of idle": "exec/watts/energy-net",
          "energy-delay product": "exec/watts/energy-delay-product"}
METER = "exec:while :; do echo 250; sleep 0.02; echo 251; sleep 0.02; done"


@pytest.fixture(name="run", scope="module")
def one_run(tmp_path_factory):
    """What show prints of a run with power, items and a capture, and its exports."""
    folder = tmp_path_factory.mktemp("summary")
    recording = folder / "r.perfwatt"
    result = perfwatt("run", "-o", recording, "-n", 3, "--warmup", 0, "--idle", 0.5, "--items", 4, "--capture", "answer=is ([0-9]+)",
                      "--power", METER, "--", "sh", "-c", "echo it is 42; sleep 1")
    assert result.returncode == 0, result.stderr
    shown = perfwatt("show", recording).stdout
    files = export(recording, folder / "csv")
    document = json.loads(perfwatt("export", recording, "--format", "json", "--out", "-").stdout)
    return shown, files["summary"], document["summary"]


def numbers_of(line):
    """The numbers of a line of show with their SI prefixes multiplied out: mean, interval in %, ..."""
    found = re.findall(r"(-?[\d,]+(?:\.\d+)?(?:e\+\d+)?)(?: ([nµmkMGT])?(?:s|B|J|W|J s)?(?=[ ±]|$))?", line)
    return [float(digits.replace(",", "")) * PREFIXES[prefix] for digits, prefix in found]


def test_the_columns_are_those_of_the_manual(run):
    assert list(run[1][0]) == COLUMNS
    assert list(run[2][0]) == COLUMNS


@pytest.mark.parametrize("label, quantity", LABELS.items())
def test_show_and_summary_csv_say_the_same(run, label, quantity):
    shown, rows, _ = run
    line = next(line for line in shown.splitlines() if line.startswith(f"  {label} "))
    row = next(row for row in rows if row["quantity"] == quantity)
    mean, low, high = (float(row[column]) for column in ("mean", "ci95_low", "ci95_high"))
    printed = numbers_of(line.removeprefix(f"  {label} "))
    assert printed[0] == pytest.approx(mean, rel=6e-4)
    in_percent = 100 / abs(mean) if mean else 1  # of a mean of 0 the interval stands in the unit
    assert printed[1] == pytest.approx(in_percent * (high - mean), rel=0.01 if printed[1] < 1e5 else 0.06, abs=0.006)
    assert high - mean == pytest.approx(mean - low)
    assert (row["n"], row["status"]) == ("3", "ok")
    item = [row for row in rows if row["quantity"] == f"{quantity}-per-item"]
    if item:
        assert printed[2] == pytest.approx(float(item[0]["mean"]), rel=6e-4)


def test_json_has_the_rows_of_the_csv_file(run):
    _, rows, objects = run
    for row, object_ in zip(rows, objects, strict=True):
        for column in COLUMNS:
            value = object_[column]
            if isinstance(value, str):
                assert row[column] == value
            else:
                assert (None if row[column] == "" else float(row[column])) == value


def test_idle_levels_and_captures(run):
    shown, rows, _ = run
    means = {row["quantity"]: row["mean"] for row in rows}
    before, after = (float(means[f"exec/watts/idle-{when}"]) for when in ("before", "after"))
    assert f"before {before:.1f} W, after {after:.1f} W" in shown
    assert float(means["capture/answer"]) == 42
    assert "42 in all tests" in shown


def test_what_was_not_measured_is_empty_and_says_why(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 1, "--warmup", 0).returncode == 0
    rows = {row["quantity"]: row for row in export(out, tmp_path / "csv")["summary"]}
    assert rows["power"]["mean"] == "" and rows["power"]["reason"] == "not asked for (--power none)"
    assert rows["elapsed"]["ci95_low"] == "" and rows["elapsed"]["n"] == "1"
