# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of perfwatt on POWER9 bare metal (lab/jobs/powernv9)."""
import statistics
import subprocess
import xml.etree.ElementTree

import answers
from grouping import same_answers, same_plan
from sensors import build_living, write_sensors
from suite import PERFWATT, draw_photo, expect, expect_match, export, note, run_job, within

# Its shares are whole watts: of others the OCC, which adds whole watts, would be wrong by 2 %. A slow machine is not done within a minute.
# It changes all the time, and two thirds of the idle window, what the sensor's lag is looked for in, are a whole period: else a fall that
# happens to follow the last test would be taken for the sensor's answer to it.
TRACE = [(t, 300 if t % 6 else 150) for t in range(0, 603, 3)]


def prepare(work):
    draw_photo(work)
    write_sensors(work / "sensors")
    build_living(work)
    answers.put(work, "power9")


START = run_job("powernv9", prepare, 1200, TRACE="trace\n" + "\n".join(f"{t} {w}" for t, w in TRACE))


def bare_metal(guest):
    expect_match(r"cpu\s*: POWER9", guest.text("cpuinfo.txt"))
    expect_match(r"platform\s*: PowerNV", guest.text("cpuinfo.txt"))
    expect_match(r"^exports$", guest.text("opal.txt"))


def installed(guest):
    expect(guest.text("dpkg.txt").count("Status: install ok installed") == 2, guest.text("dpkg.txt"))


def doctor(guest):
    text = guest.text("doctor.txt")
    for line in (r"^works +perf events", r"^works +hardware events +8 of the study's eight events, in 3 passes",
                 r"^works +power +dcmi"):
        expect_match(line, text)


def passes(guest):
    text = guest.text("plan.txt")
    expect(text.count("pass ") == 3, text)
    expect_match(r"pass 2 of 3: cache-references and stalled-cycles-frontend both need PMC1", text)
    expect_match(r"pass 3 of 3: .*branches and branch-misses both need PMC4", text)


def counted(guest):
    rows = [row for row in export(guest.work / "main.perfwatt", guest.work / "csv")["counters"]
            if row["unit"] == "" or row["event"] in ("cycles", "instructions")]
    events = {row["event"] for row in rows}
    expect(len(events & {"cycles", "instructions", "branches", "branch-misses", "cache-references", "cache-misses",
                         "stalled-cycles-frontend", "stalled-cycles-backend"}) == 8, sorted(events))
    for row in rows:
        expect(row["status"] == "ok" and row["enabled_ns"] == row["running_ns"] and int(row["running_ns"]) > 0, row)
        if row["event"] in ("cycles", "instructions"):
            expect(int(row["value"]) > 1_000_000 and row["pass"] in "123", row)


def instructions(guest, name):
    """Of each execution of NAME.perfwatt, and the scopes that were counted."""
    rows = [row for row in export(guest.work / f"{name}.perfwatt", guest.work / name)["counters"] if row["event"] == "instructions"]
    return [int(row["value"]) for row in rows], {row["scope"] for row in rows}


def same_work(guest):
    """A loop in a shell: the timer ticks of a slow, emulated second are a thousandth of it. QEMU counts the kernel's, too, where user
    mode alone is asked for."""
    both, user = instructions(guest, "quiet"), instructions(guest, "user")
    expect(both[1] == {"uk"} and user[1] == {"u"} and len(both[0]) == len(user[0]) == 3, (both, user))
    values = both[0] + user[0]
    expect(within(min(values), max(values), 0.01), values)


def hardware_names(guest):
    rows = export(guest.work / "main.perfwatt", guest.work / "csv")["counters"]
    names = {row["event"]: row["hardware_event"] for row in rows}
    expect(names["cache-misses"] == "PM_LD_MISS_L1_FIN 0x2c04e", names)
    expect(names["stalled-cycles-backend"] == "PM_CMPLU_STALL 0x1e054", names)


