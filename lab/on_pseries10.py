# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of perfwatt on a POWER10 under a hypervisor (lab/jobs/pseries10)."""
import re
import subprocess

import answers
from grouping import same_answers, same_plan
from guest import LAB
from suite import expect, expect_match, export, run_job, within

LOOP = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done\n"


def prepare(work):
    (work / "loop").write_text(LOOP)
    answers.put(work, "power10")
    subprocess.run(["powerpc64le-linux-gnu-gcc", "-O2", "-Wall", "-mcpu=power10", "-static", "-o", work / "mma", LAB / "mma.c"],
                   check=True, timeout=60)


START = run_job("pseries10", prepare)


def under_a_hypervisor(guest):
    expect_match(r"cpu\s*: POWER10", guest.text("cpuinfo.txt"))
    expect_match(r"platform\s*: pSeries", guest.text("cpuinfo.txt"))
    expect_match(r"No such file", guest.text("opal.txt"))


def installed(guest):
    expect(guest.text("dpkg.txt").count("Status: install ok installed") == 2, guest.text("dpkg.txt"))


def doctor(guest):
    text = guest.text("doctor.txt")
    expect_match(r"^missing +hardware events +6 of the study's eight events, in 1 pass; "
                 r"not stalled-cycles-frontend, stalled-cycles-backend", text)
    expect_match(r"^missing +power +dcmi: .*no /dev/ipmi0|^missing +power +dcmi: ", text)


def stalls_not_mapped(guest):
    for event in ("stalled-cycles-frontend", "stalled-cycles-backend"):
        expect_match(rf"^{event} +not-supported .*", guest.text("events.txt"))
    expect("pass 1 of 1" in guest.text("plan.txt"), guest.text("plan.txt"))


def passes(text):
    return [set(re.findall(r"^  (\S+)", part, re.M)) for part in re.split(r"^pass ", text, flags=re.M)[1:]]


def six_and_two(guest):
    six = {"cycles", "instructions", "cache-references", "cache-misses", "branches", "branch-misses"}
    expect(passes(guest.text("six.txt")) == [six], guest.text("six.txt"))
    eight = passes(guest.text("eight.txt"))
    expect(eight == [six, {"cycles", "instructions", "r100f8", "r30008"}], guest.text("eight.txt"))


def raw_codes(guest):
    expect(guest.text("run.status").strip() == "0", guest.text("run.txt"))
    rows = export(guest.work / "raw.perfwatt", guest.work / "csv")["counters"]
    expect({row["event"] for row in rows} == {"cycles", "instructions", "r100f8", "r30008"}, rows)
    expect(all(row["status"] == "ok" for row in rows), rows)
    counts = [int(row["value"]) for row in rows if row["event"] == "instructions"]
    expect(counts and min(counts) > 1_000_000 and within(min(counts), max(counts), 0.01), counts)


def over_the_network(guest):
    expect(guest.text("oob.status").strip() == "0", guest.text("oob.txt"))
    rows = [row for row in export(guest.work / "oob.perfwatt", guest.work / "oob")["power"] if row["status"] == "ok"]
    expect(len(rows) >= 8 and {row["watts"] for row in rows} == {"262"}, rows)


def matrix_unit(guest):
    expect(guest.text("mma.status").strip() == "0" and "0 of 16 wrong" in guest.text("mma.txt"), guest.text("mma.txt"))


CHECKS = {
    "POWER10, pSeries, no OPAL": under_a_hypervisor,
    "its packages install": installed,
    "doctor says what is there": doctor,
    "the stall events are not mapped": stalls_not_mapped,
    "six in one pass, the raw stalls in a second": six_and_two,
    "the kernel's answers about groups as stored": same_answers("power10"),
    "plan --cpu power10 as the kernel's plan": same_plan("power10"),
    "raw codes count in their place": raw_codes,
    "DCMI over RMCP+": over_the_network,
    "an MMA instruction runs": matrix_unit,
}
