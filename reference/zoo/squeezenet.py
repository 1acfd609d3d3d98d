"""SqueezeNet: `python squeezenet.py torchvision`, `python squeezenet.py onnx`."""

import sys


def torchvision():
    import torchvision
    from originals_torch import write_torch

    stages = {
        "squeezenet1_0": {"stem": "features.1", "stage1.block1": "features.3", "stage1": "features.5", "stage2": "features.10", "stage3": "features.12"},
        "squeezenet1_1": {"stem": "features.1", "stage1.block1": "features.3", "stage1": "features.4", "stage2": "features.7", "stage3": "features.12"},
    }
    for network, endpoints in stages.items():
        module = torchvision.models.get_model(network, weights=None)
        source = f"torchvision {torchvision.__version__}: {network}"
        endpoints = {**endpoints, "head.logits": "classifier.1"}
        for size in (224, 226):  # at 226 poolings round up
            options = {} if size == 224 else {"inputShape": [size, size, 3]}
            label = None if size == 224 else str(size)
            write_torch(
                network, "torchvision", "torchvision", module, source=source, endpoints=endpoints,
                outputs=("head.pool",), gain=1.4, size=size, options=options, label=label,
            )  # fmt: skip


def onnx():
    from originals_onnx import write_onnx

    # ONNX's model zoo calls it 1.0.
    endpoints = {"stem": "r1", "stage1.block1": "r9", "stage1": "r16", "stage2": "r31", "stage3": "r60", "head.pool": "r65"}
    write_onnx("squeezenet1_1", "caffe", "onnx", "light_squeezenet", endpoints=endpoints, logits="r63", gain=1.4)


if __name__ == "__main__":
    {"torchvision": torchvision, "onnx": onnx}[sys.argv[1]]()
