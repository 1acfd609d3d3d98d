"""DenseNet for 32x32 pictures of Huang, Liu, van der Maaten, Weinberger 2017 (arXiv:1608.06993), from section 3.

- Three dense blocks of (L - 4) / 3 layers at 32x32, 16x16 and 8x8; (L - 4) / 6 pairs of layers where there are bottlenecks (DenseNet-B).
- Before the first block a 3x3 convolution: 16 outputs, or twice the growth rate for DenseNet-BC.
- A layer is BN-ReLU-Conv(3x3) with k outputs; with bottlenecks BN-ReLU-Conv(1x1) with 4k, BN-ReLU-Conv(3x3) with k. It takes what all
  before it made.
- Between blocks BN-(ReLU)-Conv(1x1) and 2x2 average pooling; DenseNet-C leaves half of the channels (theta = 0.5). The ReLU is in the authors' code.
- After the last block BN-ReLU, global average pooling, a dense layer to the classes. He's initialisation, no biases in the convolutions.

Names of tensors as in gpleiss/efficient_densenet_pytorch (`features.norm_final`), and as torchvision's where both agree.
"""

from collections import OrderedDict

import torch
from torch import nn


def activated(channels: int, convolution: nn.Conv2d, names) -> OrderedDict:
    norm, relu, conv = names
    return OrderedDict([(norm, nn.BatchNorm2d(channels)), (relu, nn.ReLU()), (conv, convolution)])


class Layer(nn.Sequential):
    def __init__(self, inputs: int, k: int, bottleneck: bool):
        inner = 4 * k if bottleneck else inputs
        steps = OrderedDict()
        if bottleneck:
            steps |= activated(inputs, nn.Conv2d(inputs, inner, 1, bias=False), ("norm1", "relu1", "conv1"))
        last = ("norm2", "relu2", "conv2") if bottleneck else ("norm1", "relu1", "conv1")
        steps |= activated(inner, nn.Conv2d(inner, k, 3, padding=1, bias=False), last)
        super().__init__(steps)

    def forward(self, x):
        return torch.cat([x, super().forward(x)], 1)


class CifarDenseNet(nn.Module):
    def __init__(self, depth: int, k: int, bottleneck: bool, theta: float):
        super().__init__()
        layers = (depth - 4) // (6 if bottleneck else 3)
        channels = 2 * k if bottleneck and theta < 1 else 16
        self.features = nn.Sequential(OrderedDict(conv0=nn.Conv2d(3, channels, 3, padding=1, bias=False)))
        for block in (1, 2, 3):
            made = OrderedDict()
            for i in range(layers):
                made[f"denselayer{i + 1}"] = Layer(channels, k, bottleneck)
                channels += k
            self.features.add_module(f"denseblock{block}", nn.Sequential(made))
            if block < 3:
                left = int(channels * theta)
                steps = activated(channels, nn.Conv2d(channels, left, 1, bias=False), ("norm", "relu", "conv"))
                self.features.add_module(f"transition{block}", nn.Sequential(steps | OrderedDict(pool=nn.AvgPool2d(2))))
                channels = left
        self.features.add_module("norm_final", nn.BatchNorm2d(channels))
        self.last = nn.ReLU()
        self.classifier = nn.Linear(channels, 10)

    def forward(self, x):
        return self.classifier(self.last(self.features(x)).mean((2, 3)))
