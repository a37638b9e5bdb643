"""Writes golden.json: what torchvision, PyTorch and Pillow make of two small pictures.

Run it with any Python that has torch, torchvision, pillow and numpy; the pictures are drawn without random generators, so
that they never change. Each case names its reference.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torchvision.transforms.v2.functional as T
from PIL import Image
from torchvision.transforms import InterpolationMode as Mode

H, W = 9, 12


def picture():
    """Smooth on the left, rough on the right, all levels."""
    y, x, c = np.meshgrid(np.arange(H), np.arange(W), np.arange(3), indexing="ij")
    smooth = 19 * x + 23 * y + 60 * c
    rough = (y * W * 3 + x * 3 + c) ** 2 * 37 % 251
    return np.where(x < W // 2, smooth % 256, rough).astype(np.uint8)


def gradient():
    """37 by 31, one channel: enough pixels for histograms."""
    y, x = np.meshgrid(np.arange(37), np.arange(31), indexing="ij")
    return ((x * x + 5 * y) % 140 + 30).astype(np.uint8)[..., None]


colour, gray = picture(), gradient()
inputs = {"colour": colour, "gray": gray}
cases = {}


def write(array):
    array = np.asarray(array)
    if array.ndim == 2:
        array = array[..., None]
    kind = "bytes" if array.dtype == np.uint8 else "floats"
    return {"kind": kind, "shape": list(array.shape), "data": array.flatten().tolist()}


def case(name, reference, output, source="colour"):
    assert name not in cases
    cases[name] = {"reference": reference, "input": source, "output": write(output)}


def tensor(array):
    return torch.from_numpy(np.ascontiguousarray(array)).permute(2, 0, 1)


def array(tensor):
    return tensor.permute(1, 2, 0).contiguous().numpy()


def vision(name, function, *arguments, source="colour", **options):
    """A function of torchvision.transforms.v2.functional on a tensor of bytes."""
    output = function(tensor(inputs[source]), *arguments, **options)
    case(name, f"torchvision {function.__name__}", array(output), source)


def colours(name, function, *arguments, source="colour", **options):
    """The same in double precision and rounded: for bytes torchvision rounds down, in places twice."""
    levels = T.to_dtype(tensor(inputs[source]), torch.float64, scale=True)
    output = array(function(levels, *arguments, **options)) * 255
    case(name, f"torchvision {function.__name__} of float64", output.round().clip(0, 255).astype(np.uint8), source)


# Pixels that go to pixels.
vision("flip_horizontal", T.horizontal_flip)
vision("flip_vertical", T.vertical_flip)
for quarters in (1, 2, 3):
    case(f"rotate90_{quarters}", "numpy rot90", np.rot90(colour, quarters))
vision("crop_center", T.center_crop, [4, 5])
vision("crop_center_padded", T.center_crop, [20, 5])
for mode, name in (("constant", "constant"), ("edge", "edge"), ("reflect", "reflect"), ("symmetric", "symmetric")):
    vision(f"pad_{name}", T.pad, [2, 1, 4, 3], padding_mode=mode)  # left, top, right, bottom

# Turns. torchvision has neither bicubic nor borders for tensors: those come from PyTorch's grid_sample, on which it stands,
# on a picture that was padded first.
vision("rotate_bilinear", T.rotate, 30.0, interpolation=Mode.BILINEAR)
vision("rotate_expand", T.rotate, 25.0, interpolation=Mode.BILINEAR, expand=True)
case(
    "rotate_nearest",
    "Pillow rotate",
    np.asarray(Image.fromarray(colour).rotate(30.0, resample=Image.Resampling.NEAREST)),
)


def sampled(degrees, mode, image, height=H, width=W):
    """grid_sample at the places of a picture of the old size that was turned about its centre, in double precision."""
    angle = np.deg2rad(degrees)
    h, w = image.shape[:2]
    y, x = np.meshgrid(np.arange(height) + 0.5 - height / 2, np.arange(width) + 0.5 - width / 2, indexing="ij")
    sx, sy = np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y
    grid = torch.from_numpy(np.stack([2 * sx / w, 2 * sy / h], -1))[None]
    values = F.grid_sample(tensor(image).double()[None], grid, mode=mode, padding_mode="zeros", align_corners=False)
    return array(values[0].round().clamp(0, 255).to(torch.uint8))


case("rotate_bicubic", "PyTorch grid_sample", sampled(30.0, "bicubic", colour))
for mode in ("edge", "reflect", "symmetric"):
    frame = np.pad(colour, ((8, 8), (8, 8), (0, 0)), mode)
    case(f"rotate_{mode}", "numpy pad, PyTorch grid_sample", sampled(-20.0, "bilinear", frame))

# torchvision turns clockwise here.
moves = dict(angle=-20.0, translate=[round(0.2 * W), round(-0.1 * H)], scale=0.8, shear=[10.0, -5.0])
vision("affine", T.affine, interpolation=Mode.BILINEAR, **moves)
vision("affine_nearest", T.affine, interpolation=Mode.NEAREST, **moves)

# torchvision's places of corners are measured as ours are: it adds a half to both.
corners, moved = [[0, 0], [12, 0], [12, 9], [0, 9]], [[0.7, 1.6], [10.3, 0.9], [11.2, 8.1], [2.6, 7.3]]
vision("perspective", T.perspective, corners, moved, interpolation=Mode.BILINEAR)
seen = T.perspective(Image.fromarray(colour), corners, moved, interpolation=Mode.NEAREST)
case("perspective_nearest", "torchvision perspective by Pillow", np.asarray(seen))

# Sizes.
vision("resize_down", T.resize, [5, 4], interpolation=Mode.BILINEAR, antialias=True)
vision("resize_up", T.resize, [17, 23], interpolation=Mode.BILINEAR, antialias=True)
vision("resize_down_plain", T.resize, [5, 4], interpolation=Mode.BILINEAR, antialias=False)
# Not on bytes: there sums are rounded and cut off between rows and columns.
colours("resize_down_bicubic", T.resize, [5, 4], interpolation=Mode.BICUBIC, antialias=True)
colours("resize_up_bicubic", T.resize, [17, 23], interpolation=Mode.BICUBIC, antialias=True)
colours("resize_up_bicubic_plain", T.resize, [17, 23], interpolation=Mode.BICUBIC, antialias=False)
vision("resize_nearest", T.resize, [5, 23], interpolation=Mode.NEAREST_EXACT)

# Colours.
colours("brightness", T.adjust_brightness, 1.4)
colours("contrast", T.adjust_contrast, 0.6)
colours("contrast_more", T.adjust_contrast, 1.7)
colours("saturation", T.adjust_saturation, 0.3)
colours("saturation_more", T.adjust_saturation, 1.8)
colours("hue", T.adjust_hue, 0.2)
colours("hue_back", T.adjust_hue, -0.4)
colours("grayscale", T.rgb_to_grayscale, num_output_channels=3)
colours("grayscale_single", T.rgb_to_grayscale, num_output_channels=1)
vision("invert", T.invert)
vision("posterize", T.posterize, 3)
vision("solarize", T.solarize, 102)
colours("auto_contrast", T.autocontrast, source="gray")
vision("equalize", T.equalize, source="gray")
colours("sharpness_less", T.adjust_sharpness, 0.2)
colours("sharpness_more", T.adjust_sharpness, 1.9)
vision("gaussian_blur", T.gaussian_blur, [5, 5], [1.3, 1.3])

# Numbers.
floats = T.to_dtype(tensor(colour), torch.float64, scale=True)
case("to_float", "torchvision to_dtype", array(floats))
case("normalize", "torchvision normalize", array(T.normalize(floats, [0.4, 0.5, 0.6], [0.2, 0.25, 0.3])))

golden = {"inputs": {name: write(image) for name, image in inputs.items()}, "cases": cases}
Path(__file__).with_name("golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(len(cases), "cases")
