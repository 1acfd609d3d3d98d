"""AlexNet as in the paper, and CaffeNet.

`paper`: Krizhevsky, Sutskever, Hinton 2012, section 3.5 and figure 2 (two groups), section 3.3 (k = 2, n = 5, alpha = 1e-4 for the sum,
beta = 0.75; after the ReLU of layers 1 and 2), section 3.4 (3x3/2 pooling after those norms and after layer 5). The 224 of the text
gives no 55 x 55; 227 does.

`caffenet`: BVLC/caffe models/bvlc_reference_caffenet/deploy.prototxt: pooling before the norm, alpha / 5, k = 1.
"""

from torch import nn


class AlexNet(nn.Module):
    def __init__(self, flavor):
        super().__init__()
        if flavor == "paper":
            self.source = "Krizhevsky et al. 2012, sections 3.3 to 3.5"
            norm = nn.LocalResponseNorm(5, alpha=5 * 1e-4, beta=0.75, k=2)  # PyTorch divides alpha by the size
            after = lambda: [norm, nn.MaxPool2d(3, 2)]
        else:
            self.source = "BVLC/caffe models/bvlc_reference_caffenet/deploy.prototxt"
            norm = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1)
            after = lambda: [nn.MaxPool2d(3, 2), norm]
        self.conv1 = nn.Conv2d(3, 96, 11, stride=4)
        self.conv2 = nn.Conv2d(96, 256, 5, padding=2, groups=2)
        self.conv3 = nn.Conv2d(256, 384, 3, padding=1)
        self.conv4 = nn.Conv2d(384, 384, 3, padding=1, groups=2)
        self.conv5 = nn.Conv2d(384, 256, 3, padding=1, groups=2)
        self.fc6 = nn.Linear(256 * 6 * 6, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, 1000)
        self.stem = nn.Sequential(nn.ReLU(), *after())
        self.stage1 = nn.Sequential(nn.ReLU(), *after())
        self.relu3, self.relu6, self.relu7 = nn.ReLU(), nn.ReLU(), nn.ReLU()
        self.pool5 = nn.MaxPool2d(3, 2)

    def forward(self, x):
        x = self.stem(self.conv1(x))  # 96 x 27 x 27
        x = self.stage1(self.conv2(x))  # 256 x 13 x 13
        x = self.relu3(self.conv3(x))
        x = self.conv4(x).relu()
        x = self.pool5(self.conv5(x).relu())  # 256 x 6 x 6
        x = self.relu6(self.fc6(x.flatten(1)))
        x = self.relu7(self.fc7(x))
        return self.fc8(x)


def file_name(name):
    """`conv1.weight` as Caffe2's files have it: `conv1_w_0`."""
    return name.replace(".weight", "_w_0").replace(".bias", "_b_0")
