"""How a tensor is described in a golden file."""

import numpy as np


def described(name, values, dtype=None):
    """Name, shape, dtype, and of the values the first three, the last three, and the sum of each times its number."""
    flat = np.asarray(values).astype("float64").ravel()
    picked = [float(x) for x in np.concatenate([flat[:3], flat[-3:]])]
    return [name, list(np.shape(values)), dtype or str(np.asarray(values).dtype), picked, float((flat * np.arange(1, flat.size + 1)).sum())]
