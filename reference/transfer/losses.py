"""Golden numbers for packages/transfer/src/objective: PyTorch's losses of tags and values with their gradients, and scikit-learn's figures.

Run: python reference/transfer/losses.py   (torch 2.9.1, scikit-learn 1.7 or later)
"""

import json
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import average_precision_score, f1_score, mean_absolute_error, precision_score, r2_score, recall_score
from torch.nn import functional as F

LOGITS = [[2.0, -1.0, 0.5], [-30.0, 0.25, 40.0], [0.0, 3.0, -2.5], [1.5, -0.5, -1.0]]
TAGS = [[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]]
VALUES = [[1.75, -1.0, 4.5], [-28.0, 0.0, 40.0], [0.5, 3.25, -0.5], [0.0, -0.5, -1.5]]


def run(loss, targets):
    x = torch.tensor(LOGITS, requires_grad=True)
    value = loss(x, torch.tensor(targets))
    value.backward()
    return {"loss": value.item(), "gradient": x.grad.tolist()}


logits, tags, values = np.array(LOGITS), np.array(TAGS), np.array(VALUES)
said = logits > 0
golden = {
    "logits": LOGITS,
    "tags": TAGS,
    "values": VALUES,
    "losses": {
        "tags": run(F.binary_cross_entropy_with_logits, TAGS),
        "squared": run(F.mse_loss, VALUES),
        "huber": run(lambda x, y: F.huber_loss(x, y, delta=1.5), VALUES),
    },
    "tagFigures": {
        "precision": [precision_score(tags[:, k], said[:, k], zero_division=0) for k in range(3)],
        "recall": [recall_score(tags[:, k], said[:, k], zero_division=0) for k in range(3)],
        "f1": [f1_score(tags[:, k], said[:, k], zero_division=0) for k in range(3)],
        "averagePrecision": [average_precision_score(tags[:, k], logits[:, k]) for k in range(3)],
    },
    "valueFigures": {
        "meanError": [mean_absolute_error(values[:, k], logits[:, k]) for k in range(3)],
        "r2": [r2_score(values[:, k], logits[:, k]) for k in range(3)],
    },
}
target = Path(__file__).resolve().parents[2] / "packages" / "transfer" / "src" / "golden" / "losses.json"
target.write_text(json.dumps(golden) + "\n")
