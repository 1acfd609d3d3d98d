"""Golden numbers for packages/transfer/src/training/loss.ts: Keras' cross-entropy with label smoothing and class weights.

Run: python reference/transfer/class_weights.py   (tensorflow 2.21.0, which brings Keras 3; requirements-tf.txt)
"""

import json
from pathlib import Path

import keras
import numpy as np

golden = Path(__file__).resolve().parents[2] / "packages" / "transfer" / "src" / "golden"

LOGITS = [[2.0, 0.0, -1.0], [0.5, 1.5, 0.25], [-0.75, 0.1, 0.9], [0.0, 0.0, 3.0], [1.0, -2.0, 0.5]]
LABELS = [0, 2, 1, 2, 0]
WEIGHTS = [0.5, 2.0, 1.25]


def loss(smoothing, weighted):
    # `fit` turns `class_weight` into weights of the pictures; one model that gives its input has these logits.
    model = keras.Sequential([keras.Input((3,)), keras.layers.Activation("linear")])
    model.compile(
        optimizer="sgd",
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing),
    )
    one_hot = np.eye(3, dtype="float32")[LABELS]
    weights = np.array([WEIGHTS[label] for label in LABELS], "float32") if weighted else None
    return float(model.evaluate(np.array(LOGITS, "float32"), one_hot, sample_weight=weights, batch_size=5, verbose=0))


def fitted(smoothing):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Activation("linear")])
    model.compile(
        optimizer="sgd",
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing),
    )
    one_hot = np.eye(3, dtype="float32")[LABELS]
    weights = dict(enumerate(WEIGHTS))
    history = model.fit(np.array(LOGITS, "float32"), one_hot, class_weight=weights, batch_size=5, shuffle=False, verbose=0)
    return float(history.history["loss"][0])


losses = [{"smoothing": s, "weighted": w, "loss": loss(s, w)} for s in (0.0, 0.1) for w in (False, True)]
for entry in losses:
    if entry["weighted"]:
        print(entry["smoothing"], entry["loss"], "fit with class_weight:", fitted(entry["smoothing"]))
out = {"logits": LOGITS, "labels": LABELS, "weights": WEIGHTS, "losses": losses}
(golden / "class-weights.json").write_text(json.dumps(out, indent=1) + "\n")
