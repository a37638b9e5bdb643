"""Writes what layers of images and normalisations return in PyTorch: `images.json`, for `torch_images.rs`.

Each case holds an input (multiples of 1/64), the parameters by name, the result in training and in evaluation after two
training steps, the gradient of sum(w * result) for the input, and the buffers. Inputs and results have their channels
last; PyTorch gets them permuted.
"""

import json
from pathlib import Path

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(3)


def draw(*shape):
    return torch.randint(-128, 129, shape, generator=generator) / 64


def weights(like):
    return (0.5 + (torch.arange(like.numel()) * 7 % 11) / 8).reshape(like.shape)


class Excite(nn.Module):
    """torchvision.ops.SqueezeExcitation, written out: 1 x 1 convolutions as what they are, linear layers."""

    def __init__(self, channels, squeeze):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(channels, squeeze), nn.Linear(squeeze, channels)

    def forward(self, x):
        factor = self.fc2(self.fc1(x.mean((2, 3))).relu()).sigmoid()
        return x * factor[:, :, None, None]


CASES = {
    "MaxPool1d": (nn.MaxPool1d(2), (2, 5, 3)),
    "MaxPool2d": (nn.MaxPool2d(3, 2, 1), (2, 5, 6, 3)),
    "MaxPool3d": (nn.MaxPool3d(2), (1, 2, 4, 3, 2)),
    "AveragePool1d": (nn.AvgPool1d(2), (2, 5, 3)),
    "AveragePool2d": (nn.AvgPool2d(3, 2, 1), (2, 5, 6, 3)),
    "AveragePool3d": (nn.AvgPool3d(2), (1, 2, 4, 3, 2)),
    "AdaptiveAveragePool2d": (nn.AdaptiveAvgPool2d((3, 2)), (2, 4, 5, 2)),
    "AdaptiveMaxPool2d": (nn.AdaptiveMaxPool2d(2), (2, 3, 5, 2)),
    "GlobalAveragePool2d": (nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), (2, 3, 5, 2)),
    "GlobalMaxPool2d": (nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()), (2, 3, 5, 2)),
    "Upsample": (nn.Upsample(scale_factor=2), (1, 2, 3, 2)),
    "Upsample linear": (nn.Upsample(scale_factor=2, mode="bilinear"), (1, 2, 3, 2)),
    "Upsample corners": (nn.Upsample(size=(3, 5), mode="bilinear", align_corners=True), (1, 2, 3, 2)),
    "PixelShuffle": (nn.PixelShuffle(2), (1, 2, 3, 8)),
    "PixelUnshuffle": (nn.PixelUnshuffle(2), (1, 4, 2, 3)),
    "Flatten": (nn.Flatten(), (2, 2, 3, 4)),
    "BatchNorm1d": (nn.BatchNorm1d(3), (5, 3)),
    "BatchNorm1d of sequences": (nn.BatchNorm1d(3), (2, 4, 3)),
    "BatchNorm2d": (nn.BatchNorm2d(3), (2, 2, 3, 3)),
    "BatchNorm2d of all steps": (nn.BatchNorm2d(3, momentum=None), (2, 2, 3, 3)),
    "BatchNorm2d of batches": (nn.BatchNorm2d(3, affine=False, track_running_stats=False), (2, 2, 3, 3)),
    "BatchNorm3d": (nn.BatchNorm3d(2), (2, 2, 2, 2, 2)),
    "LayerNorm": (nn.LayerNorm(5), (3, 5)),
    "LayerNorm of two axes": (nn.LayerNorm((2, 3)), (2, 2, 3)),
    "GroupNorm": (nn.GroupNorm(2, 4), (2, 2, 3, 4)),
    "InstanceNorm1d": (nn.InstanceNorm1d(3), (2, 4, 3)),
    "InstanceNorm2d": (nn.InstanceNorm2d(3, affine=True), (2, 2, 3, 3)),
    "RmsNorm": (nn.RMSNorm(5, eps=1.1920928955078125e-07), (3, 5)),
    "SqueezeExcite": (Excite(4, 2), (2, 2, 3, 4)),
    "Conv1d": (nn.Conv1d(3, 4, 3, dilation=2, padding=1), (2, 6, 3)),
    "Conv1d replicate": (nn.Conv1d(2, 3, 4, 2, 3, padding_mode="replicate"), (2, 3, 2)),
    "Conv1d same reflect": (nn.Conv1d(2, 3, 4, padding="same", padding_mode="reflect"), (2, 5, 2)),
    "Conv2d": (nn.Conv2d(4, 6, 3, 2, 1, groups=2), (2, 5, 4, 4)),
    "Conv2d reflect": (nn.Conv2d(2, 3, (3, 2), padding=(2, 1), padding_mode="reflect"), (2, 3, 4, 2)),
    "Conv2d circular": (nn.Conv2d(2, 3, (2, 3), padding=(2, 1), padding_mode="circular"), (2, 3, 4, 2)),
    "Conv2d same": (nn.Conv2d(2, 3, (2, 4), padding="same", dilation=(3, 1)), (2, 4, 5, 2)),
    "Conv3d": (nn.Conv3d(2, 3, 2, padding=(0, 1, 0), bias=False), (1, 2, 3, 3, 2)),
    "ConvTranspose1d": (nn.ConvTranspose1d(3, 4, 3, 2, padding=1, output_padding=1, dilation=2), (2, 4, 3)),
    "ConvTranspose2d": (
        nn.ConvTranspose2d(4, 6, (3, 2), (2, 3), output_padding=(1, 2), groups=2, dilation=(2, 1)),
        (2, 2, 3, 4),
    ),
    "ConvTranspose3d": (nn.ConvTranspose3d(2, 3, 2, (1, 2, 1), bias=False), (1, 2, 2, 2, 2)),
}


def pack(x):
    return {"shape": list(x.shape), "data": x.detach().double().reshape(-1).tolist()}


cases = {}
for name, (layer, shape) in CASES.items():
    # Layers that treat the last axis as PyTorch does get it as it is.
    first = name.split()[0] not in ("LayerNorm", "RmsNorm") and len(shape) > 2
    run = lambda x: layer(x.movedim(-1, 1) if first else x)
    back = lambda y: y.movedim(1, -1) if first and y.dim() > 2 else y
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(draw(*parameter.shape))
    x, second = draw(*shape).requires_grad_(), draw(*shape)
    layer.train()
    y = back(run(x))
    (y * weights(y)).sum().backward()
    run(second)
    buffers = {k: pack(v) for k, v in layer.named_buffers()}
    layer.eval()
    cases[name] = {
        "x": pack(x),
        "second": pack(second),
        "parameters": {k: pack(v) for k, v in layer.named_parameters()},
        "train": pack(y),
        "gradient": x.grad.reshape(-1).tolist(),
        "parameter_gradients": {k: pack(v.grad) for k, v in layer.named_parameters()},
        "buffers": buffers,
        "eval": pack(back(run(x))),
    }

lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
Path(__file__).with_name("images.json").write_text("{\n" + lines + "\n}\n")
