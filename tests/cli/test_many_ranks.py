# SPDX-License-Identifier: GPL-3.0-or-later
"""The ranks of a job beside each other: in compare and on the page, of a launcher that knows no network."""
import json
import sys

import pytest
from browser import NODE, why_none
from conftest import PERFWATT, export, one_line, one_paragraph, perfwatt, ranks_of
from test_report import number, report  # (its mark skips where there is no page)
from test_report import pytestmark as page_is_there

RANKS, ON_NODE, TESTS = 8, 4, 3
BUSY = 5  # the rank with more work
LAUNCHER = f"""#!{sys.executable} -I
import os, subprocess, sys
size, on_node = int(sys.argv[1]), int(sys.argv[2])
def place(rank):
    return {{"OMPI_COMM_WORLD_RANK": rank, "OMPI_COMM_WORLD_SIZE": size, "OMPI_COMM_WORLD_LOCAL_RANK": rank % on_node,
            "OMPI_COMM_WORLD_LOCAL_SIZE": min(size, on_node), "SLURMD_NODENAME": f"<n{{rank // on_node}}>"}}
ranks = [subprocess.Popen(sys.argv[3:], env={{**os.environ, **{{key: str(value) for key, value in place(rank).items()}}}}) for rank in range(size)]
sys.exit(max(rank.wait() for rank in ranks))
"""
PROGRAM = f"""#!{sys.executable} -I
import os, sys, time
rank = int(os.environ["OMPI_COMM_WORLD_RANK"])
while time.process_time() < (float(sys.argv[1]) if rank == {BUSY} else 0.1): pass
"""
METER = "exec:while :; do echo 250; sleep 0.02; echo 251; sleep 0.02; done"


def run_job(folder, name, busy, ranks=RANKS, power="none", tests=TESTS, idle=0):
    words = []
    for script, text in (("launcher", LAUNCHER), ("program", PROGRAM)):
        (folder / script).write_text(text)
        (folder / script).chmod(0o755)
        words.append(folder / script)
    result = perfwatt("run", "-o", folder / name, "-n", tests, "--warmup", 0, "--idle", idle, "--power", power, "-e", "task-clock,page-faults", "--",
                      words[0], ranks, ON_NODE, PERFWATT, "rank", "--", words[1], busy, timeout=300)
    assert result.returncode == 0, result.stderr
    return folder / name


def compared(old, new, *words):
    result = perfwatt("compare", old, "--with", new, *words, "--format", "json")
    assert result.returncode in (0, 1), result.stderr
    return json.loads(result.stdout)


@pytest.fixture(name="jobs", scope="module")
def jobs_once(tmp_path_factory):
    """An uneven one, an even one."""
    folder = tmp_path_factory.mktemp("jobs")
    return run_job(folder, "uneven.perfwatt", 0.3, power=METER, idle=3), run_job(folder, "even.perfwatt", 0.1)


def imbalances(recording, folder, value):
    """Of each test, by ranks.csv."""
    tests = {}
    for row in ranks_of(recording, folder):
        tests.setdefault(row["test"], []).append(value(row))
    return [max(values) * len(values) / sum(values) for values in tests.values()]


def cpu_time(row):
    return float(row["user_s"]) + float(row["sys_s"])


def test_compare_tells_that_ranks_became_even(jobs, tmp_path):
    told = compared(*jobs)
    rows = {row["quantity"]: row for row in told["rows"]}
    uneven, even = (imbalances(file, tmp_path / file.stem, cpu_time) for file in jobs)
    row = rows["ranks/cpu time/imbalance"]
    assert row["old_median"] == pytest.approx(sorted(uneven)[1], rel=1e-6) and row["new_median"] == pytest.approx(sorted(even)[1], rel=1e-6)
    assert row["old_median"] > 1.5 > row["new_median"]
    named = {row["quantity"]: row for row in compared(*jobs, "--rows", "ranks/cpu time/imbalance,ranks/cpu time/most", "--session-sd", "2%")["rows"]}
    assert named["ranks/cpu time/imbalance"]["verdict"] == named["ranks/cpu time/most"]["verdict"] == "better"
    assert "ranks/page-faults/imbalance" not in rows, "an effect"
    assert not [one for one in told["differences"] if one["key"] in ("ranks", "nodes")]


def test_compare_says_that_there_are_other_ranks(jobs, tmp_path):
    fewer = run_job(tmp_path, "fewer.perfwatt", 0.1, ranks=3)
    differences = {one["key"]: (one["old"], one["new"]) for one in compared(jobs[1], fewer)["differences"]}
    assert differences["ranks"] == ("8", "3") and differences["nodes"] == ("2", "1")
    text = one_paragraph(perfwatt("compare", jobs[1], "--with", fewer).stdout)
    assert "ranks 8 -> 3" in text and "nodes 2 -> 1" in text


def test_a_command_that_is_no_job_has_no_ranks_to_compare(jobs, tmp_path):
    plain = tmp_path / "plain.perfwatt"
    assert perfwatt("run", "-o", plain, "-n", 3, "--idle", 0, "--power", "none", "-e", "task-clock", "--", "true").returncode == 0
    rows = {row["quantity"]: row for row in compared(jobs[1], plain)["rows"]}
    assert rows["ranks/wall time/most"]["verdict"] == "not-comparable" and "not in the new recording" in rows["ranks/wall time/most"]["reason"]
    assert not [name for name in (row["quantity"] for row in compared(plain, plain)["rows"]) if name.startswith("ranks/")]


