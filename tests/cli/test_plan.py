# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt plan, for this machine and for one that is not here."""
import re

from conftest import one_line, perfwatt

SIX = "cycles,instructions,cache-references,cache-misses,branches,branch-misses"


def plan(cpu, events=None):
    result = perfwatt("plan", "--cpu", cpu, *(["-e", events] if events else []))
    assert result.returncode == 0, result.stderr
    return result.stdout


def passes(text):
    return [set(re.findall(r"^  (\S+)", part, re.M)) for part in re.split(r"^pass ", text, flags=re.M)[1:]]


def test_the_studys_events_on_each_cpu():
    assert len(passes(plan("power8"))) == 3
    text = plan("power9")
    assert len(passes(text)) == 3
    assert re.search(r"^pass 2 of 3: cache-references and stalled-cycles-frontend both need PMC1$", text, re.M)
    assert re.search(r"^  stalled-cycles-backend +uk +PM_CMPLU_STALL 0x1e054$", text, re.M)
    assert "3 passes are the fewest: 3 events need PMC1" in text
    assert len(passes(plan("power10"))) == 1


def test_power10_has_raw_codes_in_place_of_the_stalls():
    text = plan("power10")
    assert re.search(r"^stalled-cycles-backend: not-supported: .*r30008 \(PM_EXEC_STALL\)", text, re.M)
    assert len(passes(plan("power10", SIX))) == 1
    found = passes(plan("power10", SIX + ",r100f8,r30008"))
    assert len(found) == 2 and {"r100f8", "r30008"} <= found[1]


def test_power11_counts_power10s_events():
    text = plan("power11", SIX + ",r100f8,r30008")
    assert text.splitlines()[0] == "power11 counts the events of power10"
    assert text.splitlines()[1:] == plan("power10", SIX + ",r100f8,r30008").splitlines()


def test_hardware_names():
    text = plan("power9", "cycles,instructions,PM_CMPLU_STALL,PM_CMPLU_STALL_THRD:u,r400f6,task-clock")
    assert re.search(r"^  PM_CMPLU_STALL_THRD:u +u +0x1001c$", text, re.M)
    assert "PM_CMPLU_STALL and PM_CMPLU_STALL_THRD:u both need PMC1" in text
    assert all({"cycles", "instructions", "task-clock"} <= events for events in passes(text))


def test_groups_and_modifiers():
    text = plan("power9", "{cache-references,branch-misses}:u,branches,cycles:k")
    assert re.search(r"^  cycles:k +k +PM_CYC 0x1e$", text, re.M)
    together = [events for events in passes(text) if "cache-references:u" in events]
    assert len(together) == 1 and "branch-misses:u" in together[0]
    impossible = perfwatt("plan", "--cpu", "power9", "-e", "{branches,branch-misses}")
    assert impossible.returncode == 3
    assert "{branches, branch-misses} can never be counted at once: branches and branch-misses both need PMC4" in \
        impossible.stdout
    assert "is for sampling" in one_line(perfwatt("plan", "--cpu", "power9", "-e", "cycles:p"), 2)


def test_refusals():
    where = "'PM_CMPLU_STALL' is an event of power8 and power9, not of power10"
    assert where in one_line(perfwatt("plan", "--cpu", "power10", "-e", "PM_CMPLU_STALL"), 2)
    assert "'PM_CMPLU_STALL'?" in one_line(perfwatt("plan", "--cpu", "power9", "-e", "PM_CMPLU_STAL"), 2)
    assert "'power8' or 'power9' or 'power10'" in one_line(perfwatt("plan", "--cpu", "power7"), 2)
    assert "power8, power9, power10, power11" in one_line(perfwatt("plan", "--cpu", "skylake"), 2)
    nothing = perfwatt("plan", "--cpu", "power10", "-e", "stalled-cycles-frontend")
    assert nothing.returncode == 3 and "not-supported" in nothing.stdout


def test_here_the_kernel_is_asked():
    result = perfwatt("plan", "-e", "task-clock,page-faults")
    assert result.returncode == 0 and result.stdout.startswith("pass 1 of 1\n  task-clock")
