"""ZFNet: `python zfnet.py onnx`, `python zfnet.py papers`."""

import sys


def onnx():
    from originals_onnx import write_onnx

    endpoints = {"stem.norm": "r2", "stem": "r3", "stage1": "r7", "stage2.conv1.relu": "r9", "stage2": "r14", "head.fc6.relu": "r17", "head.fc7.relu": "r19"}
    write_onnx("zfnet", "onnx", "onnx", "light_zfnet512", endpoints=endpoints, pixels=128, gain=1.4, slow=True)


def papers():
    from originals_torch import write_torch
    from papers.zfnet import ZFNet, file_name

    endpoints = {"stem": "norm1", "stage1": "norm2", "stage2.conv1.relu": "relu3", "stage2": "pool5", "head.fc6.relu": "relu6", "head.fc7.relu": "relu7"}
    source = "built in PyTorch from Zeiler and Fergus 2013, figure 3"
    write_torch("zfnet", "paper", "onnx", ZFNet(), source=source, endpoints=endpoints, names=file_name, pixels=128, gain=1.4, slow=True)


if __name__ == "__main__":
    {"onnx": onnx, "papers": papers}[sys.argv[1]]()
