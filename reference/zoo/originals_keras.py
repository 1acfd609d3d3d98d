"""Goldens of Keras Applications, with the names of its weight files. Runs under Keras 2 (tensorflow 2.15) and Keras 3."""

import re

import keras
import numpy as np

from golden import write


def write_keras(network, builder, *, endpoints, logits="predictions", dialect="keras", flavor="keras", **rest):
    """builder: a function of keras.applications. endpoints: {our path: name of the Keras layer whose output it is}."""
    keras.backend.clear_session()
    model = builder(weights=None, classifier_activation=None)
    tensors = [(weight_name(layer, weight), tuple(weight.shape)) for layer in model.layers for weight in layer.weights]
    outputs = {path: model.get_layer(name).output for path, name in {**endpoints, "head.logits": logits}.items()}
    probe = keras.Model(model.input, list(outputs.values()))

    def run(weights, x):
        model.set_weights([weights[name] for name, _ in tensors])
        values = probe.predict(x, verbose=0)
        return {path: np.asarray(value) for path, value in zip(outputs, values, strict=True)}

    source = f"keras {keras.__version__}: keras.applications {model.name}"
    size = model.input_shape[1:3]
    write(network, flavor, dialect, source=source, axes="keras", tensors=tensors, run=run, size=size, **rest)


def weight_name(layer, weight) -> str:
    """`conv1_conv/kernel`: the layer's name and the weight's last word, as both generations of Keras write them to .h5."""
    return f"{layer.name}/{re.sub(r':0$', '', weight.name).split('/')[-1]}"
