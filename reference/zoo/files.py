"""Weight files as the original libraries write them, with random weights, and the logits that the originals give with them.

    python files.py keras|keras2|torchvision|timm

The files are whole and genuine but for their values: each tensor repeats its own 97 random ones, so that a file of 30 MB is
some kilobytes once it is compressed (brotli, by Node: `node -e`), and any slip in the order of axes still shows.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from formula import fan_in, is_scale, is_variance, picture
from golden import digest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "packages/zoo/src/golden/files"
PERIOD = 97


def values(name: str, shape, axes: str, seed: int) -> np.ndarray:
    random = np.random.default_rng([seed, len(name), *name.encode()])
    block = random.uniform(-1, 1, PERIOD)
    if len(shape) > 1:
        block *= np.sqrt(3.0 / fan_in(name, shape, axes))
    elif is_variance(name):
        block = 1 + 0.5 * block
    elif is_scale(name):
        block = 1 + 0.25 * block
    else:
        block *= 0.1
    return np.resize(block, shape).astype(np.float32)


def keep(path: pathlib.Path, network: str, flavor: str, source: str, logits: np.ndarray, size: int) -> None:
    """Compresses the file into the golden folder and writes what the original gives beside it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / f"{path.name}.br"
    script = "const {brotliCompressSync:c,constants:k}=require('zlib'),f=require('fs');f.writeFileSync(process.argv[2],c(f.readFileSync(process.argv[1]),{params:{[k.BROTLI_PARAM_QUALITY]:9,[k.BROTLI_PARAM_LGWIN]:24}}))"
    subprocess.run(["node", "-e", script, path, target], check=True)
    golden = {"source": source, "network": network, "flavor": flavor, "input": [size, size, 3], "bytes": path.stat().st_size, "logits": digest(logits, 128)}
    (FOLDER / f"{path.name}.json").write_text(json.dumps(golden, indent=1) + "\n")
    print(f"{target.name}: {path.stat().st_size / 1e6:.1f} MB, compressed {target.stat().st_size / 1e3:.0f} kB")


def keras(generation: int) -> None:
    import keras as library
    from originals_keras import weight_name

    builders = {"mobilenet_v1_025": lambda **o: library.applications.MobileNet(alpha=0.25, **o), "densenet121": library.applications.DenseNet121}
    for network, builder in builders.items():
        library.backend.clear_session()
        model = builder(weights=None, classifier_activation=None)
        names = [weight_name(layer, weight) for layer in model.layers for weight in layer.weights]
        model.set_weights([values(name, weight.shape, "keras", generation) for name, weight in zip(names, model.get_weights(), strict=True)])
        logits = np.asarray(model.predict(picture(224, 224), verbose=0))
        forms = [f"{network}.keras{generation}.weights.h5", f"{network}.keras{generation}.keras"]
        for name in [*forms, f"{network}.keras{generation}.h5"]:
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / name
                if name.endswith(".weights.h5"):
                    model.save_weights(path)
                elif name.endswith(".keras"):
                    model.save(path)
                elif generation == 2:
                    model.save_weights(path, save_format="h5")
                else:
                    model.save(path)  # the whole model in the old form
                keep(path, network, "keras", f"keras {library.__version__}", logits, 224)


def torch(library: str) -> None:
    import torch
    from safetensors.torch import save_file

    if library == "torchvision":
        import torchvision

        version = f"torchvision {torchvision.__version__}"
        makers = {"resnet18": torchvision.models.resnet18, "squeezenet1_1": torchvision.models.squeezenet1_1}
    else:
        import timm

        version = f"timm {timm.__version__}"
        makers = {"densenet121": lambda: timm.create_model("densenet121", pretrained=False), "resnet18": lambda: timm.create_model("resnet18", pretrained=False)}
    for network, make in makers.items():
        module = make().eval()
        state = module.state_dict()
        state = {name: torch.from_numpy(values(name, tuple(t.shape), "torch", 3)) if t.is_floating_point() else t for name, t in state.items()}
        module.load_state_dict(state)
        with torch.no_grad():
            logits = module(torch.from_numpy(picture(224, 224).transpose(0, 3, 1, 2).copy())).numpy()
        state = module.state_dict()
        writers = {
            "pth": lambda path: torch.save(state, path),
            "old.pth": lambda path: torch.save(state, path, _use_new_zipfile_serialization=False),
            "safetensors": lambda path: save_file({name: t.contiguous() for name, t in state.items()}, path),
        }
        for ending, write in writers.items():
            if library == "timm" and ending == "old.pth":
                write = lambda path: torch.save({"state_dict": state, "epoch": 3, "arch": network}, path)
                ending = "checkpoint.pth"
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / f"{network}.{library}.{ending}"
                write(path)
                keep(path, network, "torchvision", f"{version}, torch {torch.__version__}", logits, 224)


if __name__ == "__main__":
    {"keras": lambda: keras(3), "keras2": lambda: keras(2), "torchvision": lambda: torch("torchvision"), "timm": lambda: torch("timm")}[sys.argv[1]]()
