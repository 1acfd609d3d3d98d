"""Networks as ONNX files with a free batch axis, for the rows of the bench that time onnxruntime-web: `bench/.cache/onnx`, 0.8 GB.

    python reference/onnx/export.py torch      (the environment of reference/zoo/requirements-torch.txt)
    python reference/onnx/export.py keras      (the environment of reference/onnx/requirements-keras.txt)
    python reference/onnx/export.py torch --folder /elsewhere --only resnet50

Beside each file stands a `.json` that says what the graph is and how many multiply-accumulates it has; the bench holds them against ours.
"""

import argparse
import json
import pathlib

import numpy as np

from graph import check, multiply_accumulates
from weights import Draw

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "bench/.cache/onnx"
OPSET = 17
SIZES = {"inception_v3": 299}


def torch_networks(folder, only):
    """torchvision's networks, and timm's MobileNet v1, of which torchvision has none."""
    import timm
    import torch
    import torchvision
    from torchvision import models

    vision = f"torchvision {torchvision.__version__}"
    networks = {
        "resnet50": (models.resnet50, vision, "torchvision"),
        "vgg16": (models.vgg16, vision, "torchvision"),
        "googlenet": (lambda: models.googlenet(aux_logits=False, init_weights=False), vision, "torchvision"),
        "inception_v3": (lambda: models.inception_v3(aux_logits=False, init_weights=False), vision, "torchvision"),
        "densenet121": (models.densenet121, vision, "torchvision"),
        "mobilenet_v1_100": (lambda: timm.create_model("mobilenetv1_100"), f"timm {timm.__version__}", "timm"),
        "mobilenet_v2_100": (models.mobilenet_v2, vision, "torchvision"),
    }
    for name in only or networks:
        builder, source, flavor = networks[name]
        module = builder().eval()
        draw = Draw()
        state = module.state_dict()
        module.load_state_dict({key: torch.from_numpy(draw(key, value.shape, "torch")) if value.is_floating_point() else value for key, value in state.items()})
        size = SIZES.get(name, 224)
        pictures = torch.from_numpy(draw.pictures(2, size))
        file = folder / f"{name}.onnx"
        free = {"pictures": {0: "batch"}, "scores": {0: "batch"}}
        # The older exporter, which needs no package beyond PyTorch; onnxruntime optimizes the graph anyway.
        torch.onnx.export(module, (pictures,), file, input_names=["pictures"], output_names=["scores"], dynamic_axes=free, opset_version=OPSET, dynamo=False)
        with torch.no_grad():
            wanted = module(pictures).numpy()
        describe(file, flavor, f"{source}, PyTorch {torch.__version__}", pictures.numpy(), wanted)


def keras_networks(folder, only):
    """NASNet mobile, which neither torchvision nor timm has. The pictures come as [batch, channels, height, width] here too."""
    import tensorflow as tf
    import tf2onnx

    networks = {"nasnet_mobile": tf.keras.applications.NASNetMobile}
    for name in only or networks:
        model = networks[name](weights=None, classifier_activation=None)
        draw = Draw()
        for layer in model.layers:
            layer.set_weights([draw(weight.name.split(":")[0], weight.shape, "keras") for weight in layer.weights])
        size = SIZES.get(name, 224)
        pictures = draw.pictures(2, size)
        file = folder / f"{name}.onnx"
        signature = (tf.TensorSpec((None, size, size, 3), tf.float32, name="pictures"),)
        tf2onnx.convert.from_keras(model, input_signature=signature, opset=OPSET, inputs_as_nchw=["pictures"], output_path=file)
        wanted = model.predict(pictures.transpose(0, 2, 3, 1), verbose=0)
        describe(file, "keras", f"Keras of TensorFlow {tf.__version__}, tf2onnx {tf2onnx.__version__}", pictures, wanted)


def describe(file, flavor, source, pictures, wanted):
    """Holds a file against the original's scores and writes what it is beside it."""
    error = check(file, pictures, wanted)
    said = {
        "network": file.stem,
        "flavor": flavor,
        "source": source,
        "input": list(pictures.shape[1:]),
        "scores": wanted.shape[1],
        "multiplyAccumulates": multiply_accumulates(file),
    }
    file.with_suffix(".json").write_text(json.dumps(said, indent=2) + "\n")
    print(f"{file.name}: {file.stat().st_size / 1e6:.0f} MB, {said['multiplyAccumulates']} multiply-accumulates, error {error:.1e}, root mean square {np.sqrt(np.mean(wanted**2)):.2g}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", choices=["torch", "keras"])
    parser.add_argument("--folder", type=pathlib.Path, default=FOLDER, help="gets the files (bench/.cache/onnx)")
    parser.add_argument("--only", nargs="+", metavar="network", help="these alone")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    {"torch": torch_networks, "keras": keras_networks}[args.library](args.folder, args.only)
