"""The loss curve of a whole run in PyTorch: the 30-128-64-1 classifier, Adam, 200 steps in single precision.

Weights and batches come from a generator of ten lines, so that the file holds nothing but the losses.
Run it in an environment with torch and numpy; it writes whole_run.json beside itself.
"""
import json
import pathlib

import numpy as np
import torch


class Numbers:
    """A linear congruential generator (Knuth's MMIX constants); numbers in [-0.5, 0.5) of 24 bits."""

    def __init__(self, state):
        self.state = state

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 40) / 2**24 - 0.5

    def array(self, *shape):
        return np.array([self.next() for _ in range(int(np.prod(shape)))], dtype=np.float32).reshape(shape)


def main():
    torch.set_num_threads(1)
    numbers = Numbers(1)
    sizes = [30, 128, 64, 1]
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layer = torch.nn.Linear(inputs, outputs)
        scale = 2 * inputs**-0.5
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(numbers.array(outputs, inputs) * np.float32(scale)))
            layer.bias.copy_(torch.from_numpy(numbers.array(outputs) * np.float32(scale)))
        layers += [layer, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    batches = []
    for _ in range(8):
        x = numbers.array(32, 30) * 2
        y = (x[:, :5].sum(axis=1) + numbers.array(32) > 0).astype(np.float32)
        batches.append((torch.from_numpy(x), torch.from_numpy(y).reshape(32, 1)))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    losses = []
    for step in range(200):
        x, y = batches[step % 8]
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(round(loss.item(), 9))
    path = pathlib.Path(__file__).with_name("whole_run.json")
    path.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "losses": losses}) + "\n")


main()
