# SPDX-License-Identifier: GPL-3.0-or-later
"""ResNet-18 with random weights in plain PyTorch, a script that knows nothing of who looks: torch_resnet.py THREADS SIZE CALLS [count]. Prints JSON: the median
and the least forward in ms, what the process took meanwhile (CPU time, page faults, seconds), with `count` how often each module was called."""
import json
import resource
import statistics
import sys
import time

import torch

from resnet18 import ResNet, counted

THREADS, SIZE, CALLS = map(int, sys.argv[1:4])
torch.manual_seed(0)
torch.set_num_threads(THREADS)


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu_s": time.process_time(), "page_faults": usage.ru_minflt + usage.ru_majflt, "elapsed_s": time.perf_counter()}


model, x, forwards = ResNet().eval(), torch.randn(1, 3, SIZE, SIZE), []
module_calls = counted(model) if sys.argv[4:] == ["count"] else {}
with torch.no_grad():
    before = used()
    for _ in range(CALLS):
        begin = time.perf_counter()
        model(x)
        forwards.append(time.perf_counter() - begin)
    after = used()
print(json.dumps({"median_ms": statistics.median(forwards) * 1e3, "least_ms": min(forwards) * 1e3, "sum_s": sum(forwards), "module_calls": module_calls,
                  "used": {name: after[name] - before[name] for name in after}}))
