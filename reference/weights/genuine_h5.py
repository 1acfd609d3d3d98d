"""Tensors of the Keras files in ../shared/data/weights as h5py reads them, for packages/weights/src/golden.

    python -m pip install h5py==3.14.0 numpy
    python reference/weights/genuine_h5.py
"""

import json
from pathlib import Path

import h5py

from golden import described

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared/data/weights"
FILES = [
    "squeezenet11-keras-h5/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "mlperf-tiny-keras-h5/pretrainedResnet.h5",
    "mlperf-tiny-keras-h5/vww_96.h5",
]


def text(name):
    return name.decode() if isinstance(name, bytes) else name


def tensors(path):
    with h5py.File(path) as file:
        group = file["model_weights"] if "model_weights" in file else file
        for layer in map(text, group.attrs["layer_names"]):
            for weight in map(text, group[layer].attrs["weight_names"]):
                name = weight.removesuffix(":0")
                yield described(name if name.startswith(f"{layer}/") else f"{layer}/{name}", group[layer][weight][()])


def main():
    files = {name: list(tensors(SHARED / name)) for name in FILES}
    golden = json.dumps({"about": f"reference/weights/genuine_h5.py, h5py {h5py.__version__}", "files": files})
    (ROOT / "packages/weights/src/golden/genuine-h5.json").write_text(golden + "\n")


if __name__ == "__main__":
    main()
