# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics: list, run -M, show -M."""
import platform
import re

import pytest

from conftest import export, one_line, perfwatt, record

KEYS = re.compile(r"^([a-z0-9.-]+) ", re.M)


def test_list_metrics_has_formula_and_whether_it_can_be_had():
    text = perfwatt("list", "metrics").stdout
    assert {"ipc", "cpus-used", "utilisation", "caches"} <= set(KEYS.findall(text))
    assert "task-clock / 1e9 / seconds\n" in text
    assert re.search(r"^utilisation .*\n(    .*\n){2}    ok$", text, re.M)
    assert set(KEYS.findall(perfwatt("list", "metrics", "mpki").stdout)) >= {"llc-mpki", "branch-mpki"}
    one_line(perfwatt("list", "metrics", "no-such"), 2)


def test_run_counts_what_the_metrics_need_and_shows_them(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", "2", "-M", "utilisation,page-fault-rate")
    assert result.returncode == 0, result.stderr
    assert re.search(r"\nmetrics\n  CPU utilisation +[\d.]+ +± [\d.,]+ %   % of the machine\n  page faults ", result.stdout)
    assert not re.search(r"^  branches ", result.stdout, re.M)
    assert "\x1b" not in result.stdout
    shown = perfwatt("show", out, "-M", "cpus-used")
    assert re.fullmatch(r"metrics\n  CPUs used +[\d.]+ .*\n", shown.stdout)


def test_events_of_e_stay(tmp_path):
    result = record(tmp_path / "r.perfwatt", "-n", "2", "-e", "minor-faults,task-clock", "-M", "cpus-used")
    assert re.search(r"^  minor-faults ", result.stdout, re.M)
    assert not re.search(r"^  context-switches ", result.stdout, re.M)


def test_instructions_ride_along_where_passes_must_be_joined(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", "1", "-e", "task-clock", "-M", "branch-miss-rate").returncode == 0
    events = {row["event"] for row in export(out, tmp_path / "csv")["counters"]}
    assert events == {"task-clock", "instructions", "branches", "branch-misses"}


def test_what_is_no_metric_is_refused_before_anything_runs(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert "did you mean 'utilisation'?" in one_line(record(out, "-M", "utilization"), 2)
    assert "missing" in one_line(record(out, "-M", "ipc,,ipc"), 2)
    assert not out.exists()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="another CPU has such a metric")
def test_a_metric_of_another_cpu_is_called_so(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert "'cpi-stack' is a metric of POWER9 and POWER10" in one_line(record(out, "-M", "cpi-stack"), 2)
    assert record(out, "-n", "1").returncode == 0
    assert "this is x86" in one_line(perfwatt("show", out, "-M", "cpi-stack"), 2)
