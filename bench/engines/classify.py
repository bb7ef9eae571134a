# SPDX-License-Identifier: GPL-3.0-or-later
"""500 photos through perfwatt-classify at 2 threads: how much longer than the network alone takes."""
import re
from statistics import median

from engines import CLEAN, NotThere, classify_command, quiet, run_engine
from report import verdict

PHOTOS, THREADS, GOAL = 500, 2, 1.05


def one_run(model, folder):
    """Seconds in all, seconds in the network (the sum of the latencies), and the photos."""
    said = quiet([*classify_command(model), "--threads", THREADS, "--limit", PHOTOS, "--photos", folder, "--expect", "hotdog"],
                 CLEAN)
    told = dict(re.findall(r"^(RIGHTS|WRONGS|Time Elapsed|Images/s): ([0-9.]+)", said, re.M))
    if len(told) != 4:
        raise NotThere("perfwatt-classify's last lines are not as they were")
    photos = int(told["RIGHTS"]) + int(told["WRONGS"])
    return float(told["Time Elapsed"]), photos / float(told["Images/s"]), photos


def line(name, value):
    print(f"  {name:<72}{value:>7.3f}   goal <= {GOAL}  {verdict(value, GOAL)}")


def classify(model, folder, rounds, network, pixels):
    """`network`: the command of the engine that perfwatt-classify uses; it is run alone before each run over the photos."""
    runs = []
    for _ in range(rounds):
        alone = run_engine(network, pixels, THREADS, 6, 60)
        runs.append((*one_run(model, folder), alone["load"] / 1e3, alone["ms"] / 1e3))
    elapsed, inside, photos, load, alone = (median(column) for column in zip(*runs))
    print(f"\nclassify {photos} JPEGs at {THREADS} threads, medians of {rounds}: {elapsed:.2f} s in all; loading the model"
          f" {load:.2f} s, latencies {inside:.2f} s, {photos} x the network alone {alone * photos:.2f} s")
    line("(all - load) / sum of the latencies of the same run", median((all_ - load) / inside for all_, inside, _, load, _ in runs))
    line("(all - load) / as many runs of the network alone",
         median((all_ - load) / (alone * count) for all_, _, count, load, alone in runs))
