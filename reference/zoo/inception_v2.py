"""Inception v2: `python inception_v2.py onnx` and `python inception_v2.py slim`."""

import sys

BLOCKS = [
    *["stage1.block1", "stage1.block2"],
    *["stage2.reduction", "stage2.block1", "stage2.block2", "stage2.block3", "stage2.block4"],
    *["stage3.reduction", "stage3.block1", "stage3.block2"],
]


def onnx():
    from originals_onnx import load, weights_of, write_onnx

    graph = load("light_inception_v2").graph
    ends = [node.output[0] for node in graph.node if node.op_type == "Concat"]

    def fixed(name):
        """What Caffe2's converter writes beside the factor and offset of Caffe's own second layer."""
        return 1 if name.endswith("/bn_scale_0") else 0 if name.endswith("/bn_bias_0") else None

    endpoints = {"stem": "r21", **dict(zip(BLOCKS, ends, strict=True))}
    ignored = [name for name, _ in weights_of(graph) if fixed(name) is not None]
    write_onnx("inception_v2", "onnx", "onnx", "light_inception_v2", endpoints=endpoints, fixed=fixed, ignored=ignored)


def slim():
    from tf_slim.nets import inception_v2
    from originals_slim import write_slim

    names = ["3b", "3c", "4a", "4b", "4c", "4d", "4e", "5a", "5b", "5c"]
    endpoints = {"stem": "Conv2d_2c_3x3", **{path: f"Mixed_{name}" for path, name in zip(BLOCKS, names, strict=True)}}
    write_slim("inception_v2", inception_v2.inception_v2, inception_v2.inception_v2_arg_scope, endpoints=endpoints, gain=1.2)


if __name__ == "__main__":
    {"onnx": onnx, "slim": slim}[sys.argv[1]]()
