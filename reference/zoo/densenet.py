"""DenseNet: `python densenet.py keras|torchvision|onnx|papers`."""

import sys

DEPTHS = {"densenet121": (6, 12, 24, 16), "densenet161": (6, 12, 36, 24), "densenet169": (6, 12, 32, 32), "densenet201": (6, 12, 48, 32)}


def keras():
    from keras import applications
    from originals_keras import write_keras

    builders = {"densenet121": applications.DenseNet121, "densenet169": applications.DenseNet169, "densenet201": applications.DenseNet201}
    for network, builder in builders.items():
        last = {f"stage{s}": f"conv{s + 1}_block{DEPTHS[network][s - 1]}_concat" for s in (1, 2, 3)}
        endpoints = {"stem": "pool1", "stage1.block1": "conv2_block1_concat", "stage2.transition": "pool2_pool", **last, "stage4": "relu"}
        write_keras(network, builder, endpoints=endpoints, slow=network == "densenet201")


def torchvision():
    import torch
    import torchvision as library
    from originals_torch import write_torch

    for network in DEPTHS:
        module = library.models.get_model(network, weights=None)
        # A functional ReLU comes after norm5: one that has an output to look at stands in for it.
        module.features.add_module("relu5", torch.nn.ReLU())
        last = {f"stage{s}": f"features.denseblock{s}" for s in (1, 2, 3)}
        endpoints = {"stem": "features.pool0", "stage2.transition": "features.transition1", **last, "stage4": "features.relu5"}
        source = f"torchvision {library.__version__}: {network}"
        write_torch(network, "torchvision", "torchvision", module, source=source, endpoints=endpoints, slow=network in ("densenet161", "densenet201"))


def onnx():
    from originals_onnx import load, weights_of, write_onnx

    file = "light_densenet121"
    endpoints = {"stem": "r7", "stage1.block1": "r22", "stage1": "r97", "stage2": "r285", "stage3": "r653", "stage4": "r907"}
    # Caffe2's own factor and offset of a norm, which its converter leaves at 1 and 0: those of Caffe's Scale layer come after.
    unused = {"/bn_scale_0": 1, "/bn_bias_0": 0}
    fixed = lambda name: next((number for end, number in unused.items() if name.endswith(end)), None)
    ignored = [name for name, _ in weights_of(load(file).graph) if fixed(name) is not None]
    write_onnx("densenet121", "torchvision", "onnx", file, endpoints=endpoints, logits="fc6_1", fixed=fixed, ignored=ignored, label="onnx")


def papers():
    from originals_torch import write_torch
    from papers.densenet import CifarDenseNet

    for network, module in {"densenet40_cifar": CifarDenseNet(40, 12, False, 1.0), "densenet100_cifar": CifarDenseNet(100, 12, True, 0.5)}.items():
        blocks = {f"stage{s}": f"features.denseblock{s}" for s in (1, 2)}
        first = {"stage1.block1": "features.denseblock1.denselayer1", "stage2.transition": "features.transition1"}
        endpoints = {"stem": "features.conv0", **first, **blocks, "stage3": "last"}
        source = f"papers/densenet.py: {network} of Huang et al. 2017, section 3"
        write_torch(network, "paper", "torch", module, source=source, endpoints=endpoints, size=32)


if __name__ == "__main__":
    {"keras": keras, "torchvision": torchvision, "onnx": onnx, "papers": papers}[sys.argv[1]]()
