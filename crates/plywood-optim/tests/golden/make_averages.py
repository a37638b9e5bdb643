"""Writes averages.json: the means of torch.optim.swa_utils.AveragedModel over a few values, in double precision.

Run with `python make_averages.py`; needs torch. The mean with a warm-up, which PyTorch does not have, is written here as
what it is: the sum of all values with the weights (1 - d) d^(t - k), divided by the sum of the weights.
"""

import json
import pathlib

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, get_swa_multi_avg_fn

torch.set_default_dtype(torch.float64)
DECAY, STEPS = 0.9, 12


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(2, 3))
        self.register_buffer("mean", torch.zeros(2))

    def set(self, weight, mean):
        with torch.no_grad():
            self.weight.copy_(torch.tensor(weight).reshape(2, 3))
            self.mean.copy_(torch.tensor(mean))


generator = torch.Generator().manual_seed(1)
values = [
    {
        "weight": torch.randn(6, generator=generator).tolist(),
        "mean": torch.randn(2, generator=generator).tolist(),
    }
    for _ in range(STEPS)
]


def run(function, buffers):
    model = Model()
    average = AveragedModel(model, multi_avg_fn=function, use_buffers=buffers)
    for value in values:
        model.set(**value)
        average.update_parameters(model)
    return {"weight": average.module.weight.flatten().tolist(), "mean": average.module.mean.tolist()}


def warm(name):
    weights = torch.tensor([(1 - DECAY) * DECAY ** (STEPS - 1 - k) for k in range(STEPS)])
    return ((weights[:, None] * torch.tensor([value[name] for value in values])).sum(0) / weights.sum()).tolist()


cases = {
    "exponential": run(get_ema_multi_avg_fn(DECAY), False),
    "exponential_buffers": run(get_ema_multi_avg_fn(DECAY), True),
    "exponential_warm_up": {"weight": warm("weight"), "mean": values[-1]["mean"]},
    "uniform": run(get_swa_multi_avg_fn(), False),
    "uniform_buffers": run(get_swa_multi_avg_fn(), True),
}
out = {"torch": torch.__version__.split("+")[0], "decay": DECAY, "values": values, "cases": cases}
pathlib.Path(__file__).with_name("averages.json").write_text(json.dumps(out) + "\n")
