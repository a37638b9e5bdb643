"""Writes golden.json: losses and gradients of PyTorch in double precision, metrics by the formulas of scikit-learn.

Run it with any Python that has torch, numpy, scipy and scikit-image; the numbers are drawn without random generators, so that they never
change. Every prediction keeps clear of kinks, so that the same cases serve for finite differences.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from scipy.ndimage import distance_transform_edt
from skimage.measure import label as connected
from skimage.metrics import structural_similarity

torch.set_default_dtype(torch.float64)
golden = {}


def spread(shape, low, high, phase=0):
    """Numbers of two digits all over an interval."""
    count = math.prod(shape)
    steps = [((i + phase) * 0.6180339887) % 1.0 for i in range(1, count + 1)]
    return torch.tensor([round(low + (high - low) * s, 2) for s in steps]).reshape(shape)


def write(tensor):
    return {"shape": list(tensor.shape), "data": tensor.flatten().tolist()}


def loss(name, prediction, target, none, mean=None):
    """`none(x)` are losses without reduction; `mean(x)` is PyTorch's own mean."""
    x = prediction.clone().requires_grad_()
    values = none(x)
    values = values.reshape(values.shape[0], -1).mean(1)
    total = mean(x) if mean else values.mean()
    (gradient,) = torch.autograd.grad(total, x)
    golden[name] = {
        "prediction": write(prediction),
        "target": write(target),
        "values": values.tolist(),
        "mean": total.item(),
        "gradient": gradient.flatten().tolist(),
    }


def by_name(name, function, prediction, target, **options):
    """A loss of torch.nn.functional that takes prediction and target as they are."""
    loss(
        name,
        prediction,
        target,
        lambda x: function(x, target, reduction="none", **options),
        lambda x: function(x, target, reduction="mean", **options),
    )


# Real numbers. Differences stay off 0 and off delta.
x, t = spread((4, 3), -2, 2), spread((4, 3), -2, 2, 7)
close = (x - t).abs()
assert close.min() > 0.1 and (close - 0.7).abs().min() > 0.09 and (close - 1).abs().min() > 0.09
by_name("mse_loss", F.mse_loss, x, t)
by_name("mse_loss: three axes", F.mse_loss, spread((2, 3, 2), -2, 2), spread((2, 3, 2), -2, 2, 3))
by_name("l1_loss", F.l1_loss, x, t)
by_name("huber_loss", F.huber_loss, x, t, delta=0.7)
by_name("huber_loss: delta 1", F.huber_loss, x, t)

# Two classes.
labels = torch.tensor([0, 1, 1, 0, 1])
column = labels.to(torch.float64).reshape(5, 1)


def binary(name, function, prediction, **options):
    loss(
        name,
        prediction,
        labels,
        lambda x: function(x, column, reduction="none", **options),
        lambda x: function(x, column, reduction="mean", **options),
    )


binary("binary_cross_entropy", F.binary_cross_entropy, spread((5, 1), 0.2, 0.8))
by_name("binary_cross_entropy: probabilities", F.binary_cross_entropy, spread((4, 3), 0.2, 0.8), spread((4, 3), 0, 1, 5))
binary("binary_cross_entropy_with_logits", F.binary_cross_entropy_with_logits, spread((5, 1), -3, 3))
by_name(
    "binary_cross_entropy_with_logits: probabilities",
    F.binary_cross_entropy_with_logits,
    spread((4, 3), -3, 3),
    spread((4, 3), 0, 1, 5),
)

binary(
    "binary_cross_entropy_with_logits: positive weight",
    F.binary_cross_entropy_with_logits,
    spread((5, 1), -3, 3),
    pos_weight=torch.tensor(2.5),
)
by_name(
    "binary_cross_entropy_with_logits: positive weights of probabilities",
    F.binary_cross_entropy_with_logits,
    spread((4, 3), -3, 3),
    spread((4, 3), 0, 1, 5),
    pos_weight=torch.tensor([0.0, 2.0, 0.5]),
)


def focal(x, gamma, alpha=None):
    """As torchvision's sigmoid_focal_loss."""
    p = torch.sigmoid(x)
    cost = F.binary_cross_entropy_with_logits(x, column, reduction="none")
    right = p * column + (1 - p) * (1 - column)
    weight = 1 if alpha is None else alpha * column + (1 - alpha) * (1 - column)
    return weight * cost * (1 - right) ** gamma


