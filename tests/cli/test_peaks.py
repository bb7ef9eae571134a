# SPDX-License-Identifier: GPL-3.0-or-later
"""What the machine can do at most, measured and kept; and regions beneath it."""
import json
import re
import shutil

import pytest

from conftest import export, one_line, one_paragraph, perfwatt, record
from test_regions import compile_program

# Work that takes a while, of known operations and bytes, and some of numbers that have no peak.
WORK = """
int main(void) {
  perfwatt_region dense = perfwatt_region_named("dense"), unknown = perfwatt_region_named("unknown");
  perfwatt_work(dense, 2e6, 1e4, "loop, fp32, 1 thread");
  volatile float sum = 0;
  for (int k = 0; k < 20; ++k) {
    perfwatt_begin(dense);
    for (int i = 0; i < 1000000; ++i) sum = sum * 0.5f + 1;
    perfwatt_end(dense);
    perfwatt_begin(unknown);
    perfwatt_end(unknown);
  }
  return 0;
}
"""


@pytest.fixture(scope="module", name="kept")
def measured_once(tmp_path_factory):
    """An environment with a cache in which the peaks of this machine are, and what was printed."""
    env = {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}
    result = perfwatt("list", "peaks", "--measure", env=env)
    assert result.returncode == 0, result.stderr
    return env, result


def test_what_is_not_measured_says_what_measures_it(tmp_path):
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    result = perfwatt("list", "peaks", env=env)
    assert result.returncode == 0 and "perfwatt list peaks --measure" in result.stdout
    empty = json.loads(perfwatt("list", "peaks", "--json", env=env).stdout)
    assert empty["peaks"] == [] and empty["machine"] and not list(tmp_path.iterdir())


def test_peaks_are_measured_once(kept):
    env, measured = kept
    assert "measuring the peaks" in measured.stderr
    again = perfwatt("list", "peaks", env=env)
    assert again.stdout == measured.stdout and again.stderr == ""
    names = set(re.findall(r"^(\S+) +\d+ +[\d.]+ ", again.stdout, re.M))
    assert {"fp64", "fp32", "L1"} <= names
    for condition in ("measured", "kernels", "cpus", "took"):
        assert re.search(rf"^{condition} +\S", again.stdout, re.M), again.stdout


def test_peaks_as_json(kept):
    known = json.loads(perfwatt("list", "peaks", "--json", env=kept[0]).stdout)
    for peak in known["peaks"]:
        assert peak["best"] == max(peak["rates"]) > 0 and peak["unit"] in ("op/s", "B/s", "Hz") and peak["how"]
        assert len(peak["rates"]) >= 5 and min(peak["rates"]) <= peak["median"] <= peak["best"]
    some = json.loads(perfwatt("list", "peaks", "fp", "--json", env=kept[0]).stdout)
    assert {peak["quantity"] for peak in some["peaks"]} == {"fp64", "fp32"}
    assert "did you mean 'fp32'" in one_line(perfwatt("list", "peaks", "fp23", env=kept[0]), 2)


def test_a_damaged_file_is_measured_again(kept, tmp_path):
    [good] = (tmp_path.__class__(kept[0]["XDG_CACHE_HOME"]) / "perfwatt" / "peaks").iterdir()
    file = tmp_path / "perfwatt" / "peaks" / good.name
    file.parent.mkdir(parents=True)
    file.write_text(good.read_text()[:-20])
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    assert "damaged" in one_line(perfwatt("list", "peaks", env=env), 2)
    result = record(tmp_path / "r.perfwatt", "-n", 1, "--warmup", 0, env=env)
    assert result.returncode == 0 and "warning" in result.stderr and "list peaks --measure" in result.stderr


def test_options_of_peaks_are_of_peaks_alone():
    for option in ("--measure", "--json"):
        assert f"{option} is of peaks" in one_line(perfwatt("list", "events", option), 2)


@pytest.fixture(scope="module", name="program")
def compiled(tmp_path_factory):
    return compile_program(tmp_path_factory.mktemp("work"), WORK)


def test_regions_lie_beneath_the_roof(kept, program, tmp_path):
    file = tmp_path / "r.perfwatt"
    result = record(file, "-n", 2, "--warmup", 0, "-e", "task-clock", command=[program], env=kept[0])
    assert result.returncode == 0 and "warning" not in result.stderr, result.stderr
    text = perfwatt("show", file, "--regions", "--sort", "roof", "--columns", "mean,flop/s,intensity,roof,bound").stdout
    row = re.search(r"^ *\S+ \S+ +\S+ \S+ +200 +([\d.e-]+) % +compute +dense$", text, re.M)
    assert row and 0 < float(row[1]) <= 100, text
    assert "of 1 thread (told by the program)" in one_paragraph(text)

    known = json.loads(perfwatt("export", file, "--format", "json", "--out", tmp_path / "json") and (tmp_path / "json/recording.json").read_text())
    peaks = {(peak["quantity"], peak["threads"]): peak["best"] for peak in known["peaks"]["measured"]}
    dense, unknown = known["region_summary"]
    assert dense["roof_flops_per_s"] == peaks["fp32", 1] and dense["roof_share"] == pytest.approx(float(row[1]) / 100, rel=0.5)
    assert dense["intensity"] == 200 and dense["bound"] == "compute" and unknown["roof_share"] is None
    of_dense = [row for row in export(file, tmp_path / "csv")["regions"] if row["region"] == "dense"]
    assert len(of_dense) == 2
    for row in of_dense:
        assert float(row["flops_per_s"]) == pytest.approx(2e6 * float(row["calls"]) / float(row["seconds"]))
        assert float(row["roof_share"]) == pytest.approx(float(row["flops_per_s"]) / peaks["fp32", 1]) and row["bound"] == "compute"
    if shutil.which("gnuplot"):
        drawn = perfwatt("plot", file, "--out", tmp_path / "plots")
        assert drawn.returncode == 0 and (tmp_path / "plots/roofline.svg").stat().st_size > 0, drawn.stderr


def test_a_recording_without_peaks_says_how_to_get_them(program, tmp_path):
    file = tmp_path / "r.perfwatt"
    assert record(file, "-n", 1, "--warmup", 0, "-e", "task-clock", command=[program], env={"XDG_CACHE_HOME": str(tmp_path)}).returncode == 0
    text = one_paragraph(perfwatt("show", file, "--regions", "--columns", "mean,intensity,roof").stdout)
    assert "perfwatt list peaks --measure there, and record again" in text and " 200 dense" in text
    assert (export(file, tmp_path / "csv")["regions"])[0]["roof_share"] == ""
