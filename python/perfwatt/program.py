# SPDX-License-Identifier: Apache-2.0
"""The tables that perfwatt computes of a recording, as its program exports them."""
import csv
import os
import shutil
import subprocess
import tempfile

from perfwatt.errors import Error

TEXT = frozenset(("variant", "quantity", "unit", "status", "reason", "source", "channel", "scope", "first_source", "first_channel",
                  "second_source", "second_channel", "verdict", "rule", "finding", "title", "text", "next", "condition"))
WHOLE = frozenset(("n", "outliers", "test", "pass", "compared", "agreeing"))
TABLES = ("summary", "energy", "crosscheck", "validity", "findings")


def find_program():
    """PERFWATT, else `perfwatt` on PATH."""
    program = os.environ.get("PERFWATT") or shutil.which("perfwatt")
    if not program:
        raise Error("the program perfwatt, which computes this table, is not there", "PATH", "install it, or let PERFWATT name it")
    return program


def run(arguments):
    try:
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError as error:
        raise Error(f"cannot be run: {error.strerror}", arguments[0], "PERFWATT names the program") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Error(said[-1] if said else f"exit status {done.returncode}", arguments[0])


def value_of(column, field):
    """An empty field is unknown."""
    if column in TEXT:
        return field
    if field == "":
        return None
    return int(field) if column in WHOLE else float(field)


def computed(path, table):
    """(columns, rows)"""
    with tempfile.TemporaryDirectory(prefix="perfwatt-") as folder:
        run([find_program(), "export", os.path.abspath(path), "--format", "csv", "--tables", table, "--out", folder])
        with open(os.path.join(folder, table + ".csv"), encoding="utf-8", errors="replace", newline="") as file:
            rows = csv.reader(file)
            columns = tuple(next(rows, ()))
            return columns, [tuple(map(value_of, columns, row)) for row in rows]
