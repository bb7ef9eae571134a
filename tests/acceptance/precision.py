#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""precision.py CSV REFERENCE_CSV: the answers of a narrower precision against fp32's.

The top-1 class must be the reference's for 98 % of its photos, and the number of hot dogs at most 5 off.
Prints a summary; exit status 1 where that is not so, 2 where a file cannot be used.
"""
import sys

from hotdog500 import HOTDOG, read

LEAST_AGREEMENT = 0.98
MOST_OFF = 5


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        got, want = (read(path) for path in arguments)
        same = sum(got[name]["top1"] == row["top1"] for name, row in want.items())
        rights, expected = (sum(row["top1"] == HOTDOG for row in rows.values()) for rows in (got, want))
    except (OSError, KeyError, ValueError) as error:
        print(f"precision.py: {error!r}", file=sys.stderr)
        return 2
    agreement = same / len(want)
    print(f"{same} of {len(want)} photos as in fp32 ({agreement:.1%}); {rights} hot dogs, {expected} in fp32")
    return 0 if agreement >= LEAST_AGREEMENT and abs(rights - expected) <= MOST_OFF else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
