"""Inception v3: `python inception_v3.py keras` and `python inception_v3.py torchvision`."""

import sys

STAGES = {"stage1": "bcd", "stage2": "abcde", "stage3": "abc"}
# Our path and torchvision's name of each module: stage1.block1 is Mixed_5b.
MODULES = {f"{stage}.block{b}": f"Mixed_{s}{letter}" for s, (stage, letters) in enumerate(STAGES.items(), 5) for b, letter in enumerate(letters, 1)}


def keras():
    from keras import applications
    from originals_keras import write_keras

    mixed = {path: f"mixed{i}" for i, path in enumerate(MODULES)}
    write_keras("inception_v3", applications.InceptionV3, endpoints={"stem": "max_pooling2d_1", **mixed}, gain=1.4)


def torchvision():
    import torchvision
    from originals_torch import write_torch

    source = f"torchvision {torchvision.__version__}: inception_v3"
    module = torchvision.models.inception_v3(weights=None, init_weights=False)
    endpoints = {"stem": "maxpool2", **MODULES}
    common = {"source": source, "size": 299, "gain": 1.4}
    ignored = [name for name in module.state_dict() if name.startswith("AuxLogits.") and not name.endswith("num_batches_tracked")]
    write_torch("inception_v3", "torchvision", "torchvision", module, endpoints=endpoints, ignored=ignored, **common)
    write_torch(
        "inception_v3",
        "torchvision",
        "torchvision",
        module,
        endpoints={"stage2": "Mixed_6e"},
        outputs=("head.logits", "aux1.logits"),
        forward=with_auxiliary,
        options={"auxiliary": True},
        **common,
    )


def with_auxiliary(module, x):
    """Both heads, with norms and dropout as in inference."""
    seen = []
    hook = module.Mixed_6e.register_forward_hook(lambda _module, _inputs, output: seen.append(output))
    logits = module(x)
    hook.remove()
    return logits, module.AuxLogits(seen[0])


if __name__ == "__main__":
    {"keras": keras, "torchvision": torchvision}[sys.argv[1]]()
