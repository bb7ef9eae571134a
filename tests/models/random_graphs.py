#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""random_graphs.py BUILD_DIR [--seed N] [--graphs N] [--seconds S] [--keep FOLDER]: random graphs, ours against ONNX Runtime.

Both backends, one photo at a time and (where the graph keeps the photos apart) three at once. Without --seed: the graphs of fixed seeds,
then as many of new seeds as S seconds allow. A seed with a difference is printed; --seed N --graphs 1 makes that graph again. Exit status
0, 1 where something differs or too much is refused, 77 where a peer is missing.
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import sys
import tempfile
import time

import compare
import numpy
import onnx
from onnx import helper
from onnx_builder import Builder

FIXED = 100
AT_ONCE = 3
MOST_NUMBERS = 20000  # of a tensor
KINDS = ("conv", "conv", "pool", "view", "view", "turn", "turn", "unit", "unit", "unit", "binary", "binary", "binary", "join", "join", "mean", "number",
         "number", "window", "product")

WAYS = (("onednn", "fp32"), ("blas", "fp32"), ("onednn", "bf16"))
NARROW_TOLERANCE = 0.2  # what bf16 rounds, grows from layer to layer; what is mixed up is more


def difference(ours, wanted):
    """The largest, as a part of the largest number; infinite where there is nothing to compare."""
    if ours.shape != wanted.shape or not numpy.isfinite(wanted).all() or not numpy.isfinite(ours).all():
        return numpy.inf
    return float(numpy.abs(ours - wanted).max()) / max(1.0, float(numpy.abs(wanted).max()))


