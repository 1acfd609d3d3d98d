"""Maps of torchvision's networks by pytorch-grad-cam's methods, raw at the layer's own size: for `@cnnkit/cam`.

    pip install -r requirements.txt && python methods.py
    python methods.py resnet18                  # one network anew
    python methods.py --missing                 # only what the file does not have yet

Writes packages/cam/src/golden/methods.json. Weights and pictures come from formulas (../zoo/formula.py); the finished overlay is
of a photograph in ../shared.
"""

import json
import pathlib
import re
import sys
from importlib.metadata import version

import cv2
import numpy as np
import torch
import torchvision
from pytorch_grad_cam import (
    AblationCAM,
    EigenCAM,
    GradCAM,
    GradCAMPlusPlus,
    GuidedBackpropReLUModel,
    HiResCAM,
    LayerCAM,
    ScoreCAM,
    XGradCAM,
)
from pytorch_grad_cam.utils.image import show_cam_on_image
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "zoo"))
from formula import formula, picture  # noqa: E402
from golden import positions  # noqa: E402

OUT = ROOT / "packages/cam/src/golden/methods.json"

METHODS = {
    "grad-cam": GradCAM,
    "grad-cam++": GradCAMPlusPlus,
    "hires-cam": HiResCAM,
    "x-grad-cam": XGradCAM,
    "layer-cam": LayerCAM,
    "eigen-cam": EigenCAM,
    "ablation-cam": AblationCAM,
    "score-cam": ScoreCAM,
}

# Where a single channel hardly moves the score, as in the last layer of a DenseNet's block, Ablation-CAM's differences are rounding.
# Our path of the layer and the module; what runs the network for each channel only where channels are few.
QUICK = [method for method in METHODS if method != "score-cam"]
GRADIENT = [method for method in QUICK if method != "ablation-cam"]
CHANNELS = ["ablation-cam", "score-cam"]
NETWORKS = {
    "resnet18": (96, {"stage4": ("layer4", QUICK), "stage3": ("layer3", list(METHODS)), "stage4.block1": ("layer4.0", GRADIENT)}),
    "squeezenet1_1": (96, {"stage3": ("features.12", list(METHODS))}),
    "densenet121": (64, {"stage4": ("features.relu5", GRADIENT), "stage4.block16.conv1": ("features.denseblock4.denselayer16.relu2", ["score-cam"])}),
    "mobilenet_v2_035": (96, {"stage5": ("features.18", GRADIENT), "stage5.block3.depthwise": ("features.16.conv.1", CHANNELS)}),
    "alexnet": (127, {"stage2": ("features.12", list(METHODS)), "stage2.conv1": ("features.7", GRADIENT)}),
}
SLOW = ["alexnet"]
# The networks whose Score-CAM, one run of the whole network a channel, is for the slow tests.
SLOW_SCORE_CAM = ["resnet18", "densenet121", "mobilenet_v2_035"]


def numbers(values):
    return [float(f"{value:.5g}") for value in np.asarray(values, np.float64).reshape(-1)]


def original(network):
    """What the zoo's golden of the network says of its weights: gain, and factor of the picture."""
    return json.loads((ROOT / f"packages/zoo/src/golden/originals/{network}.torchvision.json").read_text())


def build(network):
    """The network with formula weights."""
    if network.startswith("mobilenet_v2"):
        module = torchvision.models.mobilenet_v2(width_mult=int(network[-3:]) / 100)
    else:
        module = torchvision.models.get_model(network, weights=None)
    gain = original(network)["gain"]
    state = {name: torch.from_numpy(formula(name, t.shape, "torch", gain)) if t.is_floating_point() else t for name, t in module.state_dict().items()}
    module.load_state_dict(state)
    if network == "densenet121":
        # The ReLU after norm5 is a function that works in place: one that is a module can be looked at.
        module.features.add_module("relu5", torch.nn.ReLU())
        module.forward = lambda x: module.classifier(module.features(x).mean((2, 3)))
    return module.eval()


def pictures(network, size):
    x = picture(size, size) * np.float32(original(network).get("pixels", 1))
    return torch.from_numpy(np.concatenate([x, x[:, ::-1]]).transpose(0, 3, 1, 2).copy())


def raw_maps(method, module, layer, x, targets):
    with method(model=module, target_layers=[module.get_submodule(layer)]) as cam:
        kept, made = [], cam.get_cam_image
        cam.get_cam_image = lambda *args, **rest: kept.append(made(*args, **rest)) or kept[-1]
        finished = cam(input_tensor=x, targets=[ClassifierOutputTarget(target) for target in targets])
    return kept[0], finished


