"""HDF5 files that Keras does not write, for packages/weights/src/golden.

    python -m pip install h5py==3.14.0 numpy
    python reference/weights/hdf5_files.py
"""

from pathlib import Path

import h5py
import numpy as np

OUT = Path(__file__).parents[2] / "packages/weights/src/golden"


def weights(file, layers, **dataset):
    names = [f"layer{i}" for i in range(layers)]
    file.attrs["layer_names"] = names
    for i, name in enumerate(names):
        group = file.create_group(name)
        group.attrs["weight_names"] = ["kernel:0"]
        group.create_dataset("kernel:0", data=np.arange(6, dtype="float32").reshape(2, 3) + i, **dataset)


def main():
    # The newer form of everything: superblock 3, headers with checksums, links in the header (few layers) or in a heap (many)
    with h5py.File(OUT / "hdf5-latest.h5", "w", libver="latest") as file:
        weights(file, 4)
    with h5py.File(OUT / "hdf5-latest-many.h5", "w", libver="latest") as file:
        weights(file, 20)
    with h5py.File(OUT / "hdf5-lzf.h5", "w") as file:
        weights(file, 1, compression="lzf")
    with h5py.File(OUT / "hdf5-links.h5", "w") as file:
        weights(file, 1)
        file.attrs["layer_names"] = ["layer0", "passwords"]
        file["passwords"] = h5py.ExternalLink("/etc/passwd", "/")
    with h5py.File(OUT / "hdf5-values-elsewhere.h5", "w") as file:
        file.attrs["layer_names"] = ["layer0"]
        group = file.create_group("layer0")
        group.attrs["weight_names"] = ["kernel:0"]
        group.create_dataset("kernel:0", shape=(2, 3), dtype="float32", external=[("/etc/passwd", 0, 24)])
    with h5py.File(OUT / "hdf5-no-keras.h5", "w") as file:
        file["measurements"] = np.arange(3)
    with h5py.File(OUT / "hdf5-odd-types.h5", "w") as file:
        weights(file, 1)
        file["layer0"].attrs["weight_names"] = ["kernel:0", "pair"]
        file["layer0/pair"] = np.zeros(2, dtype=[("a", "f4"), ("b", "i4")])


if __name__ == "__main__":
    main()
