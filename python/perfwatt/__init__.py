# SPDX-License-Identifier: Apache-2.0
"""Marks the parts of a program that `perfwatt run` tells apart, and reads recordings of perfwatt.

    import perfwatt
    with perfwatt.region("predict"):
        ...
        perfwatt.items(1)

    recording = perfwatt.open("r.perfwatt")
    for row in recording.executions:
        print(row["test"], row["elapsed_s"])

docs/regions.md and docs/python.md say more."""
from perfwatt.regions import items, region

__all__ = ["Error", "Recording", "items", "open", "region"]
__version__ = "0.1.0"

_READING = {"Error": "errors", "Recording": "recording", "open": "recording"}


def __getattr__(name):
    """What reads recordings is imported where it is used: a program that only marks does without SQLite."""
    if name not in _READING:
        raise AttributeError(f"module 'perfwatt' has no attribute {name!r}")
    import importlib  # pylint: disable=import-outside-toplevel

    value = getattr(importlib.import_module("perfwatt." + _READING[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
