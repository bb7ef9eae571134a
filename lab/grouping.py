# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks on any POWER machine: what its kernel counts together, and what the rules of `perfwatt plan --cpu` say of it."""
import re
import subprocess

import answers
from suite import PERFWATT, expect


def same_answers(cpu):
    """The guest has done `sh ask` (answers.put)."""
    def check(guest):
        changed = answers.changed(guest, cpu)
        expect(not changed, changed[:5])
    return check


def comparable(plan):
    """The lines of a plan without what only the rules know: which number of passes is the fewest, and names that the kernel's
    sysfs does not show."""
    lines = [re.sub(r"PM_\w+ (?=0x)", "", line) for line in plan.splitlines()]
    return [line for line in lines if "are the fewest" not in line and "not-supported" not in line]


def same_plan(cpu):
    """The guest has done `perfwatt plan >plan.txt`."""
    def check(guest):
        done = subprocess.run([PERFWATT, "plan", "--cpu", cpu], capture_output=True, text=True, timeout=60, check=False)
        kernel, rules = comparable(guest.text("plan.txt")), comparable(done.stdout)
        expect(len(kernel) > 6 and kernel == rules, f"the kernel's plan: {kernel}; the rules': {rules}")
    return check
