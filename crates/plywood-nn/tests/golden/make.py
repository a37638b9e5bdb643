"""Writes what the tests compare with: a model saved by PyTorch, what it returns, and what single layers return.

Run it with an interpreter that has torch and safetensors; it writes beside itself.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent
torch.manual_seed(0)


def numbers(x):
    return [float(f"{v:.9g}") for v in x.detach().double().flatten()]


class Counted(torch.nn.Module):
    """A buffer of integers, as batch normalisation has one."""

    def __init__(self):
        super().__init__()
        self.register_buffer("num_batches_tracked", torch.tensor(41, dtype=torch.long))

    def forward(self, x):
        return x


model = torch.nn.Sequential(
    torch.nn.Linear(4, 8),
    torch.nn.ReLU(),
    torch.nn.Linear(8, 6, bias=False),
    torch.nn.PReLU(6),
    torch.nn.Linear(6, 5),
    torch.nn.Tanh(),
    torch.nn.Linear(5, 3),
    torch.nn.Softmax(dim=-1),
)
x = torch.randn(5, 4)
save_file(model.state_dict(), HERE / "sequential.safetensors", metadata={"format": "pt"})
save_file(
    {k: v.to(torch.bfloat16) for k, v in model.state_dict().items()} | Counted().state_dict(),
    HERE / "mixed.safetensors",
)
bfloat = {k: numbers(v.to(torch.bfloat16)) for k, v in model.state_dict().items()}

points = torch.tensor([-7.0, -3.0, -1.5, -1.0, -0.25, 0.0, 0.25, 1.0, 1.5, 3.0, 6.5, 20.5], dtype=torch.float64)
layers = {
    "Elu": torch.nn.ELU(),
    "Gelu": torch.nn.GELU(),
    "Gelu Tanh": torch.nn.GELU(approximate="tanh"),
    "HardSigmoid": torch.nn.Hardsigmoid(),
    "HardSwish": torch.nn.Hardswish(),
    "Identity": torch.nn.Identity(),
    "LeakyRelu": torch.nn.LeakyReLU(),
    "LogSigmoid": torch.nn.LogSigmoid(),
    "LogSoftmax": torch.nn.LogSoftmax(dim=-1),
    "Mish": torch.nn.Mish(),
    "Prelu": torch.nn.PReLU().double(),
    "Relu": torch.nn.ReLU(),
    "Relu6": torch.nn.ReLU6(),
    "Selu": torch.nn.SELU(),
    "Sigmoid": torch.nn.Sigmoid(),
    "Silu": torch.nn.SiLU(),
    "Softmax": torch.nn.Softmax(dim=-1),
    "Softplus": torch.nn.Softplus(),
    "Softsign": torch.nn.Softsign(),
    "Tanh": torch.nn.Tanh(),
}
values = {name: [float(f"{v:.17g}") for v in layer(points)] for name, layer in layers.items()}
# The inputs, outputs and groups of layers with many weights: how far these reach, and how they spread.
starts = {
    "Linear": torch.nn.Linear(300, 4096),
    "Conv1d": torch.nn.Conv1d(6, 4096, 5, groups=2),
    "Conv2d": torch.nn.Conv2d(4, 4096, 3),
    "Conv3d": torch.nn.Conv3d(2, 4096, 2),
    "ConvTranspose1d": torch.nn.ConvTranspose1d(6, 4096, 5, groups=2),
    "ConvTranspose2d": torch.nn.ConvTranspose2d(4, 4096, 3),
    "ConvTranspose3d": torch.nn.ConvTranspose3d(2, 4096, 2),
}
starts = {
    name: {k: [v.abs().max().item(), v.std().item()] for k, v in layer.named_parameters()}
    for name, layer in starts.items()
}
golden = {
    "torch": torch.__version__.split("+")[0],
    "x": numbers(x),
    "y": numbers(model(x)),
    "bfloat16": bfloat,
    "points": points.tolist(),
    "layers": values,
    "starts": starts,
}
(HERE / "layers.json").write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")
