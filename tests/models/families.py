# SPDX-License-Identifier: GPL-3.0-or-later
"""Image classifiers of the well-known families with random weights: every layer, but narrow and for small images."""
import numpy

from onnx_builder import Builder

CLASSES = 10
DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def head(b, x, how="flatten"):
    x = b.node("GlobalAveragePool", [x])
    channels = b.channels[x]
    return b.gemm(b.flatten(x, how), channels, CLASSES)


def resnet_unit(b, x, width, stride, bottleneck, variant):
    """v1 strides in the first convolution of a unit, v1.5 in its 3x3, v2 normalises before each convolution."""
    outputs = width * 4 if bottleneck else width
    layers = [(width, 1), (width, 3), (outputs, 1)] if bottleneck else [(width, 3), (width, 3)]
    strided = 1 if bottleneck and variant != "v1" else 0
    y, shortcut, project = x, x, stride > 1 or b.channels[x] != outputs
    if variant == "v2":
        y = b.relu(b.norm(x))
    if project:
        shortcut = b.conv(y if variant == "v2" else x, outputs, 1, stride)
        shortcut = shortcut if variant == "v2" else b.norm(shortcut)
    for i, (channels, kernel) in enumerate(layers):
        if variant == "v2" and i > 0:
            y = b.relu(b.norm(y))
        y = b.conv(y, channels, kernel, stride if i == strided else 1)
        if variant != "v2":
            y = b.norm(y)
            y = b.relu(y) if i + 1 < len(layers) else y
    y = b.node("Add", [y, shortcut])
    return y if variant == "v2" else b.relu(y)


def resnet(opset, depth, variant, flatten="flatten", width=8, size=64, **more):
    b = Builder(f"resnet{depth}-{variant}", opset, (1, 3, size, size), **more)
    x = b.conv("input", width, 7, 2)
    if variant != "v2":
        x = b.relu(b.norm(x))
    x = b.pool("MaxPool", x, 3, 2, (1, 1, 1, 1))
    for stage, units in enumerate(DEPTHS[depth]):
        for unit in range(units):
            x = resnet_unit(b, x, width << stage, 2 if stage > 0 and unit == 0 else 1, depth >= 50, variant)
    if variant == "v2":
        x = b.relu(b.norm(x))
    return b.model(head(b, x, flatten), CLASSES)


