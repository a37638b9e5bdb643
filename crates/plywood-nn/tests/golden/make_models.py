"""Writes what networks return in PyTorch and torchvision: for each `models/NAME.safetensors`, its state dict as PyTorch saves it,
and a case in `models.json`, for `torch_models.rs`.

A case holds an input (multiples of 1/64), the result in evaluation, and of one step in training the result, the gradient for the
input, for each parameter the sum of its gradient times weights, and the running statistics after it. The loss is
sum(w * result). Inputs and results have their channels last; PyTorch gets them permuted. Networks are narrow and few numbers, but their
code is torchvision's own. Weights are numbers of single precision; all is computed in double precision.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.models.mobilenetv2 import MobileNetV2
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

HERE = Path(__file__).parent
generator = torch.Generator().manual_seed(5)


class NarrowResNet(ResNet):
    """torchvision's network with its own blocks and `forward`, made narrow: its constructor knows one width only."""

    def __init__(self, block, blocks, width, classes, stem, channels=3):
        nn.Module.__init__(self)
        self._norm_layer, self.dilation, self.groups, self.base_width = nn.BatchNorm2d, 1, 1, 64
        self.inplanes = width
        self.conv1 = nn.Conv2d(channels, width, *stem, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(width), nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1) if stem[0] == 7 else nn.Identity()
        for group in range(4):
            layer = nn.Identity()
            if group < len(blocks):
                layer = self._make_layer(block, width << group, blocks[group], stride=2 if group else 1)
            setattr(self, f"layer{group + 1}", layer)
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(self.inplanes, classes)


def narrow_mobile_net():
    """torchvision's network with a narrow last convolution: its constructor has 1280 channels there at least."""
    groups = [[1, 4, 1, 1], [2, 4, 2, 1], [3, 6, 2, 2]]
    # A factor of 1/8 leaves 4 of 32 channels in the first convolution.
    model = MobileNetV2(5, 0.125, [[t, 8 * c, n, s] for t, c, n, s in groups], 2, dropout=0.0)
    model.features[-1][0] = nn.Conv2d(6, 10, 1, bias=False)
    model.features[-1][1] = nn.BatchNorm2d(10)
    model.classifier[1] = nn.Linear(10, 5)
    return model


class LeNet(nn.Module):
    """As in PyTorch's tutorial, for images of 16 x 16 pixels."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(2, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(16, 120), nn.Linear(120, 84), nn.Linear(84, 3)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.conv1(x).relu(), 2)
        x = nn.functional.max_pool2d(self.conv2(x).relu(), 2).flatten(1)
        return self.fc3(self.fc2(self.fc1(x).relu()).relu())


class DoubleConv(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.bn2(self.conv2(self.bn1(self.conv1(x)).relu())).relu()


class UNet(nn.Module):
    """There is none in torchvision: this one is written for comparison."""

    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([DoubleConv(3, 2), DoubleConv(2, 4)])
        self.bottom = DoubleConv(4, 8)
        self.enlarge = nn.ModuleList([nn.ConvTranspose2d(8, 4, 2, 2), nn.ConvTranspose2d(4, 2, 2, 2)])
        self.up = nn.ModuleList([DoubleConv(8, 4), DoubleConv(4, 2)])
        self.head = nn.Conv2d(2, 3, 1)

    def forward(self, x):
        seen = []
        for block in self.down:
            x = block(x)
            seen.append(x)
            x = nn.functional.max_pool2d(x, 2)
        x = self.bottom(x)
        for enlarge, block in zip(self.enlarge, self.up):
            x = block(torch.cat([seen.pop(), enlarge(x)], 1))
        return self.head(x)


# Samples and pixels enough that no normalisation has so few numbers that it makes rounding large.
IMAGE_NET, CIFAR = (7, 2, 3), (3, 1, 1)
CASES = {
    "resnet_basic": (NarrowResNet(BasicBlock, [1, 2, 1, 1], 2, 5, IMAGE_NET, 1), (3, 33, 18, 1)),
    "resnet_bottleneck": (NarrowResNet(Bottleneck, [2, 1], 2, 5, IMAGE_NET), (3, 10, 11, 3)),
    "resnet_cifar": (NarrowResNet(BasicBlock, [1, 1, 2], 2, 5, CIFAR), (2, 8, 7, 3)),
    "mobilenet_v2": (narrow_mobile_net(), (2, 10, 9, 3)),
    "lenet": (LeNet(), (2, 16, 16, 2)),
    "unet": (UNet(), (2, 8, 12, 3)),
}


def draw(*shape):
    return torch.randint(-128, 129, shape, generator=generator) / 64


def weights(like):
    return (0.5 + (torch.arange(like.numel()) * 7 % 11) / 8).reshape(like.shape).double()


def initialise(model):
    """Weights and statistics that are all different, of sizes that keep values near 1."""
    for name, value in [*model.named_parameters(), *model.named_buffers()]:
        if value.dtype == torch.int64:
            value.fill_(7)
        elif name.endswith("running_var"):
            value.copy_(1 + draw(*value.shape).abs() / 2)
        elif value.dim() < 2:
            is_scale = name.endswith("weight")
            value.copy_(draw(*value.shape) / 4 + (1 if is_scale else 0))
        else:
            value.copy_(draw(*value.shape) / value[0].numel() ** 0.5)


def pack(x):
    return {"shape": list(x.shape), "data": x.detach().double().reshape(-1).tolist()}


cases = {}
(HERE / "models").mkdir(exist_ok=True)
for name, (model, shape) in CASES.items():
    with torch.no_grad():
        initialise(model)
    save_file(model.state_dict(), HERE / "models" / f"{name}.safetensors")
    model.double()
    x = draw(*shape).double().requires_grad_()
    run = lambda: model(x.movedim(-1, 1))
    last = lambda y: y.movedim(1, -1) if y.dim() == 4 else y
    model.eval()
    evaluated = last(run())
    model.train()
    y = last(run())
    (y * weights(y)).sum().backward()
    cases[name] = {
        "x": pack(x),
        "eval": pack(evaluated),
        "train": pack(y),
        "gradient": x.grad.reshape(-1).tolist(),
        "parameter_gradients": {k: (v.grad * weights(v)).sum().item() for k, v in model.named_parameters()},
        "buffers": {k: pack(v) for k, v in model.named_buffers()},
    }

lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
(HERE / "models.json").write_text("{\n" + lines + "\n}\n")
