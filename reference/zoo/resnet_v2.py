"""ResNet v2: `python resnet_v2.py keras` and `python resnet_v2.py timm`."""

import sys

STAGES = {"resnet50_v2": (3, 4, 6, 3), "resnet101_v2": (3, 4, 23, 3), "resnet152_v2": (3, 8, 36, 3)}


def keras():
    from keras import applications
    from originals_keras import write_keras

    builders = {"resnet50_v2": applications.ResNet50V2, "resnet101_v2": applications.ResNet101V2, "resnet152_v2": applications.ResNet152V2}
    for network, builder in builders.items():
        n = STAGES[network]
        last = {f"stage{s}": f"conv{s + 1}_block{n[s - 1]}_out" for s in (1, 2, 3)}
        endpoints = {"stem": "pool1_pool", "stage1.block1": "conv2_block1_out", "stage1.block2": "conv2_block2_out", **last}
        endpoints |= {f"stage4.block{n[3]}": f"conv5_block{n[3]}_out", "stage4": "post_relu"}
        write_keras(network, builder, endpoints=endpoints, slow=network != "resnet50_v2")


def timm():
    import timm as library
    from originals_torch import write_torch

    for network, n in STAGES.items():
        name = f"resnetv2_{network[6:].removesuffix('_v2')}"
        last = {f"stage{s}": f"stages.{s - 1}" for s in (1, 2, 3)}
        endpoints = {"stem": "stem", "stage1.block1": "stages.0.blocks.0", **last, f"stage4.block{n[3]}": "stages.3", "stage4": "norm"}
        source = f"timm {library.__version__}: {name}"
        write_torch(network, "timm", "timm", library.create_model(name), source=source, endpoints=endpoints, slow=network != "resnet50_v2")


if __name__ == "__main__":
    {"keras": keras, "timm": timm}[sys.argv[1]]()
