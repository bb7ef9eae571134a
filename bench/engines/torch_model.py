# SPDX-License-Identifier: GPL-3.0-or-later
"""torch_model.py MODEL.onnx OUTPUT DIM...: the ONNX graph as a PyTorch module with the same weights, traced and saved."""
import sys
import warnings

import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn
from torch.nn import functional


def pads_of(attributes, kernel, stride, size):
    """Of (left, right, top, bottom), as torch's pad() takes them; `size` is the input's height and width."""
    if attributes.get("auto_pad", b"NOTSET") in (b"NOTSET", b"VALID"):
        top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
        return [left, right, top, bottom]
    both = [max(0, (-(-n // s) - 1) * s + k - n) for n, k, s in zip(size, kernel, stride)]
    small = [total // 2 for total in both]
    if attributes["auto_pad"] == b"SAME_LOWER":
        small = [total - part for total, part in zip(both, small)]
    return [small[1], both[1] - small[1], small[0], both[0] - small[0]]


def split_pads(pads):
    """What a layer pads by itself (the same on both sides), and what pad() must do before it."""
    left, right, top, bottom = pads
    return ((top, left), None) if left == right and top == bottom else ((0, 0), pads)


class Padded(nn.Module):
    def __init__(self, pads, layer, value):
        super().__init__()
        self.pads, self.layer, self.value = pads, layer, value

    def forward(self, x):
        return self.layer(functional.pad(x, self.pads, value=self.value))


def convolution(attributes, constants, shape):
    weights, bias = constants[0], constants[1] if len(constants) > 1 else None
    stride, dilation = attributes.get("strides", [1, 1]), attributes.get("dilations", [1, 1])
    extent = [(k - 1) * d + 1 for k, d in zip(weights.shape[2:], dilation)]
    inside, before = split_pads(pads_of(attributes, extent, stride, shape[2:]))
    group = attributes.get("group", 1)
    layer = nn.Conv2d(weights.shape[1] * group, weights.shape[0], tuple(weights.shape[2:]), tuple(stride), inside, tuple(dilation),
                      group, bias is not None)
    layer.weight.data = weights
    if bias is not None:
        layer.bias.data = bias
    return Padded(before, layer, 0.0) if before else layer


def batch_norm(attributes, constants, shape):
    layer = nn.BatchNorm2d(shape[1], attributes.get("epsilon", 1e-5))
    layer.weight.data, layer.bias.data, layer.running_mean, layer.running_var = constants
    return layer


def max_pool(attributes, _, shape):
    kernel, stride = attributes["kernel_shape"], attributes.get("strides", [1, 1])
    inside, before = split_pads(pads_of(attributes, kernel, stride, shape[2:]))
    layer = nn.MaxPool2d(tuple(kernel), tuple(stride), inside, ceil_mode=bool(attributes.get("ceil_mode", 0)))
    return Padded(before, layer, float("-inf")) if before else layer


def gemm(attributes, constants, shape):
    weights = constants[0] if attributes.get("transB", 0) else constants[0].t().contiguous()
    layer = nn.Linear(shape[1], weights.shape[0])
    layer.weight.data, layer.bias.data = weights, constants[1]
    return layer


class Pad(nn.Module):
    def __init__(self, pads):
        super().__init__()
        half = len(pads) // 2
        self.pads = [int(n) for axis in reversed(range(half)) for n in (pads[axis], pads[axis + half])]

    def forward(self, x):
        return functional.pad(x, self.pads)


class Permute(nn.Module):
    def __init__(self, order):
        super().__init__()
        self.order = order

    def forward(self, x):
        return x.permute(self.order)


class Sum(nn.Module):
    def forward(self, a, b):
        return a + b


class Concat(nn.Module):
    def __init__(self, axis):
        super().__init__()
        self.axis = axis

    def forward(self, *parts):
        return torch.cat(parts, self.axis)


# The layer of an ONNX operator, of its attributes, its constant inputs and the shape of its input.
LAYERS = {
    "Conv": convolution,
    "BatchNormalization": batch_norm,
    "MaxPool": max_pool,
    "Gemm": gemm,
    "Relu": lambda attributes, constants, shape: nn.ReLU(),
    "Clip": lambda attributes, constants, shape: nn.Hardtanh(float(constants[0]), float(constants[1])),
    "Add": lambda attributes, constants, shape: Sum(),
    "Concat": lambda attributes, constants, shape: Concat(attributes["axis"]),
    "Pad": lambda attributes, constants, shape: Pad(constants[0]),
    "Transpose": lambda attributes, constants, shape: Permute(attributes["perm"]),
    "GlobalAveragePool": lambda attributes, constants, shape: nn.AdaptiveAvgPool2d(1),
    "Flatten": lambda attributes, constants, shape: nn.Flatten(attributes.get("axis", 1)),
    "Softmax": lambda attributes, constants, shape: nn.Softmax(attributes.get("axis", -1)),
    "Identity": lambda attributes, constants, shape: nn.Identity(),
    "Dropout": lambda attributes, constants, shape: nn.Identity(),
}


class Network(nn.Module):
    def __init__(self, graph, pixels):
        super().__init__()
        constants = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
        self.source, self.result = [i.name for i in graph.input if i.name not in constants][0], graph.output[0].name
        self.wires, self.layers = [], nn.ModuleList()
        values = {self.source: pixels}
        for node in graph.node:
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            inputs = [name for name in node.input if name and name not in constants]
            layer = LAYERS[node.op_type](attributes, [constants[name] for name in node.input if name in constants],
                                         values[inputs[0]].shape).eval()
            values[node.output[0]] = layer(*(values[name] for name in inputs))
            self.layers.append(layer)
            self.wires.append((inputs, node.output[0]))

    def forward(self, x):
        values = {self.source: x}
        for layer, (inputs, output) in zip(self.layers, self.wires):
            values[output] = layer(*(values[name] for name in inputs))
        return values[self.result]


def main(model, output, *dims):
    warnings.simplefilter("ignore")
    pixels = torch.zeros([int(dim) for dim in dims])
    with torch.no_grad():
        network = Network(onnx.load(model).graph, pixels).eval()
        torch.jit.save(torch.jit.trace(network, pixels), output)


main(*sys.argv[1:])
