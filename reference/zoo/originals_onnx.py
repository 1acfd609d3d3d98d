"""Goldens of the graphs of ONNX's model zoo, as the package `onnx` carries them: their weights are left as shapes there, and
formula weights take their place."""

import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

from golden import write

FOLDER = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"


def write_onnx(network, flavor, dialect, file, *, endpoints, logits=None, prepare=None, fixed=None, **rest):
    """file: `light_bvlc_alexnet`. endpoints: {our path: name of the tensor}; `print_graph` shows the names.

    logits: name of the tensor; where it is not given, what the last Softmax takes.
    prepare: a function that changes the graph; `source` in `rest` then says how.
    fixed: a function of a weight's name that gives the number it is full of in every published file, or None.
    """
    model = load(file)
    graph = model.graph
    if prepare:
        prepare(graph)
    tensors = weights_of(graph)
    softmax = [node for node in graph.node if node.op_type == "Softmax"]
    outputs = {**endpoints, "head.logits": logits or softmax[-1].input[0]}
    feed = next(i.name for i in graph.input if i.name.endswith("data_0"))

    def run(weights, x):
        weights = {name: full(value, fixed(name) if fixed else None) for name, value in weights.items()}
        session = onnxruntime.InferenceSession(with_weights(model, weights, outputs.values()).SerializeToString())
        values = session.run(list(outputs.values()), {feed: x.transpose(0, 3, 1, 2)})
        return {path: channels_last(value) for path, value in zip(outputs, values, strict=True)}

    how = rest.pop("source", "")
    source = f"onnx {onnx.__version__}: {file}.onnx{how}, run by onnxruntime {onnxruntime.__version__}"
    write(network, flavor, dialect, source=source, axes="torch", tensors=tensors, run=run, **rest)


def load(file):
    return onnx.load(FOLDER / f"{file}.onnx")


def full(value: np.ndarray, number) -> np.ndarray:
    return value if number is None else np.full_like(value, number)


def weights_of(graph) -> list[tuple[str, tuple[int, ...]]]:
    """Names and shapes of the weights, in the order in which the graph first uses them, as the published file has them."""
    held = {i.name: tuple(i.dims) for i in graph.initializer if i.data_type == onnx.TensorProto.FLOAT}
    shapes = {i.name: tuple(numpy_helper.to_array(i).tolist()) for i in graph.initializer if i.name.endswith("__SHAPE")}
    made = {node.output[0]: shapes[node.input[0]] for node in graph.node if node.op_type == "ConstantOfShape"}
    used = [name for node in graph.node for name in node.input]
    return [(name, {**held, **made}[name]) for name in dict.fromkeys(used) if name in held or name in made]


def with_weights(model, weights, outputs):
    """The graph with weights as initializers, and with these tensors as its outputs."""
    filled = onnx.ModelProto()
    filled.CopyFrom(model)
    filled.ir_version = 4  # from which on initializers need not be inputs
    graph = filled.graph
    others = [i for i in graph.initializer if i.name not in weights and not i.name.endswith("__SHAPE")]
    nodes = [node for node in graph.node if node.op_type != "ConstantOfShape"]
    inputs = [i for i in graph.input if i.name not in weights and not i.name.endswith("__SHAPE")]
    for field in ("initializer", "node", "input", "output"):
        graph.ClearField(field)
    graph.initializer.extend([*others, *(numpy_helper.from_array(value, name) for name, value in weights.items())])
    graph.node.extend(nodes)
    graph.input.extend(inputs)
    graph.output.extend(onnx.ValueInfoProto(name=name) for name in dict.fromkeys(outputs))
    return filled


def channels_last(value: np.ndarray) -> np.ndarray:
    """A grid of one pixel is a vector to us."""
    if value.shape[2:] == (1, 1):
        return value[:, :, 0, 0]
    return value.transpose(0, 2, 3, 1) if value.ndim == 4 else value


def print_graph(file):
    """The steps of a graph with the names of their tensors, for choosing endpoints."""
    graph = load(file).graph
    for node in graph.node:
        if node.op_type != "ConstantOfShape":
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            print(node.op_type, *node.input, "->", *node.output, attributes)
