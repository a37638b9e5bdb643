"""Convolutions and transposed ones over a grid of settings by PyTorch in double precision, for `torch_convolution.rs`.

Run `python make_convolution.py`; it writes `convolution.json` beside itself. Each case holds its settings, the inputs (multiples
of 1/512, exact in both precisions; kernels are small, or the tanh behind them would be flat) and the result with channels last, the weight as PyTorch has it, the gradients of
L = sum(w * y) for each input, and one number for the second derivatives, as in `make_structural.py`.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(3)


def draw(*shape):
    return torch.randint(-128, 129, shape, generator=generator) / 64


def weights(like, slope, modulus, offset):
    index = torch.arange(like.numel())
    return (offset + (index * slope % modulus) / 8).reshape(like.shape)


def dot(gradients):
    return sum((g * weights(g, 5, 7, -0.25)).sum() for g in gradients)


def channels_second(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


# Sizes of the input, kernel, stride, padding, dilation, groups, and what is added to the size of a transposed result.
GRID = [
    ([7], [3], [1], [1], [1], 1, None),
    ([7], [2], [3], [0], [2], 2, None),
    ([4, 5], [1, 1], [1, 1], [0, 0], [1, 1], 1, None),
    ([4, 5], [1, 1], [2, 2], [0, 0], [1, 1], 1, None),
    ([4, 5], [3, 3], [1, 1], [1, 1], [1, 1], 1, None),
    ([5, 4], [3, 3], [2, 2], [1, 1], [1, 1], 1, None),
    ([5, 6], [2, 3], [1, 2], [2, 0], [2, 1], 1, None),
    ([6, 5], [3, 2], [3, 1], [0, 1], [1, 3], 2, None),
    ([5, 5], [3, 3], [1, 1], [1, 1], [1, 1], 4, None),
    ([5, 6], [3, 3], [2, 2], [1, 1], [1, 1], 4, None),
    ([6, 6], [3, 3], [1, 1], [2, 2], [2, 2], 4, None),
    ([3, 4, 3], [2, 3, 2], [1, 2, 1], [0, 1, 1], [1, 1, 2], 1, None),
    ([3, 3, 4], [2, 2, 2], [2, 1, 2], [1, 0, 1], [1, 2, 1], 2, None),
    ([4], [3], [2], [1], [1], 1, [1]),
    ([3, 4], [3, 3], [1, 1], [1, 1], [1, 1], 1, [0, 0]),
    ([3, 2], [2, 3], [2, 3], [0, 1], [1, 2], 2, [1, 2]),
    ([3, 3], [2, 2], [2, 2], [0, 0], [1, 1], 4, [0, 0]),
    ([2, 3, 2], [2, 2, 3], [1, 2, 2], [0, 1, 0], [1, 1, 1], 2, [0, 1, 1]),
]


def run(size, kernel, stride, padding, dilation, groups, extra):
    rank, (inputs, outputs) = len(size), (4, 4 if groups == 4 else 6)
    x = draw(2, *size, inputs)
    if extra is None:
        weight = draw(outputs, inputs // groups, *kernel) / 8
        f = [F.conv1d, F.conv2d, F.conv3d][rank - 1]
        settings = (stride, padding, dilation, groups)
    else:
        weight = draw(inputs, outputs // groups, *kernel) / 8
        f = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][rank - 1]
        settings = (stride, padding, extra, groups, dilation)
    return f, settings, [x, weight, draw(outputs) / 2]


def pack(x):
    return {"shape": list(x.shape), "data": [round(v, 14) for v in x.detach().reshape(-1).tolist()]}


cases = []
for size, kernel, stride, padding, dilation, groups, extra in GRID:
    f, settings, inputs = run(size, kernel, stride, padding, dilation, groups, extra)
    inputs = [x.clone().requires_grad_() for x in inputs]
    x, weight, bias = inputs
    y = channels_last(f(channels_second(x), weight, bias, *settings)).tanh()
    loss = (y * weights(y, 7, 11, 0.5)).sum()
    gradients = torch.autograd.grad(loss, inputs, create_graph=True)
    second = dot(torch.autograd.grad(dot(gradients), inputs))
    cases.append(
        {
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
            "extra": extra,
            "inputs": [pack(x) for x in inputs],
            "y": pack(y),
            "gradients": [[round(v, 14) for v in g.detach().reshape(-1).tolist()] for g in gradients],
            "second": float(second),
        }
    )

lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
pathlib.Path(__file__).with_name("convolution.json").write_text("[\n" + lines + "\n]\n")
