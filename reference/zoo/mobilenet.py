"""MobileNet v1 and v2: `python mobilenet.py keras`, `... torchvision`, `... timm`."""

import functools
import sys

WIDTHS_V1 = {"025": 0.25, "050": 0.5, "075": 0.75, "100": 1.0}
WIDTHS_V2 = {"035": 0.35, "050": 0.5, "075": 0.75, "100": 1.0, "130": 1.3, "140": 1.4}

# Blocks are numbered through in the originals, from 1 in v1 and from 0 in v2: by stage, the number of its last one.
LAST_V1 = [1, 3, 5, 11, 13]
LAST_V2 = [0, 2, 5, 12, 16]

# At a gain of 1.4 many values of v2 reach the 6 of ReLU6, which spreads differences of the last digit tenfold: once is enough.
GAIN_V2 = {width: 1.4 if width == "100" else 1.0 for width in WIDTHS_V2}


def keras():
    from keras import applications
    from originals_keras import write_keras

    for width, alpha in WIDTHS_V1.items():
        stages = {f"stage{s}": f"conv_pw_{n}_relu" for s, n in enumerate(LAST_V1, 1)}
        builder = functools.partial(applications.MobileNet, alpha=alpha)
        write_keras(f"mobilenet_v1_{width}", builder, endpoints={"stem": "conv1_relu", **stages}, logits="reshape_2", gain=1.4)
    for width, alpha in WIDTHS_V2.items():
        stages = {f"stage{s}": last_of_block(n) for s, n in enumerate(LAST_V2, 1) if n != LAST_V2[-1]}
        endpoints = {"stem": "Conv1_relu", **stages, "stage2.block1": "block_1_project_BN", "stage5.block4": "block_16_project_BN", "stage5": "out_relu"}
        builder = functools.partial(applications.MobileNetV2, alpha=alpha)
        write_keras(f"mobilenet_v2_{width}", builder, endpoints=endpoints, gain=GAIN_V2[width])


def last_of_block(number):
    """The first block has no shortcut, nor has the last; it changes the channels."""
    return "expanded_conv_project_BN" if number == 0 else f"block_{number}_add"


def torchvision():
    import torchvision
    from originals_torch import write_torch

    for width, alpha in WIDTHS_V2.items():
        stages = {f"stage{s}": f"features.{n + 1}" for s, n in enumerate(LAST_V2[:-1], 1)}
        endpoints = {"stem": "features.0", **stages, "stage2.block1": "features.2", "stage5.block4": "features.17", "stage5": "features.18"}
        module = torchvision.models.mobilenet_v2(width_mult=alpha)
        source = f"torchvision {torchvision.__version__}: mobilenet_v2(width_mult={alpha})"
        write_torch(f"mobilenet_v2_{width}", "torchvision", "torchvision", module, source=source, endpoints=endpoints, gain=GAIN_V2[width])


def timm():
    import timm
    from originals_torch import write_torch

    stages = {f"stage{s}": f"blocks.{s - 1}" for s in range(1, 6)}
    for width, alpha in WIDTHS_V1.items():
        # What `create_model("mobilenetv1_100")` calls; timm has no name for the narrower ones.
        module = timm.models.efficientnet._gen_mobilenet_v1("mobilenetv1_100", alpha)
        source = f"timm {timm.__version__}: mobilenetv1_100, width {alpha}"
        write_torch(f"mobilenet_v1_{width}", "timm", "timm", module, source=source, endpoints={"stem": "bn1", **stages}, gain=1.4)
    for width in ("050", "100", "140"):
        stages = {"stage1": "blocks.0", "stage2": "blocks.1", "stage3": "blocks.2", "stage4": "blocks.4", "stage5.block4": "blocks.6", "stage5": "bn2"}
        module = timm.create_model(f"mobilenetv2_{width}")
        source = f"timm {timm.__version__}: mobilenetv2_{width}"
        write_torch(f"mobilenet_v2_{width}", "torchvision", "timm", module, source=source, endpoints={"stem": "bn1", **stages}, gain=1.0, label="timm")


if __name__ == "__main__":
    {"keras": keras, "torchvision": torchvision, "timm": timm}[sys.argv[1]]()
