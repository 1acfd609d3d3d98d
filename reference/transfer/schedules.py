"""Golden numbers for packages/transfer/src/schedules: the learning rates of PyTorch's schedulers, from a rate of 1.

Run: python reference/transfer/schedules.py   (torch 2.9.1; requirements-torch.txt)
"""

import json
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler as s

warnings.simplefilter("ignore")
golden = Path(__file__).resolve().parents[2] / "packages" / "transfer" / "src" / "golden"


def rates(make, steps, feed=None):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    out = []
    for i in range(steps):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*([] if feed is None else [feed[i]]))
    return out


losses = [1.0, 0.8, 0.79995, 0.81, 0.5, 0.5, 0.5, 0.5, 0.5, 0.51, 0.49999, 0.52, 0.3, 0.31, 0.3, 0.3, 0.32, 0.33, 0.34, 0.35]
shares = [0.1, 0.4, 0.4, 0.39, 0.4, 0.41, 0.41, 0.41, 0.41, 0.41, 0.6, 0.6, 0.6, 0.59, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]
plateau = lambda **k: lambda o: s.ReduceLROnPlateau(o, **k)
out = {
    "step": rates(lambda o: s.StepLR(o, 3, 0.5), 20),
    "multistep": rates(lambda o: s.MultiStepLR(o, [4, 9, 15], 0.1), 20),
    "exponential": rates(lambda o: s.ExponentialLR(o, 0.94), 20),
    "cosine": rates(lambda o: s.CosineAnnealingLR(o, 20), 20),
    "cosine, final": rates(lambda o: s.CosineAnnealingLR(o, 20, eta_min=0.05), 20),
    "one-cycle": rates(lambda o: s.OneCycleLR(o, max_lr=1.0, total_steps=20, cycle_momentum=False), 20),
    "one-cycle, own": rates(
        lambda o: s.OneCycleLR(
            o, max_lr=1.0, total_steps=20, pct_start=0.25, div_factor=10, final_div_factor=100, cycle_momentum=False
        ),
        20,
    ),
    "plateau": {"values": losses, "rates": rates(plateau(patience=2, factor=0.1), 20, losses)},
    "plateau, cooldown": {
        "values": losses,
        "rates": rates(plateau(patience=1, factor=0.5, cooldown=2, min_lr=0.2, threshold=0.01), 20, losses),
    },
    "plateau, accuracy": {"values": shares, "rates": rates(plateau(mode="max", patience=2, factor=0.1), 20, shares)},
}
(golden / "schedules.json").write_text(json.dumps(out, indent=1) + "\n")
