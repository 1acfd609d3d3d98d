"""Golden numbers for packages/transfer/src/svm: scikit-learn's LinearSVC (LIBLINEAR) on embeddings from a formula.

Run: python reference/transfer/svm.py   (scikit-learn 1.7 or later, numpy)

The embeddings are `sin(12.9898 (i + 1) + 78.233 (j + 1)) + (1 where j is a multiple of the class, else 0)`: four classes that overlap.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

ROWS, WIDTH, CLASSES = 60, 12, 4


def embeddings(classes):
    rows, columns = np.arange(ROWS)[:, None], np.arange(WIDTH)[None, :]
    labels = np.arange(ROWS) % classes
    centres = (columns % CLASSES == labels[:, None]).astype(float)
    x = np.sin(12.9898 * (rows + 1) + 78.233 * (columns + 1)) + centres
    return x.astype(np.float32).astype(np.float64), labels


def solved(classes, c, standardize=False):
    x, labels = embeddings(classes)
    features = StandardScaler().fit_transform(x) if standardize else x
    machine = LinearSVC(C=c, dual=True, tol=1e-10, max_iter=10_000_000, random_state=0).fit(features, labels)
    values = machine.decision_function(features).reshape(ROWS, -1)
    objectives = []
    for k, (w, b) in enumerate(zip(machine.coef_, machine.intercept_)):
        y = np.where(labels == (1 if classes == 2 else k), 1, -1)
        hinge = np.maximum(0, 1 - y * (features @ w + b))
        objectives.append(float((w @ w + b * b) / 2 + c * (hinge**2).sum()))
    return {
        "classes": classes,
        "c": c,
        "standardize": standardize,
        "objectives": objectives,
        "decisions": np.round(values, 6).tolist(),
    }


golden = {
    "rows": ROWS,
    "width": WIDTH,
    "cases": [solved(4, 0.1), solved(4, 1), solved(4, 30), solved(2, 1), solved(4, 1, True)],
}
target = Path(__file__).resolve().parents[2] / "packages" / "transfer" / "src" / "golden" / "svm.json"
target.write_text(json.dumps(golden) + "\n")
print({str((case["classes"], case["c"])): case["objectives"] for case in golden["cases"]})
