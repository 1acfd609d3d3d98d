"""Small files that PyTorch and safetensors write, and what they read in them, for packages/weights/src/golden.

    python -m pip install torch==2.9.1 safetensors==0.8.0 numpy==2.4.6
    python reference/weights/torch_files.py

Written are `torch-*.pth`, `*.safetensors` and `torch.json` with the names, shapes, dtypes and values (as float32) that each
file's tensors have. Of the genuine CIFAR-10 ResNets (../shared) only a hash of what torch reads in them is kept. `written.pth`
is ours: UPDATE_GOLDEN=1 npx vitest run packages/weights/src/formats/writers.test.ts writes it, and torch reads it here.
"""

import argparse
import copyreg
import hashlib
import io
import json
import os
import warnings
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

here = Path(__file__).resolve().parents[2]
golden = here / "packages" / "weights" / "src" / "golden"
genuine = here.parent / "shared" / "data" / "weights" / "resnet-cifar10-torch"
golden.mkdir(exist_ok=True)
torch.manual_seed(4)
warnings.filterwarnings("ignore", "TypedStorage is deprecated")


def ramp(*shape, dtype=torch.float32, scale=0.5, shift=-3.0):
    count = int(np.prod(shape))
    return (torch.arange(count, dtype=torch.float64) * scale + shift).to(dtype).reshape(shape)


def numbers():
    """A tensor of each dtype."""
    return OrderedDict(
        float32=ramp(2, 3),
        float64=ramp(3, dtype=torch.float64) / 3,
        float16=torch.tensor([0.1, -65504.0, 6e-8, float("inf")], dtype=torch.float16),
        bfloat16=torch.tensor([0.1, -3e38, 1e-38, float("nan")], dtype=torch.bfloat16),
        int8=torch.tensor([-128, 0, 127], dtype=torch.int8),
        uint8=torch.tensor([0, 128, 255], dtype=torch.uint8),
        int16=torch.tensor([-32768, 32767], dtype=torch.int16),
        int32=torch.tensor([-(2**31), 2**24 - 1], dtype=torch.int32),
        int64=torch.tensor([-(2**62), 2**40, 7], dtype=torch.int64),
        uint16=torch.tensor([0, 65535], dtype=torch.uint16),
        uint32=torch.tensor([0, 2**32 - 1], dtype=torch.uint32),
        uint64=torch.tensor([0, 2**63], dtype=torch.uint64),
        bool=torch.tensor([True, False, True]),
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 4),
    )


def views():
    """Tensors that do not own a whole storage in row-major order."""
    base = ramp(4, 6)
    return OrderedDict(
        base=base,
        row=base[2],
        column=base[:, 1],
        transposed=base.t(),
        corner=base[1:3, 2:5],
        strided=base[::2, ::3],
        expanded=torch.tensor([[1.5], [2.5]]).expand(2, 3),
        image=ramp(2, 3, 2, 2).to(memory_format=torch.channels_last),
        parameter=torch.nn.Parameter(ramp(3)),
        half_column=ramp(3, 2).to(torch.bfloat16)[:, 1],
    )


def checkpoint():
    """What a training script leaves: DataParallel, an optimizer with its state, arguments, numpy scalars, objects of its own."""
    net = torch.nn.DataParallel(torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2)))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    net(torch.ones(1, 1, 5, 5)).sum().backward()
    optimizer.step()
    return {
        "epoch": 12,
        "arch": "tiny",
        "best_acc1": np.float64(71.5),
        "args": argparse.Namespace(lr=0.1, data=Path("/data"), milestones=[1, 2]),
        "optimizer": optimizer.state_dict(),
        "scheduler": Meter(3.0),
        "state_dict": net.state_dict(),
        "rng": np.arange(3),
        "when": {"device": torch.device("cpu"), "dtype": torch.float32},
    }


class Meter:
    """An object of a class that the reader does not know."""

    def __init__(self, value):
        self.value = value


