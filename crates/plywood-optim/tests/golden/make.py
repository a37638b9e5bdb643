"""Writes trajectories.json: 100 steps of PyTorch's optimizers in double precision.

Run with `python make.py`; needs torch. The function is the sum over i of (1 - x_i)^2 + 5 (y_i - x_i^2)^2; x is the
parameter `weight`, y the parameter `bias`. The same gradient is written in ../../src/rules/table/model.rs.

PyTorch has no Lion and no LAMB: these two are written here in numpy, line by line after the pseudo code of their papers.
"""

import json
import pathlib

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
START = {"weight": [-1.2, 0.8, 1.5, 0.3], "bias": [1.0, -0.5, 2.0, 0.9]}
KEPT = (1, 10, 100)


def gradient(x, y):
    inner = y - x * x
    return -2 * (1 - x) - 20 * x * inner, 10 * inner


def run(make, clip=None, radius=None, matrix=False):
    x = torch.tensor(START["weight"]).reshape([2, 2] if matrix else [4]).requires_grad_()
    y = torch.tensor(START["bias"], requires_grad=True)
    optimizer = make(x, y)
    kept = {}
    for step in range(1, max(KEPT) + 1):
        with torch.no_grad():
            gx, gy = gradient(x, y.view_as(x))
            if radius is not None:
                scale = radius / (torch.sqrt((gx * gx).sum() + (gy * gy).sum()) + 1e-12)
                gx, gy = gradient(x + scale * gx, y + scale * gy)
        x.grad, y.grad = gx, gy.reshape([4])
        if clip is not None:
            clip([x, y])
        optimizer.step()
        if step in KEPT:
            kept[str(step)] = {"weight": x.flatten().tolist(), "bias": y.tolist()}
    return kept


class Lion:
    """Chen and others 2023 (arXiv 2302.06675), algorithm 2, in numpy: there is no PyTorch optimizer to compare with."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        self.params, self.lr, self.betas, self.weight_decay = params, lr, betas, weight_decay
        self.m = [np.zeros(tuple(param.shape)) for param in params]

    def step(self):
        beta1, beta2 = self.betas
        for i, param in enumerate(self.params):
            theta, g = param.detach().numpy(), param.grad.numpy()
            c = beta1 * self.m[i] + (1 - beta1) * g
            theta[...] = theta - self.lr * (np.sign(c) + self.weight_decay * theta)
            self.m[i] = beta2 * self.m[i] + (1 - beta2) * g


class Lamb:
    """You and others 2020 (arXiv 1904.00962), algorithm 2 with phi(z) = z, in numpy."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01):
        self.params, self.lr, self.betas, self.eps, self.weight_decay = params, lr, betas, eps, weight_decay
        self.m = [np.zeros(tuple(param.shape)) for param in params]
        self.v = [np.zeros(tuple(param.shape)) for param in params]
        self.t = 0

    def step(self):
        beta1, beta2 = self.betas
        self.t += 1
        for i, param in enumerate(self.params):
            x, g = param.detach().numpy(), param.grad.numpy()
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * g
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * g * g
            m = self.m[i] / (1 - beta1**self.t)
            v = self.v[i] / (1 - beta2**self.t)
            r = m / (np.sqrt(v) + self.eps) + self.weight_decay * x
            x[...] = x - self.lr * np.linalg.norm(x) / np.linalg.norm(r) * r


class Both:
    """One optimizer for x and another for y."""

    def __init__(self, *optimizers):
        self.optimizers = optimizers

    def step(self):
        for optimizer in self.optimizers:
            optimizer.step()


def exact_newton_schulz(grad, coefficients, steps, eps):
    """PyTorch's function of this name without the rounding to bfloat16, which hides all but two digits of a step."""
    a, b, c = coefficients
    x = grad.T if grad.size(0) > grad.size(1) else grad
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if grad.size(0) > grad.size(1) else x


torch.optim._muon._zeropower_via_newtonschulz = exact_newton_schulz


def written(optimizer, **options):
    return lambda x, y: optimizer([x, y], **options)


def of(optimizer, **options):
    return lambda x, y: optimizer([x, y], foreach=False, **options)


def clip_each(params):
    torch.nn.utils.clip_grad_value_(params, 3.0)
    for param in params:
        torch.nn.utils.clip_grad_norm_([param], 1.0)


