"""ResNet: `python resnet.py keras`, `python resnet.py torchvision`, `python resnet.py onnx`, and the plain nets: `python resnet.py papers`."""

import sys

STAGES = {"resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3), "resnet50": (3, 4, 6, 3), "resnet101": (3, 4, 23, 3), "resnet152": (3, 8, 36, 3)}


def keras():
    from keras import applications
    from originals_keras import write_keras

    for network, builder in {"resnet50": applications.ResNet50, "resnet101": applications.ResNet101, "resnet152": applications.ResNet152}.items():
        last = {f"stage{s}": f"conv{s + 1}_block{n}_out" for s, n in enumerate(STAGES[network], 1)}
        endpoints = {"stem": "pool1_pool", "stage1.block1": "conv2_block1_out", **last}
        write_keras(network, builder, endpoints=endpoints, slow=network != "resnet50")


def torchvision():
    import torchvision
    from originals_torch import write_torch

    for network, depth in STAGES.items():
        endpoints = {"stem": "maxpool", "stage1.block1": "layer1.0", **{f"stage{s}": f"layer{s}" for s in range(1, 5)}}
        source = f"torchvision {torchvision.__version__}: {network}"
        module = torchvision.models.get_model(network, weights=None)
        write_torch(network, "torchvision", "torchvision", module, source=source, endpoints=endpoints, slow=depth[2] > 6)


def onnx():
    from originals_onnx import write_onnx

    endpoints = {"stem": "r3", "stage1.block1": "r15", "stage1": "r35", "stage2": "r77", "stage3": "r139", "stage4": "r171"}
    write_onnx("resnet50", "torchvision", "onnx", "light_resnet50", endpoints=endpoints, label="onnx")


def papers():
    from originals_torch import write_torch
    from papers.resnet import PlainNet

    for network, like in {"plain18": "resnet18", "plain34": "resnet34"}.items():
        endpoints = {"stem": "maxpool", "stage1.block1": "layer1.0", **{f"stage{s}": f"layer{s}" for s in range(1, 5)}}
        source = f"papers/resnet.py: {network} of He et al. 2015, table 1"
        write_torch(network, "paper", "torchvision", PlainNet(STAGES[like]), source=source, endpoints=endpoints, gain=1.42)


if __name__ == "__main__":
    {"keras": keras, "torchvision": torchvision, "onnx": onnx, "papers": papers}[sys.argv[1]]()
