"""Xception: `python xception.py keras` and `python xception.py timm`."""

import sys

MODULES = {"stage1": (2,), "stage2": (3,), "stage3": range(4, 13), "stage4": (13,)}


def keras():
    from keras import applications
    from originals_keras import write_keras

    # The sums have no names in Keras: add, add_1, ... in order.
    blocks = [f"{stage}.block{b}" for stage, numbers in MODULES.items() for b, _ in enumerate(numbers, 1)]
    sums = {path: "add" if i == 0 else f"add_{i}" for i, path in enumerate(blocks)}
    endpoints = {"stem": "block1_conv2_act", **sums, "stage4": "block14_sepconv2_act"}
    write_keras("xception", applications.Xception, endpoints=endpoints)


def timm():
    import timm
    from originals_torch import write_torch

    # timm leaves the stem out of its count.
    blocks = {f"{stage}.block{b}": f"block{n - 1}" for stage, numbers in MODULES.items() for b, n in enumerate(numbers, 1)}
    module = timm.create_model("legacy_xception", pretrained=False)
    source = f"timm {timm.__version__}: legacy_xception"
    write_torch("xception", "timm", "timm", module, source=source, endpoints={"stem": "act2", **blocks, "stage4": "act4"}, size=299)


if __name__ == "__main__":
    {"keras": keras, "timm": timm}[sys.argv[1]]()
