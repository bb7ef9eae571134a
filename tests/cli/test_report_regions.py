# SPDX-License-Identifier: GPL-3.0-or-later
"""Regions in the page of perfwatt report: what stands there is what export tells."""
import json
import re

import pytest
from conftest import export, perfwatt, record
from test_peaks import measured_once  # noqa: F401
from test_region_counts import TOUCH
from test_regions import Marked, compile_program
from test_report import card, number, report  # noqa: F401 (its mark skips where there is no page)
from test_report import pytestmark  # noqa: F401

SOURCE = """
int main(void) {
  for (int i = 0; i < 4; ++i) {
    in("predict");
    in("conv"); touch(200); usleep(30000); out("conv");
    in("<b>relu</b>"); touch(20); usleep(10000); out("<b>relu</b>");
    out("predict");
    in("load"); usleep(20000); out("load");
  }
  return 0;
}
"""
PATHS = ["predict", "predict/conv", "predict/<b>relu<\\/b>", "load"]


@pytest.fixture(name="marked", scope="module")
def marked_once(tmp_path_factory):
    """(page, region_summary of the JSON, regions of regions.csv)"""
    folder = tmp_path_factory.mktemp("regions")
    run = Marked(folder, (compile_program(folder, TOUCH + SOURCE),), "-e", "page-faults", tests=3)
    report(run.file, "-o", folder / "r.html")
    told = json.loads(perfwatt("export", run.file, "--format", "json", "--out", "-").stdout)["region_summary"]
    return folder / "r.html", {row["region"]: row for row in told}


def boxes(browser):
    """Of the picture: path, left and width in parts of the whole, level."""
    return {one[0]: one[1:] for one in browser.eval("""[...document.querySelectorAll('.icicle button')].map((one) =>
        [one.dataset.region, parseFloat(one.style.left) / 100, parseFloat(one.style.width) / 100, Math.round(parseFloat(one.style.top) / 26)])""")}


def table(browser):
    return browser.eval("""[...document.querySelectorAll('#regions tbody tr')].map((row) => [row.dataset.region,
        Object.fromEntries([...row.querySelectorAll('[data-field]')].map((one) => [one.dataset.field, one.getAttribute('value')]))])""")


def test_the_table_is_what_export_tells(browser, marked):
    page, told = marked
    browser.open(page)
    rows = table(browser)
    assert [row[0] for row in rows] == PATHS and set(told) == set(PATHS)
    for path, shown in rows:
        row = told[path]
        assert number(shown["seconds"]) == row["seconds"] and number(shown["own_s"]) == row["own_seconds"] and number(shown["calls"]) == row["calls"]
        assert number(shown["mean_s"]) == row["mean_s"] and number(shown["p99_s"]) == row["p99_s"]
        counts = {one["event"]: one["mean"] for one in row["counts"]}
        assert number(shown["page-faults"]) == counts["page-faults"]
        assert number(shown["task-clock"]) == pytest.approx(counts["task-clock"] * 1e-9, rel=1e-12)
        for metric in row["metrics"]:
            assert number(shown[metric["metric"]]) == metric["mean"], metric
    assert browser.texts("#regions tbody th") == ["predict", "conv", "<b>relu</b>", "load"]  # as text, never as markup


def test_the_picture_is_as_wide_as_the_times(browser, marked):
    page, told = marked
    browser.open(page)
    found = boxes(browser)
    whole = told["predict"]["seconds"] + told["load"]["seconds"]
    assert list(found) == PATHS
    for path, (left, width, level) in found.items():
        assert width == pytest.approx(told[path]["seconds"] / whole, rel=1e-4) and level == (0 if path in ("predict", "load") else 1), path
    assert found["predict/conv"][0] == 0 and found["load"][0] == pytest.approx(found["predict"][1], rel=1e-4)


def test_one_walks_in_by_click_and_out_by_escape(browser, marked):
    browser.open(marked[0])
    whole = boxes(browser)
    browser.do(["click", ".icicle button[data-region='predict']"])
    within = boxes(browser)
    assert "load" not in within and within["predict"][:2] == [0, 1] and within["predict/conv"][1] == pytest.approx(
        marked[1]["predict/conv"]["seconds"] / marked[1]["predict"]["seconds"], rel=1e-4)
    assert browser.eval("document.activeElement.dataset.region") == "predict"  # the keyboard stays where it was
    browser.do(["press", "Enter"])
    assert boxes(browser) == whole
    browser.do(["focus", ".icicle button[data-region='predict/conv']"], ["press", "Enter"])
    assert set(boxes(browser)) == {"predict", "predict/conv"}
    browser.do(["press", "Escape"])
    assert boxes(browser) == whole


def test_a_region_that_is_pointed_at_is_read_out(browser, marked):
    browser.open(marked[0])
    browser.do(["focus", ".icicle button[data-region='predict/conv']"])
    (said,) = browser.texts("#regions .reading")
    assert said.startswith("predict/conv: ") and "4 calls" in said and "%" in said


