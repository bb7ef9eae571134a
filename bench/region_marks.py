# SPDX-License-Identifier: GPL-3.0-or-later
"""What a region of Python takes, ns: the median of some rounds, less an empty loop. bench/regions runs it with and without perfwatt."""
import statistics
import timeit

import perfwatt

ROUNDS, CALLS = 31, 20000
KEPT = perfwatt.region("kept")


@perfwatt.region("decorated")
def decorated():
    pass


def plain():
    pass


def measure(statement, base):
    rounds = [timeit.timeit(statement, globals=globals(), number=CALLS) - timeit.timeit(base, globals=globals(), number=CALLS) for _ in range(ROUNDS)]
    return statistics.median(rounds) / CALLS * 1e9


for what, statement, base in (('with perfwatt.region("layer")', 'with perfwatt.region("layer"): pass', "pass"), ("with, of a region kept", "with KEPT: pass", "pass"),
                              ("a decorated function", "decorated()", "plain()"), ("perfwatt.items(1)", "perfwatt.items(1)", "pass")):
    print(f"  {what:<32}{measure(statement, base):8.1f} ns")