class Graph:
    """Tensors by name with their dimensions; each method adds one operator to one of them. `apart`: photos never meet."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.apart = self.random.random() < 0.5
        opset = self.random.choice((9, 11, 13, 17, 23))
        size = [self.random.choice((1, 1, 2, 4, 6, 9, 33)), self.random.choice((1, 1, 3, 6, 7, 17, 33))]
        dims = [1, 3, *size] if self.random.random() < 0.7 else [1, *size, 3]
        if dims[1] != 3 and dims[2] == 3:
            dims[2] = 5
        self.b = Builder(f"random-{seed}", opset, dims, batch="1", seed=seed % (1 << 31))
        self.tensors = [("input", dims)]
        for _ in range(self.random.randint(5, 14)):
            getattr(self, self.random.choice(KINDS))()

    def pick(self, rank=None):
        """Mostly one of the last."""
        able = [(name, dims) for name, dims in self.tensors if rank is None or len(dims) == rank]
        if not able:
            return None, None
        return self.random.choice(able[-3:] if self.random.random() < 0.7 else able)

    def add(self, op, inputs, dims, **attributes):
        if numpy.prod(dims, dtype=numpy.int64) > MOST_NUMBERS or not dims:
            return None
        name = self.b.node(op, inputs, dims[1] if len(dims) > 1 else None, **attributes)
        self.tensors.append((name, [int(d) for d in dims]))
        return name

    def conv(self):
        x, dims = self.pick(4)
        if not x:
            return
        groups = self.random.choice([g for g in (1, 1, 2, 3, dims[1]) if dims[1] % g == 0])
        outputs = groups * self.random.choice((1, 2, 3, 4, 16, 32) if groups == 1 else (1, 2))
        kernel = [self.random.choice((1, 1, 2, 3, 3, 5)) for _ in range(2)]
        stride, dilation = ([self.random.choice((1, 1, 2)) for _ in range(2)] for _ in range(2))
        pads = [self.random.randint(0, kernel[i % 2] // 2) for i in range(4)]
        size = [(dims[2 + i] + pads[i] + pads[2 + i] - (kernel[i] - 1) * dilation[i] - 1) // stride[i] + 1 for i in range(2)]
        if min(size) < 1 or dims[2] + pads[0] + pads[2] < (kernel[0] - 1) * dilation[0] + 1:
            return
        weights = [self.b.floats(outputs, dims[1] // groups, *kernel, scale=(dims[1] // groups * kernel[0] * kernel[1]) ** -0.5)]
        if self.random.random() < 0.5:
            weights.append(self.b.floats(outputs, scale=0.3))
        y = self.add("Conv", [x, *weights], [dims[0], outputs, *size], group=groups, kernel_shape=kernel, strides=stride, pads=pads,
                     dilations=dilation)
        if y and self.random.random() < 0.4:
            self.b.channels[y] = outputs
            y = self.b.norm(y)
            self.tensors.append((y, [dims[0], outputs, *size]))
        if y and self.random.random() < 0.4:
            self.add("Relu", [y], [dims[0], outputs, *size])

    def pool(self):
        x, dims = self.pick(4)
        if not x:
            return
        kernel = [min(self.random.choice((1, 2, 3)), dims[2 + i]) for i in range(2)]
        stride = [self.random.choice((1, 2)) for _ in range(2)]
        pads = [self.random.randint(0, kernel[i % 2] - 1) for i in range(4)]
        more = {}
        op = self.random.choice(("MaxPool", "AveragePool", "AveragePool"))
        if op == "AveragePool" and self.random.random() < 0.5:
            more["count_include_pad"] = 1
        size = [(dims[2 + i] + pads[i] + pads[2 + i] - kernel[i]) // stride[i] + 1 for i in range(2)]
        if self.b.opset >= 10 and self.random.random() < 0.3:
            more["ceil_mode"] = 1
            size = [-((kernel[i] - dims[2 + i] - pads[i] - pads[2 + i]) // stride[i]) + 1 for i in range(2)]
            size = [s - 1 if (s - 1) * stride[i] >= dims[2 + i] + pads[i] else s for i, s in enumerate(size)]
        self.add(op, [x], dims[:2] + size, kernel_shape=kernel, strides=stride, pads=pads, **more)

    def view(self):
        x, dims = self.pick()
        how = self.random.choice(("Reshape", "Reshape", "Flatten", "Unsqueeze", "Squeeze"))
        if how == "Reshape":
            rest = int(numpy.prod(dims[1:] if self.apart else dims))
            to = [dims[0]] if self.apart else []
            while rest > 1 and len(to) < 4:
                part = self.random.choice([d for d in range(1, rest + 1) if rest % d == 0])
                to.append(part)
                rest //= part
            to.append(rest)
            if self.random.random() < 0.6 and len(to) < 5:
                to.insert(self.random.randint(1, len(to)), 1)
            given = list(to)
            if self.random.random() < 0.3:
                given[self.random.randint(1 if self.apart else 0, len(to) - 1)] = -1
            self.add(how, [x, self.b.integers(*given)], to)
        elif how == "Flatten":
            axis = 1 if self.apart else self.random.randint(0, len(dims))
            self.add(how, [x], [int(numpy.prod(dims[:axis])), int(numpy.prod(dims[axis:]))], axis=axis)
        elif how == "Unsqueeze" and len(dims) < 5:
            at = self.random.randint(1 if self.apart else 0, len(dims))
            self.tensors.append((self.b.unsqueeze(x, at), dims[:at] + [1] + dims[at:]))
        elif how == "Squeeze":
            ones = [i for i, d in enumerate(dims) if d == 1 and (i > 0 or not self.apart)]
            if ones and len(dims) > 2:
                at = self.random.choice(ones)
                self.tensors.append((self.b.squeeze(x, at), dims[:at] + dims[at + 1:]))

    def turn(self):
        x, dims = self.pick()
        perm = list(range(1 if self.apart else 0, len(dims)))
        self.random.shuffle(perm)
        perm = [0, *perm] if self.apart else perm
        if self.add("Transpose", [x], [dims[p] for p in perm], perm=perm) and self.random.random() < 0.6:
            self.binary(*self.tensors[-1])

    def unit(self):
        """A dimension of 1 that moves behind others, before arithmetic."""
        x, dims = self.pick()
        if len(dims) > 3:
            dims = [dims[0], *dims[1:-2], dims[-2] * dims[-1]] if len(dims) > 4 else dims
            x = self.add("Reshape", [x, self.b.integers(*dims)], dims)
        at = 1 if self.apart else self.random.randint(0, 1)
        if not x or len(dims) < 2:
            return
        if dims[at] != 1 and len(dims) < 5:
            x, dims = self.b.unsqueeze(x, at), dims[:at] + [1] + dims[at:]
            self.tensors.append((x, dims))
        to = self.random.randint(at, len(dims) - 1)
        perm = [p for p in range(len(dims)) if p != at]
        perm.insert(to, at)
        if self.add("Transpose", [x], [dims[p] for p in perm], perm=perm):
            self.binary(*self.tensors[-1])

    def positive(self, x, dims):
        """Between 0.5 and 1.5, to divide by."""
        y = self.b.node("Sigmoid", [x])
        y = self.b.node("Add", [y, self.b.constant(numpy.float32(0.5))])
        self.tensors.append((y, dims))
        return y

    def binary(self, x=None, dims=None):
        op = self.random.choice(("Add", "Sub", "Mul", "Div"))
        if not x:
            x, dims = self.pick()
        if self.random.random() < 0.5:
            other = [d if self.random.random() < 0.6 else 1 for d in dims]
            other = other[self.random.randint(0, len(other)):]
            y = self.b.constant((self.b.random.uniform(0.5, 1.5, other) * self.b.random.choice((-1, 1))).astype(numpy.float32))
        else:
            able = []
            for name, shape in self.tensors:
                rank = max(len(shape), len(dims))
                a, b = [1] * (rank - len(shape)) + shape, [1] * (rank - len(dims)) + dims
                if all(p == q or 1 in (p, q) for p, q in zip(a, b)) and (not self.apart or len(shape) == len(dims)):
                    able.append((name, shape))
            y, other = self.random.choice(able)
        turned = self.random.random() < 0.4
        if op == "Div" and turned:
            x = self.positive(x, dims)
        elif op == "Div" and y not in [w.name for w in self.b.weights]:
            y = self.positive(y, other)
        rank = max(len(other), len(dims))
        both = zip([1] * (rank - len(other)) + list(other), [1] * (rank - len(dims)) + dims)
        z = self.add(op, [y, x] if turned else [x, y], [max(pair) for pair in both])
        if z and self.random.random() < 0.3:
            self.add("Relu", [z], self.tensors[-1][1])

    def join(self):
        x, dims = self.pick()
        axis = self.random.randint(1 if self.apart and len(dims) > 1 else 0, len(dims) - 1)
        if self.apart and axis == 0:
            return
        able = [(n, d) for n, d in self.tensors if len(d) == len(dims) and d[:axis] == dims[:axis] and d[axis + 1:] == dims[axis + 1:]]
        parts = [self.random.choice(able) for _ in range(self.random.randint(1, 4))]
        self.add("Concat", [n for n, _ in parts], dims[:axis] + [sum(d[axis] for _, d in parts)] + dims[axis + 1:], axis=axis)

    def mean(self):
        x, dims = self.pick()
        if len(dims) == 4 and self.random.random() < 0.3:
            self.add("GlobalAveragePool", [x], dims[:2] + [1, 1])
            return
        first = 1 if self.apart else 0
        axes = sorted(self.random.sample(range(first, len(dims)), self.random.randint(1, len(dims) - first))) if len(dims) > first else []
        keep = self.random.randint(0, 1)
        to = [1 if i in axes else d for i, d in enumerate(dims) if keep or i not in axes]
        if axes and to:
            self.tensors.append((self.b.mean(x, axes, keep), to))

    def number(self):
        x, dims = self.pick()
        op = self.random.choice(("Relu", "Sigmoid", "Clip", "Softmax", "Identity", "LRN", "Dropout"))
        more, inputs = {}, [x]
        if op == "Clip":
            if self.b.opset < 11:
                more = {"min": -0.5, "max": 0.75}
            else:
                inputs += [self.b.constant(numpy.float32(-0.5)), self.b.constant(numpy.float32(0.75))]
        elif op == "Softmax":
            more["axis"] = self.random.randint(1 if self.apart else 0, len(dims) - 1) if len(dims) > 1 or not self.apart else None
            if more["axis"] is None:
                return
        elif op == "LRN":
            if len(dims) != 4:
                return
            more = {"size": self.random.choice((1, 3, 5)), "alpha": 0.1, "beta": 0.75, "bias": 1.5}
        self.add(op, inputs, dims, **more)

    def window(self):
        x, dims = self.pick()
        if len(dims) < 2 or len(dims) > 4:
            return
        first = 1 if self.apart else 0
        amounts = [self.random.randint(0, 2) if i % len(dims) >= first else 0 for i in range(2 * len(dims))]
        self.tensors.append((self.b.pad(x, *amounts), [d + amounts[i] + amounts[len(dims) + i] for i, d in enumerate(dims)]))
        if numpy.prod(self.tensors[-1][1]) > MOST_NUMBERS:
            self.tensors.pop()

    def product(self):
        x, dims = self.pick(2)
        if not x:
            return
        outputs = self.random.choice((1, 2, 5, 8, 17))
        if self.random.random() < 0.5:
            self.add("MatMul", [x, self.b.floats(dims[1], outputs, scale=dims[1] ** -0.5)], [dims[0], outputs])
        else:
            self.add("Gemm", [x, self.b.floats(outputs, dims[1], scale=dims[1] ** -0.5), self.b.floats(outputs)], [dims[0], outputs],
                     transB=1, alpha=0.5, beta=2.0)

    def model(self):
        """Its scores are all numbers of the last tensors."""
        last = self.tensors[-1:] + self.random.sample(self.tensors, min(2, len(self.tensors)))
        flat = []
        for name, dims in last:
            count = int(numpy.prod(dims))
            flat.append((self.b.node("Reshape", [name, self.b.integers(1, count)]), count))
        y = self.b.node("Concat", [name for name, _ in flat], axis=1)
        return self.b.model(self.b.node("Identity", [y]), sum(count for _, count in flat))


class Jobs:
    def __init__(self, build, folder):
        self.build, self.folder, self.failed = build, folder, False
        self.counts = {"same": 0, "refused": 0, "not here": 0, "not compared": 0, "differ": 0}

    def make(self, seed):
        """The file of the graph and its photos, one after the other."""
        graph = Graph(seed)
        file = self.folder / f"{seed}.onnx"
        model = graph.model()
        onnx.save(model, str(file))
        photos = numpy.random.RandomState(seed % (1 << 31)).randn(AT_ONCE if graph.apart else 1, *graph.b.input_dims[1:])
        return seed, file, photos.astype(numpy.float32)

    def compare(self, seed, file, photos, theirs):
        """What differs, in words. A refusal of several photos at once is none where they may meet."""
        found = []
        for backend, precision in WAYS:
            for batch in sorted({1, len(photos)}):
                way = f"{backend} {precision}, batch {batch}"
                numbers = f"{file}.{backend}.{precision}"
                photos[:batch].tofile(f"{numbers}.in")
                ours = compare.run_ours(self.build / "run-onnx", file, backend, batch, numbers, precision)
                if isinstance(ours, str):
                    elsewhere = precision != "fp32" and ("which bf16 needs" in ours or "nothing in it can be" in ours)
                    self.counts["not here" if elsewhere else "refused"] += 1
                    if "oneDNN cannot run it" in ours or "exit status" in ours:
                        found.append(f"{way}: {ours}")
                    continue
                worst = difference(ours, numpy.concatenate(theirs[:batch]))
                good = worst <= (compare.TOLERANCE if precision == "fp32" else NARROW_TOLERANCE)
                self.counts["same" if good else "differ"] += 1
                if not good:
                    found.append(f"{way}: {worst:.1e} of the largest score")
        return found

    def run(self, seeds):
        made = [self.make(seed) for seed in seeds]
        single = []
        for seed, file, photos in made:
            for i, photo in enumerate(photos):
                photo.tofile(f"{file}.{i}.in")
                single.append({"model": str(file), "input": f"{file}.{i}.in", "dims": [1, *photo.shape], "output": f"{file}.{i}.ort",
                               "level": "disabled"})
        answers = iter(compare.run_jobs(single, self.folder))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            todo = []
            for seed, file, photos in made:
                theirs = [next(answers) for _ in photos]
                refused = [answer for answer in theirs if isinstance(answer, str)]
                if refused:
                    print(f"seed {seed}: not compared, ONNX Runtime refuses it: {refused[0]}", flush=True)
                    self.counts["not compared"] += 1
                    continue
                todo.append((seed, pool.submit(self.compare, seed, file, photos, theirs)))
            for seed, found in todo:
                for what in found.result():
                    print(f"FAIL seed {seed}: {what}", flush=True)
                    self.failed = True


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("--seed", type=int)
    options.add_argument("--graphs", type=int, default=FIXED)
    options.add_argument("--seconds", type=float, default=40)
    options.add_argument("--keep", type=pathlib.Path, help="leaves the models there")
    given = options.parse_args()
    compare.need_onnx_runtime()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="perfwatt-random-") as name:
        folder = given.keep or pathlib.Path(name)
        os.environ["XDG_CACHE_HOME"] = name
        jobs = Jobs(given.build, folder)
        first = given.seed or 0
        for chunk in range(first, first + given.graphs, 50):
            jobs.run(range(chunk, min(chunk + 50, first + given.graphs)))
        if given.seed is None:
            first = random.SystemRandom().randrange(1 << 20, 1 << 40)
            print(f"new seeds from {first}", flush=True)
        chunk = 20
        while given.seed is None and time.monotonic() - start < given.seconds:
            jobs.run(range(first, first + chunk))
            first += chunk
    total = sum(jobs.counts.values())
    print(f"{total} runs: {', '.join(f'{count} {what}' for what, count in jobs.counts.items())}")
    useless = jobs.counts["refused"] + jobs.counts["not compared"]
    return 1 if jobs.failed or useless > 0.1 * total else 0


if __name__ == "__main__":
    sys.exit(main())
