"""Values and derivatives of images' operations by PyTorch in double precision, for `torch_images.rs`.

Run `python make_images.py`; it writes `images.json` beside itself, in the form of `structural.json` (see
`make_structural.py`). Inputs and results have their channels last; PyTorch gets them permuted.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(2)


def draw(*shape):
    return torch.randint(-128, 129, shape, generator=generator) / 64


def distinct(*shape):
    """No two elements alike, so that nothing depends on which of equal ones is chosen."""
    count = torch.Size(shape).numel()
    return torch.randperm(count, generator=generator).reshape(shape) / 16 - 1


def weights(like, slope, modulus, offset):
    index = torch.arange(like.numel())
    return (offset + (index * slope % modulus) / 8).reshape(like.shape)


def dot(gradients):
    return sum((g * weights(g, 5, 7, -0.25)).sum() for g in gradients)


def last(f):
    """The same function of images with the channels last, squared so that linear ones have second derivatives."""
    return lambda x: f(x.movedim(-1, 1)).movedim(1, -1) ** 2


def norm(f):
    return lambda x, w, b: f(x.movedim(-1, 1), w, b).movedim(1, -1)


TIES = torch.tensor([[1.0, 2.0, 2.0, 0.5, 0.5, 0.5]]).reshape(1, 6, 1)
MEAN, VARIANCE = torch.tensor([0.25, -0.5, 1.0]), torch.tensor([0.5, 2.0, 1.25])


def running(x, w, b):
    return F.batch_norm(x, MEAN, VARIANCE, w, b, False, 0.0, 1e-2)


def batch(x, w, b):
    return F.batch_norm(x, None, None, w, b, True, 0.0, 1e-2)


CASES = {
    "max_pool 1d": (last(lambda x: F.max_pool1d(x, 2)), distinct(2, 5, 3)),
    "max_pool 1d of ties": (last(lambda x: F.max_pool1d(x, 3)), TIES),
    "max_pool 2d": (last(lambda x: F.max_pool2d(x, 2)), distinct(2, 4, 5, 3)),
    "max_pool 2d overlapping": (last(lambda x: F.max_pool2d(x, 3, 2, 1)), distinct(2, 5, 6, 2)),
    "max_pool 2d dilated": (last(lambda x: F.max_pool2d(x, (2, 3), 1, (0, 1), (3, 1))), distinct(1, 5, 4, 2)),
    "max_pool 2d ceil": (last(lambda x: F.max_pool2d(x, 2, 3, 1, ceil_mode=True)), distinct(2, 4, 6, 2)),
    "max_pool 3d": (last(lambda x: F.max_pool3d(x, (2, 3, 2), (2, 1, 2), (0, 1, 1))), distinct(1, 3, 3, 3, 2)),
    "max_pool adaptive 1d": (last(lambda x: F.adaptive_max_pool1d(x, 3)), distinct(2, 5, 2)),
    "max_pool adaptive 2d": (last(lambda x: F.adaptive_max_pool2d(x, (3, 2))), distinct(2, 4, 5, 2)),
    "max_pool adaptive 3d": (last(lambda x: F.adaptive_max_pool3d(x, (1, 2, 2))), distinct(1, 2, 3, 4, 2)),
    "average_pool 1d": (last(lambda x: F.avg_pool1d(x, 2)), draw(2, 5, 3)),
    "average_pool 2d": (last(lambda x: F.avg_pool2d(x, 3, 2, 1)), draw(2, 5, 6, 2)),
    "average_pool 2d border": (last(lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)), draw(2, 5, 6, 2)),
    "average_pool 2d ceil": (last(lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True)), draw(2, 4, 6, 2)),
    "average_pool 3d": (last(lambda x: F.avg_pool3d(x, (2, 3, 2), (2, 1, 2), (0, 1, 1))), draw(1, 3, 3, 3, 2)),
    "average_pool adaptive 2d": (last(lambda x: F.adaptive_avg_pool2d(x, (3, 2))), draw(2, 4, 5, 2)),
    "average_pool adaptive 3d": (last(lambda x: F.adaptive_avg_pool3d(x, (1, 2, 2))), draw(1, 2, 3, 4, 2)),
    "upsample_nearest 1d": (last(lambda x: F.interpolate(x, 7)), draw(2, 3, 2)),
    "upsample_nearest 2d": (last(lambda x: F.interpolate(x, scale_factor=2)), draw(2, 2, 3, 2)),
    "upsample_nearest 3d": (last(lambda x: F.interpolate(x, (2, 3, 5))), draw(1, 2, 2, 2, 2)),
    "upsample_linear 1d": (last(lambda x: F.interpolate(x, 7, mode="linear")), draw(2, 3, 2)),
    "upsample_linear 2d": (last(lambda x: F.interpolate(x, (3, 7), mode="bilinear")), draw(2, 2, 3, 2)),
    "upsample_linear 2d smaller": (last(lambda x: F.interpolate(x, (2, 3), mode="bilinear")), draw(1, 5, 4, 2)),
    "upsample_linear 2d corners": (
        last(lambda x: F.interpolate(x, (4, 7), mode="bilinear", align_corners=True)),
        draw(2, 2, 3, 2),
    ),
    "upsample_linear 3d": (last(lambda x: F.interpolate(x, (3, 1, 4), mode="trilinear")), draw(1, 2, 3, 2, 2)),
    "pixel_shuffle": (last(lambda x: F.pixel_shuffle(x, 2)), draw(1, 2, 3, 8)),
    "pixel_unshuffle": (last(lambda x: F.pixel_unshuffle(x, 2)), draw(1, 4, 2, 3)),
    "batch_norm of features": (batch, draw(5, 3), draw(3), draw(3)),
    "batch_norm of images": (norm(batch), draw(2, 2, 3, 3), draw(3), draw(3)),
    "batch_norm relu": (norm(lambda x, w, b: batch(x, w, b).relu()), draw(3, 2, 2, 3), draw(3), draw(3)),
    "batch_norm_by": (norm(running), draw(2, 2, 3, 3), draw(3), draw(3)),
    "batch_norm_by relu": (norm(lambda x, w, b: running(x, w, b).relu()), draw(2, 4, 3), draw(3), draw(3)),
    "group_norm": (norm(lambda x, w, b: F.group_norm(x, 2, w, b, 1e-2)), draw(2, 2, 3, 4), draw(4), draw(4)),
    "group_norm of one": (norm(lambda x, w, b: F.group_norm(x, 1, w, b, 1e-2)), draw(2, 3, 4), draw(4), draw(4)),
    "group_norm of instances": (
        norm(lambda x, w, b: F.instance_norm(x, weight=w, bias=b, eps=1e-2)),
        draw(2, 2, 3, 3),
        draw(3),
        draw(3),
    ),
    "layer_norm": (lambda x, w, b: F.layer_norm(x, (5,), w, b, 1e-2), draw(3, 5), draw(5), draw(5)),
    "layer_norm of two axes": (lambda x, w, b: F.layer_norm(x, (2, 3), w, b, 1e-2), draw(2, 2, 3), draw(2, 3), draw(2, 3)),
    "rms_norm": (lambda x, w: F.rms_norm(x, (5,), w, 1e-2), draw(3, 5), draw(5)),
}


def pack(x):
    return {"shape": list(x.shape), "data": x.detach().reshape(-1).tolist()}


cases = {}
for name, (f, *inputs) in CASES.items():
    inputs = [x.clone().requires_grad_() for x in inputs]
    y = f(*inputs)
    loss = (y * weights(y, 7, 11, 0.5)).sum()
    gradients = torch.autograd.grad(loss, inputs, create_graph=True)
    found = torch.autograd.grad(dot(gradients), inputs, allow_unused=True)
    second = dot([g for g in found if g is not None])
    cases[name] = {
        "inputs": [pack(x) for x in inputs],
        "y": pack(y),
        "gradients": [g.detach().reshape(-1).tolist() for g in gradients],
        "second": float(second),
    }

lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
pathlib.Path(__file__).with_name("images.json").write_text("{\n" + lines + "\n}\n")