def threads_and_cpus(guest):
    data = export(guest.work / "threads.perfwatt", guest.work / "threads")
    total = sum(int(row["value"]) for row in data["counters"] if row["event"] == "instructions")
    parts = [int(row["value"]) for row in data["parts"] if row["event"] == "instructions"]
    expect(len(parts) >= 2 and sum(parts) == total, (parts, total))
    expect({row["status"] for row in data["counters"]} == {"ok"}, data["counters"])
    alone = statistics.median(instructions(guest, "quiet")[0])
    expect(within(total, 2 * alone, 0.05), (total, alone))  # two loops, and who waits for them
    wide = [row for row in export(guest.work / "wide.perfwatt", guest.work / "wide")["counters"] if row["event"] == "instructions"]
    perf = int(expect_match(r"^(\d+),[^,]*,instructions", guest.text("perfwide.csv")).group(1))
    expect(len(wide) == 1 and wide[0]["status"] == "ok" and within(int(wide[0]["value"]), perf, 0.02), (wide, perf))


def of_regions(guest, name, column):
    """{region: its values in the executions that have one, in all threads}"""
    found = {}
    for row in export(guest.work / f"{name}.perfwatt", guest.work / name)["regions"]:
        expect(row[column] or row["count_reason"], row)
        if row[column]:
            at = found.setdefault(row["region"], {})
            at[row["test"], row["pass"]] = at.get((row["test"], row["pass"]), 0) + int(row[column])
    return {region: list(values.values()) for region, values in found.items()}


def layers_repeat(guest):
    """What a layer takes is the same each time, but for the timer's ticks in it: the longer this machine takes over one, the more. A
    quiet machine's are within 1 %; what is true of any is far from a layer that was counted twice, or in another."""
    found = {region: values for region, values in of_regions(guest, "layers", "instructions").items() if region.startswith("predict/")}
    large = {region: values for region, values in found.items() if min(values) > 1_000_000}
    expect(len(found) >= 10 and len(large) >= 2 and all(len(values) == 3 for values in found.values()), {k: len(v) for k, v in found.items()})
    spread = {region: 1 - min(values) / max(values) for region, values in large.items()}
    together = [sum(values) for values in zip(*found.values())]
    note(f"powernv9: {len(large)} layers repeat within {max(spread.values()):.2%}, all together within {1 - min(together) / max(together):.2%}")
    expect(max(spread.values()) < 0.15, spread)
    expect(within(min(together), max(together), 0.08), together)


def layers_add_up(guest):
    found = of_regions(guest, "layers", "instructions")
    parts = [sum(values) for values in zip(*(values for region, values in found.items() if region.startswith("predict/")))]
    for part, whole in zip(parts, found["predict"]):
        expect(part <= whole and within(part, whole, 0.02), (parts, found["predict"]))
    metrics = export(guest.work / "layers.perfwatt", guest.work / "layers")["region-metrics"]
    expect(any(row["metric"] == "ipc" and row["region"].startswith("predict/") and float(row["mean"]) > 0 for row in metrics), metrics[:5])


def scopes_agree(guest):
    """Of what one thread does alone."""
    by_process, by_thread = (statistics.median(of_regions(guest, name, "page-faults")["load"]) for name in ("process", "thread"))
    expect(by_thread > 100 and within(by_process, by_thread, 0.02), (by_process, by_thread))


def like_perf_stat(guest):
    perf = [int(expect_match(r"^(\d+),[^,]*,instructions", guest.text(f"perf{n}.csv")).group(1)) for n in (1, 2, 3)]
    ours = instructions(guest, "quiet")[0]
    expect(within(statistics.median(perf), statistics.median(ours), 0.01), (perf, ours))


def both_ways(guest):
    rows = export(guest.work / "both.perfwatt", guest.work / "both")["power"]
    watts = expect_match(r"Instantaneous power reading: +(\d+) Watts", guest.text("ipmitool.txt")).group(1)
    sources = {row["source"] for row in rows}
    expect(len(sources) == 2, sources)
    for source in sources:
        readings = [row["watts"] for row in rows if row["source"] == source and row["status"] == "ok"]
        expect(len(readings) >= 8 and set(readings) == {watts}, (source, readings))


