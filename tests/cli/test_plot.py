# SPDX-License-Identifier: GPL-3.0-or-later
"""`perfwatt plot`, and `compare --figures`: what is drawn, and what is named instead."""
import csv
import shutil
import subprocess
import xml.etree.ElementTree

import pytest
from conftest import one_line, perfwatt, record

pytestmark = pytest.mark.skipif(not shutil.which("gnuplot"), reason="SKIPPED LOUDLY: gnuplot is not installed")
METER = "exec:while :; do echo 250; sleep 0.02; echo 251; sleep 0.02; done"


def measure(path, *options, seconds=1.1):
    result = perfwatt("run", "-o", path, "-n", 3, "--warmup", 0, "--idle", 0.5, "--power", METER, "-e", "task-clock,page-faults", *options,
                      "--", "sleep", seconds)
    assert result.returncode == 0, result.stderr
    return path


@pytest.fixture(name="fast", scope="module")
def a_fast_one(tmp_path_factory):
    return measure(tmp_path_factory.mktemp("plot") / "fast.perfwatt", "--interval", 20)


@pytest.fixture(name="slow", scope="module")
def a_slow_one(tmp_path_factory):
    return measure(tmp_path_factory.mktemp("plot") / "slow.perfwatt", "--label", "<slow> & `touch pwned`", seconds=1.6)


def texts_of(picture):
    return ["".join(text.itertext()) for text in xml.etree.ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text")]


def test_of_one_recording(fast, tmp_path):
    result = perfwatt("plot", fast, "--out", tmp_path)
    assert result.returncode == 0, result.stderr
    drawn = {path.stem for path in tmp_path.glob("*.svg")}
    assert drawn == {"task-clock", "page-faults", "time-elapsed", "power-consumption", "energy-per-test", "task-clock-over-time",
                     "page-faults-over-time"}
    assert {line.rsplit("/", 1)[-1] for line in result.stdout.splitlines()} == {f"{name}.svg" for name in drawn}
    (named,) = result.stderr.splitlines()
    assert named.startswith("not drawn: ") and named.endswith("this run did not ask for it (-e)")
    with (tmp_path / "page-faults.csv").open(newline="", encoding="utf-8") as file:
        values = [f"{float(row['value']):.4g}" for row in csv.DictReader(file)]
    texts = texts_of(tmp_path / "page-faults.svg")
    assert len(values) == 3 and all(value in [text.strip() for text in texts] for value in values), (values, texts)


def test_of_several_time_against_energy(fast, slow, tmp_path):
    result = perfwatt("plot", fast, slow, "--out", tmp_path, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert [path.name for path in tmp_path.glob("*.svg")] == ["time-against-energy.svg"]
    with (tmp_path / "time-against-energy.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["mark"]: row for row in csv.DictReader(file)}
    assert [(rows[mark]["on_front"], rows[mark]["label"]) for mark in "AB"] == [("1", "fast"), ("0", "<slow> & `touch pwned` (slow)")]
    assert float(rows["A"]["joules"]) < float(rows["B"]["joules"])
    assert any("<slow>" in text for text in texts_of(tmp_path / "time-against-energy.svg"))
    assert not (tmp_path / "pwned").exists()


def test_one_without_power_is_named(fast, tmp_path):
    dark = tmp_path / "dark.perfwatt"
    assert record(dark, "-n", 2, "--warmup", 0).returncode == 0
    result = perfwatt("plot", fast, dark, "--out", tmp_path / "f")
    assert result.returncode == 0 and "not drawn: dark: not asked for (--power none)" in result.stderr
    assert "not asked for (--power none)" in one_line(perfwatt("plot", dark, dark, "--out", tmp_path / "g"), 3)
    assert not (tmp_path / "g").exists()
    assert str(tmp_path / "none") in one_line(perfwatt("plot", fast, tmp_path / "none", "--out", tmp_path / "g"), 2)


def test_one_gnuplot_draws_all(fast, tmp_path):
    """As it says itself how often it was started."""
    real = shutil.which("gnuplot")
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "gnuplot").write_text(f"#!/bin/sh\necho x >>{tmp_path}/starts\nexec {real} \"$@\"\n", encoding="utf-8")
    (folder / "gnuplot").chmod(0o755)
    result = perfwatt("plot", fast, "--out", tmp_path / "f", env={"PATH": f"{folder}:/usr/bin:/bin"})
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "starts").read_text(encoding="utf-8") == "x\n"


def test_a_script_can_be_restyled_alone(fast, tmp_path):
    assert perfwatt("plot", fast, "--out", tmp_path).returncode == 0
    (tmp_path / "energy-per-test.svg").unlink()
    subprocess.run(["gnuplot", "energy-per-test.gp"], cwd=tmp_path, check=True, timeout=60)
    assert (tmp_path / "energy-per-test.svg").exists()


def test_a_forest_of_ratios(fast, slow, tmp_path):
    result = perfwatt("compare", fast, "--with", slow, "--figures", tmp_path / "f")
    assert result.returncode == 0 and f"figure: {tmp_path}/f/comparison.svg" in result.stderr
    texts = texts_of(tmp_path / "f" / "comparison.svg")
    assert any("elapsed" in text for text in texts) and any(text.strip() == "differs" for text in texts), texts


def test_a_forest_without_a_ratio_is_named(tmp_path):
    one = tmp_path / "one.perfwatt"
    assert record(one, "-n", 1, "--warmup", 0).returncode == 0
    result = perfwatt("compare", one, "--with", one, "--figures", tmp_path / "g")
    assert result.returncode == 0 and "not drawn: comparison: no quantity has a ratio" in result.stderr
    assert not (tmp_path / "g").exists()
