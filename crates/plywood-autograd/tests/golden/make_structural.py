"""Values and derivatives of the structural operations by PyTorch in double precision, for `torch_structural.rs`.

Run `python make_structural.py`; it writes `structural.json` beside itself. Each case holds the inputs (multiples of
1/64, exact in both precisions), the result `y`, the gradients of L = sum(w * y) for each input, and one number for the
second derivatives: the gradient of sum(v * gradients), summed with v again. w and v are `weights` below.
"""

import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(1)


def draw(*shape):
    return torch.randint(-128, 129, shape, generator=generator) / 64


def weights(like, slope, modulus, offset):
    index = torch.arange(like.numel())
    return (offset + (index * slope % modulus) / 8).reshape(like.shape)


def dot(gradients):
    return sum((g * weights(g, 5, 7, -0.25)).sum() for g in gradients)


TIES = torch.tensor([[1.0, 2.0, 2.0], [0.5, 0.5, 0.5]])
ZEROS = torch.tensor([[0.0, 2.0, -1.5, 0.5], [0.0, 3.0, 0.0, -0.5], [1.0, -2.0, 0.25, 4.0]])
ROW = torch.tensor([[2, 0, 2, 1], [1, 1, 1, 1]])
LIST = torch.tensor([2, 0, 2])
BITS = torch.tensor([[1.0, 0.0], [0.25, 1.0]])

