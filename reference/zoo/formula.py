"""Weights that need no download: a hash of the tensor's name and of the index of each value, scaled by fan-in.

`packages/zoo/src/testing/formula.ts` computes the same to the last bit.
"""

import re

import numpy as np


def fnv1a(name: str) -> int:
    h = 0x811C9DC5
    for byte in name.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def noise(name: str, count: int) -> np.ndarray:
    """`count` values in [-1, 1), float64; murmur3's finalizer over a counter that starts from the name."""
    x = np.arange(count, dtype=np.uint32)
    with np.errstate(over="ignore"):
        x *= np.uint32(0x9E3779B1)
        x += np.uint32(fnv1a(name))
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> np.uint32(13)
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> np.uint32(16)
    return x / 2.0**31 - 1.0


def formula(name: str, shape, axes: str, gain: float = 1.0) -> np.ndarray:
    """The float32 values of a tensor of a checkpoint, by its name there.

    Kernels: uniform with the variance gain^2 / fan-in. Variances: 0.5 to 1.5. Vectors that multiply (a norm's gamma, which is
    told by its name): 0.75 to 1.25. All other vectors: -0.1 to 0.1.

    axes: where a kernel's outputs are: 'keras' last, 'torch' (and ONNX) first.
    """
    shape = tuple(int(side) for side in shape)
    values = noise(name, int(np.prod(shape, dtype=np.int64)))
    if len(shape) > 1:
        values *= gain * np.sqrt(3.0 / fan_in(name, shape, axes))
    elif is_variance(name):
        values = 1.0 + 0.5 * values
    elif is_scale(name):
        values = 1.0 + 0.25 * values
    else:
        values *= 0.1
    return values.astype(np.float32).reshape(shape)


def fan_in(name: str, shape, axes: str) -> int:
    if "depthwise" in name and axes == "keras":
        return shape[0] * shape[1]
    return int(np.prod(shape[:-1] if axes == "keras" else shape[1:]))


def is_variance(name: str) -> bool:
    return re.search(r"(moving_variance|running_var|_(var|riv)_0)$", name) is not None


def is_scale(name: str) -> bool:
    """A norm's factor: `gamma` in Keras; in PyTorch a `.weight` of one axis can be nothing else, nor can a `_w_0` of Caffe2 (ONNX)."""
    return re.search(r"(gamma|\.weight|_(scale|s|w)_0)$", name) is not None


def picture(height: int, width: int, channels: int = 3) -> np.ndarray:
    """The input of all goldens, [1, height, width, channels], -1 to 1."""
    i, j, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    pixels = (7 * i + 13 * j + 29 * c + 5 * ((i * j) % 31)) % 256
    return (pixels / 127.5 - 1.0).astype(np.float32)[None]
