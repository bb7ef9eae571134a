# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of a network: two operations for each multiply-add of its convolutions and matrix products."""
import math


def gflop_of(path):
    """GFLOP of one image; None where python3-onnx is not there."""
    try:
        import onnx
        from onnx import shape_inference
    except ImportError:
        return None
    model = onnx.load(path)
    weights = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_value = 1
    graph = shape_inference.infer_shapes(model).graph
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in [*graph.value_info, *graph.output]}
    macs = 0
    for node in graph.node:
        if node.op_type == "Conv":  # weights: M x C/group x kH x kW
            macs += math.prod(shapes[node.output[0]]) * math.prod(weights[node.input[1]][1:])
        elif node.op_type in ("Gemm", "MatMul"):
            macs += math.prod(weights[node.input[1]])
    return 2 * macs / 1e9
