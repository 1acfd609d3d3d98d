"""Local response normalization, grouped convolution, adaptive average and padded max pooling with their gradients, as PyTorch has them, for packages/layers.

Run: python reference/layers/golden.py   (the environment of reference/zoo/requirements-torch.txt)
"""

import json
from pathlib import Path

import torch
from torch import nn

folder = Path(__file__).resolve().parents[2] / "packages/layers/src/golden"
folder.mkdir(exist_ok=True)


def wave(*shape, step):
    """Values that are easily made again elsewhere: the sine of step, 2 step, 3 step, ..."""
    count = torch.Size(shape).numel()
    return torch.sin(step * torch.arange(1, count + 1, dtype=torch.float64)).reshape(shape)


def nchw(x):
    return x.permute(0, 3, 1, 2)


def flat(x):
    """Values with the channels last, to seven digits."""
    x = x.permute(0, 2, 3, 1) if x.ndim == 4 else x
    return [float(f"{value:.7g}") for value in x.detach().reshape(-1).tolist()]


def local_response_norm():
    """Large alphas, so that the window matters; `paper` takes alpha as it is, which is `size * alpha` to PyTorch."""
    cases = []
    for size, alpha, beta, bias, convention in [(5, 0.5, 0.75, 1.0, "caffe"), (5, 0.3, 0.75, 2.0, "paper"), (3, 1.0, 0.5, 1.0, "caffe")]:
        x = nchw(3 * wave(2, 2, 3, 7, step=0.7)).requires_grad_()
        factor = alpha * size if convention == "paper" else alpha
        y = nn.functional.local_response_norm(x, size, alpha=factor, beta=beta, k=bias)
        (y * nchw(wave(2, 2, 3, 7, step=1.3))).sum().backward()
        args = {"size": size, "alpha": alpha, "beta": beta, "bias": bias, "convention": convention}
        cases.append({"args": args, "y": flat(y), "dx": flat(x.grad)})
    return {"source": f"torch {torch.__version__}", "shape": [2, 2, 3, 7], "cases": cases}


def grouped_conv():
    """A kernel of [3, 3, 4 / groups, 6] in our order, which is [6, 4 / groups, 3, 3] in PyTorch's."""
    cases = []
    for groups, strides in [(2, 1), (2, 2), (1, 1)]:
        x = nchw(wave(2, 5, 6, 4, step=0.7)).requires_grad_()
        kernel = wave(3, 3, 4 // groups, 6, step=0.9).requires_grad_()
        bias = wave(6, step=1.1).requires_grad_()
        y = nn.functional.conv2d(x, kernel.permute(3, 2, 0, 1), bias, stride=strides, groups=groups)
        n, _, h, w = y.shape
        (y * nchw(wave(n, h, w, 6, step=1.3))).sum().backward()
        gradients = {"dx": flat(x.grad), "dkernel": flat(kernel.grad.reshape(-1)), "dbias": flat(bias.grad)}
        cases.append({"args": {"groups": groups, "strides": strides}, "y": flat(y), **gradients})
    return {"source": f"torch {torch.__version__}", "shape": [2, 5, 6, 4], "cases": cases}


def adaptive_average_pooling():
    """Windows that overlap (14 to 4), that do not divide (7 x 5), and more cells than pixels."""
    cases = []
    for shape, size in [((1, 14, 14, 2), (4, 4)), ((2, 7, 5, 2), (3, 2)), ((1, 8, 6, 2), (4, 1)), ((1, 3, 2, 2), (7, 5))]:
        x = nchw(wave(*shape, step=0.7)).requires_grad_()
        y = nn.functional.adaptive_avg_pool2d(x, size)
        (y * nchw(wave(shape[0], *size, shape[3], step=1.3))).sum().backward()
        cases.append({"shape": shape, "size": size, "y": flat(y), "dx": flat(x.grad)})
    return {"source": f"torch {torch.__version__}", "cases": cases}


def padded_max_pooling():
    """An even grid, on which TensorFlow's `same` has no row above, an odd one, and no overlap; a third of the values are below -0.5."""
    cases = []
    for shape, (size, strides, padding) in [((1, 6, 8, 2), (3, 2, 1)), ((2, 7, 5, 2), (3, 2, 1)), ((1, 5, 5, 1), (2, 2, 1))]:
        x = nchw(wave(*shape, step=0.7)).requires_grad_()
        y = nn.functional.max_pool2d(x, size, strides, padding)
        n, c, h, w = y.shape
        (y * nchw(wave(n, h, w, c, step=1.3))).sum().backward()
        args = {"poolSize": size, "strides": strides, "padding": padding}
        cases.append({"shape": shape, "args": args, "y": flat(y), "dx": flat(x.grad)})
    return {"source": f"torch {torch.__version__}", "cases": cases}


goldens = {
    "local-response-norm": local_response_norm(),
    "grouped-conv": grouped_conv(),
    "adaptive-average-pooling": adaptive_average_pooling(),
    "padded-max-pooling": padded_max_pooling(),
}
for name, golden in goldens.items():
    (folder / f"{name}.json").write_text(json.dumps(golden) + "\n")
