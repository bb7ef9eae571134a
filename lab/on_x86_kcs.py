# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of perfwatt on x86_64 with in-band IPMI over KCS and no PMU (lab/jobs/x86-kcs)."""
from on_pseries10 import installed
from suite import expect, expect_match, export, run_job, within

START = run_job("x86-kcs", watts="318")


def doctor(guest):
    text = guest.text("doctor.txt")
    expect_match(r"^missing +hardware events +none of the study's eight: no PMU", text)
    expect_match(r"^works +power +dcmi: the BMC's power reading", text)


def no_pmu(guest):
    expect_match(r"^# hardware events: no PMU", guest.text("events.txt"))
    expect_match(r"^task-clock +ok", guest.text("events.txt"))


def in_band(guest):
    expect(guest.text("main.status").strip() == "0", guest.text("main.txt"))
    watts = expect_match(r"Instantaneous power reading: +(\d+) Watts", guest.text("ipmitool.txt")).group(1)
    data = export(guest.work / "main.perfwatt", guest.work / "csv")
    rows = [row for row in data["power"] if row["status"] == "ok"]
    expect(watts == "318" and len(rows) >= 40 and {row["watts"] for row in rows} == {watts}, (watts, len(rows)))
    for row in data["energy"]:
        expect(row["status"] == "measured" and within(float(row["gross_j"]), 318 * float(row["seconds"]), 0.01), row)


def forbidden(guest):
    expect(guest.text("user.status").strip() == "3", guest.text("user.txt"))
    expect_match(r"^perfwatt: .*/dev/ipmi0.*[Pp]ermission", guest.text("user.txt"))


CHECKS = {
    "its packages install": installed,
    "doctor says what is there": doctor,
    "no PMU, and why": no_pmu,
    "DCMI in-band over KCS, as ipmitool": in_band,
    "a user without permission: exit 3": forbidden,
}
