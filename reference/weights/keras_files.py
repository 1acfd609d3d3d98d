"""Small files of each form that Keras writes, with their tensors, for packages/weights/src/golden.

    python -m pip install tensorflow-cpu==2.15.1   # Keras 2: writes keras2*
    python reference/weights/keras_files.py
    python -m pip install tensorflow-cpu==2.21.0 keras==3.15.1   # Keras 3: writes keras3*
    python reference/weights/keras_files.py
    python -m pip install tensorflow-cpu==2.15.1 && python -m pip install --no-deps keras==2.13.1   # writes keras213*
    python reference/weights/keras_files.py
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import json
import sys
from pathlib import Path

import h5py
import numpy as np
import tensorflow  # noqa: F401  (Keras' backend)
import keras

from golden import described

OUT = Path(__file__).parents[2] / "packages/weights/src/golden"
KERAS3 = keras.__version__.startswith("3")
L = keras.layers


def network(blocks, slashes=not KERAS3):
    """Two branches, so that Keras' order differs from the one of creation; a model in the model; many like layers."""
    picture = keras.Input((8, 8, 3), name="picture")
    x = L.Conv2D(4, 3, name="conv1")(picture)
    x = L.BatchNormalization(name="bn1")(x)
    left = L.DepthwiseConv2D(3, padding="same", name="dw")(x)
    left = L.BatchNormalization(scale=False, name="left_bn")(left)
    right = L.SeparableConv2D(4, 3, padding="same", name="sep")(x)
    x = L.Add(name="add")([right, left])
    for i in range(blocks):
        x = L.Conv2D(4, 1, use_bias=i % 2 == 0, name=f"block{i}/conv" if slashes else f"block{i}_conv")(x)
    inner = keras.Sequential(
        [keras.Input((6, 6, 4)), L.Conv2D(2, 1, name="in1"), L.BatchNormalization(center=False, name="in_bn")], name="inner"
    )
    x = inner(x)
    x = L.GlobalAveragePooling2D(name="pool")(x)
    x = L.PReLU(name="slope")(x)
    x = L.Dropout(0.5, name="dropout")(x)
    return keras.Model(picture, L.Dense(5, name="predictions")(x), name="tiny")


def weights_of(layer):
    """Names as `layer/weight`, and `outer/layer/weight` in a model in the model; in the order in which Keras saves them."""
    found = []
    for sub in layer.layers if hasattr(layer, "layers") else []:
        found += [(f"{layer.name}/{name}", w) for name, w in weights_of(sub)]
    if found:
        return found
    return [(f"{layer.name}/{w.name.split('/')[-1].split(':')[0]}", w) for w in layer.weights]


def tensors_of(model, legacy):
    found = []
    for layer in model.layers:
        weights = weights_of(layer)
        if legacy and hasattr(layer, "layers"):
            order = [id(w) for w in layer.trainable_weights + layer.non_trainable_weights]
            weights.sort(key=lambda pair: order.index(id(pair[1])))
        for name, w in weights:
            if "Depthwise" in type(layer).__name__:
                name = name.replace("/kernel", "/depthwise_kernel")
            found.append(described(name, w.numpy()))
    return found


def filled(blocks):
    model = network(blocks)
    for i, layer in enumerate(model.layers):
        layer.set_weights([(np.arange(w.size).reshape(w.shape) / 64 + i).astype(w.dtype) for w in layer.get_weights()])
    model.compile(optimizer="sgd", loss="mse")
    return model


def main():
    small, long = filled(1), filled(10)
    files = {}

    def save(name, write, model, legacy=True):
        path = OUT / name
        path.unlink(missing_ok=True)
        write(str(path))
        files[name] = tensors_of(model, legacy)

    if keras.__version__.startswith("2.13"):
        save("keras213.keras", small.save, small, legacy=False)
    elif KERAS3:
        from keras.src.saving import saving_lib

        save("keras3-model.h5", small.save, small)
        save("keras3.weights.h5", long.save_weights, long, legacy=False)
        save("keras3.keras", long.save, long, legacy=False)
        half = keras.Sequential([keras.Input((3,)), L.Dense(2, dtype="bfloat16", name="half")])
        half.set_weights([np.arange(6).reshape(3, 2) / 8, np.array([0.1, -3])])
        half.save_weights(str(OUT / "keras3-bfloat16.weights.h5"))
        files["keras3-bfloat16.weights.h5"] = [
            described(n, w.numpy().astype("float32"), "bfloat16") for n, w in weights_of(half.layers[0])
        ]
        make = saving_lib.H5IOStore.make
        # As Keras 3 wrote before it noted the layers' names.
        saving_lib.H5IOStore.make = lambda self, path, metadata=None: make(self, path)
        save("keras3-unnamed.weights.h5", long.save_weights, long, legacy=False)
    else:
        from keras.src.saving.legacy import hdf5_format

        save("keras2.h5", small.save_weights, small)
        save("keras2-model.h5", small.save, small)
        save("keras2.weights.h5", long.save_weights, long, legacy=False)
        save("keras2.keras", long.save, long, legacy=False)
        hdf5_format.HDF5_OBJECT_HEADER_LIMIT = 100
        save("keras2-split.h5", small.save_weights, small)
        packed(OUT / "keras2.h5", OUT / "keras2-packed.h5")
        files["keras2-packed.h5"] = files["keras2.h5"]
    about = f"reference/weights/keras_files.py, keras {keras.__version__}, h5py {h5py.__version__}"
    golden = json.dumps({"about": about, "files": files})
    number = "213" if "keras213.keras" in files else keras.__version__[0]
    (OUT / f"keras{number}.json").write_text(golden + "\n")


def packed(source, target):
    """The same file with its values in pieces: shuffled and deflated, in float64, float16 or big-endian by turns."""
    with h5py.File(source) as old, h5py.File(target, "w") as new:
        old.visititems(lambda name, item: copy(new, name, item))
        new.attrs.update(old.attrs)


def copy(new, name, item):
    if isinstance(item, h5py.Group):
        new.require_group(name).attrs.update(item.attrs)
        return
    if item.shape[0] == 1:
        new[name] = item[()]
        return
    turn = len(name) % 3
    pieces = tuple(max(1, (side + 1) // 2) for side in item.shape)
    new.create_dataset(name, data=item[()].astype(["<f4", "<f8", ">f4"][turn]), chunks=pieces, shuffle=turn > 0, compression="gzip")


if __name__ == "__main__":
    sys.exit(main())
