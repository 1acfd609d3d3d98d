"""ResNet and plain nets for 32x32: `python resnet_cifar.py papers`, or with a folder of akamaster's checkpoints: the original weights load."""

import json
import pathlib
import sys

import torch

from formula import picture
from golden import FOLDER
from originals_torch import write_torch
from papers.resnet import CifarNet

DEPTHS = (20, 32, 44, 56, 110)


def papers():
    for kind in ("resnet", "plain"):
        for depth in DEPTHS:
            endpoints = {"stage1.block1": "layer1.0", "stage2.block1": "layer2.0", **{f"stage{s}": f"layer{s}" for s in (1, 2, 3)}}
            source = f"papers/resnet.py: {kind}-{depth} of He et al. 2015, section 4.2"
            # Without shortcuts ReLU halves the signal at each layer; with them it grows.
            gain = 1.0 if kind == "resnet" else 1.42
            module = CifarNet(depth, residual=kind == "resnet")
            write_torch(f"{kind}{depth}_cifar", "paper", "torch", module, source=source, endpoints=endpoints, gain=gain, size=32)


def checkpoints(folder: str):
    """akamaster's files fit these networks, tensor by tensor; their logits go to golden/resnet-cifar-checkpoints.json."""
    x = torch.from_numpy(picture(32, 32).transpose(0, 3, 1, 2).copy())
    logits = {}
    for path in sorted(pathlib.Path(folder).glob("*.th")):
        state = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        depth = int(path.name.removeprefix("resnet").split("-")[0])
        named = {name.removeprefix("module."): value for name, value in state.items()}
        module = CifarNet(depth, residual=True).eval()
        missing, unexpected = module.load_state_dict(named, strict=False)
        assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing)
        with torch.no_grad():
            logits[path.name] = [float(f"{value:.7g}") for value in module(x)[0]]
        print(path.name, len(state), "tensors fit")
    golden = {"source": f"torch {torch.__version__}, papers/resnet.py, on picture(32, 32)", "logits": logits}
    (FOLDER.parent / "resnet-cifar-checkpoints.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    papers() if sys.argv[1] == "papers" else checkpoints(sys.argv[1])