class Runs:
    """A pickle that calls a function when Python reads it."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


class Pickled:
    """Something that is pickled as the version of PyTorch that is said pickled it."""

    def __init__(self, *reduced):
        self.reduced = reduced

    def __reduce_ex__(self, protocol):
        return self.reduced


class PickledParameter(Pickled):
    """The same, for what is made without a call: pickle wants its class to be the one that it makes."""

    __class__ = property(lambda self: torch.nn.Parameter)


def of_2017():
    """A state dict as torchvision's oldest files have it: parameters and variables that are objects, and old tensors."""
    a, b, c, d = ramp(2, 3), ramp(4), ramp(2, 2), ramp(3)
    old = [
        Pickled(torch.nn.Parameter, (a,), (True, False, OrderedDict())),
        Pickled(torch.FloatTensor, (), (b.storage(), 1, (2,), (1,))),
        PickledParameter(copyreg.__newobj__, (torch.nn.Parameter,), (c, None, OrderedDict(), True, False)),
        Pickled(torch._utils._rebuild_tensor, (d.storage(), 0, (3,), (1,))),
    ]
    names = ["weight", "running_mean", "old.weight", "bias"]
    return OrderedDict(zip(names, old)), OrderedDict(zip(names, [a, b[1:3], c, d]))


class Ready(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(ramp(2))


def formula(count):
    i = np.arange(count, dtype=np.float64)
    return ((i * 7919) % 4001 - 2000) * 2.0 ** ((i % 41) - 34)


def whole(count, low, high):
    return low + (np.arange(count, dtype=np.float64) * 7919) % (high - low + 1)


def written():
    """The tensors that packages/weights/src/formats/writers.test.ts writes."""
    numbers = dict(
        float32=formula(300),
        float16=formula(3000),
        bfloat16=formula(300),
        float64=formula(30),
        int8=whole(30, -128, 127),
        uint8=whole(30, 0, 255),
        int16=whole(30, -32768, 32767),
        uint16=whole(30, 0, 65535),
        int32=whole(30, -(2**23), 2**23),
        uint32=whole(30, 0, 2**24),
        int64=whole(30, -(2**23), 2**23),
        uint64=whole(30, 0, 2**24),
        bool=whole(30, 0, 1),
    )
    state = OrderedDict(
        (f"layer1.0.{name}", torch.from_numpy(values).to(getattr(torch, name)).reshape(3, -1)) for name, values in numbers.items()
    )
    state["größe.scalar"] = torch.tensor(2.5)
    state["empty"] = torch.zeros(0, 4)
    return state


def check_written(path):
    """The hash of a file of ours, once torch has found in it what it should."""
    for options in ({}, {"mmap": True}):
        state = torch.load(path, weights_only=True, **options)
        assert list(state) == list(written()), list(state)
        for name, expected in written().items():
            assert state[name].dtype == expected.dtype and state[name].shape == expected.shape, name
            assert torch.equal(state[name].to(torch.float64), expected.to(torch.float64)), name
            assert state[name].stride() == expected.stride(), name
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rezip(source, target, change=lambda name, data: data, **options):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", **options) as new:
        for info in old.infolist():
            data = change(info.filename, old.read(info))
            if data is not None:
                new.writestr(zipfile.ZipInfo(info.filename), data, compress_type=options.get("compression", zipfile.ZIP_STORED))


def facts(state):
    return [
        {
            "name": name,
            "shape": list(tensor.shape),
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "values": [plain(value) for value in tensor.detach().to(torch.float32).flatten().tolist()],
        }
        for name, tensor in state.items()
    ]


def plain(value):
    return value if np.isfinite(value) else str(value)


def fingerprint(state):
    digest = hashlib.sha256()
    for name, tensor in state.items():
        digest.update(f"{name} {list(tensor.shape)}\n".replace(", ", ",").encode())
        digest.update(tensor.detach().to(torch.float32).contiguous().numpy().tobytes())
    return digest.hexdigest()


def write_all():
    old = dict(_use_new_zipfile_serialization=False)
    net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)).state_dict()
    saved = checkpoint()
    without_untyped = OrderedDict((k, v) for k, v in numbers().items() if k not in ("uint16", "uint32", "uint64"))
    torch.save(net, golden / "torch-net.pth")
    torch.save(net, golden / "torch-net-legacy.pth", **old)
    torch.save(numbers(), golden / "torch-numbers.pth")
    torch.save(without_untyped, golden / "torch-numbers-legacy.pth", **old)
    torch.save(views(), golden / "torch-views.pth")
    torch.save(views(), golden / "torch-views-legacy.pth", **old)
    torch.save(net, golden / "torch-net-protocol5.pth", pickle_protocol=5)
    torch.save(saved, golden / "torch-checkpoint.pth")
    torch.save(saved, golden / "torch-checkpoint-legacy.pth", **old)
    rezip(golden / "torch-net.pth", golden / "torch-net-deflated.pth", compression=zipfile.ZIP_DEFLATED)
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 16
    rezip(golden / "torch-net.pth", golden / "torch-net-zip64.pth")
    zipfile.ZIP64_LIMIT = limit

    objects, meant = of_2017()
    torch.save(objects, golden / "torch-2017.pth", **old)

    evil = {"state_dict": net, "epoch": Runs(os.system, "touch /tmp/cnnkit-was-here")}
    torch.save(evil, golden / "torch-evil.pth")
    torch.save(evil, golden / "torch-evil-legacy.pth", **old)
    torch.save({"state_dict": net, "x": Runs(eval, "1")}, golden / "torch-evil-eval.pth")
    torch.save(Ready(), golden / "torch-module.pth")
    torch.save({"weight": torch.tensor([1 + 2j])}, golden / "torch-complex.pth")
    torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), golden / "torch-script.pt")

    save_file(dict(numbers()), golden / "numbers.safetensors", metadata={"format": "pt", "made by": 'reference "weights"'})
    save_file(dict(written()), golden / "written.safetensors", metadata={"format": "pt"})
    for path in golden.glob("*.safetensors"):
        path.chmod(0o644)

    stripped = OrderedDict((k.removeprefix("module."), v) for k, v in saved["state_dict"].items())
    files = {
        "torch-net.pth": net,
        "torch-net-legacy.pth": net,
        "torch-net-protocol5.pth": net,
        "torch-net-deflated.pth": net,
        "torch-net-zip64.pth": net,
        "torch-numbers.pth": numbers(),
        "torch-numbers-legacy.pth": without_untyped,
        "torch-views.pth": views(),
        "torch-views-legacy.pth": views(),
        "torch-2017.pth": meant,
        "torch-checkpoint.pth": stripped,
        "torch-checkpoint-legacy.pth": stripped,
        "numbers.safetensors": OrderedDict(sorted_as_written(golden / "numbers.safetensors", numbers())),
    }
    for name in files:
        if name.endswith(".pth"):
            again = torch.load(golden / name, weights_only=False)
            again = again.get("state_dict", again)
            for (_, found), (key, expected) in zip(again.items(), files[name].items(), strict=True):
                assert found.dtype == expected.dtype and str(found.tolist()) == str(expected.tolist()), (name, key)
    return {name: facts(state) for name, state in files.items()}


def sorted_as_written(path, state):
    data = path.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return [(name, state[name]) for name in header if name != "__metadata__"]


def read_genuine():
    hashes = {}
    for path in sorted(genuine.glob("*.th")):
        state = torch.load(path, map_location="cpu", weights_only=False)["state_dict"]
        state = OrderedDict((k.removeprefix("module."), v) for k, v in state.items())
        hashes[path.name] = {"tensors": len(state), "sha256": fingerprint(state)}
    return hashes


if __name__ == "__main__":
    os.environ.setdefault("TZ", "UTC")
    content = {"files": write_all(), "genuine": read_genuine(), "written": check_written(golden / "written.pth")}
    (golden / "torch.json").write_text(json.dumps(content, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
    total = sum(path.stat().st_size for path in golden.glob("*torch*"))
    print(f"{total} bytes of files for torch")
