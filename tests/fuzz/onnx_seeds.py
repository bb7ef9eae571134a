#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""onnx_seeds.py FOLDER: small usable ONNX models for the fuzzer to start from: one operator each, and tiny whole networks."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "models"))

import numpy  # noqa: E402

import families  # noqa: E402
from onnx_builder import Builder  # noqa: E402


def finish(b, x):
    return b.model(x, 4)


def single_operators(opset):
    def start():
        return Builder("seed", opset, (1, 4, 6, 6))
    for how in ("flatten", "reshape", "reshape to one", "view(size(0), -1)", "keras"):
        b = start()
        yield finish(b, b.flatten("input", how))
    plain = {
        "Relu": {}, "Sigmoid": {}, "Softmax": {"axis": 1}, "LRN": {"size": 3}, "GlobalAveragePool": {}, "Identity": {},
        "Transpose": {"perm": [0, 2, 3, 1]}, "ReduceMean": {"axes": [2, 3], "keepdims": 0},
        "MaxPool": {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]},
        "AveragePool": {"kernel_shape": [2, 3], "strides": [2, 1], "auto_pad": "SAME_UPPER", "count_include_pad": 1},
    }
    for op, attributes in plain.items():
        b = start()
        yield finish(b, b.node(op, ["input"], **attributes))
    b = start()
    yield finish(b, b.relu6(b.norm(b.conv("input", 4, 3, 2, group=2, dilation=2, bias=True))))
    b = start()
    x = b.pad("input", 0, 0, 1, 1, 0, 0, 2, 0)
    yield finish(b, b.node("Add", [b.conv(x, 4, 1), b.relu(x)]))
    for op in ("Add", "Sub", "Mul", "Div"):
        b = start()
        yield finish(b, b.node(op, [b.node(op, ["input", b.floats(4, 1, 1, shift=3)]), b.constant(numpy.float32(2))]))
    b = start()
    x = b.squeeze(b.unsqueeze(b.node("GlobalAveragePool", ["input"]), 4), 2, 3, 4)
    yield finish(b, b.node("Add", [b.gemm(x, 4, 4), b.matmul(x, 4, 4)]))


def networks(opset):
    yield families.resnet(opset, 18, "v2", width=1, size=32)
    yield families.odds_and_ends(opset, size=29)


def main(folder):
    for opset in (7, 9, 10, 11, 13, 17):
        models = list(single_operators(opset)) + (list(networks(opset)) if opset in (9, 13) else [])
        for i, model in enumerate(models):
            (pathlib.Path(folder) / f"seed-{opset}-{i}.onnx").write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main(sys.argv[1])
