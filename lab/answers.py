#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lab/answers.py MACHINE: asks the machine's kernel which events it counts together (lab/subsets.c) and writes its answers to
src/counters/rules/testdata, which the rules of src/counters/rules/power_rules must agree with. lab/check asks the same again."""
import argparse
import itertools
import pathlib
import random
import subprocess
import sys
import tempfile

from debian import LabError
from guest import LAB, SOURCE, Guest
from machines import MACHINES

CPUS = {"pseries8": "power8", "powernv9": "power9", "pseries10": "power10"}
STORED = SOURCE / "src" / "counters" / "rules" / "testdata"
# The study's eight by perf's numbers: cycles, instructions, cache-references, cache-misses, branches, branch-misses and the
# two stalls, which POWER10's kernel does not map.
EIGHT = {"power8": "g0 g1 g2 g3 g4 g5 g7 g8", "power9": "g0 g1 g2 g3 g4 g5 g7 g8", "power10": "g0 g1 g2 g3 g4 g5 100f8 30008"}
RAW_CODES = 60
RAW_SETS = 300
GROWN_SETS = 150
# Two codes each: of the first, every bit is turned in its turn. Plain, marked, threshold, L1 qualifier, L2 and L3 units in both
# orders, beside a fixed counter, fabric responses.
FIELDS = ("100fe,20010 101e0,20134 6111200101e0,611120020134 51c050,52c050 16080,46080 46080,16080 17080,47080 47080,17080 "
          "6111200101e0,600f4 30056,4f052")
FILES = ("eight", "raw", "all", "fields")


def build(folder):
    subprocess.run(["powerpc64le-linux-gnu-gcc", "-O2", "-Wall", "-static", "-o", folder / "subsets", LAB / "subsets.c"],
                   check=True, timeout=60)


def codes_of(cpu):
    """The raw codes of a CPU's events, in the order of their names, each once."""
    lines = (SOURCE / "data" / "events" / cpu / "events.txt").read_text().splitlines()
    return list(dict.fromkeys(line.split()[1].removeprefix("0x") for line in lines if not line.startswith("#")))


def portable_codes(cpu):
    lines = (SOURCE / "data" / "events" / cpu / "portable.txt").read_text().splitlines()
    return [line.split()[2].removeprefix("0x") for line in lines if not line.startswith("#")]


def raw_codes(cpu):
    """About RAW_CODES of them: those behind perf's names, PMC5 and PMC6, and every n-th of the rest."""
    first = list(dict.fromkeys([*portable_codes(cpu), "500fa", "600f4", "100f8"]))
    rest = [code for code in codes_of(cpu) if code not in first]
    return first + rest[::len(rest) // (RAW_CODES - len(first)) + 1]


def raw_questions(cpu):
    codes, pseudo = raw_codes(cpu), random.Random(20261123)
    sets = [pseudo.sample(codes, pseudo.randint(2, 6)) for _ in range(RAW_SETS)]
    return [",".join(chosen) for chosen in (*((code,) for code in codes), *itertools.combinations(codes, 2), *sets)]


def field_questions():
    for pair in FIELDS.split():
        first, second = pair.split(",")
        for turned in (int(first, 16), *(int(first, 16) ^ 1 << bit for bit in range(60))):
            yield f"{turned:x}"
            yield f"{turned:x},{second}"


def stored(cpu, name):
    """What the kernel answered: lines of `SET verdict`, without the head."""
    lines = (STORED / f"{cpu}-{name}.txt").read_text().splitlines()
    return [line for line in lines if not line.startswith("#")]


def put(work, cpu):
    """The program, and a script `ask` that asks a kernel again what is stored."""
    build(work)
    for name in FILES[1:]:
        (work / f"{name}.sets").write_text("\n".join(line.split()[0] for line in stored(cpu, name)))
    (work / "ask").write_text("".join([f"./subsets every {EIGHT[cpu]} >eight.answers\n",
                                       *(f"./subsets ask $(cat {name}.sets) >{name}.answers\n" for name in FILES[1:])]))


def changed(guest, cpu):
    """What the guest's kernel answers differently from what is stored."""
    found = []
    for name in FILES:
        now, before = guest.text(f"{name}.answers").splitlines(), stored(cpu, name)
        found += [f"{name}: {line} (stored: {old})" for line, old in itertools.zip_longest(now, before) if line != old]
    return found


def head(name, cpu, machine, kernel):
    qemu = subprocess.run(["qemu-system-ppc64", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    return (f"# {cpu}: Linux {kernel}, {qemu}, machine {machine}; again: lab/answers.py {machine}\n"
            + {"eight": f"# MASK verdict; bit 0 up: {EIGHT[cpu]} (gN: perf's generic event N)\n",
               "raw": "# SET verdict: about sixty raw codes alone, in pairs and in pseudo-random sets\n",
               "all": "# SET verdict: every event's raw code alone, then sets that grow by one code a line\n",
               "fields": "# SET verdict: codes with one bit turned, alone and beside another\n"}[name])


def write_answers(machine):
    cpu = CPUS[machine]
    with tempfile.TemporaryDirectory(prefix="perfwatt-lab.") as folder:
        work = pathlib.Path(folder)
        work.chmod(0o755)
        build(work)
        (work / "raw").write_text("\n".join(raw_questions(cpu)))
        (work / "codes").write_text("\n".join(codes_of(cpu)))
        (work / "fields").write_text("\n".join(dict.fromkeys(field_questions())))
        guest = Guest(machine, work)
        status = guest.run(f"uname -r >kernel\n./subsets every {EIGHT[cpu]} >eight.txt && ./subsets ask $(cat raw) >raw.txt && "
                           f"./subsets ask $(cat codes) >all.txt && ./subsets grown {GROWN_SETS} $(cat codes) >>all.txt && "
                           "./subsets ask $(cat fields) >fields.txt\n")
        if status:
            raise LabError(guest.text(".lab/stderr"))
        STORED.mkdir(exist_ok=True)
        for name in FILES:
            text = head(name, cpu, machine, guest.text("kernel").strip()) + guest.text(f"{name}.txt")
            (STORED / f"{cpu}-{name}.txt").write_text(text)
            print(f"{STORED.relative_to(SOURCE)}/{cpu}-{name}.txt: {text.count(' accepted')} accepted, "
                  f"{text.count(' refused')} refused")


def main():
    parser = argparse.ArgumentParser(prog="lab/answers.py", description=__doc__)
    parser.add_argument("machine", choices=CPUS)
    assert set(CPUS) <= set(MACHINES)
    write_answers(parser.parse_args().machine)


if __name__ == "__main__":
    try:
        main()
    except LabError as error:
        sys.exit(f"lab/answers.py: {error}")
