"""Inception v4: `python inception_v4.py timm` and `python inception_v4.py slim`."""

import sys

BLOCKS = {"stage1": range(6, 10), "stage2": range(10, 18), "stage3": range(18, 22)}
MODULES = {f"{stage}.block{b}": f"features.{n}" for stage, numbers in BLOCKS.items() for b, n in enumerate(numbers, 1)}
ENDPOINTS = {f"stem.block{b}": f"features.{b + 2}" for b in (1, 2, 3)} | MODULES


def timm():
    import timm
    from originals_torch import write_torch

    module = timm.create_model("inception_v4", pretrained=False)
    source = f"timm {timm.__version__}: inception_v4"
    write_torch("inception_v4", "timm", "timm", module, source=source, endpoints=ENDPOINTS, size=299, gain=1.4, slow=True)


# The convolutions of slim's modules in the order in which it makes them: tensorflow/models research/slim/nets/inception_v4.py @03cdc5f.
SLIM = {
    "3a": ["1/0a_3x3"],
    "4a": ["0/0a_1x1", "0/1a_3x3", "1/0a_1x1", "1/0b_1x7", "1/0c_7x1", "1/1a_3x3"],
    "5a": ["0/1a_3x3"],
    **dict.fromkeys(["5b", "5c", "5d", "5e"], ["0/0a_1x1", "1/0a_1x1", "1/0b_3x3", "2/0a_1x1", "2/0b_3x3", "2/0c_3x3", "3/0b_1x1"]),
    "6a": ["0/1a_3x3", "1/0a_1x1", "1/0b_3x3", "1/1a_3x3"],
    **dict.fromkeys(
        ["6b", "6c", "6d", "6e", "6f", "6g", "6h"],
        ["0/0a_1x1", "1/0a_1x1", "1/0b_1x7", "1/0c_7x1", "2/0a_1x1", "2/0b_7x1", "2/0c_1x7", "2/0d_7x1", "2/0e_1x7", "3/0b_1x1"],
    ),
    "7a": ["0/0a_1x1", "0/1a_3x3", "1/0a_1x1", "1/0b_1x7", "1/0c_7x1", "1/1a_3x3"],
    **dict.fromkeys(
        ["7b", "7c", "7d"],
        ["0/0a_1x1", "1/0a_1x1", "1/0b_1x3", "1/0c_3x1", "2/0a_1x1", "2/0b_3x1", "2/0c_1x3", "2/0d_1x3", "2/0e_3x1", "3/0b_1x1"],
    ),
}


def slim():
    """slim's auxiliary head, names, kernels and background class on timm's body, whose convolutions come in the same order."""
    import timm
    import torch
    from golden import write
    from originals_torch import channels_last
    from timm.layers import ConvNormAct
    from torch import nn

    class Aux(nn.Module):
        def __init__(self):
            super().__init__()
            norm = {"padding": 0, "norm_kwargs": {"eps": 1e-3}}
            self.pool = nn.AvgPool2d(5, stride=3)
            self.conv1 = ConvNormAct(1024, 128, 1, **norm)
            self.conv2 = ConvNormAct(128, 768, 5, **norm)  # as large as the grid: 5 x 5
            self.logits = nn.Linear(768, 1001)

        def forward(self, x):
            return self.logits(self.conv2(self.conv1(self.pool(x))).flatten(1))

    body, aux = timm.create_model("inception_v4", pretrained=False, num_classes=1001).eval(), Aux().eval()
    names = [f"Conv2d_{name}_3x3" for name in ("1a", "2a", "2b")]
    names += [f"Mixed_{module}/Branch_{name.replace('/', '/Conv2d_')}" for module, convolutions in SLIM.items() for name in convolutions]
    units = dict(zip(names, [m for m in body.modules() if isinstance(m, ConvNormAct)], strict=True))
    units |= {"AuxLogits/Conv2d_1b_1x1": aux.conv1, "AuxLogits/Conv2d_2a": aux.conv2}
    dense = {"AuxLogits/Aux_logits": aux.logits, "Logits/Logits": body.last_linear}
    # By slim's name: the tensor in PyTorch, and the order of its axes in slim.
    slots = {}
    for name, unit in units.items():
        slots[f"InceptionV4/{name}/weights"] = (unit.conv.weight, (2, 3, 1, 0))
        for end, tensor in {"beta": unit.bn.bias, "moving_mean": unit.bn.running_mean, "moving_variance": unit.bn.running_var}.items():
            slots[f"InceptionV4/{name}/BatchNorm/{end}"] = (tensor, (0,))
    for name, layer in dense.items():
        slots[f"InceptionV4/{name}/weights"] = (layer.weight, (1, 0))
        slots[f"InceptionV4/{name}/biases"] = (layer.bias, (0,))
    tensors = [(name, tuple(tensor.shape[axis] for axis in order)) for name, (tensor, order) in slots.items()]

    @torch.no_grad()
    def run(weights, x):
        for name, (tensor, order) in slots.items():
            tensor.copy_(torch.from_numpy(weights[name].transpose([order.index(axis) for axis in range(len(order))]).copy()))
        seen = {}
        named = dict(body.named_modules())
        hooks = [named[module].register_forward_hook(lambda _m, _i, y, path=path: seen.update({path: y.clone()})) for path, module in ENDPOINTS.items()]
        logits = body(torch.from_numpy(x.transpose(0, 3, 1, 2).copy()))
        for hook in hooks:
            hook.remove()
        values = {**seen, "head.logits": logits[:, 1:], "aux1.logits": aux(seen["stage2.block8"])[:, 1:]}
        return {path: channels_last(value) for path, value in values.items()}

    source = f"timm {timm.__version__}: inception_v4 in TF-slim's names, with its auxiliary head"
    write(
        "inception_v4", "slim", "slim", source=source, axes="keras", tensors=tensors, run=run, size=299, gain=1.4, slow=True, options={"auxiliary": True}
    )


if __name__ == "__main__":
    {"timm": timm, "slim": slim}[sys.argv[1]]()
