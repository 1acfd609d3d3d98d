"""VGG: `python vgg.py keras`, `python vgg.py torchvision`, `python vgg.py timm`, `python vgg.py onnx`."""

import sys

STAGES = {"vgg11": (1, 1, 2, 2, 2), "vgg13": (2, 2, 2, 2, 2), "vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}
GAIN = 1.4


def keras():
    from keras import applications
    from originals_keras import write_keras

    for network, builder in {"vgg16": applications.VGG16, "vgg19": applications.VGG19}.items():
        endpoints = {**{f"stage{s}": f"block{s}_pool" for s in range(1, 6)}, "head.fc6.relu": "fc1", "head.fc7.relu": "fc2"}
        write_keras(network, builder, endpoints=endpoints, gain=GAIN, slow=True)


def features(depth, normed):
    """Our paths of the stages, and the places of their poolings in `features`."""
    step, place, found = 3 if normed else 2, -1, {}
    for s, convolutions in enumerate(depth, 1):
        place += convolutions * step + 1
        found[f"stage{s}"] = f"features.{place}"
    return found


def torchvision():
    import torchvision
    from originals_torch import write_torch

    for base, depth in STAGES.items():
        for network in (base, f"{base}_bn"):
            module = torchvision.models.get_model(network, weights=None)
            endpoints = {**features(depth, network != base), "head.fc6.relu": "classifier.1", "head.fc7.relu": "classifier.4"}
            source = f"torchvision {torchvision.__version__}: {network}"
            write_torch(network, "torchvision", "torchvision", module, source=source, endpoints=endpoints, gain=GAIN, slow=True)
    small(torchvision)


def small(torchvision):
    """Without the head, which has most of the parameters."""
    from torch import nn
    from originals_torch import write_torch

    for base, depth in STAGES.items():
        for network in (base, f"{base}_bn"):
            module = nn.Module()
            module.features = torchvision.models.get_model(network, weights=None).features
            endpoints = features(depth, network != base)
            endpoints.pop("stage5")
            source = f"torchvision {torchvision.__version__}: {network}, features"
            write_torch(
                network, "torchvision", "torchvision", module, source=source, endpoints=endpoints, outputs=("stage5",),
                forward=lambda module, x: module.features(x), size=64, gain=GAIN, options={"includeTop": False},
            )  # fmt: skip


def timm():
    import timm
    from originals_torch import write_torch

    for network in ("vgg11", "vgg11_bn"):
        module = timm.create_model(network, pretrained=False)
        endpoints = features(STAGES["vgg11"], network != "vgg11")
        source = f"timm {timm.__version__}: {network}"
        write_torch(network, "torchvision", "timm", module, source=source, endpoints=endpoints, gain=GAIN, slow=True, label="timm")


def onnx():
    from originals_onnx import write_onnx

    endpoints = {"stage1": "r4", "stage2": "r9", "stage3": "r18", "stage4": "r27", "stage5": "r36", "head.fc6.relu": "r39", "head.fc7.relu": "r43"}
    write_onnx("vgg19", "caffe", "onnx", "light_vgg19", endpoints=endpoints, gain=GAIN, slow=True)


if __name__ == "__main__":
    {"keras": keras, "torchvision": torchvision, "timm": timm, "onnx": onnx}[sys.argv[1]]()
