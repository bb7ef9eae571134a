# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of perfwatt on a POWER8 under a hypervisor (lab/jobs/pseries8)."""
import answers
from grouping import same_answers, same_plan
from suite import expect, expect_match, run_job


def prepare(work):
    answers.put(work, "power8")


START = run_job("pseries8", prepare)


def power8(guest):
    expect_match(r"cpu\s*: POWER8", guest.text("cpuinfo.txt"))


def three_passes(guest):
    expect(guest.text("plan.txt").count("pass ") == 3, guest.text("plan.txt"))


CHECKS = {
    "POWER8": power8,
    "three passes": three_passes,
    "the kernel's answers about groups as stored": same_answers("power8"),
    "plan --cpu power8 as the kernel's plan": same_plan("power8"),
}
