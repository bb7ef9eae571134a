# SPDX-License-Identifier: GPL-3.0-or-later
"""PyTorch on the module that torch_model.py saved. After the job's arguments (job.h): the four dimensions of the input."""
import json
import re
import statistics
import sys
import time
import warnings

import numpy
import torch


def milliseconds(work):
    begin = time.perf_counter()
    result = work()
    return (time.perf_counter() - begin) * 1e3, result


def most_memory():
    """Resident, in MB (job.h says why not by getrusage)."""
    with open("/proc/self/status", encoding="ascii") as status:
        return int(re.search(r"^VmHWM:\s+(\d+)", status.read(), re.M).group(1)) / 1024


def load(model):
    # Its fastest mode: weights folded and laid out for oneDNN.
    return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.load(model).eval()))


def main(model, source, threads, warmups, inferences, output, *dims):
    warnings.simplefilter("ignore")
    torch.set_num_threads(int(threads))
    torch.set_num_interop_threads(1)
    pixels = torch.from_numpy(numpy.fromfile(source, numpy.float32).reshape([int(dim) for dim in dims]))
    load_ms, module = milliseconds(lambda: load(model))
    times = []
    with torch.no_grad():
        for _ in range(int(warmups) + int(inferences)):
            took, scores = milliseconds(lambda: module(pixels))
            times.append(took)
    if output != "-":
        scores.numpy().tofile(output)
    measured = times[int(warmups):]
    print(json.dumps({"ms": statistics.median(measured), "best": min(measured), "load": load_ms, "first": times[0],
                      "rss": most_memory()}))


main(*sys.argv[1:])