def clip_adaptive(params, limit=0.05, eps=1e-3):
    """Brock and others 2021 (arXiv 2102.06171), equation 3: rows of matrices, vectors as a whole."""
    for param in params:
        axes = 1 if param.dim() > 1 else 0
        most = limit * torch.linalg.vector_norm(param.detach(), dim=axes, keepdim=True).clamp(min=eps)
        size = torch.linalg.vector_norm(param.grad, dim=axes, keepdim=True)
        param.grad = torch.where(size > most, param.grad * most / size, param.grad)


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
    "sgd_clip_adaptive": run(of(o.SGD, lr=0.05, momentum=0.5), clip=clip_adaptive),
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
    "adamax": run(of(o.Adamax, lr=0.05)),
    "adamax_default": run(of(o.Adamax)),
    "adamax_settings": run(of(o.Adamax, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)),
    "nadam": run(of(o.NAdam, lr=0.02)),
    "nadam_default": run(of(o.NAdam)),
    "nadam_settings": run(
        of(o.NAdam, lr=0.02, betas=(0.8, 0.95), eps=1e-3, momentum_decay=0.1, weight_decay=0.1)
    ),
    "nadam_decoupled": run(of(o.NAdam, lr=0.02, weight_decay=0.1, decoupled_weight_decay=True)),
    "radam": run(of(o.RAdam, lr=0.05)),
    "radam_default": run(of(o.RAdam)),
    "radam_settings": run(of(o.RAdam, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)),
    "radam_decoupled": run(of(o.RAdam, lr=0.02, weight_decay=0.1, decoupled_weight_decay=True)),
    "adadelta": run(of(o.Adadelta)),
    "adadelta_settings": run(of(o.Adadelta, lr=0.5, rho=0.8, eps=1e-5, weight_decay=0.1)),
    "lion": run(written(Lion, lr=0.01)),
    "lion_default": run(written(Lion)),
    "lion_settings": run(written(Lion, lr=0.005, betas=(0.8, 0.95), weight_decay=0.3)),
    "rprop": run(of(o.Rprop)),
    "rprop_settings": run(of(o.Rprop, lr=0.05, etas=(0.4, 1.1), step_sizes=(1e-3, 0.2))),
    "lamb": run(written(Lamb, lr=0.02), matrix=True),
    "lamb_default": run(written(Lamb), matrix=True),
    "lamb_settings": run(written(Lamb, lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2), matrix=True),
    "lamb_clip_adaptive": run(written(Lamb, lr=0.005), clip=clip_adaptive, matrix=True),
    "adafactor": run(of(o.Adafactor, lr=0.05), matrix=True),
    "adafactor_default": run(of(o.Adafactor), matrix=True),
    "adafactor_settings": run(
        of(o.Adafactor, lr=0.1, beta2_decay=-0.5, eps=(1e-3, 0.5), d=1.2, weight_decay=0.1), matrix=True
    ),
    # With a rate of 0.01 and more, a difference in the last digit of the start is a different end.
    "muon": run(
        lambda x, y: Both(o.Muon([x], lr=0.005), o.AdamW([y], lr=0.01, foreach=False)), matrix=True
    ),
    "muon_settings": run(
        lambda x, y: Both(
            o.Muon(
                [x],
                lr=0.01,
                momentum=0.9,
                nesterov=False,
                ns_steps=3,
                weight_decay=0.3,
                adjust_lr_fn="match_rms_adamw",
            ),
            o.AdamW([y], lr=0.01, weight_decay=0.0, foreach=False),
        ),
        matrix=True,
    ),
    "muon_groups": run(
        lambda x, y: Both(o.Muon([x], lr=0.005), o.SGD([y], lr=0.005, momentum=0.5)), matrix=True
    ),
    "sam_sgd": run(of(o.SGD, lr=0.005), radius=0.05),
    "sam_adam": run(of(o.Adam, lr=0.05), radius=0.1),
}
path = pathlib.Path(__file__).with_name("trajectories.json")
lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(kept)}" for name, kept in cases.items())
start = json.dumps(START)
path.write_text(f'{{"torch": "{torch.__version__.split("+")[0]}", "start": {start}, "cases": {{\n{lines}\n}}}}\n')
