"""Goldens of TF-slim's networks, from the package `tf_slim` itself."""

import importlib
import importlib.metadata
import sys

import numpy as np
import tensorflow as tf
import tf_slim

from golden import write

v1 = tf.compat.v1

# TensorFlow 2.15 seeks its old layers in a package `tf_keras`, which does not have them there; Keras 2.15 does.
for name in ("normalization", "convolutional", "core", "pooling"):
    sys.modules[f"tf_keras.legacy_tf_layers.{name}"] = importlib.import_module(f"keras.src.legacy_tf_layers.{name}")


def write_slim(network, builder, arg_scope, *, endpoints, flavor="slim", classes=1000, size=224, **rest):
    """builder: a function of `tf_slim.nets`, with a background class before the others. endpoints: {our path: slim's end point}."""
    graph = tf.Graph()
    with graph.as_default(), tf_slim.arg_scope(arg_scope()):
        picture = v1.placeholder(tf.float32, [1, size, size, 3])
        logits, ends = builder(picture, num_classes=classes + 1, is_training=False)
        variables = {variable.op.name: variable for variable in v1.global_variables()}
        values = {path: ends[name] for path, name in endpoints.items()}
        slots = {name: v1.placeholder(tf.float32, variable.shape) for name, variable in variables.items()}
        assign = [v1.assign(variable, slots[name]) for name, variable in variables.items()]

    def run(weights, x):
        with v1.Session(graph=graph) as session:
            session.run(assign, {slots[name]: weights[name] for name in slots})
            found = session.run({**values, "head.logits": logits}, {picture: x})
        return {**found, "head.logits": np.asarray(found["head.logits"])[:, 1:]}

    tensors = [(name, tuple(variable.shape.as_list())) for name, variable in variables.items()]
    source = f"tf_slim {importlib.metadata.version('tf-slim')}: {builder.__name__}"
    write(network, flavor, "slim", source=source, axes="keras", tensors=tensors, run=run, size=size, **rest)