loss("focal_loss", spread((5, 1), -2, 2), labels, lambda x: focal(x, 2))
loss("focal_loss: alpha", spread((5, 1), -2, 2), labels, lambda x: focal(x, 1.5, 0.25))
loss("focal_loss: square root", spread((5, 1), -2, 2), labels, lambda x: focal(x, 0.5))

sides = 2 * column - 1
scores = spread((5, 1), -2, 2, 2)
assert (1 - sides * scores).abs().min() > 0.1
loss("hinge_loss", scores, labels, lambda x: torch.relu(1 - sides * x))
both = torch.tensor([[1.0, -1, 1], [-1, -1, 1]])
scores = spread((2, 3), -2, 2, 3)
assert (1 - both * scores).abs().min() > 0.1
loss("hinge_loss: sides", scores, both, lambda x: torch.relu(1 - both * x))

# Several classes. The first label is 0.
labels = torch.tensor([0, 2, 1, 2, 0])
logits = spread((5, 3), -2, 2)
weights = torch.tensor([0.5, 2.0, 1.25])
by_name("cross_entropy", F.cross_entropy, logits, labels)
by_name("cross_entropy: class weights", F.cross_entropy, logits, labels, weight=weights)
by_name("cross_entropy: label smoothing", F.cross_entropy, logits, labels, label_smoothing=0.1)
by_name(
    "cross_entropy: everything", F.cross_entropy, logits, labels, weight=weights, label_smoothing=0.2, ignore_index=1
)
distribution = torch.softmax(spread((5, 3), -1, 1, 9), 1)
by_name("cross_entropy: distributions", F.cross_entropy, logits, distribution)
by_name(
    "cross_entropy: weighted and smoothed distributions",
    F.cross_entropy,
    logits,
    distribution,
    weight=weights,
    label_smoothing=0.1,
)
sequence = torch.tensor([[0, -100, 3, 1], [-100, -100, -100, -100], [2, 2, -100, 0]])
loss(
    "cross_entropy: sequence with ignored labels",
    spread((3, 4, 4), -2, 2),
    sequence,
    lambda x: F.cross_entropy(x.transpose(1, 2), sequence, reduction="none"),
    lambda x: F.cross_entropy(x.transpose(1, 2), sequence),
)
log_probabilities = torch.log_softmax(logits, 1)
by_name("nll_loss", F.nll_loss, log_probabilities, labels)
some = torch.tensor([0, -1, 1, 2, -1])
by_name("nll_loss: class weights and ignored labels", F.nll_loss, log_probabilities, some, weight=weights, ignore_index=-1)
loss(
    "focal_loss: several classes",
    logits,
    labels,
    lambda x: (1 - torch.softmax(x, 1).gather(1, labels[:, None])[:, 0]) ** 2
    * F.cross_entropy(x, labels, reduction="none"),
)
certain = distribution.clone()
certain[1] = torch.tensor([0.0, 1.0, 0.0])
loss(
    "kl_div",
    log_probabilities,
    certain,
    lambda x: F.kl_div(x, certain, reduction="none").sum(1),
    lambda x: F.kl_div(x, certain, reduction="batchmean"),
)
scores = spread((5, 3), -1.5, 2, 1)
own = scores.gather(1, labels[:, None])
margins = (1 - own + scores)[torch.arange(3)[None] != labels[:, None]]
assert margins.abs().min() > 0.1, margins
by_name("hinge_loss: several classes", F.multi_margin_loss, scores, labels)

x, t = spread((4, 3), -2, 2), spread((4, 3), -2, 2, 7)
loss("cosine_distance", x, t, lambda x: 1 - F.cosine_similarity(x, t, dim=-1))


# Masks. The formulas of MONAI's DiceLoss, sample by sample, with one smoothing above and below.
def overlap(x, labels):
    if x.shape[-1] == 1:
        p, t = torch.sigmoid(x), labels[..., None].to(x.dtype)
    else:
        p, t = torch.softmax(x, -1), F.one_hot(labels, x.shape[-1]).to(x.dtype)
    places = tuple(range(1, x.dim() - 1))
    return (p * t).sum(places), p.sum(places), t.sum(places)


def dice(x, labels, smooth):
    shared, predicted, actual = overlap(x, labels)
    return 1 - (2 * shared + smooth) / (predicted + actual + smooth)


def jaccard(x, labels, smooth):
    shared, predicted, actual = overlap(x, labels)
    return 1 - (shared + smooth) / (predicted + actual - shared + smooth)


