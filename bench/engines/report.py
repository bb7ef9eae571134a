# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables and goals out of what was measured. `runs`: {(engine, threads): [what each run said]}; `peaks`: {threads: [GFLOP/s]}."""
from statistics import median

MISSING = "-"
# Of ResNet-50, batch 1: engine, threads, what is compared, with which engine (None: as it is), at most.
GOALS = [
    ("winograd", 1, "ms", "ort", 0.92),
    ("winograd", 2, "ms", "ort", 0.95),
    ("bf16", 1, "ms", "ort", 0.55),
    ("bf16", 2, "ms", "ort", 0.55),
    ("int8", 1, "ms", "ort", 0.35),
    ("int8", 2, "ms", "ort", 0.35),
    ("blas", 1, "ms", "plain", 1.15),
    ("blas", 2, "ms", "plain", 1.25),
    ("winograd", 1, "load", None, 400),
    ("winograd", 2, "load", None, 400),
    ("winograd", 1, "rss", "ort", 1.3),
    ("winograd", 2, "rss", "ort", 1.3),
]
WHAT = {"ms": "median ms", "load": "model load, ms", "rss": "memory"}


def middle(runs, engine, threads, what):
    values = [run[what] for run in runs.get((engine, threads), [])]
    return median(values) if values else None


def ratio(a, b):
    return a / b if a is not None and b else None


def show(value, form):
    return MISSING if value is None else format(value, form)


def row(runs, engine, threads, gflop, peak):
    times = [run["ms"] for run in runs[engine.name, threads]]
    ms = median(times)
    speed = 100 * gflop / (ms / 1e3) / peak if gflop and peak else None
    values = {what: middle(runs, engine.name, threads, what) for what in ("best", "load", "first", "rss")}
    against = ratio(ms, middle(runs, "ort", threads, "ms"))
    return (f"{engine.label:<20}{ms:>9.2f}{min(times):>9.2f} -{max(times):>8.2f}{show(against, '.2f'):>8}{show(speed, '.0f'):>8}"
            f"{min(run['best'] for run in runs[engine.name, threads]):>9.2f}{values['first']:>9.1f}{values['load']:>8.0f}"
            f"{values['rss']:>8.0f}{len(times):>5}")


def table(model, threads, engines, runs, peaks, gflop):
    peak = median(peaks[threads]) if peaks.get(threads) else None
    peak_range = f" ({min(peaks[threads]):.0f}-{max(peaks[threads]):.0f})" if peak else ""
    work = f"{gflop:.3f} GFLOP an image" if gflop else "work not counted (no python3-onnx)"
    print(f"\n{model.name}, {threads} thread{'s' * (threads > 1)}, batch 1: {work}, "
          f"FMA peak {show(peak, '.0f')}{peak_range} GFLOP/s")
    print(f"{'engine':<20}{'ms':>9}{'range of rounds':>19}{'/ ORT':>8}{'% peak':>8}{'best':>9}{'first':>9}{'load':>8}{'RSS MB':>8}"
          f"{'n':>5}")
    for engine in engines:
        if runs.get((engine.name, threads)):
            print(row(runs, engine, threads, gflop, peak))
        else:
            print(f"{engine.label:<20}{'not there':>9}")


def verdict(value, limit):
    if value is None:
        return "not measured"
    return "reached" if value <= limit else "MISSED"


def goals(engines, runs):
    """Lines of the goals of issue 6 that these runs can speak of."""
    labels = {engine.name: engine.label for engine in engines}
    for engine, threads, what, other, limit in GOALS:
        value = middle(runs, engine, threads, what)
        if other:
            value = ratio(value, middle(runs, other, threads, what))
        name = f"{labels[engine]}, t{threads}: {WHAT[what]}{' / ' + labels[other] if other else ''}"
        print(f"  {name:<56}{show(value, '.2f' if other else '.0f'):>8}   goal <= {limit:<5}  {verdict(value, limit)}")
