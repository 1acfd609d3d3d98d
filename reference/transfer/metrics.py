"""Golden numbers for the evaluation of packages/transfer, from scikit-learn.

Run: python reference/transfer/metrics.py   (scikit-learn 1.9.1, numpy 2.4.6)
"""

import json
from pathlib import Path

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    brier_score_loss,
    classification_report,
    confusion_matrix,
    log_loss,
    top_k_accuracy_score,
)

golden = Path(__file__).resolve().parents[2] / "packages" / "transfer" / "src" / "golden"

random = np.random.default_rng(0)
CLASSES, PICTURES, BINS = 7, 120, 10
truth = random.integers(0, CLASSES - 1, PICTURES)  # none is of the last class
logits = random.normal(size=(PICTURES, CLASSES)) * 1.5
logits[np.arange(PICTURES), truth] += 1.5
logits[:, 4] -= 30  # nothing is taken for class 4
probabilities = np.round(np.exp(logits) / np.exp(logits).sum(1, keepdims=True), 6)
probabilities[:, 0] += 1 - probabilities.sum(1)
predicted = probabilities.argmax(1)
labels = list(range(CLASSES))
report = classification_report(truth, predicted, labels=labels, output_dict=True, zero_division=0)

confidence, right = probabilities.max(1), predicted == truth
observed, said = calibration_curve(right, confidence, n_bins=BINS, strategy="uniform")
places = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidence)
counts = np.bincount(places, minlength=BINS)
counts = counts[counts > 0]
result = {
    "truth": truth.tolist(),
    "probabilities": probabilities.tolist(),
    "accuracy": accuracy_score(truth, predicted),
    "balancedAccuracy": balanced_accuracy_score(truth, predicted),
    "topK": {k: top_k_accuracy_score(truth, probabilities, k=k, labels=labels) for k in [1, 2, 3, 5]},
    "loss": log_loss(truth, np.clip(probabilities, 1e-12, None), labels=labels),
    "brier": brier_score_loss(truth, probabilities, labels=labels),
    "confusion": confusion_matrix(truth, predicted, labels=labels).tolist(),
    "perClass": [report[str(label)] for label in labels],
    "macro": report["macro avg"],
    "weighted": report["weighted avg"],
    "calibration": [{"confidence": s, "accuracy": o, "count": c} for s, o, c in zip(said.tolist(), observed.tolist(), counts.tolist())],
    "calibrationError": float((counts / PICTURES * np.abs(observed - said)).sum()),
}
(golden / "metrics.json").write_text(json.dumps(result) + "\n")