def sampled(values, count=200):
    flat = np.asarray(values).reshape(-1)
    return numbers(flat[positions(flat.size, count)])


def network_golden(network, known):
    """Everything of a network, but for the maps that are known."""
    size, layers = NETWORKS[network]
    module, x = build(network), pictures(network, size)
    with torch.no_grad():
        logits = module(x)
    # The most probable class of the first picture, and the second most probable of the other.
    targets = [int(logits[0].argmax()), int(logits[1].argsort()[-2])]
    print(network, "logits", [float(logits[i, t]) for i, t in enumerate(targets)], "spread", float(logits.std()))
    maps = {}
    for path, (layer, methods) in layers.items():
        maps[path] = {}
        for name in methods:
            given = known.get("maps", {}).get(path, {}).get(name)
            if given:
                maps[path][name] = np.array(given).reshape(len(targets), *known["grids"][path])
            else:
                maps[path][name], _ = raw_maps(METHODS[name], module, layer, x, targets)
        print(" ", path, {name: f"{np.abs(value).max():.2e}" for name, value in maps[path].items()})
    grids = {path: list(next(iter(values.values())).shape[1:]) for path, values in maps.items()}
    rows = {path: {name: numbers(value) for name, value in values.items()} for path, values in maps.items()}
    golden = {"original": f"{network}.torchvision", **({"slow": True} if network in SLOW else {}), **({"slowMethods": ["score-cam"]} if network in SLOW_SCORE_CAM else {}), "size": size, "targets": targets, "grids": grids, "maps": rows}
    if network != "mobilenet_v2_035":  # pytorch-grad-cam leaves ReLU6 as it is
        guided = [GuidedBackpropReLUModel(model=module, device="cpu")(x[i : i + 1], target_category=t) for i, t in enumerate(targets)]
        golden["guided"] = [sampled(np.abs(gradient).max(axis=2)) for gradient in guided]
    if network == "resnet18":
        layers = [module.layer3, module.layer4]
        with GradCAM(model=module, target_layers=layers) as cam:
            several = cam(input_tensor=x, targets=[ClassifierOutputTarget(target) for target in targets])
        golden["several"] = {"layers": ["stage3", "stage4"], "maps": [sampled(map_) for map_ in several]}
    return golden


def finished():
    """One photograph, from the file to the overlay, by torchvision's preprocessing."""
    photo = "daisy/100080576_f52e8ee070_n.jpg"
    from PIL import Image
    from torchvision import transforms

    size = 96
    module = build("resnet18")
    image = Image.open(ROOT.parent / "shared/data/images/flowers-200" / photo).convert("RGB")
    crop = transforms.Compose([transforms.Resize(109), transforms.CenterCrop(size)])(image)
    shown = np.float32(crop) / 255
    normal = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    x = normal(torch.from_numpy(shown.transpose(2, 0, 1).copy()))[None]
    target = int(module(x)[0].argmax())
    _, map_ = raw_maps(LayerCAM, module, "layer3", x, [target])
    overlays = {}
    for name, number in {"viridis": cv2.COLORMAP_VIRIDIS, "inferno": cv2.COLORMAP_INFERNO}.items():
        picture_ = show_cam_on_image(shown, map_[0], use_rgb=True, colormap=number)
        overlays[name] = picture_.reshape(-1)[positions(picture_.size, 300)].tolist()
    return {"photo": photo, "size": size, "cropFraction": 0.88, "layer": "stage3", "target": target, "map": sampled(map_[0]), "overlays": overlays}


def save(golden):
    """One line a list of numbers."""
    text = re.sub(r"\[\s+([-\d.e,\s+\[\]]+?)\s+\]", lambda match: "[" + re.sub(r"\s+", " ", match[1]) + "]", json.dumps(golden, indent=1))
    OUT.write_text(text + "\n")
    print(f"{OUT.name}: {OUT.stat().st_size / 1000:.1f} kB")


if __name__ == "__main__":
    source = ", ".join(f"{name} {version(name)}" for name in ("grad-cam", "torchvision", "torch", "opencv-python-headless"))
    before = json.loads(OUT.read_text())["networks"] if OUT.exists() else []
    rows = {row["original"].split(".")[0]: row for row in before}
    picture_row = finished()
    missing = "--missing" in sys.argv
    for network in [name for name in sys.argv[1:] if name != "--missing"] or NETWORKS:
        rows[network] = network_golden(network, rows.get(network, {}) if missing else {})
        save({"source": source, "networks": [rows[name] for name in NETWORKS if name in rows], "finished": picture_row})