def ipmi_is_quick(guest):
    rows = export(guest.work / "both.perfwatt", guest.work / "both")["power"]
    slowest = max(float(row["read_s"]) for row in rows)
    expect(slowest < 1.0, f"a reading took {slowest} s: skiboot waits 2 s where HIOMAP is unanswered")


def watts_at(t):
    for (t0, w0), (t1, w1) in zip(TRACE, TRACE[1:]):
        if t0 <= t <= t1:
            return w0 + (w1 - w0) * (t - t0) / (t1 - t0)
    raise ValueError(f"the trace says nothing about {t} s")


def true_energy(begin, end, steps=20000):
    step = (end - begin) / steps
    return sum(watts_at(begin + (i + 0.5) * step) for i in range(steps)) * step


def spans(data, zero):
    """Of each execution, (test, pass), its begin and end in the trace, which began at `zero`."""
    start = float({row["key"]: row["value"] for row in data["recording"]}["start_unix_s"]) - float(zero)
    return {(row["test"], row["pass"]): (start + float(row["begin_s"]), start + float(row["end_s"])) for row in data["executions"]}


def true_energies(data, zero):
    return {key: true_energy(*span) for key, span in spans(data, zero).items()}


def energy(guest):
    expect(guest.text("main.status").strip() == "0", guest.text("main.txt")[-400:])
    data = export(guest.work / "main.perfwatt", guest.work / "csv")
    truth_of = true_energies(data, guest.text("main.zero"))
    expect(len(data["energy"]) == 9, data["energy"])
    measured = truth = 0.0
    for row in data["energy"]:
        expect(row["status"] == "measured", row)
        measured += float(row["gross_j"])
        truth += truth_of[row["test"], row["pass"]]
    expect(within(measured, truth, 0.03), f"{measured:.1f} J measured, {truth:.1f} J true")


def drawn(guest, name):
    """The names of the figures of a recording, which are well formed, and what is said of the others."""
    folder = guest.work / f"{name}-figures"
    done = subprocess.run([PERFWATT, "plot", guest.work / f"{name}.perfwatt", "--out", folder, "--format", "svg"], timeout=120,
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 0, done.stderr)
    for path in folder.glob("*.svg"):
        xml.etree.ElementTree.parse(path)
    return {path.stem for path in folder.glob("*.svg")}, done.stderr


def figures(guest):
    names, said = drawn(guest, "main")
    regions = {name for name in names if name.startswith(("regions-", "roofline"))}
    expect(len(names - regions) == 15 and {"power-consumption", "energy-per-test", "branch-misses"} <= names, (names, said))
    expect({"regions-time", "regions-instructions", "regions-page-faults"} <= regions, (names, said))
    # The energy where the sensors tell it, an event where some region has one, a roofline where the peaks are known.
    expect(all(line.split(": ")[1].startswith(("regions-", "roofline")) for line in said.splitlines()), said)
    names, said = drawn(guest, "alone")
    expect(names == {"power-consumption"}, (names, said, guest.text("alone.txt")))


def permissions(guest):
    for level in ("3", "2", "1", "-1"):
        expect_match(r"^cycles +ok \(uk\)", guest.text(f"root{level}.txt"))
        expect(guest.text(f"run{level}.status").strip() == "0", guest.text(f"run{level}.txt"))
    for event, kind in (("cycles", "hardware"), ("task-clock", "software"), ("L1-dcache-loads", "cache")):
        expect_match(rf"^{event} +not-permitted", guest.text("user3.txt"))
        expect_match(rf"^# {kind} events: perf_event_paranoid is 3", guest.text("user3.txt"))
    expect_match(r"^cycles +ok \(u ?\)", guest.text("user2.txt"))
    expect_match(r"^context-switches +not-permitted .*perf_event_paranoid is 2", guest.text("user2.txt"))
    for level in ("1", "-1"):
        expect_match(r"^cycles +ok \(uk\)", guest.text(f"user{level}.txt"))
        expect_match(r"^context-switches +ok", guest.text(f"user{level}.txt"))
    expect_match(r"^\d,1,instructions,[^,]*,u,,\d+,", guest.text("counters2.csv"))
    expect("not-permitted" in guest.text("counters3.csv") and ",ok," not in guest.text("counters3.csv"),
           guest.text("counters3.csv"))