def mobilenet_v1(opset, size=64, **more):
    """As tf2onnx writes it: images NHWC, SAME padding, a mean over height and width."""
    b = Builder("mobilenet-v1", opset, (1, size, size, 3), **more)
    x = b.node("Transpose", ["input"], 3, perm=[0, 3, 1, 2])
    x = b.relu6(b.norm(b.conv(x, 8, 3, 2, auto_pad="SAME_UPPER"), 1e-3))
    for outputs, stride in ((16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (96, 2), (96, 1)):
        x = b.relu6(b.norm(b.conv(x, b.channels[x], 3, stride, group=b.channels[x], auto_pad="SAME_UPPER"), 1e-3))
        x = b.relu6(b.norm(b.conv(x, outputs, 1, auto_pad="VALID"), 1e-3))
    x = b.mean(x, (2, 3), 1)
    x = b.conv(x, CLASSES, 1, bias=True)
    x = b.node("Transpose", [x], perm=[0, 2, 3, 1])
    x = b.node("Softmax", [b.squeeze(x, 1, 2)])
    return b.model(x, CLASSES)


def mobilenet_v2(opset, size=64, **more):
    b = Builder("mobilenet-v2", opset, (1, 3, size, size), **more)
    x = b.relu6(b.norm(b.conv("input", 8, 3, 2)))
    for expand, outputs, repeats, stride in ((1, 8, 1, 1), (6, 8, 2, 2), (6, 16, 2, 2), (6, 24, 2, 2), (6, 32, 1, 1)):
        for i in range(repeats):
            y, inputs = x, b.channels[x]
            if expand > 1:
                y = b.relu6(b.norm(b.conv(y, inputs * expand, 1)))
            y = b.relu6(b.norm(b.conv(y, b.channels[y], 3, stride if i == 0 else 1, group=b.channels[y])))
            y = b.norm(b.conv(y, outputs, 1))
            x = b.node("Add", [x, y]) if inputs == outputs and (stride == 1 or i > 0) else y
    x = b.relu6(b.norm(b.conv(x, 64, 1)))
    x = b.mean(x, (-1, -2), 0)
    x = b.node("Dropout", [x], 64)
    return b.model(b.matmul(x, 64, CLASSES), CLASSES)


def fire(b, x, squeezed, expanded):
    x = b.relu(b.conv(x, squeezed, 1, bias=True))
    return b.concat([b.relu(b.conv(x, expanded, kernel, bias=True)) for kernel in (1, 3)])


def squeezenet(opset, version, size=79, **more):
    """Sizes at which ceil_mode gives more windows than floor would; up to opset 9 padding stands for it."""
    b = Builder(f"squeezenet-{version}", opset, (1, 3, size, size), **more)

    def pool(x):
        return b.pool("MaxPool", x, 3, 2, ceil_mode=1) if opset >= 10 else b.pool("MaxPool", x, 3, 2, (0, 0, 1, 1))
    x = b.relu(b.conv("input", 16, 7 if version == "1.0" else 3, 2, pad=0, bias=True))
    pools_after = (2, 6) if version == "1.0" else (1, 3)
    x = pool(x)
    for i in range(8):
        x = fire(b, x, 4 * (1 + i // 2), 16 * (1 + i // 2))
        if i in pools_after:
            x = pool(x)
    x = b.node("Dropout", [x])
    x = b.relu(b.conv(x, CLASSES, 1, bias=True))
    return b.model(b.flatten(b.node("GlobalAveragePool", [x]), "squeeze"), CLASSES)


def vgg(opset, layers, norm, flatten, size=64, **more):
    b = Builder("vgg", opset, (1, 3, size, size), **more)
    x, width = "input", 8
    for count in layers:
        for _ in range(count):
            x = b.conv(x, width, bias=True)
            x = b.relu(b.norm(x) if norm else x)
        x, width = b.pool("MaxPool", x, 2, 2), min(width * 2, 64)
    inputs = b.channels[x] * (size // 32) ** 2
    x = b.relu(b.gemm(b.flatten(x, flatten), inputs, 48))
    x = b.relu(b.gemm(b.node("Dropout", [x]), 48, 48))
    x = b.gemm(b.node("Dropout", [x]), 48, CLASSES)
    return b.model(x if norm else b.node("Softmax", [x], axis=1), CLASSES)


def alexnet(opset, size=99, **more):
    """The original: normalisation over channels, convolutions in two groups."""
    b = Builder("alexnet", opset, (1, 3, size, size), **more)

    def norm(x):
        return b.node("LRN", [x], size=5, alpha=1e-2, beta=0.75, bias=2.0)
    x = norm(b.relu(b.conv("input", 24, 11, 4, pad=0, bias=True)))
    x = b.pool("MaxPool", x, 3, 2)
    x = norm(b.relu(b.conv(x, 64, 5, pad=2, group=2, bias=True)))
    x = b.pool("MaxPool", x, 3, 2)
    x = b.relu(b.conv(x, 96, bias=True))
    x = b.relu(b.conv(x, 96, group=2, bias=True))
    x = b.relu(b.conv(x, 64, group=2, bias=True))
    x = b.pool("MaxPool", x, 3, 2)
    x = b.relu(b.gemm(b.flatten(x, "reshape to one"), 64 * ((((size - 11) // 4 - 2) // 2 - 2) // 2 // 2) ** 2, 64))
    return b.model(b.gemm(b.node("Dropout", [x]), 64, CLASSES), CLASSES)


def caffe_norm(b, x):
    """BatchNorm and Scale of Caffe: the scale as Mul and Add with constants that get their dimensions in the graph."""
    x, channels = b.norm(x), b.channels[x]
    x = b.node("Mul", [x, b.unsqueeze(b.floats(channels, scale=0.1, shift=1.0), 1, 2)])
    return b.node("Add", [x, b.unsqueeze(b.floats(channels, scale=0.1), 1, 2)])


def densenet(opset, blocks, norm, growth=8, size=64, **more):
    b = Builder("densenet", opset, (1, 3, size, size), **more)
    x = b.pool("MaxPool", b.relu(norm(b, b.conv("input", 2 * growth, 7, 2))), 3, 2, (1, 1, 1, 1))
    for i, layers in enumerate(blocks):
        for _ in range(layers):
            y = b.conv(b.relu(norm(b, x)), 4 * growth, 1)
            x = b.concat([x, b.conv(b.relu(norm(b, y)), growth)])
        if i + 1 < len(blocks):
            x = b.pool("AveragePool", b.conv(b.relu(norm(b, x)), b.channels[x] // 2, 1), 2, 2)
    return b.model(head(b, b.relu(norm(b, x)), "keras"), CLASSES)


def odds_and_ends(opset, size=37, **more):
    """What the families above do not have."""
    b = Builder("odds-and-ends", opset, (1, 3, size, size), **more)
    mean = b.constant(numpy.array([0.1, -0.2, 0.3], dtype=numpy.float32).reshape(1, 3, 1, 1))
    x = b.node("Div", [b.node("Sub", ["input", mean]), b.constant(numpy.float32(1.5))])
    x = b.relu(b.conv(b.pad(x, 0, 0, 1, 0, 0, 0, 2, 3), 16, 3, 2, pad=0))
    x = b.relu(b.conv(x, 16, 3, dilation=2))
    gate = b.conv(b.relu(b.conv(b.node("GlobalAveragePool", [x]), 4, 1, bias=True)), 16, 1, bias=True)
    x = b.node("Mul", [x, b.node("Sigmoid", [gate])])
    x = b.node("Identity", [b.conv(x, 16, 4, 2, auto_pad="SAME_LOWER")])
    x = b.pool("AveragePool", x, 3, 1, (1, 0, 1, 2), count_include_pad=1)
    x = b.pool("AveragePool", x, 3, 1, (1, 1, 0, 1))
    if opset >= 10:
        x = b.pool("MaxPool", x, 2, 1, dilations=[2, 2])
        x = b.pool("AveragePool", x, 3, 2, (1, 1, 1, 1), ceil_mode=1)
        x = b.pool("AveragePool", x, 3, 3, (1, 1, 1, 1), ceil_mode=1, count_include_pad=1)
    x = b.node("Transpose", [x], perm=[0, 2, 3, 1])
    x = b.mean(x, (1, 2), 0, 16)
    x = b.node("Sigmoid", [b.gemm(x, 16, 12)], 12)
    x = b.unsqueeze(x, 2, 3)
    return b.model(b.gemm(b.flatten(x, "view(size(0), -1)"), 12, CLASSES), CLASSES)


def all_models():
    """(name, opset, model): each depth and variant of ResNet once, each other family at several opsets."""
    opsets, batches = (7, 9, 11, 13, 17, 23), ("N", "batch", "1", "none")
    ways = ("flatten", "reshape", "squeeze", "view(size(0), -1)", "keras")
    for i, depth in enumerate(DEPTHS):
        for j, variant in enumerate(("v1", "v1.5", "v2")):
            at = (i + j) % len(opsets)
            model = resnet(opsets[at], depth, variant, ways[(i + 2 * j) % 5], batch=batches[(2 * i + j) % 4], seed=10 * i + j)
            yield f"resnet{depth}-{variant}", opsets[at], model
    for opset in opsets:
        yield "mobilenet-v1", opset, mobilenet_v1(opset, batch="1" if opset > 11 else "N")
        yield "mobilenet-v2", opset, mobilenet_v2(opset, batch="-1")
        yield "squeezenet-1.0", opset, squeezenet(opset, "1.0")
        yield "squeezenet-1.1", opset, squeezenet(opset, "1.1", batch="1")
        yield "vgg11", opset, vgg(opset, (1, 1, 2, 2, 2), False, "view(size(0), -1)", batch="batch")
        yield "alexnet", opset, alexnet(opset, batch="1")
        yield "densenet", opset, densenet(opset, (3, 4, 3), caffe_norm if opset < 13 else Builder.norm)
        yield "odds-and-ends", opset, odds_and_ends(opset)
    yield "vgg16-bn", 11, vgg(11, (2, 2, 3, 3, 3), True, "flatten")
    yield "densenet121", 13, densenet(13, (6, 12, 24, 16), Builder.norm)
