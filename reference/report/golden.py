"""Golden numbers for packages/report, from scikit-learn.

Run: python reference/report/golden.py   (scikit-learn 1.9.1, numpy 2.4.6)
"""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

golden = Path(__file__).resolve().parents[2] / "packages" / "report" / "src" / "golden"
golden.mkdir(exist_ok=True)

random = np.random.default_rng(0)
truth = random.integers(0, 5, 60)
predicted = np.where(random.random(60) < 0.6, truth, random.integers(0, 4, 60))
predicted[predicted == 4] = 3  # nothing is taken for the last class: its precision is undefined
precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, labels=range(5), zero_division=np.nan)
scores = {
    "counts": confusion_matrix(truth, predicted, labels=range(5)).tolist(),
    "precision": [None if np.isnan(value) else value for value in precision.tolist()],
    "recall": recall.tolist(),
    "f1": f1.tolist(),
    "support": support.tolist(),
}
(golden / "scores.json").write_text(json.dumps(scores, indent=1) + "\n")
