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


if __name__ == "__main__":
    {"timm": timm}[sys.argv[1]]()
