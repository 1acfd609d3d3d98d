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


if __name__ == "__main__":
    {"keras": keras}[sys.argv[1]]()
