"""Writes a file of PyTorch's with one module of each kind that has weights, and what the bytes of each tensor are.

Run it with an interpreter that has torch and safetensors; it writes beside itself.
"""

import json
import zlib
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent


def modules():
    return nn.ModuleDict(
        {
            "linear": nn.Linear(3, 4),
            "conv1d": nn.Conv1d(2, 3, 3, bias=False),
            "conv2d": nn.Conv2d(4, 6, (3, 2), stride=2, padding=1, groups=2),
            "conv3d": nn.Conv3d(1, 2, 2),
            "transposed": nn.ConvTranspose2d(2, 3, 3, stride=2),
            "batch": nn.BatchNorm2d(3),
            "instance": nn.InstanceNorm2d(2, affine=True),
            "group": nn.GroupNorm(2, 4),
            "layer": nn.LayerNorm(5),
            "rms": nn.RMSNorm(5),
            "prelu": nn.PReLU(3),
        }
    )


if __name__ == "__main__":
    torch.manual_seed(5)
    zoo = modules()
    with torch.no_grad():
        for value in zoo.state_dict().values():
            if value.is_floating_point():
                value.copy_(torch.randn_like(value).abs())
        # What rounding elsewhere would change: the smallest numbers, and zeros with a sign.
        zoo["linear"].bias.copy_(torch.tensor([1e-45, -0.0, 3.4028235e38, 0.1]))
        zoo["batch"](torch.randn(2, 3, 4, 4))
    state = zoo.state_dict()
    save_file(state, HERE / "zoo.safetensors", metadata={"format": "pt"})
    checksums = {k: [list(v.shape), zlib.crc32(v.contiguous().numpy().tobytes())] for k, v in state.items()}
    (HERE / "zoo.json").write_text(json.dumps(checksums, separators=(",", ":")) + "\n")
