"""Golden numbers for packages/transfer, from PyTorch: cross-entropy for soft labels.

Run: python reference/transfer/soft_cross_entropy.py   (torch 2.9.1)
"""

import json
from pathlib import Path

import torch

golden = Path(__file__).resolve().parents[2] / "packages" / "transfer" / "src" / "golden"

torch.manual_seed(0)
logits = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
labels = torch.tensor([0, 2, 1, 2])
partners = torch.tensor([2, 0, 3, 1])
hard = torch.nn.functional.one_hot(labels, 3).double()
targets = 0.7 * hard + 0.3 * hard[partners]
cases = []
for smoothing in [0.0, 0.1]:
    loss = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)(logits, targets)
    (gradient,) = torch.autograd.grad(loss, logits)
    cases.append({"smoothing": smoothing, "loss": loss.item(), "gradient": gradient.flatten().tolist()})
result = {"logits": logits.detach().flatten().tolist(), "targets": targets.flatten().tolist(), "cases": cases}
(golden / "soft-cross-entropy.json").write_text(json.dumps(result, indent=1) + "\n")
