"""Weights that need no download. A time doesn't depend on them as long as no value overflows or fades to nothing."""

import re

import numpy as np


class Draw:
    """Draws the tensors of a network one after the other, always the same, as `bench/src/networks/formula-weights.ts` spreads them."""

    def __init__(self):
        self.rng = np.random.default_rng(1)

    def __call__(self, name, shape, axes):
        """Kernels by their fan-in, norms near the identity. axes: where a kernel's outputs are: 'keras' last, 'torch' first."""
        shape = tuple(int(side) for side in shape)
        values = self.rng.uniform(-1, 1, shape)
        if len(shape) > 1:
            values *= np.sqrt(6 / fan_in(name, shape, axes))
        elif is_scale(name):
            values = 1 + 0.2 * values
        else:
            values *= 0.1
        return values.astype(np.float32)

    def pictures(self, batch, size):
        """[batch, channels, height, width], -1 to 1."""
        return self.rng.uniform(-1, 1, (batch, 3, size, size)).astype(np.float32)


def fan_in(name, shape, axes):
    if axes == "torch":
        return int(np.prod(shape[1:]))
    return int(np.prod(shape[:2] if "depthwise" in name else shape[:-1]))


def is_scale(name):
    """A norm's factor or variance; in PyTorch a `.weight` of one axis can be nothing but the factor."""
    return re.search(r"(gamma|moving_variance|\.weight|running_var)$", name) is not None
