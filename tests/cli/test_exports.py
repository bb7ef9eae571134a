# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports that other tools open: Markdown, LaTeX, Prometheus, Go's benchmark format."""
import re
import shutil
import subprocess

import pytest
from conftest import export, perfwatt

HOSTILE = 'a|b <script>"x"</script> \\ 100% $y_1 {z} # `c` \u202e ~^&'


@pytest.fixture(name="recording", scope="module")
def one_recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("exports") / "r.perfwatt"
    result = perfwatt("run", "-o", path, "-n", 4, "--warmup", 0, "--power", "none", "--label", HOSTILE, "--capture", "a_b=n ([0-9]+)", "--",
                      "sh", "-c", "echo n 7")
    assert result.returncode == 0, result.stderr
    return path


def exported(recording, name):
    result = perfwatt("export", recording, "--format", name, "--out", "-")
    assert result.returncode == 0, result.stderr
    return result.stdout


def summary(recording, folder):
    return {row["quantity"]: row for row in export(recording, folder)["summary"]}


def test_markdown_has_every_row(recording, tmp_path):
    lines = exported(recording, "markdown").splitlines()
    rows = summary(recording, tmp_path)
    assert len(lines) == len(rows) + 2
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 10 for line in lines)
    assert f"{float(rows['elapsed']['mean']):.4g}" in next(line for line in lines if line.startswith("| elapsed |"))
    assert any(line.startswith(r"| capture/a\_b |") for line in lines)


def test_latex_has_every_row(recording, tmp_path):
    text = exported(recording, "latex")
    assert text.count(" \\\\") == len(summary(recording, tmp_path)) + 1
    assert r"capture/a\_b" in text
    for line in text.splitlines():
        if " & " in line:
            assert len(re.findall(r"(?<!\\)&", line.split(" % ")[0])) == 7


def test_prometheus_has_the_values(recording, tmp_path):
    text = exported(recording, "prometheus")
    samples = dict(re.findall(r'^perfwatt_quantity_mean\{quantity="([^"]+)".*\} (\S+)$', text, re.M))
    for name, row in summary(recording, tmp_path).items():
        assert (name in samples) == (row["mean"] != "")
        if name in samples:
            assert float(samples[name]) == float(row["mean"])
    assert text.endswith("\n") and "\n\n" not in text
    if not shutil.which("promtool"):
        pytest.skip("SKIPPED LOUDLY: no promtool (apt-get install prometheus): the format is not checked by Prometheus's own tool")
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=60, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_go_benchmarks_are_a_line_a_test(recording, tmp_path):
    lines = [line for line in exported(recording, "gobench").splitlines() if line.startswith("Benchmark")]
    elapsed = [float(row["elapsed_s"]) for row in export(recording, tmp_path)["executions"]]
    assert len(lines) == len(elapsed)
    for line, seconds in zip(lines, elapsed):
        name, count, *values = line.split()
        assert re.fullmatch(r"Benchmark\S+", name) and count == "1" and len(values) % 2 == 0
        assert float(values[0]) == pytest.approx(seconds * 1e9) and values[1] == "ns/op"


def test_a_foreign_file_is_left(recording, tmp_path):
    (tmp_path / "summary.md").write_text("my own notes\n")
    result = perfwatt("export", recording, "--format", "markdown", "--out", tmp_path)
    assert result.returncode == 2 and result.stderr.count("\n") == 1
    assert (tmp_path / "summary.md").read_text() == "my own notes\n"


def test_what_is_unknown_says_why(recording, tmp_path):
    text = exported(recording, "markdown")
    for row in summary(recording, tmp_path).values():
        assert row["mean"] != "" or row["status"] in text
