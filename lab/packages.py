# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt's own packages, built for a machine."""
import pathlib
import subprocess

from debian import LabError

SOURCE = pathlib.Path(__file__).resolve().parent.parent


def packages_for(architecture):
    """The .deb files of scripts/deb, built where the sources have changed."""
    done = subprocess.run([SOURCE / "scripts" / "deb", architecture], capture_output=True, text=True, timeout=3600, check=False)
    if done.returncode:
        raise LabError(f"scripts/deb {architecture} failed:\n{done.stderr.strip()}")
    return [SOURCE / line for line in done.stdout.split() if line.endswith(".deb")]
