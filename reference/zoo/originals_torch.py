"""Goldens of PyTorch networks: torchvision's, timm's, and those that we build from a paper's table."""

import numpy as np
import torch

from golden import write


def write_torch(network, flavor, dialect, module, *, source, endpoints, outputs=("head.logits",), ignored=(), **rest):
    """endpoints: {our path: name of the module whose output it is (or a function of the module)}.

    outputs: our paths of what the module gives, in its order; auxiliary ones need the module in training mode, with norms and
        dropout in inference: pass `forward`.
    names: function from the module's name of a tensor to the published file's, where that is not PyTorch's.
    """
    module = module.eval()
    named_in_file = rest.pop("names", lambda name: name)
    forward = rest.pop("forward", lambda module, x: module(x))
    named = dict(module.named_modules())
    tensors = [(name, tuple(t.shape)) for name, t in module.state_dict().items()]
    counters = [name for name, _ in tensors if name.endswith("num_batches_tracked")]
    own = {named_in_file(name): name for name, _ in tensors if name not in counters}
    tensors = [(named_in_file(name), shape) for name, shape in tensors if name not in counters]

    def run(weights, x):
        state = {own[name]: torch.from_numpy(value) for name, value in weights.items()}
        module.load_state_dict({**state, **{name: torch.tensor(0) for name in counters}})
        seen = {}
        hooks = [named[name].register_forward_hook(keep(seen, path)) for path, name in endpoints.items()]
        with torch.no_grad():
            given = forward(module, torch.from_numpy(x.transpose(0, 3, 1, 2).copy()))
        for hook in hooks:
            hook.remove()
        given = given if isinstance(given, (tuple, list)) else (given,)
        seen.update(zip(outputs, given, strict=True))
        return {path: channels_last(value) for path, value in seen.items()}

    write(network, flavor, dialect, source=source, axes="torch", tensors=tensors, run=run, ignored=ignored, **rest)


def keep(seen, path):
    def hook(_module, _inputs, output):
        seen[path] = output.detach().clone()  # the next layer may work in place

    return hook


def channels_last(value) -> np.ndarray:
    value = value.numpy()
    return value.transpose(0, 2, 3, 1) if value.ndim == 4 else value
