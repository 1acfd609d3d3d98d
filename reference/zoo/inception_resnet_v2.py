"""Inception-ResNet v2: `python inception_resnet_v2.py keras` and `python inception_resnet_v2.py timm`."""

import sys

REPEATS = {"stage1": 10, "stage2": 20, "stage3": 10}
GAIN = 1.2


def keras():
    from keras import applications
    from originals_keras import write_keras

    endpoints = {"stem": "max_pooling2d_1"}
    for (stage, repeats), first, block in zip(REPEATS.items(), ("mixed_5b", "mixed_6a", "mixed_7a"), ("block35", "block17", "block8"), strict=True):
        endpoints[f"{stage}.block1"] = first
        endpoints |= {f"{stage}.block{b}": f"{block}_{b - 1}_ac" for b in range(2, repeats + 2)}
    # The last residual module ends in its sum, the fortieth, and no activation.
    endpoints["stage3.block11"] = "custom_scale_layer_39"
    endpoints["stage3"] = "conv_7b_ac"
    write_keras("inception_resnet_v2", applications.InceptionResNetV2, endpoints=endpoints, gain=GAIN, slow=True)


def timm():
    import timm
    from originals_torch import write_torch

    endpoints = {"stem": "maxpool_5a"}
    for (stage, repeats), first, block in zip(REPEATS.items(), ("mixed_5b", "mixed_6a", "mixed_7a"), ("repeat", "repeat_1", "repeat_2"), strict=True):
        endpoints[f"{stage}.block1"] = first
        endpoints |= {f"{stage}.block{b}": f"{block}.{b - 2}" for b in range(2, repeats + 2)}
    endpoints |= {"stage3.block11": "block8", "stage3": "conv2d_7b"}
    module = timm.create_model("inception_resnet_v2", pretrained=False)
    source = f"timm {timm.__version__}: inception_resnet_v2"
    write_torch("inception_resnet_v2", "timm", "timm", module, source=source, endpoints=endpoints, size=299, gain=GAIN, slow=True)


if __name__ == "__main__":
    {"keras": keras, "timm": timm}[sys.argv[1]]()