def test_ranks_are_shown_by_what_one_asks_for(jobs):
    def shown(*words):
        result = perfwatt("show", jobs[0], "--ranks", *words)
        assert result.returncode == 0, result.stderr
        title, _, *lines = result.stdout.splitlines()
        return title, [int(line.split()[0]) for line in lines]

    assert shown()[1] == list(range(RANKS))
    assert shown("--sort", "cpu time", "--top", "1") == (f"1 of {RANKS} ranks, means of a test", [BUSY])
    assert BUSY in shown("--sort", "apart", "--top", "3")[1]
    assert "no quantity 'cpu' of ranks" in one_line(perfwatt("show", jobs[0], "--ranks", "--sort", "cpu"), 2)
    assert "--sort requires --regions or --ranks" in one_line(perfwatt("show", jobs[0], "--sort", "apart"), 2)


@pytest.fixture(name="page", scope="module")
def page_once(jobs, tmp_path_factory):
    """(page, rank_summary and more of the JSON, ranks.csv)"""
    if not NODE or why_none():
        pytest.skip(f"SKIPPED LOUDLY: {why_none()}")
    folder = tmp_path_factory.mktemp("page")
    report(jobs[0], "-o", folder / "r.html")
    told = json.loads(perfwatt("export", jobs[0], "--format", "json", "--out", "-").stdout)
    return folder / "r.html", told, export(jobs[0], folder / "csv")["ranks"]


@page_is_there
def test_the_page_has_what_export_tells(browser, page):
    file, told, _ = page
    browser.open(file)
    shown = browser.eval("""Object.fromEntries([...document.querySelectorAll('#ranks .spreads tbody tr')].map((row) => [row.querySelector('th').textContent,
        Object.fromEntries([...row.querySelectorAll('[data-field]')].map((one) => [one.dataset.field, one.getAttribute('value')]))]))""")
    summary = {row["quantity"]: row for row in told["rank_summary"]}
    assert list(shown) == list(summary) and "cpu time" in shown
    for name, row in summary.items():
        assert {field: number(shown[name][field]) for field in ("least", "median", "most", "imbalance")} == {field: row[field] for field in ("least", "median", "most", "imbalance")}
    assert str(BUSY) in browser.eval("[...document.querySelectorAll('#ranks ul.apart li')].map((one) => one.dataset.rank)")
    (said,) = browser.texts("#ranks p.joules")
    (energy,) = told["job_energy"]
    assert energy["energy_j"] > 0 and said.startswith("All nodes: ") and ("a lower bound" in said) == energy["lower_bound"], said
    assert energy["net_j"] is not None and " Net of idle: " in said
    nodes = browser.eval("[...document.querySelectorAll('#ranks tr[data-node]')].map((row) => [row.dataset.node, ...['energy_j', 'net_j', 'net_uncertainty_j'].map((name) => row.querySelector(`[data-field=${name}]`)?.getAttribute('value') ?? null)])")
    assert [(name, *map(number, joules)) for name, *joules in nodes] == [(node["node"], node["energy_j"], node["net_j"], node["net_uncertainty_j"]) for node in told["nodes"]]
    assert [name for name, *_ in nodes] == ["<n0>", "<n1>"]  # as text, never as markup


@page_is_there
def test_the_table_of_ranks_is_sorted(browser, page):
    file, _, rows = page
    browser.open(file)
    means = [sum(cpu_time(row) for row in rows if row["rank"] == str(rank)) / TESTS for rank in range(RANKS)]
    browser.do(["click", "#ranks th button:text-is('cpu time')"])
    shown = browser.eval("[...document.querySelectorAll('#ranks tr[data-rank]')].map((row) => [+row.dataset.rank, +row.querySelector('[data-field=\"cpu time\"]').getAttribute('value')])")
    assert [rank for rank, _ in shown] == sorted(range(RANKS), key=lambda rank: -means[rank])
    assert dict(shown) == pytest.approx(dict(enumerate(means)), rel=1e-9)


@page_is_there
def test_the_heat_map_is_read_by_keys_and_in_its_table(browser, page):
    file, _, rows = page
    browser.open(file)
    browser.do(["click", "#ranks .pick button:text-is('cpu time')"])
    cells = browser.eval("""(() => { const details = document.querySelector('#ranks .heatmap details.behind'); details.open = true;
        return new Promise((done) => requestAnimationFrame(() => setTimeout(() => done([...details.querySelectorAll('tbody tr')].map((row) =>
            [...row.querySelectorAll('data')].map((one) => +one.getAttribute('value'))))))); })()""")
    tests = [sorted((int(row["rank"]), cpu_time(row)) for row in rows if row["test"] == str(test)) for test in range(1, TESTS + 1)]
    for test, values in enumerate(tests):
        middle = sum(sorted(value for _, value in values)[RANKS // 2 - 1:RANKS // 2 + 1]) / 2
        assert [row[test] for row in cells] == pytest.approx([value / middle for _, value in values], rel=1e-5)
    browser.eval("document.querySelector('#ranks .heat').focus()")
    for key in ["ArrowDown"] * BUSY + ["ArrowRight"]:
        browser.eval(f"document.querySelector('#ranks .heat').dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }}))")
    (said,) = browser.texts("#ranks .heatmap .reading")
    assert said.startswith(f"rank {BUSY} (<n1>), test 2, pass 1: cpu time ") and f"{cells[BUSY][1]:.2f} x the median" in said
