# SPDX-License-Identifier: Apache-2.0
"""Reads recordings of perfwatt.

    import perfwatt
    recording = perfwatt.open("r.perfwatt")
    for row in recording.executions:
        print(row["test"], row["elapsed_s"])

docs/python.md says more."""
from perfwatt.errors import Error
from perfwatt.recording import Recording, open  # pylint: disable=redefined-builtin

__all__ = ["Error", "Recording", "open"]
__version__ = "0.1.0"
