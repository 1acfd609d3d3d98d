"""A training step of Keras on TensorFlow, for the rows of the bench that train on tfjs-node.

    python reference/bench/train_step.py resnet50 8 2     # network, batch, threads

Answers a line of JSON to each line on stdin: `ready`, `run` (one `train_on_batch`), `usage`. The weights are Keras' own draw.
"""

import json
import os
import resource
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402


def resnet20() -> keras.Model:
    """He et al. 2015, section 4.2, shortcuts of option A and a pixel of padding on each side, as `resnet20_cifar` of cnnkit has it."""

    def unit(x, filters, strides=1):
        if strides == 1:
            x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        else:
            x = layers.Conv2D(filters, 3, strides, use_bias=False)(layers.ZeroPadding2D(1)(x))
        return layers.BatchNormalization(epsilon=1e-5, momentum=0.9)(x)

    image = keras.Input((32, 32, 3))
    x = layers.ReLU()(unit(image, 16))
    for stage, filters in enumerate([16, 32, 64]):
        for block in range(3):
            halves = stage > 0 and block == 0
            y = unit(layers.ReLU()(unit(x, filters, 2 if halves else 1)), filters)
            if halves:
                x = layers.MaxPooling2D(1, 2)(x)
                x = keras.ops.pad(x, [[0, 0], [0, 0], [0, 0], [filters // 4, filters // 4]])
            x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(10, activation="softmax")(x))


NETWORKS = {
    "resnet50": lambda: keras.applications.ResNet50(weights=None),
    "mobilenet_v1_100": lambda: keras.applications.MobileNet(weights=None, dropout=0.0),
    "resnet20_cifar": resnet20,
}


def main() -> None:
    network, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    model = NETWORKS[network]()
    model.compile(optimizer=keras.optimizers.SGD(1e-4, momentum=0.9), loss="categorical_crossentropy")
    x = np.random.default_rng(1).uniform(-1, 1, (batch, *model.input_shape[1:])).astype("float32")
    classes = model.output_shape[1]
    y = np.eye(classes, dtype="float32")[np.arange(batch) % classes]
    x, y = tf.constant(x), tf.constant(y)
    for line in sys.stdin:
        answer = {"parameters": model.count_params()}
        if line.strip() == "run":
            model.train_on_batch(x, y)
        if line.strip() == "usage":
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            answer |= {"cpuMilliseconds": time.process_time() * 1000, "peakMiB": peak}
        print(json.dumps(answer), flush=True)


main()
