# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/check-binaries refuses what it says it refuses, and finds nothing to refuse in the programs that were built."""
import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
CHECK = ROOT / "scripts/check-binaries"
BUILD = pathlib.Path(os.environ.get("PERFWATT_BUILD_DIR", ROOT / "build"))
PROGRAM = "#include <stdio.h>\n#include <string.h>\nint main(int n, char** v) { char b[64]; strcpy(b, v[n - 1]); return puts(b); }\n"
PROGRAM += "".join(f"int f{i}(int x) {{ return x + {i}; }}\n" for i in range(200))
HARDENED = ["-fPIE", "-pie", "-Wl,-z,relro,-z,now", "-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2"]
LANDING = {"x86_64": "-fcf-protection", "aarch64": "-mbranch-protection=standard"}.get(os.uname().machine)


def check(*words):
    done = subprocess.run([CHECK, *map(str, words)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def cached(name):
    for line in (BUILD / "CMakeCache.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(name + ":"):
            return line.split("=", 1)[1]
    return ""


@pytest.fixture(name="build_program")
def fixture_build_program(tmp_path):
    compiler = shutil.which("cc")
    if not compiler:
        pytest.skip("SKIPPED LOUDLY: no C compiler")

    def build_program(*flags):
        (tmp_path / "p.c").write_text(PROGRAM)
        subprocess.run([compiler, "-O2", "-o", tmp_path / "p", tmp_path / "p.c", *flags], check=True)
        return tmp_path / "p"
    return build_program


@pytest.mark.parametrize("path", ["", "/usr/lib:", ":/usr/lib", "lib", "/usr/lib::/lib", "$ORIGIN"])
def test_a_runpath_that_is_not_absolute(build_program, path):
    status, output = check("--runpath", build_program(f"-Wl,-rpath,{path}" if path else "-Wl,-rpath,:"))
    assert status == 1 and "has a relative or empty part" in output


def test_runpaths_that_are_absolute(build_program):
    assert check("--runpath", build_program("-Wl,-rpath,/usr/lib:/opt/lib"))[0] == 0
    assert check("--runpath", build_program())[0] == 0


@pytest.mark.parametrize("flags,fault", [
    (["-no-pie"], "not position-independent"),
    (["-Wl,-z,norelro"], "no read-only relocations"),
    (["-Wl,-z,lazy"], "symbols are bound late"),
    (["-Wl,-z,execstack"], "executable stack"),
    (["-fno-stack-protector"], "no stack protector"),
    (["-U_FORTIFY_SOURCE"], "no checked functions"),
    (["no landing"], "its functions begin without protection"),
])
def test_what_is_not_hardened(build_program, flags, fault):
    protected = [LANDING] if LANDING else []
    if flags == ["no landing"]:
        if not LANDING:
            pytest.skip("SKIPPED LOUDLY: this processor has no landing pads")
        flags, protected = [], [LANDING.split("=", maxsplit=1)[0] + "=none"]
    status, output = check(build_program(*HARDENED, *protected, *flags))
    assert status == 1 and fault in output and output.count("\n") == 1


def test_what_is_hardened(build_program):
    assert check(build_program(*HARDENED, *([LANDING] if LANDING else []))) == (0, "1 programs are as they should be\n")


def test_every_program_that_was_built_looks_in_absolute_folders():
    programs = [path for path in BUILD.iterdir() if path.is_file() and path.open("rb").read(4) == b"\x7fELF"]
    assert BUILD / "perfwatt" in programs
    status, output = check("--runpath", *programs)
    assert status == 0, output


def test_the_programs_that_are_packaged_are_hardened():
    if cached("CMAKE_BUILD_TYPE") not in ("", "RelWithDebInfo", "Release") or cached("PERFWATT_SANITIZE"):
        pytest.skip("SKIPPED LOUDLY: a build for development is not hardened")
    status, output = check(*(path for path in (BUILD / "perfwatt", BUILD / "perfwatt-classify") if path.exists()))
    assert status == 0, output
