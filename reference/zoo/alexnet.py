"""AlexNet: `python alexnet.py onnx`, `python alexnet.py torchvision`, `python alexnet.py papers`."""

import sys


def onnx():
    from originals_onnx import write_onnx

    # Caffe's network as ONNX's model zoo has it, at 224.
    endpoints = {
        "stem.norm": "r2",
        "stem": "r3",
        "stage1": "r7",
        "stage2.conv1.relu": "r9",
        "stage2": "r14",
        "head.fc6.relu": "r17",
        "head.fc7.relu": "r21",
    }
    write_onnx("alexnet", "caffe", "onnx", "light_bvlc_alexnet", endpoints=endpoints, pixels=128, gain=1.4, slow=True)


def torchvision():
    import torchvision
    from originals_torch import write_torch

    endpoints = {"stem": "features.2", "stage1": "features.5", "stage2.conv1.relu": "features.7", "stage2": "features.12", "head.fc6.relu": "classifier.2", "head.fc7.relu": "classifier.5"}
    module = torchvision.models.alexnet(weights=None)
    source = f"torchvision {torchvision.__version__}: alexnet"
    write_torch("alexnet", "torchvision", "torchvision", module, source=source, endpoints=endpoints, gain=1.4, slow=True)
    # Another size, whose grid of 4 x 7 is averaged to 6 x 6.
    endpoints["head.pool"] = "avgpool"
    options = {"inputShape": [176, 260, 3]}
    write_torch("alexnet", "torchvision", "torchvision", module, source=source, endpoints=endpoints, gain=1.4, slow=True, size=(176, 260), options=options, label="260")


def papers():
    from originals_torch import write_torch
    from papers.alexnet import AlexNet, file_name

    endpoints = {"stem": "stem", "stage1": "stage1", "stage2.conv1.relu": "relu3", "stage2": "pool5", "head.fc6.relu": "relu6", "head.fc7.relu": "relu7"}
    for flavor in ("paper", "caffenet"):
        module = AlexNet(flavor)
        source = f"built in PyTorch from {module.source}"
        write_torch("alexnet", flavor, "onnx", module, source=source, endpoints=endpoints, names=file_name, size=227, pixels=128, gain=1.4, slow=True)


if __name__ == "__main__":
    {"onnx": onnx, "torchvision": torchvision, "papers": papers}[sys.argv[1]]()
