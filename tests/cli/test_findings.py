# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings of real recordings: show, show --findings, exports, and their page."""
import json
import os
import re
import shutil
import subprocess

import pytest

from conftest import PERFWATT, SOURCE, export, one_line, perfwatt, record

RULES = [rule for path in sorted((SOURCE / "data/findings").glob("*.json")) for rule in json.loads(path.read_text())["rules"]]
GROUPS = {"findings that apply": "applies", "cannot tell": "cannot-tell", "do not apply": "does-not-apply"}


def record_with(folder, threads):
    out = folder / "r.perfwatt"
    result = record(out, "-n", 2, "--warmup", 0, env={"OMP_NUM_THREADS": threads})
    assert result.returncode == 0, result.stderr
    return out, result.stdout


@pytest.fixture(name="many", scope="module")
def many_threads(tmp_path_factory):
    """A recording of a command that is asked for more threads than any machine has cores; what run printed."""
    return record_with(tmp_path_factory.mktemp("findings"), "65000")


def shown_rules(recording):
    """{rule: its status} as `show --findings` groups them."""
    result = perfwatt("show", recording, "--findings")
    assert result.returncode == 0, result.stderr
    rules, status = {}, ""
    for line in result.stdout.splitlines():
        if found := re.fullmatch(r"(.*): \d+ of \d+ rules", line):
            status = GROUPS[found[1]]
        elif found := re.fullmatch(r"  \S.* \(([a-z][a-z0-9-]+)\)", line):
            rules[found[1]] = status
    return rules


def test_what_applies_is_shown_with_its_figures(many):
    recording, printed = many
    for text in (printed, perfwatt("show", recording).stdout):
        findings = text.split("\nfindings\n")[1]
        assert "  more threads than cores\n  seen      OMP_NUM_THREADS asks for 65,000 threads; the command may run on " in findings
        assert re.search(r"^  next      OMP_NUM_THREADS=\d+ perfwatt run -- COMMAND$", findings, re.M)
        assert findings.count("  seen ") <= 5


def test_the_page_has_every_rule_as_the_exports_have_it(many, tmp_path):
    recording, _ = many
    shown = shown_rules(recording)
    assert sorted(shown) == sorted(rule["key"] for rule in RULES)
    rows = export(recording, tmp_path)["findings"]
    assert {row["rule"]: row["status"] for row in rows} == shown
    document = json.loads(perfwatt("export", recording, "--format", "json", "--out", "-").stdout)
    assert document["findings"] == rows
    assert {row["source"] for row in rows} == {rule["source"] for rule in RULES}


def test_an_ordinary_run_has_no_finding_of_threads(tmp_path):
    recording, printed = record_with(tmp_path, "1")
    shown = shown_rules(recording)
    assert shown["threads-on-cores"] == "does-not-apply"
    assert shown["busy-threads"] == "does-not-apply"
    assert "more threads than" not in printed


def test_what_is_unknown_is_called_so(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"}
    out = tmp_path / "r.perfwatt"
    subprocess.run([PERFWATT, "run", "-o", out, "--power", "none", "-n", "1", "--warmup", "0", "--", "true"], env=environment, check=True,
                   capture_output=True, timeout=120)
    text = perfwatt("show", out, "--findings").stdout
    assert "  why       OMP_NUM_THREADS was not set\n" in text
    assert shown_rules(out)["threads-on-cores"] == "cannot-tell"


def test_findings_stand_in_the_place_of_metrics(many):
    one_line(perfwatt("show", many[0], "--findings", "-M", "ipc"), 2)


def test_the_document_is_what_the_data_say(tmp_path):
    shutil.copytree(SOURCE / "docs", tmp_path / "docs")
    shutil.copytree(SOURCE / "data/findings", tmp_path / "data/findings")
    subprocess.run([SOURCE / "scripts/findings-page", tmp_path], check=True, timeout=60)
    assert (tmp_path / "docs/findings.md").read_text() == (SOURCE / "docs/findings.md").read_text(), "run scripts/findings-page"
