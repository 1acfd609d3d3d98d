"""Golden numbers for packages/transfer/src/optimizers: 20 steps of PyTorch's AdamW and SGD on a small problem.

Run: python reference/transfer/optimizers.py   (torch 1.13 or newer; Debian's python3-torch will do)

The loss is sum((w * x - y)^2) over fixed x and y: a matrix w of rank 2, which decays, and a vector b of rank 1, which does
not. The rate falls by 2 % a step, so that it enters where it should.
"""

import json
from pathlib import Path

import torch

golden = Path(__file__).resolve().parents[2] / "packages" / "transfer" / "src" / "golden"
golden.mkdir(exist_ok=True)

START = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]
BIAS = [0.1, -0.2, 0.3]
X = [[1.0, 2.0, -1.0], [0.5, -1.5, 1.0]]
Y = [[0.0, 1.0, 1.0], [2.0, -1.0, 0.5]]
STEPS = 20


def run(make, rate):
    w = torch.tensor(START, requires_grad=True)
    b = torch.tensor(BIAS, requires_grad=True)
    optimizer = make(w, b, rate)
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate * 0.98**step
        optimizer.zero_grad()
        loss = ((w * torch.tensor(X) + b - torch.tensor(Y)) ** 2).sum()
        loss.backward()
        optimizer.step()
    return {"w": w.tolist(), "b": b.tolist()}


def adamw(w, b, rate):
    groups = [{"params": [w], "weight_decay": 0.1}, {"params": [b], "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)


def sgd(w, b, rate):
    return torch.optim.SGD([w, b], lr=rate, momentum=0.9)


out = {
    "problem": {"w": START, "b": BIAS, "x": X, "y": Y, "steps": STEPS, "decay": 0.98},
    "adamw": {"rate": 0.05, "weightDecay": 0.1, **run(adamw, 0.05)},
    "sgd": {"rate": 0.01, "momentum": 0.9, **run(sgd, 0.01)},
}
(golden / "optimizers.json").write_text(json.dumps(out, indent=1) + "\n")
