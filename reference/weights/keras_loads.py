"""Whether Keras loads what our writer wrote: packages/weights/src/golden/written.h5, from the values of keras2.h5.

    UPDATE_GOLDEN=1 npx vitest run packages/weights/src/formats/keras-h5-write
    python -m pip install tensorflow-cpu==2.15.1   # and again with tensorflow-cpu==2.21.0 keras==3.15.1
    python reference/weights/keras_loads.py
"""

import h5py
import numpy as np

from keras_files import OUT, keras, network, weights_of


def main():
    for by_name in [False, True]:
        model = network(1)
        model.load_weights(str(OUT / "written.h5"), by_name=by_name)
        checked = 0
        with h5py.File(OUT / "keras2.h5") as expected:
            for layer in model.layers:
                # Keras 3 has no slashes in names, so that it finds this layer by order alone.
                ours = layer.name.replace("block0_conv", "block0/conv")
                if by_name and ours != layer.name:
                    continue
                group = expected[ours]
                names = {str(name) for name in group.attrs["weight_names"]}
                for name, w in weights_of(layer):
                    name = name.replace(layer.name, ours)
                    short = name if name.split("/")[0] != "inner" else name.split("/", 1)[1]
                    if "Depthwise" in type(layer).__name__:
                        short = short.replace("/kernel", "/depthwise_kernel")
                    assert f"{short}:0" in names, (short, names)
                    assert np.array_equal(w.numpy(), group[f"{short}:0"][()]), name
                    checked += 1
        print(f"Keras {keras.__version__}, by {'name' if by_name else 'order'}: {checked} weights")


if __name__ == "__main__":
    main()
