"""GoogLeNet: `python googlenet.py torchvision`, `onnx`, `slim` and `papers`, each in the environment of its requirements."""

import sys

MODULES = [("stage1", "3", "ab"), ("stage2", "4", "abcde"), ("stage3", "5", "ab")]


def blocks(name) -> dict:
    """{our path: what `name` makes of `3`, `a`}, for all modules."""
    return {f"{stage}.block{b}": name(number, letter) for stage, number, letters in MODULES for b, letter in enumerate(letters, 1)}


def torchvision():
    import torchvision
    from originals_torch import write_torch

    module = torchvision.models.googlenet(weights=None, init_weights=False)
    source = f"torchvision {torchvision.__version__}: googlenet"
    endpoints = {"stem": "conv3", **blocks(lambda number, letter: f"inception{number}{letter}")}
    heads = [name for name in module.state_dict() if name.startswith("aux") and not name.endswith("num_batches_tracked")]

    def plain(module, x):
        module.training = False
        return module(x)

    def with_heads(module, x):
        module.training = True  # the flag of the whole alone: its norms and dropouts stay as they are
        return module(x)

    given = {"source": source, "endpoints": endpoints}
    write_torch("googlenet", "torchvision", "torchvision", module, forward=plain, ignored=heads, **given)
    outputs = ("head.logits", "aux2.logits", "aux1.logits")
    heads = {"forward": with_heads, "outputs": outputs, "options": {"auxiliary": True}, **given}
    write_torch("googlenet", "torchvision", "torchvision", module, **heads)
    # Poolings round up, and the auxiliary heads pool to 4 x 4 whatever the grid.
    write_torch("googlenet", "torchvision", "torchvision", module, size=(235, 107), label="odd", **heads)


def onnx():
    from originals_onnx import write_onnx

    # The concatenations are r23, r37, then after a pooling r52, r66, ...
    ends = iter(["r23", "r37", "r52", "r66", "r80", "r94", "r108", "r123", "r137"])
    endpoints = {"stem.norm1": "r3", "stem": "r8", **blocks(lambda *_: next(ends))}
    given = {"endpoints": endpoints, "gain": 1.4, "pixels": 128}
    write_onnx("googlenet", "onnx", "onnx-blobs", "light_inception_v1", **given)

    def as_caffe(graph):
        """Caffe's poolings count a border that is not full; the graph has lost it, all but in the last, where it has none to count."""
        for node in graph.node:
            if node.op_type in ("MaxPool", "AveragePool"):
                attributes = {a.name: a for a in node.attribute}
                if attributes["strides"].ints[0] == 2 or node.op_type == "AveragePool":
                    attributes["pads"].ints[:] = [0, 0, 1, 1] if node.op_type == "MaxPool" else [0, 0, 0, 0]

    write_onnx("googlenet", "paper", "onnx-blobs", "light_inception_v1", prepare=as_caffe, source=" with the pads of Caffe's poolings", **given)


def slim():
    from tf_slim.nets import inception_v1
    from originals_slim import write_slim

    endpoints = {"stem": "Conv2d_2c_3x3", **blocks(lambda number, letter: f"Mixed_{number}{chr(ord(letter) + 1)}")}
    write_slim("googlenet", inception_v1.inception_v1, inception_v1.inception_v1_arg_scope, endpoints=endpoints, gain=1.2)


def papers():
    from papers.googlenet import write_googlenet

    write_googlenet()


if __name__ == "__main__":
    {"torchvision": torchvision, "onnx": onnx, "slim": slim, "papers": papers}[sys.argv[1]]()