def kernels(guest):
    expect_match(r"^Core: POWER9$", guest.text("classify.txt"))
    expect_match(r"^Network: .* blas, ", guest.text("classify.txt"))


def sensors(guest):
    expect((guest.work / "occ.seen").read_bytes() == (guest.work / "sensors" / "occ_inband_sensors").read_bytes(),
           "the OCC's block in the guest is another")
    expect(guest.text("hwmon.seen").split() == ["ibmpowernv", "262000000000"], guest.text("hwmon.seen"))
    expect_match(r"^missing +power +occ", guest.text("doctor.txt"))
    for file in ("doctor-sensors.txt", "doctor-living.txt"):
        for source in ("occ", "hwmon", "dcmi"):
            expect_match(rf"^works +power +{source}", guest.text(file))


# Of a channel: its share of the machine's power (tests/programs/power_trees.cc).
SHARES = {"PWRSYS": 1, "ibmpowernv System": 1, "system": 1, "PWRPROC": 0.4, "ibmpowernv Chip 0": 0.4, "PWRMEM": 0.15,
          "ibmpowernv Chip 0 Memory": 0.15}


def three_sources(guest):
    expect(guest.text("three.status").strip() == "0", guest.text("three.txt")[-400:])
    data = export(guest.work / "three.perfwatt", guest.work / "three")
    truth_of = true_energies(data, guest.text("three.zero"))
    rows = data["energy"]
    expect(len(rows) == 4 * 7 and {row["source"] for row in rows} == {"occ", "hwmon", "dcmi"}, rows)
    off = []
    for row in rows:
        truth = SHARES[row["channel"]] * truth_of[row["test"], row["pass"]]
        expect(row["status"] == "measured", row)
        if abs(float(row["gross_j"]) - truth) > float(row["uncertainty_j"]):
            off.append((row["source"], row["channel"], row["test"], row["gross_j"], row["uncertainty_j"], truth))
    expect(len(off) <= 0.05 * len(rows), off)


def they_agree(guest):
    rows = export(guest.work / "three.perfwatt", guest.work / "three")["crosscheck"]
    expect(len(rows) == 5 and {row["verdict"] for row in rows} == {"agree"}, rows)
    shown = " ".join(guest.text("three.show").split())
    expect(shown.count("4 of 4 executions agree within their uncertainties") == 5, shown[-1500:])


CHECKS = {
    "POWER9, PowerNV, OPAL": bare_metal,
    "its packages install": installed,
    "doctor says what is there": doctor,
    "three passes, with the reasons": passes,
    "the kernel's answers about groups as stored": same_answers("power9"),
    "plan --cpu power9 as the kernel's plan": same_plan("power9"),
    "eight events counted in three passes": counted,
    "instructions of equal tests within 1 %": same_work,
    "the hardware's names behind perf's": hardware_names,
    "per thread, and whole CPUs": threads_and_cpus,
    "instructions as perf stat's, within 1 %": like_perf_stat,
    "instructions of layers repeat": layers_repeat,
    "layers' instructions are the network's": layers_add_up,
    "both scopes count the same": scopes_agree,
    "DCMI in-band and over RMCP+, as ipmitool": both_ways,
    "an IPMI reading in less than 1 s": ipmi_is_quick,
    "energy within 3 % of the trace's": energy,
    "figures from its recording": figures,
    "classify takes OpenBLAS's POWER9 kernels": kernels,
    "perf_event_paranoid 3, 2, 1, -1": permissions,
    "OCC and hwmon files at their places": sensors,
    "OCC, hwmon, DCMI at once: the trace's energy": three_sources,
    "their cross-checks agree": they_agree,
}
