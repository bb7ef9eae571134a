# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collector `torch` adds to a module: a chain of 100 modules that do nothing, µs a module, least and median of some rounds.
bench/regions runs it with and without the collector, with and without gradients."""
import statistics
import time

import torch

ROUNDS, MODULES = 101, 100


class Nothing(torch.nn.Module):
    def forward(self, x):
        return x


class Some(torch.nn.Module):
    def forward(self, x):
        return x * 1.5


torch.set_num_threads(1)


def measure(what, module, gradients):
    chain = torch.nn.Sequential(*(module() for _ in range(MODULES)))
    x, rounds = torch.ones(1, requires_grad=gradients), []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        y = chain(x)
        if gradients:
            y.backward()
        rounds.append((time.perf_counter() - begin) / MODULES * 1e6)
    print(f"  {what:<44}{statistics.median(rounds):8.2f} us (least {min(rounds):.2f})")


with torch.no_grad():
    measure("a module that does nothing", Nothing, False)
    measure("a module that multiplies", Some, False)
measure("forward and backward of one that multiplies", Some, True)
