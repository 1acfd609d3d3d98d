"""GoogLeNet with its two auxiliary heads, from Szegedy et al. 2014: table 1, figure 3 and section 5.

Poolings count a border that is not full ("3x3/2" gives 56 from 112), as Caffe's do. Local response norm has the numbers of Caffe's
bvlc_googlenet (5, 1e-4 over the window, 0.75, 1), as the paper says none. Parameters are named as in Caffe's prototxt.
"""

import torch
from torch import nn
from torch.nn import functional as F

from golden import write
from originals_torch import channels_last

# Table 1: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
TABLE = {
    "3a": (192, 64, 96, 128, 16, 32, 32),
    "3b": (256, 128, 128, 192, 32, 96, 64),
    "4a": (480, 192, 96, 208, 16, 48, 64),
    "4b": (512, 160, 112, 224, 24, 64, 64),
    "4c": (512, 128, 128, 256, 24, 64, 64),
    "4d": (512, 112, 144, 288, 32, 64, 64),
    "4e": (528, 256, 160, 320, 32, 128, 128),
    "5a": (832, 256, 160, 320, 32, 128, 128),
    "5b": (832, 384, 192, 384, 48, 128, 128),
}


class Net(nn.Module):
    def __init__(self, classes=1000):
        super().__init__()
        self.conv("conv1/7x7_s2", 3, 64, 7)
        self.conv("conv2/3x3_reduce", 64, 64, 1)
        self.conv("conv2/3x3", 64, 192, 3)
        for name, (inputs, one, reduce3, three, reduce5, five, projection) in TABLE.items():
            self.conv(f"inception_{name}/1x1", inputs, one, 1)
            self.conv(f"inception_{name}/3x3_reduce", inputs, reduce3, 1)
            self.conv(f"inception_{name}/3x3", reduce3, three, 3)
            self.conv(f"inception_{name}/5x5_reduce", inputs, reduce5, 1)
            self.conv(f"inception_{name}/5x5", reduce5, five, 5)
            self.conv(f"inception_{name}/pool_proj", inputs, projection, 1)
        for head, inputs in (("loss1", 512), ("loss2", 528)):
            self.conv(f"{head}/conv", inputs, 128, 1)
            self.add_module(f"{head}/fc", nn.Linear(4 * 4 * 128, 1024))
            self.add_module(f"{head}/classifier", nn.Linear(1024, classes))
        self.add_module("loss3/classifier", nn.Linear(1024, classes))

    def conv(self, name, inputs, outputs, size):
        stride = 2 if name.endswith("_s2") else 1
        self.add_module(name, nn.Conv2d(inputs, outputs, size, stride=stride, padding=size // 2))

    def step(self, name, x):
        return F.relu(getattr(self, name)(x))

    def module(self, name, x):
        name = f"inception_{name}"
        three = self.step(f"{name}/3x3", self.step(f"{name}/3x3_reduce", x))
        five = self.step(f"{name}/5x5", self.step(f"{name}/5x5_reduce", x))
        projection = self.step(f"{name}/pool_proj", F.max_pool2d(x, 3, 1, padding=1))
        return torch.cat([self.step(f"{name}/1x1", x), three, five, projection], 1)

    def head(self, name, x):
        x = self.step(f"{name}/conv", F.avg_pool2d(x, 5, 3))
        x = self.step(f"{name}/fc", torch.flatten(x, 1))
        return getattr(self, f"{name}/classifier")(x)  # behind a dropout of 70 % in training

    def forward(self, x):
        ends = {}
        x = pool(self.step("conv1/7x7_s2", x))
        x = ends["stem.norm1"] = norm(x)
        x = self.step("conv2/3x3_reduce", x)
        x = ends["stem"] = norm(self.step("conv2/3x3", x))
        for stage, names in (("stage1", "ab"), ("stage2", "abcde"), ("stage3", "ab")):
            x = pool(x)
            for block, letter in enumerate(names, 1):
                x = ends[f"{stage}.block{block}"] = self.module(f"{int(stage[-1]) + 2}{letter}", x)
        ends["head.logits"] = getattr(self, "loss3/classifier")(x.mean((2, 3)))
        ends["aux1.logits"] = self.head("loss1", ends["stage2.block1"])
        ends["aux2.logits"] = self.head("loss2", ends["stage2.block4"])
        return ends


def pool(x):
    return F.max_pool2d(x, 3, 2, ceil_mode=True)


def norm(x):
    return F.local_response_norm(x, 5, alpha=1e-4, beta=0.75, k=1.0)


def write_googlenet():
    net = Net().eval()
    published = {name: name.replace(".weight", "_w_0").replace(".bias", "_b_0") for name in net.state_dict()}
    tensors = [(published[name], tuple(value.shape)) for name, value in net.state_dict().items()]
    parameters = sum(value.numel() for value in net.parameters())
    assert parameters == 13_378_280, parameters  # Caffe's, with both heads

    def run(weights, x):
        net.load_state_dict({name: torch.from_numpy(weights[theirs]) for name, theirs in published.items()})
        with torch.no_grad():
            ends = net(torch.from_numpy(x.transpose(0, 3, 1, 2).copy()))
        return {path: channels_last(value) for path, value in ends.items()}

    source = f"torch {torch.__version__}: built from table 1 of Szegedy et al. 2014 by reference/zoo/papers/googlenet.py"
    write("googlenet", "paper", "onnx", source=source, axes="torch", tensors=tensors, run=run, gain=1.4, pixels=128, options={"auxiliary": True})
