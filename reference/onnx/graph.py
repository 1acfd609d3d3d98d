"""What an exported graph computes."""

import numpy as np
import onnx
import onnxruntime
from onnx import shape_inference


def check(file, pictures, wanted):
    """The largest relative error of the graph's scores against the original's. Fails where they differ, at other batches, and where values blow up."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    run = lambda x: session.run(None, {"pictures": x})[0]
    scores = run(pictures)
    error = np.abs(scores - wanted).max() / np.abs(wanted).max()
    size = np.sqrt(np.mean(np.square(wanted, dtype=np.float64)))
    three = run(np.concatenate([pictures[:1], pictures]))
    if scores.shape != wanted.shape or three.shape != (3, wanted.shape[1]) or run(pictures[:1]).shape[0] != 1:
        raise SystemExit(f"{file.name}: scores {scores.shape}, {three.shape}, where the original has {wanted.shape}")
    if not error < 1e-3:
        raise SystemExit(f"{file.name}: the scores are {error:.1e} from the original's")
    if not 1e-6 < size < 1e12:
        raise SystemExit(f"{file.name}: root mean square {size:.1e}: such weights could slow or break it")
    return error


def multiply_accumulates(file):
    """Of the convolutions and dense layers, for one picture."""
    model = onnx.load(file)
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    for value in [*model.graph.output, *model.graph.value_info]:
        value.type.tensor_type.ClearField("shape")
    graph = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    shapes = {value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim] for value in [*graph.value_info, *graph.output]}
    sizes = {weight.name: int(np.prod(weight.dims)) for weight in graph.initializer}
    total = 0
    for node in graph.node:
        if node.op_type == "Conv":
            _, _, height, width = shapes[node.output[0]]
            total += sizes[node.input[1]] * height * width
        elif node.op_type in ("Gemm", "MatMul"):
            total += sizes[node.input[1]]
    return total
