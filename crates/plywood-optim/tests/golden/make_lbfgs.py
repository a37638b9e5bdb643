"""Writes lbfgs.json: calls of torch.optim.LBFGS with its strong-Wolfe search, in double precision.

Run with `python make_lbfgs.py`; needs torch. The functions are sums over i of (1 - x_i)^2 + c (y_i - x_i^2)^2; x is the
parameter `weight`, y the parameter `bias`.
"""

import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
START = {"weight": [-1.2, 0.8, 1.5, 0.3], "bias": [1.0, -0.5, 2.0, 0.9]}


def run(steepness, calls, **options):
    x = torch.tensor(START["weight"], requires_grad=True)
    y = torch.tensor(START["bias"], requires_grad=True)
    optimizer = torch.optim.LBFGS([x, y], line_search_fn="strong_wolfe", **options)
    evaluations = 0

    def closure():
        nonlocal evaluations
        evaluations += 1
        optimizer.zero_grad()
        loss = ((1 - x) ** 2 + steepness * (y - x * x) ** 2).sum()
        loss.backward()
        return loss

    kept = []
    for _ in range(calls):
        loss = optimizer.step(closure).item()
        kept.append({"loss": loss, "evaluations": evaluations, "weight": x.tolist(), "bias": y.tolist()})
    return {"steepness": steepness, "calls": kept}


cases = {
    "default": run(5, 3),
    "steps": run(5, 20, max_iter=1),
    "history": run(5, 6, max_iter=4, history_size=3),
    "rosenbrock": run(100, 6, max_iter=6),
    "evaluations": run(100, 8, max_iter=10, max_eval=6),
    "learning_rate": run(5, 5, max_iter=3, lr=0.2),
    "tolerances": run(5, 6, max_iter=30, tolerance_grad=1e-2, tolerance_change=1e-3),
}
out = {"torch": torch.__version__.split("+")[0], "start": START, "cases": cases}
pathlib.Path(__file__).with_name("lbfgs.json").write_text(json.dumps(out) + "\n")