CASES = {
    "mean": (lambda x: x.mean(), draw(2, 3)),
    "mean_axes": (lambda x: x.mean((0, 2), keepdim=True), draw(2, 2, 3)),
    "var_axes": (lambda x: x.var(1, correction=1), draw(2, 4)),
    "var_axes of all": (lambda x: x.var(correction=0), draw(2, 3)),
    "std_axes": (lambda x: x.std((0, 1), correction=1, keepdim=True), draw(3, 2, 2)),
    "max": (lambda x: x.max(), TIES),
    "min": (lambda x: x.min(), TIES),
    "max_axes": (lambda x: x.amax(1), TIES),
    "min_axes": (lambda x: x.amin((0, 1)), TIES),
    "prod_axes": (lambda x: x.prod(1), ZEROS),
    "prod_axes of all": (lambda x: x.prod(), draw(2, 3)),
    "cumsum": (lambda x: x.cumsum(0), draw(3, 2)),
    "norm": (lambda x: torch.linalg.vector_norm(x), draw(2, 3)),
    "norm_axes": (lambda x: torch.linalg.vector_norm(x, dim=1), draw(2, 3)),
    "softmax": (lambda x: x.softmax(-1), draw(2, 4)),
    "softmax of columns": (lambda x: x.softmax(0), draw(3, 2)),
    "log_softmax": (lambda x: x.log_softmax(-1), draw(2, 4)),
    "log_softmax of columns": (lambda x: x.log_softmax(0), draw(3, 2)),
    "logsumexp": (lambda x: x.logsumexp(1), draw(2, 4)),
    "logsumexp of columns": (lambda x: x.logsumexp(0, keepdim=True), draw(3, 2)),
    "einsum of matrices": (lambda a, b: torch.einsum("bij,bkj->ikb", a, b), draw(2, 2, 3), draw(2, 2, 3)),
    "einsum of three": (lambda a, b, c: torch.einsum("i,ij,ik->jk", a, b, c), draw(3), draw(3, 2), draw(3, 2)),
    "einsum of a diagonal": (lambda a, b: torch.einsum("ii,i->i", a, b), draw(3, 3), draw(3)),
    "concat": (lambda a, b: torch.cat([a, b, a * b[:, :1]], 1), draw(2, 2), draw(2, 1)),
    "stack": (lambda a, b: torch.stack([a, b * b], -1), draw(2, 2), draw(2, 2)),
    "split": (lambda x: torch.split(x, [1, 2], 1)[1] * torch.split(x, [1, 2], 1)[0], draw(2, 3)),
    "chunk": (lambda x: x.chunk(2, 0)[0] * x.chunk(2, 0)[1], draw(4, 2)),
    "slice": (lambda x: x[:, 1:6:2] ** 2, draw(2, 6)),
    "narrow": (lambda x: x.narrow(1, 1, 2) ** 2, draw(2, 4)),
    "pad": (lambda x: torch.nn.functional.pad(x, (0, 2, 1, 0), value=0.5) ** 2, draw(2, 2)),
    "flip": (lambda x: x.flip((0, 1)) ** 2, draw(2, 3)),
    "gather": (lambda x: x.gather(1, ROW) ** 2, draw(2, 3)),
    "scatter_add": (lambda x, s: x.scatter_add(1, ROW, s) ** 2, draw(2, 3), draw(2, 4)),
    "index_select": (lambda x: x.index_select(0, LIST) ** 2, draw(3, 2)),
    "index_add": (lambda x, s: x.index_add(0, LIST, s) ** 2, draw(3, 2), draw(3, 2)),
    "select": (lambda x: x.select(1, 2) ** 2, draw(2, 3)),
    "move_axis": (lambda x: x.movedim(0, -1) ** 2, draw(2, 2, 2)),
    "flatten_from": (lambda x: x.flatten(1) ** 2, draw(2, 2, 2)),
    "dot": (lambda a, b: a.dot(b), draw(3), draw(3)),
    "sum": (lambda x: x.sum() ** 2, draw(2, 3)),
    "sum_axes": (lambda x: x.sum((0, 2)) ** 2, draw(2, 2, 3)),
    "sum_to": (lambda x: x.sum_to_size(2, 1) ** 2, draw(3, 2, 2)),
    "broadcast_to": (lambda x: x.expand(3, 2, 2) ** 2, draw(2, 1)),
    "reshape": (lambda x: x.reshape(3, 2) ** 2, draw(2, 3)),
    "permute": (lambda x: x.permute(2, 0, 1) ** 2, draw(2, 1, 3)),
    "transpose": (lambda x: x.mT ** 2, draw(2, 3)),
    "squeeze": (lambda x: x.squeeze(1) ** 2, draw(2, 1, 2)),
    "unsqueeze": (lambda x: x.unsqueeze(0) ** 2, draw(2, 2)),
    "rows": (lambda x: x[1:3] ** 2, draw(4, 2)),
    "matmul": (lambda a, b: a @ b, draw(2, 1, 2, 3), draw(2, 3, 2)),
    "matmul_with": (lambda a, b: a.mT @ b.mT, draw(3, 2), draw(4, 3)),
    "linear": (lambda x, w, b: torch.nn.functional.linear(x, w, b).tanh(), draw(2, 3), draw(2, 3), draw(2)),
    "linear relu": (lambda x, w, b: torch.nn.functional.linear(x, w, b).relu(), draw(2, 3), draw(2, 3), draw(2)),
    "linear sigmoid": (lambda x, w: torch.nn.functional.linear(x, w).sigmoid(), draw(2, 3), draw(2, 3)),
    "softmax_cross_entropy": (
        lambda x: torch.nn.functional.cross_entropy(x, torch.tensor([2, 0]), reduction="none"),
        draw(2, 3),
    ),
    "softmax_cross_entropy_with": (
        lambda x: torch.nn.functional.cross_entropy(
            x, torch.tensor([2, 0]), reduction="none", label_smoothing=0.25, weight=torch.tensor([0.5, 1.0, 2.0])
        ),
        draw(2, 3),
    ),
    "distribution_cross_entropy": (
        lambda x: torch.nn.functional.cross_entropy(
            x, torch.tensor([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]]), reduction="none"
        ),
        draw(2, 3),
    ),
    "binary_cross_entropy_with_logits": (
        lambda x: torch.nn.functional.binary_cross_entropy_with_logits(x, BITS, reduction="none"),
        draw(2, 2),
    ),
    "binary_cross_entropy": (
        lambda x: torch.nn.functional.binary_cross_entropy(x.sigmoid(), BITS, reduction="none"),
        draw(2, 2),
    ),
}


def pack(x):
    return {"shape": list(x.shape), "data": x.detach().reshape(-1).tolist()}


cases = {}
for name, (f, *inputs) in CASES.items():
    inputs = [x.clone().requires_grad_() for x in inputs]
    y = f(*inputs)
    loss = (y * weights(y, 7, 11, 0.5)).sum()
    gradients = torch.autograd.grad(loss, inputs, create_graph=True)
    second = 0.0
    if dot(gradients).requires_grad:
        found = torch.autograd.grad(dot(gradients), inputs, allow_unused=True)
        second = dot([g for g in found if g is not None])
    cases[name] = {
        "inputs": [pack(x) for x in inputs],
        "y": pack(y),
        "gradients": [g.detach().reshape(-1).tolist() for g in gradients],
        "second": float(second),
    }

lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
pathlib.Path(__file__).with_name("structural.json").write_text("{\n" + lines + "\n}\n")
