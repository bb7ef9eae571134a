# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs on this machine itself: the foreign builds under qemu-user, and the packages."""
import os
import shutil
import subprocess

from guest import SOURCE
from machines import PRESETS
from packages import packages_for
from suite import PERFWATT, Check, expect, expect_match

RESNET50_LIMIT_S = 400


def run(*command, timeout=900, **options):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=timeout, check=False, **options)
    expect(done.returncode == 0, f"{command[0]} ended with {done.returncode}: {(done.stdout + done.stderr)[-800:]}")
    return done.stdout


def unit_tests(preset):
    def check(_):
        run(SOURCE / "scripts" / "cross-tests", preset, timeout=3000, cwd=SOURCE)
    return check


def resnet50(preset, cpu):
    """The real network on one photo, under qemu-user: the answer must be that of this machine's own build."""
    def check(work):
        model = run(PERFWATT, "model", "path", "resnet50").strip()
        run(SOURCE / "build" / "draw-photos", work / "photos")
        photo = sorted((work / "photos").glob("*.jpg"))[0]
        architecture = PRESETS[preset]
        emulator = shutil.which(f"qemu-{preset}-static")
        answer = r"^\S+\.jpg: .* ([0-9.]+)$"
        here = expect_match(answer, run(PERFWATT, "classify", "--model", model, photo))
        words = [emulator, *(["-cpu", cpu] if cpu else []), "-L", SOURCE / "build" / f"sysroot-{architecture}",
                 SOURCE / f"build-{preset}" / "perfwatt-classify", "classify", "--model", model, "--threads", "2", photo]
        there = expect_match(answer, run(*words, timeout=RESNET50_LIMIT_S, env={**os.environ, "PERFWATT_DATA": SOURCE / "data"}))
        expect(here.group(0).split()[:2] == there.group(0).split()[:2], (here.group(0), there.group(0)))
        expect(abs(float(here.group(1)) - float(there.group(1))) < 1e-4, (here.group(0), there.group(0)))
    return check


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


PPC64LE = {"unit tests": unit_tests("ppc64le"), "ResNet-50 on a photo, POWER9": resnet50("ppc64le", "power9")}
AARCH64 = {"unit tests": unit_tests("aarch64")}
PACKAGES = {"they install and run in a clean Debian": clean_machine}
