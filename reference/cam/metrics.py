"""Figures that judge maps, and boxes of maps, from pytorch-grad-cam, OpenCV and RISE's program: for `@cnnkit/cam`.

    pip install -r requirements.txt && python metrics.py

Writes packages/cam/src/golden/metrics.json. Weights, pictures and maps come from formulas (../zoo/formula.py), so that the
tests make the same without a download.
"""

import json
import pathlib
import sys
from importlib.metadata import version

import cv2
import numpy as np
import torch
import torchvision
from pytorch_grad_cam.metrics.cam_mult_image import CamMultImageConfidenceChange, DropInConfidence, IncreaseInConfidence
from pytorch_grad_cam.metrics.perturbation_confidence import (
    PerturbationConfidenceMetric,
    RemoveLeastRelevantFirst,
    RemoveMostRelevantFirst,
)
from pytorch_grad_cam.metrics.road import NoisyLinearImputer
from pytorch_grad_cam.utils.model_targets import ClassifierOutputSoftmaxTarget, ClassifierOutputTarget
from scipy.ndimage import gaussian_filter

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "zoo"))
from formula import formula, noise, picture  # noqa: E402

OUT = HERE.parents[1] / "packages/cam/src/golden/metrics.json"
PERCENTILES = [10, 30, 50, 70, 90]


def numbers(values):
    return [float(f"{value:.7g}") for value in np.asarray(values, np.float64).reshape(-1)]


def grid(name, height, width):
    """A map from 0 to 1 without two equal values."""
    values = noise(name, height * width)
    return ((values - values.min()) / (values.max() - values.min())).astype(np.float32).reshape(height, width)


def boxes():
    """Boxes of smooth maps at the sizes of crops: Zhou's 20 %, Otsu, a percentile."""
    rows = []
    for name, cells, size in [("a", (7, 7), (224, 224)), ("b", (5, 8), (200, 301)), ("c", (14, 14), (97, 97)), ("d", (12, 6), (400, 180))]:
        map_ = cv2.GaussianBlur(grid(name, *cells), (3, 3), 0)
        map_ = (map_ - map_.min()) / (map_.max() - map_.min())
        heat = cv2.resize(map_, size[::-1], interpolation=cv2.INTER_LINEAR)
        levels = np.floor(255 * heat.astype(np.float64)).astype(np.uint8)
        otsu, above = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        masks = {
            "share": heat > 0.2 * heat.max(),
            "half": heat > 0.5 * heat.max(),
            "otsu": above > 0,
            "percentile": heat >= np.percentile(heat, 80),
        }
        found = {}
        for threshold, mask in masks.items():
            _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
            parts = sorted(stats[1:].tolist(), key=lambda part: -part[4])
            found[threshold] = [[x, y, x + w, y + h, area] for x, y, w, h, area in parts]
        rows.append({"values": numbers(map_), "cells": cells, "size": size, "otsu": otsu, "parts": found})
    return rows


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 8, 3, padding=1)
        self.conv2 = torch.nn.Conv2d(8, 16, 3, padding=1)
        self.fc = torch.nn.Linear(16, 5)

    def forward(self, x):
        x = torch.nn.functional.max_pool2d(torch.relu(self.conv1(x)), 2)
        return self.fc(torch.relu(self.conv2(x)).mean((2, 3)))


def filled(module, gain):
    state = {
        name: torch.tensor(0) if name.endswith("num_batches_tracked") else torch.from_numpy(formula(name, tuple(t.shape), "torch", gain))
        for name, t in module.state_dict().items()
    }
    module.load_state_dict(state)
    return module.eval()


