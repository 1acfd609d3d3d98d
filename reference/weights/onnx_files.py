"""Small ONNX models with each way in which values are kept, for packages/weights/src/golden.

    python -m pip install onnx==1.23.2 numpy ml-dtypes
    python reference/weights/onnx_files.py
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from golden import described

OUT = Path(__file__).parents[2] / "packages/weights/src/golden"
BY_NUMBER = {name: getattr(TensorProto, name) for name in ["FLOAT", "FLOAT16", "BFLOAT16", "DOUBLE", "INT64", "INT32", "INT8", "UINT64", "BOOL"]}
NAMES = {"FLOAT": "float32", "DOUBLE": "float64"}


def tensors():
    """Name, type, values, and whether the bytes are kept raw."""
    ramp = lambda *shape: (np.arange(np.prod(shape)) / 8 - 3).reshape(shape)
    return [
        ("conv1_w_0", "FLOAT", ramp(4, 3, 3, 3), True),
        ("conv1_b_0", "FLOAT", ramp(4), False),
        ("bn_scale", "FLOAT16", ramp(4), True),
        ("bn_bias", "FLOAT16", ramp(4), False),
        ("bn_mean", "BFLOAT16", ramp(4), False),
        ("bn_var", "DOUBLE", ramp(4), False),
        ("shape", "INT64", np.array([-1, 2**40]), False),
        ("axes", "INT64", np.array([2, -3]), True),
        ("small", "INT8", np.array([[-128, 127]]), False),
        ("count", "INT32", np.array(-7), False),
        ("big", "UINT64", np.array([2**63, 1]), False),
        ("mask", "BOOL", np.array([True, False, True]), False),
        ("none", "FLOAT", np.zeros((0, 3)), True),
    ]


def tensor(name, kind, values, raw):
    number = BY_NUMBER[kind]
    made = numpy_helper.from_array(values.astype(helper.tensor_dtype_to_np_dtype(number)), name)
    if raw:
        return made
    return helper.make_tensor(name, number, values.shape, numpy_helper.to_array(made).ravel())


def model():
    initialisers = [tensor(*each) for each in tensors()]
    initialisers.append(helper.make_tensor("label", TensorProto.STRING, [1], [b"no number"]))
    constant = numpy_helper.from_array(np.arange(8, dtype="float32").reshape(4, 2) / 4, "inside")
    nodes = [
        helper.make_node("Identity", ["conv1_b_0"], ["again"]),
        helper.make_node("Conv", ["picture", "conv1_w_0", "again"], ["conv1"], kernel_shape=[3, 3]),
        helper.make_node("BatchNormalization", ["conv1", "bn_scale", "bn_bias", "bn_mean", "bn_var"], ["bn"], name="bn1"),
        helper.make_node("GlobalAveragePool", ["bn"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("Constant", [], ["dense_w"], value=constant),
        helper.make_node("Constant", [], ["half"], value_float=0.5),
        helper.make_node("Gemm", ["flat", "dense_w"], ["logits"], name="dense"),
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 8, 8])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 2])
    graph = helper.make_graph(nodes, "tiny", [picture], [logits], initialisers)
    return helper.make_model(
        graph, producer_name="cnnkit-reference", producer_version="1", ir_version=10, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    )


def main():
    made = model()
    rows = []
    for each in made.graph.initializer:
        if each.data_type != TensorProto.STRING:
            dtype = {v: NAMES.get(k, k.lower()) for k, v in BY_NUMBER.items()}[each.data_type]
            rows.append(described(each.name, numpy_helper.to_array(each).astype("float64"), dtype))
    rows.append(described("dense_w", np.arange(8, dtype="float32").reshape(4, 2) / 4))
    onnx.save(made, OUT / "tiny.onnx")
    (OUT / "tiny-external.data").unlink(missing_ok=True)
    onnx.save(made, OUT / "tiny-external.onnx", save_as_external_data=True, location="tiny-external.data", size_threshold=0)
    about = f"reference/weights/onnx_files.py, onnx {onnx.__version__}"
    (OUT / "onnx.json").write_text(json.dumps({"about": about, "tensors": rows}) + "\n")


if __name__ == "__main__":
    main()
