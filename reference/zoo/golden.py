"""Writes what an original network gives on formula weights to packages/zoo/src/golden/originals/<network>.<flavor>.json."""

import json
import math
import pathlib

import numpy as np

from formula import formula, picture

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "packages/zoo/src/golden/originals"


def positions(size: int, count: int) -> list[int]:
    """Places all over a tensor, the same for the same size."""
    if size <= count:
        return list(range(size))
    return [(k * 2654435761) % 2**32 % size for k in range(count)]


def digest(value: np.ndarray, count: int) -> dict:
    """A tensor [1, ...] in a few numbers: its shape, its root mean square, and values at places all over it."""
    flat = np.asarray(value, np.float64).reshape(-1)
    rms = math.sqrt(float(np.mean(flat**2)))
    if not 1e-4 < rms < 1e5:
        raise SystemExit(f"root mean square {rms}: choose another gain, as such a golden says little")
    values = [float(f"{flat[p]:.7g}") for p in positions(flat.size, count)]
    return {"shape": list(value.shape[1:]), "rms": float(f"{rms:.9g}"), "values": values}


def write(network, flavor, dialect, *, source, axes, tensors, run, gain=1.0, size=224, channels=3, options=None, ignored=(), slow=False, label=None, pixels=1):
    """Runs an original and writes its golden.

    tensors: [(name, shape)] in the order of the published file.
    run(weights, x): weights by name, x [1, height, width, channels]; gives {our path: value}, NHWC, logits as `head.logits`
        (`aux1.logits`), stages and blocks by our paths.
    options: what `createModel` is to be called with, beside the flavor.
    ignored: tensors of the file that our network has no use for (auxiliary heads, counters).
    slow: for `npm run test:slow` alone.
    pixels: factor of the picture; 128 for networks with local response norm, which does next to nothing to values around 1.
    label: tells this golden from another of the same network and flavor: `timm`, where the names are another library's.
    """
    height, width = (size, size) if isinstance(size, int) else size
    weights = {name: formula(name, shape, axes, gain) for name, shape in tensors}
    x = picture(height, width, channels) * np.float32(pixels)
    values = {path: np.asarray(value) for path, value in run(weights, x).items()}
    other = run(weights, x[:, ::-1].copy())
    for path in (path for path in values if path.endswith("logits")):
        change = np.abs(values[path] - other[path]).max() / np.abs(values[path]).max()
        if change < 3e-3:
            raise SystemExit(f"{network} {path}: another picture changes it by {change:.1e} only: choose another gain")
    golden = {
        "source": source,
        "network": network,
        "flavor": flavor,
        "dialect": dialect,
        **({"slow": True} if slow else {}),
        "options": options or {},
        "input": [height, width, channels],
        "axes": axes,
        "gain": gain,
        **({} if pixels == 1 else {"pixels": pixels}),
        "tensors": [f"{name} {'x'.join(map(str, shape))}" for name, shape in tensors],
        "ignored": list(ignored),
        "endpoints": {path: digest(value, 128 if path.endswith("logits") else 24) for path, value in values.items()},
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    suffix = "".join(f".{key}" for key in (options or {}) if key != "inputShape")
    path = FOLDER / f"{network}.{flavor}{f'.{label}' if label else ''}{suffix}.json"
    path.write_text(dumps(golden))
    print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size / 1000:.1f} kB, logits rms {golden['endpoints'].get('head.logits', {}).get('rms')}")


def dumps(golden: dict) -> str:
    """One line a field and one an endpoint, so that a difference can be read."""
    lines = [f'  {json.dumps(key)}: {json.dumps(value)}' for key, value in golden.items() if key not in ("endpoints", "tensors")]
    tensors = ",\n".join(f"    {json.dumps(tensor)}" for tensor in golden["tensors"])
    endpoints = ",\n".join(f"    {json.dumps(path)}: {json.dumps(value)}" for path, value in golden["endpoints"].items())
    lines += [f'  "tensors": [\n{tensors}\n  ]', f'  "endpoints": {{\n{endpoints}\n  }}']
    return "{\n" + ",\n".join(lines) + "\n}\n"
