"""Networks of He, Zhang, Ren, Sun 2015 (arXiv:1512.03385) that no library has, from the paper's text and table 1.

- plain18, plain34: table 1's 18-layer and 34-layer columns without shortcuts (section 3.3, figure 3 middle). The rules there: the same
  number of filters for the same size of grid, twice as many where the size is halved; halved by stride 2 in the convolution; batch norm
  after each convolution and before the activation (section 3.4).
- ResNet and plain nets for 32x32 (section 4.2): 3x3 convolution to 16 filters, 6n layers with 2n on each of 32x32x16, 16x16x32, 8x8x64,
  global average pooling, a 10-way dense layer: 6n + 2 layers. Shortcuts join pairs of 3x3 convolutions and are identities in all cases
  (option A: every other pixel, zeros for the new channels). Half of the zeros stand before and half after, as in the checkpoints of
  akamaster/pytorch_resnet_cifar10, whose names of tensors are used.
"""

import torch
from torch import nn
from torch.nn import functional as F


def conv3x3(inputs: int, outputs: int, stride: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)


class Pair(nn.Module):
    """Two 3x3 convolutions, with the identity past them or with nothing."""

    def __init__(self, inputs: int, outputs: int, stride: int, residual: bool):
        super().__init__()
        self.conv1 = conv3x3(inputs, outputs, stride)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = conv3x3(outputs, outputs, 1)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride, self.more, self.residual = stride, outputs - inputs, residual

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.residual:
            shortcut = x[:, :, :: self.stride, :: self.stride]
            if self.more:
                zeros = torch.zeros_like(shortcut[:, :1]).expand(-1, self.more // 2, -1, -1)
                shortcut = torch.cat([zeros, shortcut, zeros], 1)
            y = y + shortcut
        return F.relu(y)


def stages(widths, depths, inputs: int, residual: bool) -> list[nn.Sequential]:
    made = []
    for s, (width, depth) in enumerate(zip(widths, depths, strict=True)):
        pairs = []
        for b in range(depth):
            pairs.append(Pair(inputs, width, 2 if s > 0 and b == 0 else 1, residual))
            inputs = width
        made.append(nn.Sequential(*pairs))
    return made


class PlainNet(nn.Module):
    """Table 1 without shortcuts; names as torchvision's ResNet."""

    def __init__(self, depths):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        self.layer1, self.layer2, self.layer3, self.layer4 = stages((64, 128, 256, 512), depths, 64, residual=False)
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


class CifarNet(nn.Module):
    """Section 4.2, of `depth` = 6n + 2 layers."""

    def __init__(self, depth: int, residual: bool):
        super().__init__()
        n, rest = divmod(depth - 2, 6)
        assert rest == 0
        self.conv1 = conv3x3(3, 16, 1)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1, self.layer2, self.layer3 = stages((16, 32, 64), (n, n, n), 16, residual)
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))