# The last image has no object, and two classes of the first never occur in the second.
mask = torch.tensor(
    [
        [[1, 1, 0, 0, 0], [1, 0, 0, 1, 1], [0, 0, 0, 0, 1], [0, 1, 0, 0, 0]],
        [[0, 0, 0, 0, 0], [0, 1, 1, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 0, 0]],
        [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
    ]
)
regions = torch.tensor(
    [
        [[2, 2, 0, 0, 0], [2, 0, 0, 1, 1], [0, 0, 0, 2, 1], [0, 1, 0, 0, 0]],
        [[0, 0, 0, 0, 0], [0, 1, 1, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 0, 0]],
    ]
)
one, several = spread((3, 4, 5, 1), -2, 2), spread((2, 4, 5, 3), -2, 2)
loss("dice_loss", one, mask, lambda x: dice(x, mask, 1))
loss("dice_loss: classes", several, regions, lambda x: dice(x, regions, 1e-5))
loss("jaccard_loss", one, mask, lambda x: jaccard(x, mask, 1))
loss("jaccard_loss: classes", several, regions, lambda x: jaccard(x, regions, 1e-5))


def between(labels, w0, sigma):
    """Equation 2 of the U-Net paper on the background, by the distances of scipy."""
    objects = connected(labels, background=0, connectivity=2)
    far = [distance_transform_edt(objects != k) for k in range(1, objects.max() + 1)]
    far = np.sort(np.stack(far + 2 * [np.full(labels.shape, np.inf)]), 0)
    weights = w0 * np.exp(-((far[0] + far[1]) ** 2) / (2 * sigma**2))
    return 1 + np.where(labels == 0, weights, 0)


def edges(labels, w0, sigma):
    far = np.full(labels.shape, np.inf)
    for k in np.unique(labels):
        if (labels != k).any():
            far[labels == k] = distance_transform_edt(labels == k)[labels == k] - 1
    return 1 + w0 * np.exp(-(far**2) / (2 * sigma**2))


def weighted(name, prediction, labels, weights):
    weights = torch.tensor(np.stack([weights(image) for image in labels.numpy()]))

    def none(x):
        if x.shape[-1] == 1:
            return weights * F.binary_cross_entropy_with_logits(x[..., 0], labels.to(x.dtype), reduction="none")
        return weights * F.cross_entropy(x.permute(0, 3, 1, 2), labels, reduction="none")

    loss(name, prediction, labels, none, lambda x: none(x).sum() / weights.sum())


weighted("boundary_weighted", one, mask, lambda image: between(image, 10, 2))
weighted("boundary_weighted: classes", several, regions, lambda image: between(image, 10, 2))
weighted("boundary_weighted: edges", several, regions, lambda image: edges(image, 5, 1.5))


# Images. The values of scikit-image; the same formula in torch gives the gradients.
def ssim(x, t, span):
    steps = torch.arange(11.0) - 5
    line = torch.exp(-(steps**2) / (2 * 1.5**2))
    window = torch.outer(line, line) / line.sum() ** 2
    channels = x.shape[-1]
    kernel = window.expand(channels, 1, 11, 11)
    mean = lambda image: F.conv2d(image.permute(0, 3, 1, 2), kernel, groups=channels)
    mx, mt = mean(x), mean(t)
    spread_x, spread_t = mean(x * x) - mx * mx, mean(t * t) - mt * mt
    together = mean(x * t) - mx * mt
    c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
    alike = (2 * mx * mt + c1) * (2 * together + c2)
    return (alike / ((mx * mx + mt * mt + c1) * (spread_x + spread_t + c2))).flatten(1).mean(1)


def of_skimage(x, t, span):
    return [
        structural_similarity(
            a, b, data_range=span, channel_axis=-1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
        )
        for a, b in zip(np.asarray(x), np.asarray(t))
    ]


def structure(name, x, t, span):
    assert np.abs(ssim(x, t, span).numpy() - of_skimage(x, t, span)).max() < 1e-12
    loss(name, x, t, lambda x: 1 - ssim(x, t, span))


structure("ssim_loss", spread((2, 12, 13, 1), 0.1, 0.9), spread((2, 12, 13, 1), 0.1, 0.9, 40), 1)
structure("ssim_loss: channels", spread((2, 11, 12, 2), -1, 1), spread((2, 11, 12, 2), -1, 1, 3), 2)


# Metrics, by the most obvious loops.
def metric(name, prediction, target, value):
    weights = np.array([1.0, 0.5, 2.0, 0.0, 1.5, 3.0, 0.25, 1.0])[: len(prediction)]
    golden[name] = {
        "prediction": write(torch.tensor(prediction)),
        "target": write(torch.tensor(target)),
        "weights": write(torch.tensor(weights)),
        "value": float(value(prediction, target, np.ones(len(prediction)))),
        "weighted": float(value(prediction, target, weights)),
    }


def accuracy(answer):
    return lambda p, t, w: sum(w[i] for i in range(len(t)) if answer(p[i]) == t[i]) / sum(w)


def figure(kind, answer, classes, average):
    """precision_score, recall_score and fbeta_score with zero_division=0; kind is a beta for the last."""

    def of(hits, alarms, misses):
        share = lambda a, b: a / b if b else 0.0
        p, r = share(hits, hits + alarms), share(hits, hits + misses)
        if kind == "precision":
            return p
        if kind == "recall":
            return r
        if kind == "iou":
            return share(hits, hits + alarms + misses)
        return share((1 + kind**2) * p * r, kind**2 * p + r)

    def value(p, t, w):
        answers = [answer(row) for row in p]
        counts = []
        for c in classes:
            hits = sum(w[i] for i in range(len(t)) if answers[i] == c and t[i] == c)
            alarms = sum(w[i] for i in range(len(t)) if answers[i] == c and t[i] != c)
            misses = sum(w[i] for i in range(len(t)) if answers[i] != c and t[i] == c)
            counts.append((hits, alarms, misses))
        if average == "micro":
            return of(*(sum(c[k] for c in counts) for k in range(3)))
        if average == "weighted":
            return sum((c[0] + c[2]) * of(*c) for c in counts) / sum(c[0] + c[2] for c in counts)
        present = [c for c in counts if sum(c) > 0]
        return sum(of(*c) for c in present) / len(present)

    return value


scores = np.array([0.9, 0.2, 0.6, 0.4, 0.4, 0.7, 0.1, 0.6])
truth = np.array([1, 0, 0, 1, 0, 1, 0, 1])
logit = np.array([2.0, -1.5, 0.5, -0.25, -0.5, 1.0, -2.0, 0.25])
half = lambda p: int(p > 0.5)
metric("accuracy: probabilities", scores.reshape(8, 1), truth, accuracy(lambda p: half(p[0])))
metric("accuracy: logits", logit, truth, accuracy(lambda p: int(p > 0)))
metric("precision", scores, truth, figure("precision", half, [1], "macro"))
metric("precision: logits", logit, truth, figure("precision", lambda p: int(p > 0), [1], "macro"))
metric("recall", scores, truth, figure("recall", half, [1], "macro"))
metric("f1", scores, truth, figure(1.0, half, [1], "macro"))
metric("iou", scores, truth, figure("iou", half, [1], "macro"))
metric("iou: logits", logit, truth, figure("iou", lambda p: int(p > 0), [1], "macro"))
metric("confusion_matrix", scores, truth, accuracy(half))
metric("confusion_matrix: logits", logit, truth, accuracy(lambda p: int(p > 0)))


def roc_auc(p, t, w, label=1):
    pairs = [(i, j) for i in range(len(t)) for j in range(len(t)) if t[i] == label and t[j] != label]
    won = sum(w[i] * w[j] * (1.0 if p[i] > p[j] else 0.5 if p[i] == p[j] else 0.0) for i, j in pairs)
    return won / sum(w[i] * w[j] for i, j in pairs)


metric("roc_auc", scores, truth, roc_auc)

# Four classes of which the last never occurs, with a tie in the second row.
several = np.array(
    [
        [0.9, 0.1, 0.0, -1.0],
        [0.3, 0.3, 0.1, -1.0],
        [0.2, 0.5, 0.4, -1.0],
        [0.1, 0.2, 0.7, -1.0],
        [0.6, 0.3, 0.5, -1.0],
        [0.0, 0.8, 0.1, -1.0],
        [0.4, 0.1, 0.6, -1.0],
        [0.2, 0.3, 0.1, -1.0],
    ]
)
truth = np.array([0, 1, 2, 2, 2, 1, 0, 1])
best = lambda row: int(np.argmax(row))
metric("accuracy: classes", several, truth, accuracy(best))
metric("confusion_matrix: classes", several, truth, accuracy(best))
metric("precision: macro", several, truth, figure("precision", best, range(4), "macro"))
metric("precision: micro", several, truth, figure("precision", best, range(4), "micro"))
metric("precision: weighted", several, truth, figure("precision", best, range(4), "weighted"))
metric("recall: macro", several, truth, figure("recall", best, range(4), "macro"))
metric("recall: micro", several, truth, figure("recall", best, range(4), "micro"))
metric("iou: macro", several, truth, figure("iou", best, range(4), "macro"))
metric("iou: micro", several, truth, figure("iou", best, range(4), "micro"))


def masks(p, t, w):
    """Pixel by pixel, each with the weight of its image."""
    pixels = p.shape[1] * p.shape[2]
    return figure("iou", best, range(3), "macro")(p.reshape(-1, 3), t.flatten(), np.repeat(w, pixels))


metric("iou: masks", spread((4, 2, 3, 3), -1, 1).numpy(), np.arange(24).reshape(4, 2, 3) * 7 % 3, masks)
metric("f2: macro", several, truth, figure(2.0, best, range(4), "macro"))


def top_2(p, t, w):
    named = [np.argsort(-row, kind="stable")[:2] for row in p]
    return sum(w[i] for i in range(len(t)) if t[i] in named[i]) / sum(w)


metric("top_2_accuracy", several, truth, top_2)


# Targets with a share for each class, as MixUp makes them; in the third row two classes have the same. By PyTorch.
one_hot = F.one_hot(torch.tensor(truth), several.shape[1]).double().numpy()
mixed = 0.7 * one_hot + 0.3 * one_hot[::-1]
mixed[2] = [0.0, 0.5, 0.5, 0.0]
right = lambda p, t: (torch.tensor(p).argmax(-1) == torch.tensor(t).argmax(-1)).double().numpy()
agreement = lambda p, t, w: (w * right(p, t)).sum() / w.sum()
metric("accuracy: one-hot targets", several, one_hot, agreement)
metric("accuracy: mixed targets", several, mixed, agreement)
shares = np.array([0.9, 0.2, 0.4, 0.6, 0.5, 0.51, 0.0, 1.0])
metric("accuracy: shares of logits", logit, shares, lambda p, t, w: (w * ((p > 0) == (t > 0.5))).sum() / w.sum())
metric("top_2_accuracy: mixed targets", several, mixed, lambda p, t, w: top_2(p, t.argmax(1), w))


def softmax(p):
    return np.exp(p) / np.exp(p).sum(1, keepdims=True)


def one_against_the_rest(p, t, w):
    """roc_auc_score(multi_class="ovr", average="macro"), over the classes that occur."""
    return np.mean([roc_auc(p[:, c], t, w, c) for c in sorted(set(t))])


metric("roc_auc: classes", softmax(several), truth, one_against_the_rest)
metric("roc_auc: logits of classes", 2 * several, truth, lambda p, t, w: one_against_the_rest(softmax(p), t, w))

measured = np.array([1.5, -0.5, 2.0, 7.25, 0.0, 3.5, -1.0, 2.5])
wanted = np.array([1.0, 0.0, 2.5, 8.0, 0.5, 3.0, -2.0, 2.5])
mean = lambda f: lambda p, t, w: (w * f(p - t)).sum() / w.sum()
metric("mean_absolute_error", measured, wanted, mean(np.abs))
metric("mean_squared_error", measured, wanted, mean(np.square))
metric("root_mean_squared_error", measured, wanted, lambda p, t, w: math.sqrt(mean(np.square)(p, t, w)))


def r_squared(p, t, w):
    p, t = p.reshape(len(p), -1), t.reshape(len(t), -1)
    scores = []
    for k in range(p.shape[1]):
        centre = (w * t[:, k]).sum() / w.sum()
        scores.append(1 - (w * (t[:, k] - p[:, k]) ** 2).sum() / (w * (t[:, k] - centre) ** 2).sum())
    return sum(scores) / len(scores)


metric("r_squared", measured, wanted, r_squared)
two = lambda x: np.stack([x, x[::-1] + 100.0], 1)
metric("r_squared: two outputs", two(measured), two(wanted), r_squared)

close, far = spread((4, 12, 11, 1), 0.1, 0.9).numpy(), spread((4, 12, 11, 1), 0.1, 0.9, 40).numpy()
metric("ssim", 0.3 * close + 0.7 * far, far, lambda p, t, w: (w * of_skimage(p, t, 1)).sum() / w.sum())

def short(value):
    """Twelve decimals: more than the tests compare."""
    if isinstance(value, float):
        return round(value, 12)
    if isinstance(value, list):
        return [short(v) for v in value]
    return {k: short(v) for k, v in value.items()} if isinstance(value, dict) else value


golden = short(golden)
lines = [f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in golden.items()]
Path(__file__).with_name("golden.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
