"""Writes trajectories.json: 100 steps of PyTorch's optimizers in double precision.

Run with `python make.py`; needs torch. The function is the sum over i of (1 - x_i)^2 + 5 (y_i - x_i^2)^2; x is the
parameter `weight`, y the parameter `bias`. The same gradient is written in ../../src/rules/table/run.rs.
"""

import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
START = {"weight": [-1.2, 0.8, 1.5, 0.3], "bias": [1.0, -0.5, 2.0, 0.9]}
KEPT = (1, 10, 100)


def gradient(x, y):
    inner = y - x * x
    return -2 * (1 - x) - 20 * x * inner, 10 * inner


def run(make, clip=None, radius=None):
    x = torch.tensor(START["weight"], requires_grad=True)
    y = torch.tensor(START["bias"], requires_grad=True)
    optimizer = make(x, y)
    kept = {}
    for step in range(1, max(KEPT) + 1):
        with torch.no_grad():
            gx, gy = gradient(x, y)
            if radius is not None:
                scale = radius / (torch.sqrt((gx * gx).sum() + (gy * gy).sum()) + 1e-12)
                gx, gy = gradient(x + scale * gx, y + scale * gy)
        x.grad, y.grad = gx, gy
        if clip is not None:
            clip([x, y])
        optimizer.step()
        if step in KEPT:
            kept[str(step)] = {"weight": x.tolist(), "bias": y.tolist()}
    return kept


def of(optimizer, **options):
    return lambda x, y: optimizer([x, y], foreach=False, **options)


def clip_each(params):
    torch.nn.utils.clip_grad_value_(params, 3.0)
    for param in params:
        torch.nn.utils.clip_grad_norm_([param], 1.0)


o = torch.optim
norm = torch.nn.utils.clip_grad_norm_
value = torch.nn.utils.clip_grad_value_
cases = {
    "sgd": run(of(o.SGD, lr=0.005)),
    "sgd_weight_decay": run(of(o.SGD, lr=0.005, weight_decay=0.1)),
    "sgd_momentum": run(of(o.SGD, lr=0.001, momentum=0.9)),
    "sgd_dampening": run(of(o.SGD, lr=0.005, momentum=0.9, dampening=0.5)),
    "sgd_nesterov": run(of(o.SGD, lr=0.001, momentum=0.9, nesterov=True, weight_decay=0.01)),
    "sgd_clip_value": run(of(o.SGD, lr=0.01), clip=lambda p: value(p, 0.5)),
    "sgd_clip_norm": run(of(o.SGD, lr=0.01), clip=lambda p: norm(p, 1.5)),
    "sgd_clip_each": run(of(o.SGD, lr=0.01, momentum=0.5), clip=clip_each),
    "sgd_groups": run(
        lambda x, y: o.SGD(
            [{"params": [x]}, {"params": [y], "lr": 0.002, "weight_decay": 0.0}], lr=0.005, weight_decay=0.1
        )
    ),
    "adam": run(of(o.Adam, lr=0.05)),
    "adam_default": run(of(o.Adam)),
    "adam_settings": run(of(o.Adam, lr=0.02, betas=(0.8, 0.95), eps=1e-3)),
    "adam_weight_decay": run(of(o.Adam, lr=0.05, weight_decay=0.1)),
    "adam_amsgrad": run(of(o.Adam, lr=0.05, amsgrad=True)),
    "adam_clip_norm": run(of(o.Adam, lr=0.05), clip=lambda p: norm(p, 1.0)),
    "adamw": run(of(o.AdamW, lr=0.05)),
    "adamw_default": run(of(o.AdamW)),
    "adamw_settings": run(of(o.AdamW, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2)),
    "adamw_amsgrad": run(of(o.AdamW, lr=0.05, weight_decay=0.2, amsgrad=True)),
    "adamw_groups": run(
        lambda x, y: o.AdamW([{"params": [x]}, {"params": [y], "weight_decay": 0.0}], lr=0.05, weight_decay=0.3)
    ),
    "rmsprop": run(of(o.RMSprop)),
    "rmsprop_settings": run(of(o.RMSprop, lr=0.003, alpha=0.9, eps=0.1, weight_decay=0.1)),
    "rmsprop_momentum": run(of(o.RMSprop, lr=0.003, momentum=0.9)),
    "rmsprop_centered": run(of(o.RMSprop, lr=0.01, eps=1e-2, centered=True)),
    "rmsprop_centered_momentum": run(
        of(o.RMSprop, lr=0.002, eps=1e-2, centered=True, momentum=0.8, weight_decay=0.1)
    ),
    "adagrad": run(of(o.Adagrad, lr=0.1)),
    "adagrad_default": run(of(o.Adagrad)),
    "adagrad_settings": run(
        of(o.Adagrad, lr=0.2, lr_decay=0.05, initial_accumulator_value=0.1, eps=1e-3, weight_decay=0.1)
    ),
    "sam_sgd": run(of(o.SGD, lr=0.005), radius=0.05),
    "sam_adam": run(of(o.Adam, lr=0.05), radius=0.1),
}
path = pathlib.Path(__file__).with_name("trajectories.json")
lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(kept)}" for name, kept in cases.items())
start = json.dumps(START)
path.write_text(f'{{"torch": "{torch.__version__.split("+")[0]}", "start": {start}, "cases": {{\n{lines}\n}}}}\n')
