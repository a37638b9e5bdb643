"""Training steps of the workloads in PyTorch.

Usage: python torch_suite.py [NAME …] [--compile] [--no-fused] [--infer] [--threads N] [--seconds S]
"""

from common import BATCHES, arguments, measure, report

WORKLOADS = ["mlp_keras", "mlp_wide"]
PARSED = arguments(
    WORKLOADS, compile="torch.compile", no_fused="the optimizer's plain loop", infer="the forward pass alone"
)

import torch  # noqa: E402  (after the number of cores is fixed)
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402


def mlp(*widths):
    layers = []
    for before, after in zip(widths, widths[1:]):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def mlp_keras(fused):
    """30-128-64-1, batch 32, Adam, binary cross entropy on logits."""
    network = mlp(30, 128, 64, 1)
    batches = [(torch.randn(32, 30), torch.randint(0, 2, (32, 1)).float()) for _ in range(BATCHES)]
    return network, batches, F.binary_cross_entropy_with_logits, torch.optim.Adam(network.parameters(), 1e-3, fused=fused)


def mlp_wide(fused):
    """784-1024-1024-10, batch 128, momentum, cross entropy."""
    network = mlp(784, 1024, 1024, 10)
    batches = [(torch.randn(128, 784), torch.randint(0, 10, (128,))) for _ in range(BATCHES)]
    optimizer = torch.optim.SGD(network.parameters(), 0.01, momentum=0.9, fused=fused)
    return network, batches, F.cross_entropy, optimizer


def main():
    torch.set_num_threads(PARSED.threads)
    for name in PARSED.names:
        torch.manual_seed(0)
        network, batches, loss, optimizer = globals()[name](not PARSED.no_fused)
        forward = torch.compile(network) if PARSED.compile else network

        def train(count):
            x, y = batches[count % BATCHES]
            optimizer.zero_grad(set_to_none=True)
            loss(forward(x), y).backward()
            optimizer.step()

        def infer(count):
            with torch.inference_mode():
                forward(batches[count % BATCHES][0])

        times = measure(infer if PARSED.infer else train, PARSED.seconds, warmup=20)
        mode = "compile" if PARSED.compile else "eager"
        mode += "" if PARSED.no_fused else "-fused"
        version = torch.__version__.partition("+")[0] + "-" + mode + (" infer" if PARSED.infer else "")
        report(name, "pytorch", version, PARSED.threads, times)


if __name__ == "__main__":
    main()
