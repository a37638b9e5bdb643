"""Writes elementwise.json: values and gradients of elementwise operations as PyTorch computes them in float64.

    python make_elementwise.py

For each case the inputs, the output, and the gradient of each input for the upstream gradient `0.5 + i / 8` of the
element with index i. Numbers that are not finite are strings, as JSON has none.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

# A kink, nearly zero, ordinary numbers, and extremes on both sides.
POINTS = [0.0, 1e-30, -0.75, 1.5, 20.0, -20.0, 88.0, -1e4]
POSITIVE = [1e-30, 0.25, 1.0, 3.0, 88.0, 1e4]
ANGLES = [0.0, 1e-30, 1.0, -2.5, 20.0, -1e4]
THREES = [-3.0, 3.0, -2.0, 0.5, 2.75, -20.0, 88.0, 1e4]

# The NaN of a comparison would hide what happens at ties, so pairs are chosen by hand: smaller, larger, equal, extreme.
LEFT, RIGHT = [1.0, 2.5, -3.0, 0.0, 1e4, -1e-30], [2.0, -2.5, -3.0, 0.0, -88.0, 1e-30]
BASES = [0.0, 0.0, 0.0, 0.5, 2.0, 3.0, -2.0, 1e4]
EXPONENTS = [0.0, 1.0, 2.5, -1.5, 0.0, 2.0, 3.0, 0.5]

CASES = {
    "abs": (torch.abs, POINTS),
    "add": (torch.add, LEFT, RIGHT),
    "add_scalar": (lambda x: x + 1.5, POINTS),
    "clamp": (lambda x: x.clamp(-1.0, 1.5), POINTS + [-1.0]),
    "cos": (torch.cos, ANGLES),
    "div": (torch.div, LEFT, [2.0, -2.5, -3.0, 1.0, -88.0, 0.5]),
    "elu": (lambda x: F.elu(x, 0.5), POINTS),
    "erf": (torch.erf, POINTS),
    "exp": (torch.exp, POINTS),
    "expm1": (torch.expm1, POINTS),
    "gelu": (F.gelu, POINTS),
    "gelu_tanh": (lambda x: F.gelu(x, approximate="tanh"), POINTS),
    # F.hardsigmoid rounds the slope 1/6 to single precision, in float64 too: its definition does not.
    "hard_sigmoid": (lambda x: F.relu6(x + 3.0) / 6.0, THREES),
    "hard_swish": (F.hardswish, THREES),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.25), POINTS),
    "ln": (torch.log, POSITIVE),
    "log1p": (torch.log1p, POSITIVE + [-0.5]),
    "log_sigmoid": (F.logsigmoid, POINTS),
    "maximum": (torch.maximum, LEFT, RIGHT),
    "minimum": (torch.minimum, LEFT, RIGHT),
    "mish": (F.mish, POINTS),
    "mul": (torch.mul, LEFT, RIGHT),
    "mul_scalar": (lambda x: x * -2.5, POINTS),
    "neg": (torch.neg, POINTS),
    "pow": (torch.pow, BASES, EXPONENTS),
    "pow_scalar": (lambda x: x**3.0, [0.0, 1e-6, -2.0, 0.5, 20.0, -88.0]),
    "prelu": (F.prelu, POINTS, [0.25]),
    "reciprocal": (torch.reciprocal, [0.001, 1.0, -2.0, 88.0, -1e4]),
    "relu": (F.relu, POINTS),
    "relu6": (F.relu6, POINTS + [6.0]),
    "select_where": (lambda a, b: torch.where(a > 0, a, b), LEFT, RIGHT),
    "selu": (F.selu, POINTS),
    "sigmoid": (torch.sigmoid, POINTS),
    "sign": (torch.sign, POINTS),
    "silu": (F.silu, POINTS),
    "sin": (torch.sin, ANGLES),
    "softplus": (F.softplus, POINTS),
    "softsign": (F.softsign, POINTS),
    "sqrt": (torch.sqrt, [0.0] + POSITIVE),
    "square": (torch.square, POINTS),
    "sub": (torch.sub, LEFT, RIGHT),
    "tanh": (torch.tanh, POINTS),
}


def number(x):
    """Twelve digits are more than the test asks for."""
    return float(f"{x:.12g}") if math.isfinite(x) else str(x)


def case(f, *inputs):
    leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
    output = f(*leaves)
    upstream = 0.5 + torch.arange(output.numel()) / 8
    gradients = torch.autograd.grad(output, leaves, upstream)
    return {
        "inputs": [[number(x) for x in leaf.tolist()] for leaf in leaves],
        "output": [number(x) for x in output.tolist()],
        "gradients": [[number(x) for x in gradient.tolist()] for gradient in gradients],
    }


cases = {name: case(*row) for name, row in sorted(CASES.items())}
lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in cases.items()]
text = "{\n" + ",\n".join(lines) + "\n}\n"
Path(__file__).with_name("elementwise.json").write_text(text, encoding="utf-8")
