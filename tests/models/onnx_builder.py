# SPDX-License-Identifier: GPL-3.0-or-later
"""ONNX graphs with random weights, written as an exporter of that opset would write them."""
import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

# The newest IR version that an exporter of that opset's time knew.
IR_VERSIONS = ((7, 3), (8, 3), (9, 4), (10, 5), (11, 6), (13, 7), (15, 8), (17, 8), (19, 9), (21, 10), (23, 11))


def ir_version(opset):
    return max(ir for known, ir in IR_VERSIONS if known <= opset)


class Builder:
    """Methods add one operator (or a few) after the tensor `x` and return the name of the result."""

    def __init__(self, name, opset, input_dims, batch="N", seed=1):
        self.name, self.opset = name, opset
        self.input_dims, self.batch = input_dims, batch
        self.random = numpy.random.RandomState(seed)
        self.nodes, self.weights, self.channels = [], [], {"input": input_dims[1]}

    def constant(self, values, name=None):
        name = name or f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(numpy.asarray(values), name))
        return name

    def integers(self, *values):
        return self.constant(numpy.array(values, dtype=numpy.int64))

    def node(self, op, inputs, channels=None, **attributes):
        name = f"{op.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        self.channels[name] = channels if channels is not None else self.channels.get(inputs[0])
        return name

    def floats(self, *dims, scale=1.0, shift=0.0):
        return self.constant((self.random.randn(*dims) * scale + shift).astype(numpy.float32))

    def conv(self, x, outputs, kernel=3, stride=1, pad=None, group=1, bias=False, dilation=1, auto_pad=None):
        inputs = self.channels[x] // group
        weights = self.floats(outputs, inputs, kernel, kernel, scale=(2.0 / (inputs * kernel * kernel)) ** 0.5)
        given = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2}
        if auto_pad:
            given["auto_pad"] = auto_pad
        else:
            given["pads"] = [kernel // 2 * dilation if pad is None else pad] * 4
        if group > 1:
            given["group"] = group
        if dilation > 1:
            given["dilations"] = [dilation] * 2
        names = [x, weights] + ([self.floats(outputs, scale=0.1)] if bias else [])
        return self.node("Conv", names, outputs, **given)

    def norm(self, x, epsilon=1e-5):
        channels = self.channels[x]
        variance = self.constant(self.random.uniform(0.5, 1.5, channels).astype(numpy.float32))
        return self.node("BatchNormalization", [x, self.floats(channels, scale=0.1, shift=1.0), self.floats(channels, scale=0.1),
                                                self.floats(channels, scale=0.1), variance], epsilon=epsilon)

    def relu(self, x):
        return self.node("Relu", [x])

    def relu6(self, x):
        if self.opset < 11:
            return self.node("Clip", [x], min=0.0, max=6.0)
        return self.node("Clip", [x, self.constant(numpy.float32(0)), self.constant(numpy.float32(6))])

    def pool(self, op, x, kernel, stride, pads=(0, 0, 0, 0), **more):
        if more.get("ceil_mode") and self.opset < 10:
            raise ValueError("ceil_mode came with opset 10")
        return self.node(op, [x], kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=list(pads), **more)

    def unsqueeze(self, x, *axes):
        if self.opset < 13:
            return self.node("Unsqueeze", [x], axes=list(axes))
        return self.node("Unsqueeze", [x, self.integers(*axes)])

    def mean(self, x, axes, keepdims, channels=None):
        if self.opset < 18:
            return self.node("ReduceMean", [x], channels, axes=list(axes), keepdims=keepdims)
        return self.node("ReduceMean", [x, self.integers(*axes)], channels, keepdims=keepdims)

    def squeeze(self, x, *axes):
        if self.opset < 13:
            return self.node("Squeeze", [x], axes=list(axes))
        return self.node("Squeeze", [x, self.integers(*axes)])

    def pad(self, x, *amounts):
        if self.opset < 11:
            return self.node("Pad", [x], pads=list(amounts))
        return self.node("Pad", [x, self.integers(*amounts)])

    def concat(self, inputs, axis=1):
        return self.node("Concat", inputs, sum(self.channels[x] or 0 for x in inputs), axis=axis)

    def flatten(self, x, how):
        """The ways in which exporters flatten all but the batch."""
        channels = self.channels[x]
        if how == "flatten":
            return self.node("Flatten", [x], axis=1)
        if how == "reshape":
            return self.node("Reshape", [x, self.integers(0, -1)])
        if how == "reshape to one":
            return self.node("Reshape", [x, self.integers(1, -1)])
        if how == "squeeze":
            return self.squeeze(x, 2, 3)
        if how == "view(size(0), -1)":  # PyTorch
            size = self.node("Gather", [self.node("Shape", [x]), self.constant(numpy.int64(0))], axis=0)
            rest = self.node("Constant", [], 0, value=numpy_helper.from_array(numpy.array([-1], dtype=numpy.int64)))
            to = self.node("Concat", [self.unsqueeze(size, 0), rest], 0, axis=0)
            return self.node("Reshape", [x, to], channels)
        if how == "keras":  # tf2onnx: the shape through float and back, the first number of it sliced off
            shape = self.node("Cast", [self.node("Cast", [self.node("Shape", [x])], to=TensorProto.FLOAT)], to=TensorProto.INT64)
            if self.opset < 10:
                first = self.node("Slice", [shape], starts=[0], ends=[1], axes=[0])
            else:
                first = self.node("Slice", [shape, self.integers(0), self.integers(1), self.integers(0)])
            return self.node("Reshape", [x, self.node("Concat", [first, self.integers(-1)], 0, axis=0)], channels)
        raise ValueError(how)

    def gemm(self, x, inputs, outputs):
        weights = self.floats(outputs, inputs, scale=(1.0 / inputs) ** 0.5)
        return self.node("Gemm", [x, weights, self.floats(outputs, scale=0.1)], outputs, transB=1)

    def matmul(self, x, inputs, outputs):
        product = self.node("MatMul", [x, self.floats(inputs, outputs, scale=(1.0 / inputs) ** 0.5)], outputs)
        return self.node("Add", [product, self.floats(outputs, scale=0.1)], outputs)

    def model(self, output, classes):
        batch = {"N": "N", "batch": "batch_size", "-1": -1, "1": 1, "none": None}[self.batch]
        dims = [batch] + list(self.input_dims[1:])
        inputs = [helper.make_tensor_value_info("input", TensorProto.FLOAT, dims)]
        ir = ir_version(self.opset)
        if ir < 4:  # weights are inputs too
            inputs += [helper.make_tensor_value_info(w.name, w.data_type, w.dims) for w in self.weights]
        result = helper.make_tensor_value_info(output, TensorProto.FLOAT, [batch, classes])
        graph = helper.make_graph(self.nodes, self.name, inputs, [result], initializer=self.weights)
        made = helper.make_model(graph, producer_name="perfwatt-tests", opset_imports=[helper.make_opsetid("", self.opset)])
        made.ir_version = ir
        if self.opset <= onnx.defs.onnx_opset_version():
            onnx.checker.check_model(made)
        return made
