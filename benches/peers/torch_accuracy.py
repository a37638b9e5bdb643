"""How well PyTorch learns the 10 000 digits of examples/data: the peer of the program `accuracy`.

Usage: python torch_accuracy.py [--augment] [--threads N]

The same network, folds (those of `i % 5`), optimizer, batches and number of epochs; other seeds and orders.
"""

import argparse
import gzip
import statistics
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F
from torch import nn

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "data" / "mnist"
FOLDS = 5


def digits():
    parts = []
    for name in ["train", "t10k"]:
        images = gzip.decompress((FOLDER / f"{name}-images-idx3-ubyte.gz").read_bytes())[16:]
        labels = gzip.decompress((FOLDER / f"{name}-labels-idx1-ubyte.gz").read_bytes())[8:]
        images = numpy.frombuffer(images, numpy.uint8).reshape(-1, 1, 28, 28)
        parts.append((images, numpy.frombuffer(labels, numpy.uint8)))
    x = torch.tensor(numpy.concatenate([part[0] for part in parts])).float() / 255
    y = torch.tensor(numpy.concatenate([part[1] for part in parts])).long()
    return x.contiguous(memory_format=torch.channels_last), y


def network():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(1600, 128),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(128, 10),
    ).to(memory_format=torch.channels_last)


def folded(x, y, fold, augment):
    torch.manual_seed(fold)
    held = torch.arange(len(x)) % FOLDS == fold
    train_x, train_y = x[~held], y[~held]
    model = network()
    epochs = 20 if augment else 10
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)
    steps = -(-len(train_x) // 64)
    schedule = None
    if augment:
        from torchvision.transforms import v2

        handwriting = v2.RandomAffine(10.0, (0.08, 0.08), (0.9, 1.1), 8.0, v2.InterpolationMode.BILINEAR)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, epochs * steps, cycle_momentum=False)
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(train_x)).split(64):
            images = train_x[rows]
            if augment:
                images = torch.stack([handwriting(image) for image in images])
                images = images.contiguous(memory_format=torch.channels_last)
            loss = F.cross_entropy(model(images), train_y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if schedule:
                schedule.step()
    model.eval()
    with torch.no_grad():
        right = torch.cat([model(part).argmax(1) for part in x[held].split(500)]) == y[held]
    return 100 * right.float().mean().item()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--augment", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parsed = parser.parse_args()
    torch.set_num_threads(parsed.threads)
    images, labels = digits()
    scores = []
    for fold in range(FOLDS):
        scores.append(folded(images, labels, fold, parsed.augment))
        print(f"fold {fold}: {scores[-1]:.2f} %", flush=True)
    error = statistics.stdev(scores) / FOLDS**0.5
    name = "folds, augmented" if parsed.augment else "folds"
    print(f"{name}: mean {statistics.mean(scores):.3f} %, standard error {error:.3f}")