def test_widths_can_be_those_of_an_event(browser, marked):
    page, told = marked
    browser.open(page)
    browser.do(["click", "#regions .pick button:text('page-faults')"])
    faults = {path: next(one["mean"] for one in row["counts"] if one["event"] == "page-faults") for path, row in told.items()}
    found = boxes(browser)
    assert found["predict/conv"][1] == pytest.approx(faults["predict/conv"] / (faults["predict"] + faults["load"]), rel=1e-4)


def test_the_table_is_sorted_with_whole_paths_and_filtered(browser, marked):
    page, told = marked
    browser.open(page)
    browser.do(["click", "#regions th button:text('time')"])
    shown = [row[0] for row in table(browser)]
    assert shown == sorted(PATHS, key=lambda path: -told[path]["seconds"])
    assert browser.texts("#regions tbody th")[1] == shown[1]  # the path, not the name
    browser.do(["fill", "#regions input", "conv"])
    assert [row[0] for row in table(browser)] == ["predict/conv"]
    assert "1 of 4 rows" in browser.texts("#regions .sorted .note")[0]


def test_a_page_without_regions_has_no_section_of_them(browser, tmp_path):
    from conftest import record

    assert record(tmp_path / "r.perfwatt", "-n", 1, "--warmup", 0, command=("true",)).returncode == 0
    report(tmp_path / "r.perfwatt", "-o", tmp_path / "r.html")
    browser.open(tmp_path / "r.html")
    assert browser.eval("document.querySelector('#regions')") is None
    assert export(tmp_path / "r.perfwatt", tmp_path / "csv").get("regions") is None


# Two kinds of work, of which one reads much more than it computes.
WORKING = """
int main(void) {
  perfwatt_region dense = perfwatt_region_named("dense"), thin = perfwatt_region_named("thin"), other = perfwatt_region_named("other");
  perfwatt_work(dense, 2e6, 1e4, "loop, fp32, 1 thread");
  perfwatt_work(thin, 1e5, 1e7, "loop, fp32, 1 thread");
  volatile float sum = 0;
  for (int k = 0; k < 20; ++k) {
    perfwatt_begin(dense); for (int i = 0; i < 1000000; ++i) sum = sum * 0.5f + 1; perfwatt_end(dense);
    perfwatt_begin(thin); for (int i = 0; i < 4000000; ++i) sum = sum * 0.5f + 1; perfwatt_end(thin);
    perfwatt_begin(other); perfwatt_end(other);
  }
  return 0;
}
"""


def test_the_roofline_places_regions_where_export_has_them(browser, kept, tmp_path):
    file = tmp_path / "r.perfwatt"
    assert record(file, "-n", 2, "--warmup", 0, "-e", "task-clock", command=[compile_program(tmp_path, WORKING)], env=kept[0]).returncode == 0
    report(file, "-o", tmp_path / "r.html")
    told = {row["region"]: row for row in json.loads(perfwatt("export", file, "--format", "json", "--out", "-").stdout)["region_summary"]}
    browser.open(tmp_path / "r.html")
    marks = dict(browser.eval("""[...document.querySelectorAll('.roofline [data-region]')].map((one) => {
        const box = one.getBoundingClientRect();
        return [one.dataset.region, [one.getAttribute('class'), box.x + box.width / 2, box.y + box.height / 2, one.getAttribute('aria-label')]];
    })"""))
    assert set(marks) == {"dense", "thin"}
    for region, (kind, _, _, label) in marks.items():
        assert kind == ("bymemory" if told[region]["bound"] == "memory" else "bycompute") and " % of its roof" in label
        assert float(re.search(r"([\d.e-]+) % of its roof", label)[1]) == pytest.approx(100 * told[region]["roof_share"], abs=0.051, rel=0.05)
    assert marks["thin"][1] < marks["dense"][1] and (marks["thin"][2] > marks["dense"][2]) == (told["thin"]["flops_per_s"] < told["dense"]["flops_per_s"])
    lines = browser.texts(".roofline .roofs text")
    assert any(text.startswith("fp32 ") and text.endswith("1 thread") for text in lines) and any(text.startswith("L1 ") for text in lines)
    browser.do(["focus", ".roofline [data-region='thin']"])
    assert browser.texts(".roofline .reading")[0].startswith("thin: ")


def test_without_peaks_the_page_says_why_there_is_no_roofline(browser, tmp_path):
    file = tmp_path / "r.perfwatt"
    assert record(file, "-n", 1, "--warmup", 0, "-e", "task-clock", command=[compile_program(tmp_path, WORKING)], env={"XDG_CACHE_HOME": str(tmp_path)}).returncode == 0
    report(file, "-o", tmp_path / "r.html")
    browser.open(tmp_path / "r.html")
    assert browser.eval("document.querySelector('.roofline')") is None
    assert any("No roofline" in text and "perfwatt list peaks --measure" in text for text in browser.texts("#regions .note"))
