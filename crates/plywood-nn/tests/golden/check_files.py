"""Whether PyTorch reads the files that Plywood writes, strictly, and computes the same; `tests/torch_files.rs` compares what it
writes with these very files.

Run it with an interpreter that has torch and safetensors, after
`cargo test -p plywood-nn --test torch_files`, which leaves them in `target/tmp`, if they shall change.
"""

from pathlib import Path

import torch
from make_files import modules
from safetensors.torch import load_file

HERE = Path(__file__).parent
zoo = modules()
zoo.load_state_dict(load_file(HERE / "ours.safetensors"), strict=True)
zoo.eval()
results = load_file(HERE / "ours_results.safetensors")
channels_last = lambda x: x.movedim(1, -1)
for name, module in zoo.items():
    x, y = results[f"{name}.x"], results[f"{name}.y"]
    if name in ("linear", "layer", "rms"):
        got = module(x)
    else:
        got = channels_last(module(x.movedim(-1, 1)))
    torch.testing.assert_close(got, y, rtol=1e-5, atol=1e-5)
    print(f"{name}: {tuple(y.shape)}, largest difference {(got - y).abs().max().item():.1e}")
