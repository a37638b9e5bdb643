"""Writes learning_rate_finder.json: how fastai smooths the losses of a sweep, when it stops, and what it suggests.

Run with `python make_learning_rate_finder.py [folder of fastai]`; needs torch, and the source of fastai (`pip download
--no-deps fastai` is enough: its functions are taken out of the files, so that nothing else of it is imported).
"""

import ast
import json
import math
import pathlib
import random
import sys

import torch

torch.set_default_dtype(torch.float64)
folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __import__("fastai").__path__[0])


def of_fastai(file, *names):
    space = {"torch": torch, "tensor": torch.tensor, "Metric": object, "to_detach": lambda x: x}
    for node in ast.parse((folder / file).read_text()).body:
        if getattr(node, "name", None) in names:
            exec(compile(ast.Module([node], []), file, "exec"), space)
    return [space[name] for name in names]


(steep,) = of_fastai("callback/schedule.py", "steep")
(Smooth,) = of_fastai("learner.py", "AvgSmoothLoss")


def sweep(losses):
    """What LRFinder and Recorder do with these losses of batches."""
    smooth, best, smoothed = Smooth(), float("inf"), []
    for loss in losses:
        smooth.accumulate(type("Learner", (), {"loss": torch.tensor(loss)}))
        value = smooth.value.item()
        smoothed.append(value)
        best = min(best, value)
        if value > 4 * best:
            break
    return smoothed


def case(loss, steps=100, low=1e-7, high=10.0):
    rates = [low * (high / low) ** (i / (steps - 1)) for i in range(steps)]
    raw = [loss(rate) for rate in rates]
    smoothed = sweep(raw)
    lrs, losses = torch.tensor(rates[10 : len(smoothed) - 5]), torch.tensor(smoothed[10:-5])
    return {"raw": raw, "smoothed": smoothed, "suggestion": steep(lrs, losses, steps)[0]}


random.seed(7)
cases = [
    case(lambda rate: 2.3 / (1 + rate / 1e-3) + 0.1),
    case(lambda rate: 2.3 / (1 + rate / 1e-2) + 30 * rate**2 + random.uniform(-0.1, 0.1)),
    case(lambda rate: 1 + 1e6 * rate**3),
    case(lambda rate: 0.7 - 0.02 * math.log10(rate) + random.gauss(0, 0.05)),
]
version = (folder / "__init__.py").read_text().split('"')[1]
path = pathlib.Path(__file__).with_name("learning_rate_finder.json")
lines = ",\n".join(f"  {json.dumps(case)}" for case in cases)
path.write_text(f'{{"fastai": "{version}", "cases": [\n{lines}\n]}}\n')
