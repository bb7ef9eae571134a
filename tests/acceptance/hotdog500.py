#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hotdog500.py CSV REFERENCE_CSV: the answers of `perfwatt classify --csv` against the reference's.

Every photo of the reference must be there with the same top-1 class and the same pixels, and its probability
within 1e-4. Prints a summary; exit status 1 where anything differs, 2 where a file cannot be used.
"""
import csv
import sys

HOTDOG = "934"
TOLERANCE = 1e-4


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_file = {row["file"]: row for row in rows}
    if not rows or len(by_file) != len(rows):
        raise ValueError(f"{path}: no rows, or a photo twice")
    return by_file


def differences(got, want):
    """What differs in one photo's row."""
    if got is None:
        return ["missing"]
    if got["status"] != "ok":
        return [f"status {got['status']!r}"]
    found = []
    for column in ("top1", "top1_synset", "top1_label"):
        if got[column] != want[column]:
            found.append(f"{column} {got[column]!r}, not {want[column]!r}")
    if got["sha256_rgb224"] != want["sha256_rgb224_nearest"]:
        found.append("other pixels")
    off = abs(float(got["top1_prob"]) - float(want["top1_prob"]))
    if not off <= TOLERANCE:
        found.append(f"probability off by {off:.2g}")
    return found


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        got, want = (read(path) for path in arguments)
        wrong = {name: differences(got.get(name), row) for name, row in want.items()}
        extra = sorted(set(got) - set(want))
        rights = sum(row["top1"] == HOTDOG for row in got.values())
        offs = [abs(float(got[name]["top1_prob"]) - float(row["top1_prob"]))
                for name, row in want.items() if got.get(name, {}).get("top1_prob")]
    except (OSError, KeyError, ValueError) as error:
        print(f"hotdog500.py: {error!r}", file=sys.stderr)
        return 2
    wrong = {name: found for name, found in wrong.items() if found}
    for name, found in list(wrong.items())[:20]:
        print(f"{name}: {'; '.join(found)}")
    for name in extra[:20]:
        print(f"{name}: not in the reference")
    print(f"{len(want)} photos, {len(wrong)} differ, {len(extra)} more; {rights} hot dogs; "
          f"largest difference in probability {max(offs, default=float('nan')):.2g}")
    return 1 if wrong or extra else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
