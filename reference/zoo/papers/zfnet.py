"""ZFNet as in Zeiler and Fergus 2013 (arXiv:1311.2901), figure 3 and its caption.

A 224 x 224 picture; 96 filters of 7x7, stride 2, to 110 x 110; ReLU, 3x3/2 max pooling, contrast normalised across maps to 55 x 55;
256 filters of 5x5, stride 2, to 26 x 26, the same after them to 13 x 13; 384, 384 and 256 filters of 3x3 on 13 x 13; pooled to 6 x 6; 4096,
4096, 1000. 110 needs a border of one, 55 and 13 poolings that round up. The norm's figures are those of Krizhevsky et al. 2012, whose network
this one alters (k = 2, n = 5, alpha = 1e-4 for the sum, beta = 0.75).
"""

from torch import nn


class ZFNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, 7, stride=2, padding=1)
        self.conv2 = nn.Conv2d(96, 256, 5, stride=2)
        self.conv3 = nn.Conv2d(256, 384, 3, padding=1)
        self.conv4 = nn.Conv2d(384, 384, 3, padding=1)
        self.conv5 = nn.Conv2d(384, 256, 3, padding=1)
        self.fc6 = nn.Linear(256 * 6 * 6, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, 1000)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.norm1, self.norm2 = (nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2) for _ in range(2))
        self.relu3, self.relu6, self.relu7 = nn.ReLU(), nn.ReLU(), nn.ReLU()
        self.pool5 = nn.MaxPool2d(3, 2, ceil_mode=True)

    def forward(self, x):
        x = self.norm1(self.pool(self.conv1(x).relu()))
        assert x.shape[-2:] == (55, 55)
        x = self.norm2(self.pool(self.conv2(x).relu()))
        assert x.shape[-2:] == (13, 13)
        x = self.conv4(self.relu3(self.conv3(x))).relu()
        x = self.pool5(self.conv5(x).relu())
        assert x.shape[-2:] == (6, 6)
        x = self.relu6(self.fc6(x.flatten(1)))
        x = self.relu7(self.fc7(x))
        return self.fc8(x)


def file_name(name):
    """`conv1.weight` as zfnet512's file has it: `gpu_0/conv1_w_0`."""
    return "gpu_0/" + name.replace(".weight", "_w_0").replace(".bias", "_b_0")
