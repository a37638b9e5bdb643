"""Images per second of one augmentation pipeline in OpenCV by hand, torchvision and Albumentations: one image at a time, on
one thread. What is not installed is left out.

Usage: python augment_suite.py [--seconds S]

The pipeline is that of Plywood's `augment` program: horizontal flip with p = 0.5, rotation within 15 degrees, bilinear;
32 x 32 pixels: padded random crop; 256 x 256 pixels: random part resized to 224 x 224 without antialias; normalise.
"""

import argparse
import statistics
import time

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--seconds", type=float, default=2.0)
SECONDS = parser.parse_args().seconds
MEAN, DEVIATION = [0.5] * 3, [0.25] * 3


def report(name, rival, version, function, image):
    for _ in range(20):
        function(image)
    times, begin = [], time.perf_counter()
    while time.perf_counter() - begin < SECONDS:
        start = time.perf_counter()
        for _ in range(10):
            function(image)
        times.append((time.perf_counter() - start) / 10)
    median, best = statistics.median(times) * 1e6, min(times) * 1e6
    rate = 1e6 / median
    print(f"{name:16} {rival} {version:12} {rate:8.0f} images/s  median {median:8.1f} us  best {best:8.1f} us", flush=True)


def pixels(size):
    return np.random.default_rng(0).integers(0, 256, (size, size, 3), dtype=np.uint8)


def opencv(size):
    rng = np.random.default_rng(1)

    def one(image):
        height, width = image.shape[:2]
        if rng.random() < 0.5:
            image = cv2.flip(image, 1)
        turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), rng.uniform(-15, 15), 1)
        image = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR)
        if size == 32:
            image = cv2.copyMakeBorder(image, 4, 4, 4, 4, cv2.BORDER_CONSTANT)
            y, x = rng.integers(0, 9, 2)
            image = image[y : y + 32, x : x + 32]
        else:
            side = int(height * rng.uniform(0.5, 1))
            y, x = rng.integers(0, height - side + 1, 2)
            image = cv2.resize(image[y : y + side, x : x + side], (224, 224))
        return (image.astype(np.float32) * (1 / 255) - 0.5) / 0.25

    return one


for size in (32, 256):
    name = f"augment_{size}"
    try:
        import cv2

        cv2.setNumThreads(1)
        report(name, "opencv", cv2.__version__, opencv(size), pixels(size))
    except ImportError:
        print(f"{name:16} opencv is not installed")
    try:
        import torch
        import torchvision
        import torchvision.transforms.v2 as T
        from torchvision.transforms import InterpolationMode

        torch.set_num_threads(1)
        crop = T.RandomCrop(32, padding=4) if size == 32 else T.RandomResizedCrop(224, antialias=False)
        turn = T.RandomRotation(15, interpolation=InterpolationMode.BILINEAR)
        numbers = [T.ToDtype(torch.float32, scale=True), T.Normalize(MEAN, DEVIATION)]
        compose = T.Compose([T.RandomHorizontalFlip(), turn, crop, *numbers])
        report(name, "torchvision", torchvision.__version__, compose, torch.from_numpy(pixels(size)).permute(2, 0, 1))
    except ImportError:
        print(f"{name:16} torchvision is not installed")
    try:
        import albumentations as A

        crops = [A.Pad(4), A.RandomCrop(32, 32)] if size == 32 else [A.RandomResizedCrop(size=(224, 224))]
        steps = A.Compose([A.HorizontalFlip(p=0.5), A.Rotate(limit=15, p=1.0), *crops, A.Normalize(MEAN, DEVIATION)])
        report(name, "albumentations", A.__version__, lambda image: steps(image=image), pixels(size))
    except ImportError:
        print(f"{name:16} albumentations is not installed")
