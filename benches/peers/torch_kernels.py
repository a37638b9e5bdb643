"""Single kernels in PyTorch, under the names of the cases of Plywood's `kernels`.

Usage: python torch_kernels.py [NAME …] [--threads N] [--seconds S]
"""

from common import BATCHES, arguments, measure, report

ACTIVATIONS = ["exp", "tanh", "sigmoid", "gelu", "silu"]
PARAMETERS = {"10K": 10_000, "1M": 1_000_000, "25M": 25_000_000}
CASES = [f"{name}/4MB" for name in ACTIVATIONS] + [f"adam/{size}" for size in PARAMETERS]
PARSED = arguments(CASES)

import torch  # noqa: E402  (after the number of cores is fixed)
import torch.nn.functional as F  # noqa: E402


def activation(name):
    """The function of a million numbers, into a fresh tensor."""
    function = {"gelu": F.gelu, "silu": F.silu}.get(name) or getattr(torch, name)
    x = torch.randn(1 << 20)
    return lambda _: function(x)


def adam(size):
    """A step of the fused optimizer, with gradients that take turns."""
    count = PARAMETERS[size]
    weight = torch.randn(count, requires_grad=True)
    gradients = [torch.randn(count) for _ in range(2 if count > 4_000_000 else BATCHES)]
    optimizer = torch.optim.Adam([weight], 1e-3, fused=True)

    def step(turn):
        weight.grad = gradients[turn % len(gradients)]
        optimizer.step()

    return step


def main():
    torch.set_num_threads(PARSED.threads)
    version = torch.__version__.partition("+")[0]
    for case in PARSED.names:
        name, size = case.split("/")
        step = adam(size) if name == "adam" else activation(name)
        with torch.inference_mode(mode=name != "adam"):
            times = measure(step, PARSED.seconds, warmup=10)
        report(case, "pytorch", version, PARSED.threads, times)


if __name__ == "__main__":
    main()
