"""Writes a small folder of images and, to golden.json, the pixels that Pillow reads from them.

Run it with any Python that has Pillow and numpy.
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image

here = Path(__file__).parent
folder = here / "folder"


def ramp(height, width, channels, step=7):
    return (np.arange(height * width * channels) * step % 256).astype(np.uint8).reshape(height, width, channels)


def save(name, image, **options):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)


smooth = np.stack(
    [np.add.outer(np.arange(16) * 8, np.arange(24) * 4), np.full((16, 24), 90), np.full((16, 24), 200)], -1
).astype(np.uint8)
save("blue/a.png", Image.fromarray(ramp(5, 6, 3)))
save("blue/b.jpg", Image.fromarray(smooth), quality=95, subsampling=0)
save("blue/c.png", Image.fromarray(ramp(4, 7, 1)[..., 0]))
save("red/alpha.png", Image.fromarray(ramp(6, 4, 4, 5)))
save("red/deep.png", Image.fromarray((np.arange(30).reshape(5, 6) * 2184).astype(np.uint16)))
save("red/gray.jpeg", Image.fromarray(smooth[..., 0]), quality=95)
save("red/palette.PNG", Image.fromarray(ramp(5, 5, 3, 11)).quantize(8), format="PNG")

golden = {}
for path in sorted(folder.glob("*/*.*")):
    image = Image.open(path)
    if image.mode.startswith("I"):
        # Pillow clips 16 bits where others take the upper 8.
        image = Image.fromarray((np.asarray(image).astype(np.uint32) * 255 + 32767) // 65535).convert("L")
    for mode in ["RGB", "L"]:
        pixels = np.asarray(image.convert(mode)).reshape(image.height, image.width, -1)
        name = f"{path.parent.name}/{path.name} {mode}"
        golden[name] = {"shape": pixels.shape, "data": pixels.flatten().tolist()}
        # The middle of each, in the proportions of the new size, then that size.
        for height, width in [(8, 4), (3, 9)]:
            cut = [min(image.height, image.width * height // width), min(image.width, image.height * width // height)]
            top, left = round((image.height - cut[0]) / 2), round((image.width - cut[1]) / 2)
            part = image.convert(mode).crop((left, top, left + cut[1], top + cut[0]))
            pixels = np.asarray(part.resize((width, height), Image.Resampling.BILINEAR)).reshape(height, width, -1)
            golden[f"{name} {height}x{width}"] = {"shape": pixels.shape, "data": pixels.flatten().tolist()}
lines = [f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in golden.items()]
(here / "golden.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
