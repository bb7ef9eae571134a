# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of perfwatt on a POWER10 under a hypervisor (lab/jobs/pseries10)."""
import re
import subprocess

import answers
from grouping import same_answers, same_plan
from guest import LAB
from suite import expect, expect_match, export, run_job, within

LOOP = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done\n"
# A second of which half a core is consumed, of one and a half.
LPAR = """n=$(($(cat /proc/powerpc/count 2>/dev/null || echo 0) + 1))
echo $n >/proc/powerpc/count
cat >/proc/powerpc/lparcfg <<END
lparcfg 1.9
partition_id=7
partition_entitled_capacity=150
shared_processor_mode=1
capped=0
purr=$((n * 256000000))
tbr=$((n * 512000000))
END
"""


def prepare(work):
    (work / "loop").write_text(LOOP)
    (work / "lpar").write_text(LPAR)
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
    for line in (r"no hypervisor counters: hv_gpci and hv_24x7 are PowerVM's",
                 r"cores consumed \(PURR\), steal .*; no entitlement and dispatches: .*CONFIG_LPARCFG", r"a guest has no power sensor"):
        expect_match(rf"^missing +partition +{line}", text)


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


def given(guest, name):
    """The facts, the executions and the summary's rows of what the hypervisor gave."""
    data = export(guest.work / f"{name}.perfwatt", guest.work / f"{name}-csv")
    return ({row["key"]: row["value"] for row in data["recording"]}, data["executions"],
            {row["quantity"]: row for row in data["summary"]})


def cores_of_the_registers(guest):
    facts, executions, _ = given(guest, "raw")
    expect(facts["machine.purr"] == "of each CPU" and facts["machine.lparcfg"].startswith("absent: "), facts)
    expect(facts["machine.timebase_hz"] == "512000000" and "machine.compatibility_mode" not in facts, facts)
    for row in executions:  # QEMU counts the PURR of its one CPU with the timebase
        expect(within(float(row["cores_consumed"]), 1, 0.02), row)
        expect(within(float(row["effective_mhz"]), float(facts["machine.clock_mhz"]), 0.02), row)
        expect(row["steal_s"] == "0" and row["entitlement_share"] == "", row)


def root_alone_reads_registers(guest):
    expect(guest.text("user.status").strip() == "0", guest.text("user.txt"))
    facts, executions, rows = given(guest, "user")
    expect(facts["machine.purr"].startswith("not permitted: "), facts)
    expect(executions[0]["cores_consumed"] == "" and executions[0]["steal_s"] == "0", executions)
    expect(rows["cores-consumed"]["status"] == "no-data" and "purr: not permitted" in rows["cores-consumed"]["reason"], rows)
    expect_match("purr: not permitted", " ".join(guest.text("user.txt").split()))


def entitlement(guest):
    expect(guest.text("lpar.status").strip() == "0", guest.text("lpar.txt") + guest.text("powerpc.txt"))
    facts, executions, _ = given(guest, "lpar")
    expect(facts["machine.partition"] == "shared processors, entitled to 1.50, uncapped", facts)
    for row in executions:
        expect(float(row["cores_consumed"]) == 0.5 and within(float(row["entitlement_share"]), 100 / 3, 1e-9), row)
    expect_match(r"cores consumed +0.5 cores", guest.text("lpar.txt"))


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
    "cores consumed, of the PURR": cores_of_the_registers,
    "PURR not permitted but to root": root_alone_reads_registers,
    "a share of the entitlement, of lparcfg": entitlement,
}
