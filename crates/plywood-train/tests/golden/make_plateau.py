"""Writes plateau.json: the learning rates of PyTorch's ReduceLROnPlateau after each of some losses.

Run with `python make_plateau.py`; needs torch. PyTorch acts when more than `patience` epochs were bad, ours when `patience`
were: the numbers here are ours.
"""

import json
import pathlib
import random

import torch

random.seed(7)
RATE = 0.5
falling = [1 / (1 + t) for t in range(15)] + [0.07] * 25
noisy = [round(2 / (1 + t) ** 0.5 + random.uniform(-0.2, 0.2), 3) for t in range(40)]
flat = [1.0] * 40


def run(values, mode, factor, patience, cooldown, min_delta, floor):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode, factor, patience - 1, min_delta, "abs", cooldown, floor, eps=0.0
    )
    rates = []
    for value in values:
        scheduler.step(value)
        rates.append(float(optimizer.param_groups[0]["lr"]))
    settings = {"factor": factor, "patience": patience, "cooldown": cooldown, "min_delta": min_delta, "floor": floor}
    return {"higher_is_better": mode == "max", **settings, "values": values, "rates": rates}


cases = [
    run(falling, "min", 0.5, 3, 0, 1e-4, 0.0),
    run(falling, "min", 0.1, 1, 2, 0.02, 0.0),
    run(noisy, "min", 0.5, 2, 0, 0.0, 0.01),
    run(noisy, "min", 0.3, 1, 1, 1e-4, 0.0),
    run(noisy, "min", 0.7, 2, 3, 0.05, 0.1),
    run([-x for x in noisy], "max", 0.5, 2, 1, 1e-4, 0.0),
    run(falling, "max", 0.9, 4, 0, 1e-4, 0.0),
    run(flat, "min", 0.1, 10, 0, 1e-4, 0.0),
    run(flat, "min", 0.5, 4, 5, 1e-4, 0.1),
]
lines = ",\n".join(f"  {json.dumps(case)}" for case in cases)
version = torch.__version__.split("+")[0]
path = pathlib.Path(__file__).with_name("plateau.json")
path.write_text(f'{{"torch": "{version}", "learning_rate": {RATE}, "cases": [\n{lines}\n]}}\n')
