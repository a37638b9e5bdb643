"""Writes schedules.json: the learning rates of PyTorch's schedulers at the times 0 to 40, in double precision.

Run with `python make_schedules.py`; needs torch. Each scheduler is stepped as in a training. A scheduler that goes on
where ours stays (CosineAnnealingLR rises again after T_max) is followed until there only.
"""

import json
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler as s

warnings.simplefilter("ignore")  # the optimizer is not stepped
RATE = 0.1
TIMES = 40


def run(make, rate=RATE, until=TIMES):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    scheduler = make(optimizer)
    rates = []
    for _ in range(until + 1):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        if len(rates) <= until:
            scheduler.step()
    return rates


def sequence(milestones, *makes):
    return lambda o: s.SequentialLR(o, [make(o) for make in makes], milestones)


def constant(factor):
    return lambda o: s.LambdaLR(o, lambda _: factor)


def linear(start, end, over):
    return lambda o: s.LinearLR(o, start, end, over)


cases = {
    "constant": run(lambda o: s.ConstantLR(o, 0.25, 7)),
    "step": run(lambda o: s.StepLR(o, 7)),
    "step_slow": run(lambda o: s.StepLR(o, 3, 0.9)),
    "multi_step": run(lambda o: s.MultiStepLR(o, [5, 12, 30], 0.3)),
    "multi_step_twice": run(lambda o: s.MultiStepLR(o, [8, 20, 8], 0.5)),
    "exponential": run(lambda o: s.ExponentialLR(o, 0.9)),
    "exponential_fast": run(lambda o: s.ExponentialLR(o, 0.5)),
    "linear_up": run(lambda o: s.LinearLR(o)),
    "linear_down": run(linear(1.0, 0.1, 30)),
    "polynomial": run(lambda o: s.PolynomialLR(o, 36, 2.0)),
    "polynomial_line": run(lambda o: s.PolynomialLR(o)),
    "polynomial_root": run(lambda o: s.PolynomialLR(o, 45, 0.75)),
    # The floor is that of Keras' PolynomialDecay, (1 - end) * (1 - t / T) ** power + end.
    "polynomial_floor": run(lambda o: s.LambdaLR(o, lambda t: 0.9 * (1 - min(t, 30) / 30) ** 3 + 0.1)),
    "cosine": run(lambda o: s.CosineAnnealingLR(o, 50)),
    "cosine_floor": run(lambda o: s.CosineAnnealingLR(o, 30, eta_min=0.05 * RATE), until=30),
    "cosine_restarts": run(lambda o: s.CosineAnnealingWarmRestarts(o, 9)),
    "cosine_restarts_longer": run(lambda o: s.CosineAnnealingWarmRestarts(o, 4, 2, eta_min=0.02 * RATE)),
    "cosine_restarts_triple": run(lambda o: s.CosineAnnealingWarmRestarts(o, 3, 3)),
    "one_cycle": run(lambda o: s.OneCycleLR(o, RATE, total_steps=41, cycle_momentum=False)),
    "one_cycle_linear": run(
        lambda o: s.OneCycleLR(o, RATE, total_steps=41, anneal_strategy="linear", cycle_momentum=False)
    ),
    "one_cycle_settings": run(
        lambda o: s.OneCycleLR(
            o, RATE, total_steps=60, pct_start=0.4, div_factor=10, final_div_factor=50, cycle_momentum=False
        )
    ),
    "one_cycle_by_share": run(
        lambda o: s.OneCycleLR(o, RATE, total_steps=40, pct_start=0.25, cycle_momentum=False), until=39
    ),
    # The formula of the paper, as the tutorials have it.
    "noam": run(lambda o: s.LambdaLR(o, lambda t: 64**-0.5 * min((t + 1) ** -0.5, (t + 1) * 10**-1.5))),
    "custom": run(lambda o: s.LambdaLR(o, lambda t: 1 / (1 + 0.1 * t))),
    "warmup_cosine": run(
        sequence([5], linear(0.1, 1.0, 5), lambda o: s.CosineAnnealingLR(o, 40, eta_min=0.01 * RATE))
    ),
    "warmup_exponential": run(
        sequence([8], lambda o: s.LambdaLR(o, lambda t: 0.01 ** (1 - t / 8)), lambda o: s.PolynomialLR(o, 30, 2.0))
    ),
    "warmup_half": run(sequence([4], linear(0.25, 0.5, 4), constant(0.5))),
    "warmup_step": run(sequence([3], linear(0.25, 1.0, 3), lambda o: s.StepLR(o, 10, 0.5))),
    "sequence": run(sequence([6, 15], linear(0.1, 1.0, 6), constant(1.0), linear(1.0, 0.2, 20))),
    "sequence_steps": run(
        sequence([2, 20], constant(0.1), lambda o: s.ExponentialLR(o, 0.9), lambda o: s.StepLR(o, 4, 0.5))
    ),
}
path = pathlib.Path(__file__).with_name("schedules.json")
lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(rates)}" for name, rates in cases.items())
version = torch.__version__.split("+")[0]
path.write_text(f'{{"torch": "{version}", "learning_rate": {RATE}, "cases": {{\n{lines}\n}}}}\n')
