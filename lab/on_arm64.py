# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of perfwatt on arm64 (lab/jobs/arm64)."""
from on_pseries10 import LOOP, installed
from suite import draw_photo, expect, expect_match, export, run_job, within


def prepare(work):
    (work / "loop").write_text(LOOP)
    draw_photo(work)


START = run_job("arm64", prepare)


def doctor(guest):
    expect(guest.text("machine.txt").strip() == "aarch64", guest.text("machine.txt"))
    expect_match(r"^missing +hardware events +\d of the study's eight events, in 1 pass; not .*branch", guest.text("doctor.txt"))
    expect_match(r"^missing +power +dcmi: ", guest.text("doctor.txt"))


def branches_absent(guest):
    for event in ("cycles", "instructions"):
        expect_match(rf"^{event} +ok \(uk\)", guest.text("events.txt"))
    for event in ("branches", "branch-misses"):
        expect_match(rf"^{event} +not-supported ", guest.text("events.txt"))


def counted(guest):
    expect(guest.text("run.status").strip() == "0", guest.text("run.txt"))
    rows = export(guest.work / "loop.perfwatt", guest.work / "csv")["counters"]
    ours = [int(row["value"]) for row in rows if row["event"] == "instructions"]
    perf = int(expect_match(r"^(\d+),[^,]*,instructions", guest.text("perf.csv")).group(1))
    expect(len(ours) == 2 and all(within(count, perf, 0.01) for count in ours), (ours, perf))


def classified(guest):
    expect(guest.text("main.status").strip() == "0", guest.text("main.txt"))
    rows = export(guest.work / "main.perfwatt", guest.work / "main")
    watts = {row["watts"] for row in rows["power"] if row["status"] == "ok"}
    expect(watts == {"262"}, watts)
    expect(rows["energy"][0]["status"] == "measured", rows["energy"])


CHECKS = {
    "its packages install": installed,
    "doctor says what is there": doctor,
    "branch events are absent": branches_absent,
    "instructions as perf stat's, within 1 %": counted,
    "classify, with DCMI over RMCP+": classified,
}
