# SPDX-License-Identifier: GPL-3.0-or-later
"""opencv_model.py MODEL.onnx OUTPUT: the same network so that OpenCV 4.6 reads it: batch 1, transB=1 in every Gemm (it takes
a missing one for that), the bounds of a Clip as attributes (it does not take inputs)."""
import sys

import onnx
from onnx import helper, numpy_helper


def transpose_weights(node, constants):
    kept = [a for a in node.attribute if a.name != "transB"]
    if any(a.i for a in node.attribute if a.name == "transB"):
        return
    weights = constants[node.input[1]]
    weights.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weights).T.copy(), weights.name))
    del node.attribute[:]
    node.attribute.extend([*kept, helper.make_attribute("transB", 1)])


def bounds_to_attributes(node, constants):
    for name, bound in zip(("min", "max"), list(node.input)[1:]):
        if bound:
            node.attribute.append(helper.make_attribute(name, float(numpy_helper.to_array(constants[bound]))))
    del node.input[1:]


CHANGES = {"Gemm": transpose_weights, "Clip": bounds_to_attributes}


def main(source, output):
    model = onnx.load(source)
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type in CHANGES:
            CHANGES[node.op_type](node, constants)
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_value = 1
    onnx.save(model, output)


main(*sys.argv[1:])
