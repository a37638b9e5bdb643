"""Training steps of the workloads in PyTorch.

Usage: python torch_suite.py [NAME …] [--compile] [--channels-last] [--no-fused] [--infer] [--threads N]
                             [--seconds S]
"""

from common import BATCHES, arguments, measure, report

WORKLOADS = ["mlp_keras", "mlp_wide", "cnn_mnist", "resnet20_cifar", "resnet18_cifar"]
PARSED = arguments(
    WORKLOADS,
    compile="torch.compile",
    channels_last="images and weights with the channels last in memory",
    no_fused="the optimizer's plain loop",
    infer="the forward pass alone",
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


def images(batch, channels, size):
    return [(torch.randn(batch, channels, size, size), torch.randint(0, 10, (batch,))) for _ in range(BATCHES)]


def cnn_mnist(fused):
    """Two convolutions of 3 x 3 and two linear layers on 28 x 28 pixels, batch 64, Adam, cross entropy."""
    network = nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(9216, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
    )
    return network, images(64, 1, 28), F.cross_entropy, torch.optim.Adam(network.parameters(), 1e-3, fused=fused)


class Block(nn.Module):
    """Two convolutions, and a way round them."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.downsample = nn.Identity()
        if stride != 1 or inputs != outputs:
            shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x))


def resnet(blocks, width):
    layers = [nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
    inputs = width
    for group, count in enumerate(blocks):
        for index in range(count):
            layers.append(Block(inputs, width << group, 2 if group and index == 0 else 1))
            inputs = width << group
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def momentum(network, fused):
    return torch.optim.SGD(network.parameters(), 0.01, momentum=0.9, fused=fused)


def resnet20_cifar(fused):
    """ResNet-20 on 32 x 32 pixels, batch 64, momentum, cross entropy."""
    network = resnet([3, 3, 3], 16)
    return network, images(64, 3, 32), F.cross_entropy, momentum(network, fused)


def resnet18_cifar(fused):
    """ResNet-18 with the stem for 32 x 32 pixels, batch 32, momentum, cross entropy."""
    network = resnet([2, 2, 2, 2], 64)
    return network, images(32, 3, 32), F.cross_entropy, momentum(network, fused)


def channels_last(network, batches):
    """Images, and the weights of convolutions, with the channels last in memory; the rest as it is."""
    if batches[0][0].dim() != 4:
        return network, batches
    last = torch.channels_last
    return network.to(memory_format=last), [(x.to(memory_format=last), y) for x, y in batches]


def main():
    torch.set_num_threads(PARSED.threads)
    for name in PARSED.names:
        torch.manual_seed(0)
        network, batches, loss, optimizer = globals()[name](not PARSED.no_fused)
        if PARSED.channels_last:
            network, batches = channels_last(network, batches)
        network.train(not PARSED.infer)
        forward = torch.compile(network) if PARSED.compile else network

        def train(count):
            x, y = batches[count % BATCHES]
            optimizer.zero_grad(set_to_none=True)
            loss(forward(x), y).backward()
            optimizer.step()

        def infer(count):
            with torch.inference_mode():
                forward(batches[count % BATCHES][0])

        times = measure(infer if PARSED.infer else train, PARSED.seconds, warmup=20 if name.startswith("mlp") else 3)
        mode = "compile" if PARSED.compile else "eager"
        mode += "-cl" if PARSED.channels_last else ""
        mode += "" if PARSED.no_fused else "-fused"
        version = torch.__version__.partition("+")[0] + "-" + mode + (" infer" if PARSED.infer else "")
        report(name, "pytorch", version, PARSED.threads, times)


if __name__ == "__main__":
    main()
