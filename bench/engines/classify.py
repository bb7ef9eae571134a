# SPDX-License-Identifier: GPL-3.0-or-later
"""500 photos through perfwatt-classify at 2 threads: how much longer than the network alone takes."""
import re
from statistics import median

from engines import BUILD, CLEAN, quiet
from report import show, verdict

PHOTOS, THREADS, GOAL = 500, 2, 1.05


def one_run(model, folder):
    """Seconds in all, seconds in the network (the sum of the latencies), and the photos."""
    said = quiet([BUILD / "perfwatt-classify", "--model", model.file, "--preprocess", model.preprocess, "--threads", THREADS, "--limit",
                  PHOTOS, "--photos", folder, "--expect", "hotdog"], CLEAN)
    number = lambda pattern: float(re.search(pattern, said, re.M).group(1))
    photos = number(r"^RIGHTS: (\d+)") + number(r"^WRONGS: (\d+)")
    return number(r"^Time Elapsed: ([0-9.]+)s"), photos / number(r"^Images/s: ([0-9.]+)"), int(photos)


def classify(model, folder, rounds, load_ms, alone_ms):
    """`load_ms`, `alone_ms`: medians of the engine at these threads; None where not measured."""
    runs = [one_run(model, folder) for _ in range(rounds)]
    elapsed, network, photos = median(run[0] for run in runs), median(run[1] for run in runs), runs[0][2]
    load = (load_ms or 0) / 1e3
    value = median((run[0] - load) / run[1] for run in runs)
    print(f"\nclassify {photos} JPEGs at {THREADS} threads, median of {rounds}: {elapsed:.2f} s in all, {load:.2f} s of it loading the model,"
          f" {network:.2f} s in the network")
    print(f"  {'(all - load) / sum of the latencies of the same run':<56}{value:>8.3f}   goal <= {GOAL:<5}  {verdict(value, GOAL)}")
    undisturbed = (elapsed - load) / (alone_ms * photos / 1e3) if alone_ms else None
    print(f"  {'(all - load) / as many medians of the network alone':<56}{show(undisturbed, '.3f'):>8}")
