# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs on this machine itself: the foreign builds under qemu-user, and the packages."""
import csv
import os
import shutil
import subprocess

from executed import executed
from guest import SOURCE
from machines import PRESETS
from packages import packages_for
from suite import PERFWATT, Check, expect, expect_match, within

RESNET50_LIMIT_S = 3600
TOLERANCE = 1e-5  # of a probability
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS_", "OMP_", "GOMP_"))}


def run(*command, timeout=900, **options):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=timeout, check=False, **options)
    expect(done.returncode == 0, f"{command[0]} ended with {done.returncode}: {(done.stdout + done.stderr)[-800:]}")
    return done.stdout


def unit_tests(preset):
    def check(_):
        run(SOURCE / "scripts" / "cross-tests", preset, timeout=3000, cwd=SOURCE)
    return check


def photos(work):
    """Three: where they are there, ones of the shared set that the network is not sure of, so that every digit counts."""
    shared = SOURCE.parent / "shared" / "photos" / "hotdog500"
    if shared.is_dir():
        return [shared / f"hotdog_{number}.jpg" for number in ("0004", "0007", "0010")]
    run(SOURCE / "build" / "draw-photos", work / "photos", "--hotdogs", "2", "--others", "1")
    return sorted((work / "photos").glob("*.jpg"))


def emulator(preset, cpu):
    """QEMU's words for a program of that cross build."""
    return [shutil.which(f"qemu-{preset}-static"), "-cpu", cpu, "-L", SOURCE / "build" / f"sysroot-{PRESETS[preset]}"]


def classified(program, csv_file, *arguments, core=""):
    """The rows of --csv, and what OpenBLAS says of its kernels."""
    forced = {"OPENBLAS_CORETYPE": core} if core else {}
    environment = {**CLEAN, "PERFWATT_DATA": str(SOURCE / "data"), "OPENBLAS_VERBOSE": "2", **forced}
    words = [*program, "classify", "--no-winograd", "--csv", csv_file, *arguments]
    done = subprocess.run(words, capture_output=True, text=True, timeout=RESNET50_LIMIT_S, check=False, env=environment)
    expect(done.returncode == 0, done.stderr[-800:])
    return list(csv.DictReader(csv_file.open(newline=""))), done.stderr


def resnet50(cpu, kernels, force=False):
    """The real network on three photos under qemu-user, with those kernels of OpenBLAS: the answers of this machine's own build.
    `force`: qemu-user does not tell programs that the CPU is a POWER9, so that OpenBLAS takes the older kernels by itself."""
    def check(work):
        three = [*("--model", run(PERFWATT, "model", "path", "resnet50").strip()), *photos(work)]
        here, _ = classified([SOURCE / "build" / "perfwatt-classify"], work / "here.csv", *three)
        program = [*emulator("ppc64le", cpu), SOURCE / "build-ppc64le" / "perfwatt-classify"]
        there, said = classified(program, work / f"{cpu}.csv", "--threads", "2", *three, core=kernels if force else "")
        expect_match(rf"^Core: {kernels}$", said)
        expect(len(here) == len(there) == 3, (here, there))
        for ours, theirs in zip(here, there):
            differs = abs(float(ours.pop("top1_prob")) - float(theirs.pop("top1_prob")))
            expect(ours == theirs and differs < TOLERANCE, (ours, theirs, differs))
    return check


def matrix_unit(work):
    """The products of a small network: with OpenBLAS's POWER10 kernels on the matrix unit, with its POWER9 kernels on none of
    it, and in all the same number of multiplications."""
    words = [SOURCE / "build-ppc64le" / "perfwatt-classify", "--model", run(PERFWATT, "model", "path", "resnet14-synthetic").strip(),
             "--no-winograd", "--threads", "1", photos(work)[0]]
    environment = {**CLEAN, "PERFWATT_DATA": str(SOURCE / "data"), "OPENBLAS_VERBOSE": "2"}
    counts = {}
    for core, forced in (("POWER10", {}), ("POWER9", {"OPENBLAS_CORETYPE": "POWER9"})):
        counts[core], said = executed(emulator("ppc64le", "power10"), words, {**environment, **forced})
        expect_match(rf"^Core: {core}$", said)
    ten, nine = counts["POWER10"], counts["POWER9"]
    expect(nine["xvf32ger"] == 0 and 16 * ten["xvf32ger"] > 0.9 * (16 * ten["xvf32ger"] + 4 * ten["xvmadd sp"]), counts)
    expect(within(16 * ten["xvf32ger"], 4 * nine["xvmadd sp"], 0.2), counts)
    return (f"xvf32ger executed {ten['xvf32ger']:,} times with POWER10's kernels, {nine['xvf32ger']} with POWER9's; vector multiply-adds "
            f"{ten['xvmadd sp']:,} and {nine['xvmadd sp']:,}")


def clean_machine(_):
    if os.geteuid() != 0:
        raise Check("needs root, for a chroot")
    run(SOURCE / "tests" / "packages" / "amd64", *packages_for("amd64"), timeout=900)


def build_all(architectures):
    """The packages for these architectures, one after the other: ninja takes all CPUs."""
    for architecture in sorted(set(architectures)):
        packages_for(architecture)


def start(work):
    return work


PPC64LE = {"unit tests": unit_tests("ppc64le")}
MATRIX_UNIT = {"POWER10 kernels run on the matrix unit": matrix_unit}
RESNET50 = {
    "three photos, POWER8": resnet50("power8", "POWER8"),
    "three photos, POWER9": resnet50("power9", "POWER9", force=True),
    "three photos, POWER10": resnet50("power10", "POWER10"),
}
AARCH64 = {"unit tests": unit_tests("aarch64")}
PACKAGES = {"they install and run in a clean Debian": clean_machine}
