"""Golden values of @cnnkit/images, made by Pillow and numpy: python reference/images/golden.py

Writes packages/images/src/golden/*.json. Bytes are base64, row-major, interleaved.
Tried with Pillow 13.0.0 (which scales some pictures' height first) and numpy 2.4.
"""
import base64
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageEnhance

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "packages/images/src/golden"
PHOTO = "daisy/100080576_f52e8ee070_n.jpg"
FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "box": Image.Resampling.BOX,
    "lanczos": Image.Resampling.LANCZOS,
}
# picture, width, height, box; 40 x 5 and the tall one are scaled in height first.
SIZES = [
    ("rgb", 9, 7, None),
    ("rgb", 31, 29, None),
    ("rgb", 40, 5, None),
    ("rgb", 12, 12, [2.3, 1.7, 20.1, 15.5]),
    ("rgb", 23, 9, None),
    ("grey", 6, 8, None),
    ("rgba", 7, 9, None),
    ("tall", 10, 20, None),
]


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def picture(image: Image.Image) -> dict:
    return {
        "width": image.width,
        "height": image.height,
        "channels": len(image.getbands()),
        "data": text(image.tobytes()),
    }


def made(rng: np.random.Generator, width: int, height: int, channels: int) -> Image.Image:
    """Half a smooth slope, half noise with full contrast, so that filters overshoot."""
    slope = np.linspace(0, 255, width)[None, :, None] * np.linspace(1, 0.3, height)[:, None, None]
    noise = rng.integers(0, 2, (height, width, channels)) * 255
    values = np.where(np.arange(width)[None, :, None] < width // 2, slope, noise)
    values = np.broadcast_to(values, (height, width, channels)).astype(np.uint8)
    if channels == 4:
        values = values.copy()
        values[..., 3] = rng.integers(0, 256, (height, width))
    return Image.fromarray(values.squeeze(-1) if channels == 1 else values)


def resize_cases(pictures: dict[str, Image.Image]) -> dict:
    cases = []
    for name, width, height, box in SIZES:
        for filter_name, resampling in FILTERS.items():
            result = pictures[name].resize((width, height), resampling, box=box)
            cases.append({"picture": name, "filter": filter_name, "box": box, "result": picture(result)})
    source = pictures["rgb"]
    width, height = 9, 7
    matrix = (source.width / width, 0, 0, 0, source.height / height, 0)
    sampled = source.transform((width, height), Image.Transform.AFFINE, matrix, resample=Image.Resampling.BILINEAR)
    return {
        "pillow": PIL.__version__,
        "pictures": {name: picture(image) for name, image in pictures.items()},
        "cases": cases,
        "withoutAntialias": {"picture": "rgb", "filter": "bilinear", "result": picture(sampled)},
    }


def adjust_hue(image: Image.Image, shift: float) -> Image.Image:
    """torchvision/transforms/_functional_pil.py, adjust_hue."""
    hue, saturation, value = image.convert("HSV").split()
    turned = np.array(hue, dtype=np.uint8)
    turned += np.int32(shift * 255).astype(np.uint8)
    return Image.merge("HSV", (Image.fromarray(turned), saturation, value)).convert("RGB")


def color_cases(rng: np.random.Generator) -> dict:
    source = Image.fromarray(rng.integers(0, 256, (10, 12, 3), dtype=np.uint8))
    changes = {
        "brightness": lambda amount: ImageEnhance.Brightness(source).enhance(amount),
        "contrast": lambda amount: ImageEnhance.Contrast(source).enhance(amount),
        "saturation": lambda amount: ImageEnhance.Color(source).enhance(amount),
        "hue": lambda amount: adjust_hue(source, amount),
    }
    amounts = {
        "brightness": [0.6, 1.43],
        "contrast": [0.55, 1.7],
        "saturation": [0.0, 0.5, 1.8],
        "hue": [-0.3, 0.1, 0.5],
    }
    cases = [
        {"change": name, "amount": amount, "result": text(changes[name](amount).tobytes())}
        for name in changes
        for amount in amounts[name]
    ]
    return {
        "pillow": PIL.__version__,
        "picture": picture(source),
        "grey": text(source.convert("L").tobytes()),
        "cases": cases,
    }


def short_side(image: Image.Image, size: int, crop: int, resampling: int) -> Image.Image:
    """torchvision's Resize(size) and CenterCrop(crop)."""
    width, height = image.size
    if width <= height:
        scaled = image.resize((size, int(size * height / width)), resampling)
    else:
        scaled = image.resize((int(size * width / height), size), resampling)
    left = int(round((scaled.width - crop) / 2.0))
    top = int(round((scaled.height - crop) / 2.0))
    return scaled.crop((left, top, left + crop, top + crop))


def normalized(image: Image.Image) -> dict:
    """Keras' preprocess_input by mode (keras/src/applications/imagenet_utils.py), in float32."""
    x = np.asarray(image, dtype=np.float32)
    mean = np.array([0.485, 0.456, 0.406], np.float32)
    std = np.array([0.229, 0.224, 0.225], np.float32)
    modes = {
        "caffe": x[..., ::-1] - np.array([103.939, 116.779, 123.68], np.float32),
        "tf": x / np.float32(127.5) - np.float32(1),
        "torch": (x / np.float32(255) - mean) / std,
    }
    return {name: [round(float(v), 6) for v in values[14:18, 14:18].ravel()] for name, values in modes.items()}


def photo() -> dict:
    image = Image.open(ROOT / "data/flowers-200" / PHOTO).convert("RGB")
    small = short_side(image, 36, 32, Image.Resampling.BILINEAR)
    crops = {
        name: hashlib.sha256(short_side(image, 256, 224, FILTERS[name]).tobytes()).hexdigest()
        for name in ("bilinear", "bicubic")
    }
    return {
        "pillow": PIL.__version__,
        "file": PHOTO,
        "width": image.width,
        "height": image.height,
        "sha256": hashlib.sha256(image.tobytes()).hexdigest(),
        "crops224": crops,
        "crop32": picture(small),
        "normalized": normalized(small),
    }


def cmyk(rng: np.random.Generator) -> dict:
    """A JPEG of four inks, as Adobe writes them, and PIL's RGB of it."""
    inks = np.kron(rng.integers(0, 256, (2, 3, 4)), np.ones((8, 8, 1))).astype(np.uint8)
    file = io.BytesIO()
    Image.frombytes("CMYK", (24, 16), inks.tobytes()).save(file, "JPEG", quality=80)
    rgb = Image.open(io.BytesIO(file.getvalue())).convert("RGB")
    return {"pillow": PIL.__version__, "file": text(file.getvalue()), "rgb": picture(rgb)}


def main() -> None:
    rng = np.random.default_rng(7)
    pictures = {
        "rgb": made(rng, 23, 17, 3),
        "grey": made(rng, 13, 19, 1),
        "rgba": made(rng, 11, 14, 4),
        "tall": made(rng, 9, 64, 3),
    }
    goldens = {"resize": resize_cases(pictures), "color": color_cases(rng), "photo": photo(), "cmyk": cmyk(rng)}
    GOLDEN.mkdir(exist_ok=True)
    for name, content in goldens.items():
        (GOLDEN / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


main()