def figures(module, size, cells, gain, target):
    """What pytorch-grad-cam says of a map that has nothing to do with the network."""
    height, width = size
    model = filled(module, gain)
    x = torch.from_numpy(picture(height, width).transpose(0, 3, 1, 2).copy())
    map_ = grid("map", *cells)
    heat = cv2.resize(map_, (width, height), interpolation=cv2.INTER_LINEAR)
    pixelwise = grid("pixels", height, width)

    def metric(metric, target_of, **options):
        return metric(x, heat[None], [target_of(target)], model, **options)

    def removal(order, percentile, target_of):
        return metric(PerturbationConfidenceMetric(order(percentile, NoisyLinearImputer(noise=0))), target_of)[0]

    def road(target_of):
        most = [removal(RemoveMostRelevantFirst, percentile, target_of) for percentile in PERCENTILES]
        least = [removal(RemoveLeastRelevantFirst, percentile, target_of) for percentile in PERCENTILES]
        return {"most": numbers(most), "least": numbers(least), "combined": float((np.mean(least) - np.mean(most)) / 2)}

    with torch.no_grad():
        logits = model(x)[0]
    return {
        "size": size,
        "cells": cells,
        "gain": gain,
        "target": target,
        "logits": numbers(logits[:10]),
        "multiplied": {
            "logit": {
                "change": float(metric(CamMultImageConfidenceChange(), ClassifierOutputTarget)[0]),
                "drop": float(metric(DropInConfidence(), ClassifierOutputTarget)[0]),
                "increase": float(metric(IncreaseInConfidence(), ClassifierOutputTarget)[0]),
            },
            "probability": {
                "change": float(metric(CamMultImageConfidenceChange(), ClassifierOutputSoftmaxTarget)[0]),
                "drop": float(metric(DropInConfidence(), ClassifierOutputSoftmaxTarget)[0]),
                "increase": float(metric(IncreaseInConfidence(), ClassifierOutputSoftmaxTarget)[0]),
            },
        },
        "road": {"percentiles": PERCENTILES, "logit": road(ClassifierOutputTarget), "probability": road(ClassifierOutputSoftmaxTarget)},
        "deletion": rise(model, x, pixelwise, target, "deletion"),
        "insertion": rise(model, x, pixelwise, target, "insertion"),
    }


def rise(model, x, heat, target, mode):
    """`CausalMetric.single_run` and `auc` of RISE's evaluation.py (eclique/RISE, MIT), a row of pixels a step."""
    kernel = np.zeros((11, 11))
    kernel[5, 5] = 1
    kernel = gaussian_filter(kernel, 5)
    weight = torch.zeros(3, 3, 11, 11)
    for channel in range(3):
        weight[channel, channel] = torch.from_numpy(kernel.astype("float32"))
    blurred = torch.nn.functional.conv2d(x, weight, padding=5)
    _, _, height, width = x.shape
    start, finish = (x.clone(), torch.zeros_like(x)) if mode == "deletion" else (blurred, x.clone())
    order = np.flip(np.argsort(heat.reshape(1, -1), axis=1), axis=-1)
    scores = np.empty(height + 1)
    for i in range(height + 1):
        with torch.no_grad():
            scores[i] = torch.softmax(model(start), 1)[0, target]
        if i < height:
            places = order[:, width * i : width * (i + 1)].copy()
            start.numpy().reshape(1, 3, -1)[0, :, places] = finish.numpy().reshape(1, 3, -1)[0, :, places]
    return {"scores": numbers(scores), "area": float((scores.sum() - scores[0] / 2 - scores[-1] / 2) / (scores.shape[0] - 1))}


golden = {
    "source": f"pytorch-grad-cam {version('grad-cam')}, OpenCV {cv2.__version__}, torchvision {torchvision.__version__}, RISE's evaluation.py",
    "boxes": boxes(),
    "small": figures(Small(), (24, 32), (4, 5), 1.5, 2),
    "resnet18": figures(torchvision.models.resnet18(weights=None), (64, 64), (7, 7), 1.0, 3),
}
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(OUT, OUT.stat().st_size)
for name in ("small", "resnet18"):
    print(name, golden[name]["road"], golden[name]["multiplied"], golden[name]["deletion"]["area"], golden[name]["insertion"]["area"])
