"""NASNet-A: `python nasnet.py keras` and `python nasnet.py timm`."""

import sys

# Normal cells in each stage.
CELLS = {"nasnet_mobile": 4, "nasnet_large": 6}


def keras():
    from keras import applications
    from originals_keras import write_keras

    for network, builder in {"nasnet_mobile": applications.NASNetMobile, "nasnet_large": applications.NASNetLarge}.items():
        n = CELLS[network]
        endpoints = {
            "stem.conv.norm": "stem_bn1",
            "stem.cell1": "reduction_concat_stem_1",
            "stem": "reduction_concat_stem_2",
            "stage1.block1": "normal_concat_0",
            "stage1.block2": "normal_concat_1",
            "stage1": f"normal_concat_{n - 1}",
            "stage2.block1": f"reduction_concat_reduce_{n}",
            "stage2.block2": f"normal_concat_{n + 1}",
            "stage2": f"normal_concat_{2 * n}",
            "stage3.block1": f"reduction_concat_reduce_{2 * n}",
            "stage3.block2": f"normal_concat_{2 * n + 1}",
            f"stage3.block{n + 1}": f"normal_concat_{3 * n}",
        }
        write_keras(network, builder, endpoints=endpoints, slow=network == "nasnet_large")


def timm():
    import timm
    from originals_torch import write_torch

    endpoints = {
        "stem.conv.norm": "conv0",
        "stem.cell1": "cell_stem_0",
        "stem": "cell_stem_1",
        "stage1.block1": "cell_0",
        "stage1.block2": "cell_1",
        "stage1": "cell_5",
        "stage2.block1": "reduction_cell_0",
        "stage2.block2": "cell_6",
        "stage2": "cell_11",
        "stage3.block1": "reduction_cell_1",
        "stage3.block2": "cell_12",
        "stage3": "act",
    }
    source = f"timm {timm.__version__}: nasnetalarge"
    write_torch("nasnet_large", "timm", "timm", timm.create_model("nasnetalarge"), source=source, endpoints=endpoints, size=331, slow=True)


if __name__ == "__main__":
    {"keras": keras, "timm": timm}[sys.argv[1]]()
