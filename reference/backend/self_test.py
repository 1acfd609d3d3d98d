"""The known numbers of @cnnkit/backend's self-test, worked out in NumPy in float64 by the definitions.

    python reference/backend/self_test.py > packages/backend/src/self-test-numbers.ts
    npx biome check --write packages/backend
"""

import numpy as np


def values(shape, step, modulus):
    """Small multiples of 1/4 that no other value of the same tensor repeats in a simple pattern."""
    count = int(np.prod(shape))
    return ((np.arange(count) * step % modulus - modulus // 2) / 4).reshape(shape)


def same_padding(size, kernel, stride):
    out = -(-size // stride)
    total = max((out - 1) * stride + kernel - size, 0)
    return out, total // 2, total - total // 2


def convolution(x, w, stride, depthwise):
    """y, and a function from dy to (dx, dw), by the sum over taps. NHWC, HWIO, TensorFlow's `same`."""
    batch, height, width, channels = x.shape
    kh, kw, _, last = w.shape
    oh, top, bottom = same_padding(height, kh, stride)
    ow, left, right = same_padding(width, kw, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    filters = channels * last if depthwise else last
    y = np.zeros((batch, oh, ow, filters))

    def window(array, i, j):
        return array[:, i : i + (oh - 1) * stride + 1 : stride, j : j + (ow - 1) * stride + 1 : stride, :]

    for i in range(kh):
        for j in range(kw):
            part = window(padded, i, j)
            if depthwise:
                y += (part[..., :, None] * w[i, j]).reshape(y.shape)
            else:
                y += part @ w[i, j]

    def gradient(dy):
        dw = np.zeros_like(w)
        dpadded = np.zeros_like(padded)
        for i in range(kh):
            for j in range(kw):
                part = window(padded, i, j)
                back = window(dpadded, i, j)
                if depthwise:
                    split = dy.reshape(batch, oh, ow, channels, last)
                    dw[i, j] = np.einsum("bhwc,bhwcm->cm", part, split)
                    back += np.einsum("bhwcm,cm->bhwc", split, w[i, j])
                else:
                    dw[i, j] = np.einsum("bhwc,bhwf->cf", part, dy)
                    back += dy @ w[i, j].T
        return dpadded[:, top : top + height, left : left + width, :], dw

    return y, gradient


def emit(name, doc, record):
    print(f"\n/** {doc} */")
    print(f"export const {name}: Readonly<Record<{' | '.join(repr(key) for key in record)}, Numbers>> = {{")
    for key, array in record.items():
        array = np.asarray(array)
        shape = ", ".join(str(side) for side in array.shape)
        numbers = ", ".join(f"{float(np.float32(v)):.9g}" if v != 0 else "0" for v in array.ravel())
        print(f"  {key}: {{ shape: [{shape}], values: [{numbers}] }},")
    print("}")


print("// Written by reference/backend/self_test.py (NumPy, float64); do not edit.\n")
print("/** The values of a tensor. */")
print("export interface Numbers {\n  readonly shape: number[]\n  readonly values: number[]\n}")

x, w = values((1, 5, 4, 2), 7, 23), values((3, 3, 2, 3), 5, 17)
y, gradient = convolution(x, w, 2, False)
dy = values(y.shape, 3, 13)
dx, dw = gradient(dy)
emit("convolution", "A 3x3 convolution at stride 2, padded `same`.", dict(x=x, filter=w, y=y, dy=dy, dx=dx, dfilter=dw))

x, w = values((1, 4, 5, 3), 11, 29), values((3, 3, 3, 1), 5, 19)
y, gradient = convolution(x, w, 2, True)
dy = values(y.shape, 3, 7)
dx, dw = gradient(dy)
emit("depthwise", "A depthwise 3x3 convolution at stride 2, padded `same`.", dict(x=x, filter=w, y=y, dy=dy, dx=dx, dfilter=dw))

epsilon = 1e-3
x = values((2, 3, 2, 3), 7, 31)
mean, variance = np.array([0.25, -0.5, 1.0]), np.array([0.5, 2.0, 1.25])
gamma, beta = np.array([1.5, 0.5, -1.0]), np.array([0.25, 0.0, -0.5])
dy = values(x.shape, 5, 11)
axes = (0, 1, 2)
z = (x - mean) / np.sqrt(variance + epsilon)
emit(
    "batchNorm",
    "Batch norm in inference, epsilon 1e-3.",
    dict(
        x=x, mean=mean, variance=variance, gamma=gamma, beta=beta, y=gamma * z + beta, dy=dy,
        dx=dy * gamma / np.sqrt(variance + epsilon), dgamma=(dy * z).sum(axes), dbeta=dy.sum(axes),
    ),
)

mean, variance = x.mean(axes), x.var(axes)
z = (x - mean) / np.sqrt(variance + epsilon)
dgamma, dbeta, n = (dy * z).sum(axes), dy.sum(axes), x.size / 3
dx = gamma / np.sqrt(variance + epsilon) * (dy - dbeta / n - z * dgamma / n)
emit(
    "batchNormTraining",
    "The same in training.",
    dict(x=x, gamma=gamma, beta=beta, y=gamma * z + beta, mean=mean, variance=variance, dy=dy, dx=dx, dgamma=dgamma, dbeta=dbeta),
)
