"""Writes golden.txt: arguments and correctly rounded results of the functions of `plywood_tensor::math`, as bits.

Needs mpmath: python golden.py > golden.txt
"""

import random
import struct

from mpmath import cos, erf, erfc, exp, expm1, log, log1p, mp, mpf, pi, power, sin, sqrt, tanh

mp.prec = 200
random.seed(7)


def bits(x):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", x))[0]


def size(low, high, signed):
    """A number of a random exponent."""
    x = 2.0 ** random.randint(low, high) * random.uniform(1, 2)
    return -x if signed and random.random() < 0.5 else x


def wide(f):
    """As f, with digits enough for arguments of any size."""

    def g(x):
        with mp.workprec(1400):
            return f(x)

    return g


def softplus(x):
    return max(x, mpf(0)) + log1p(exp(-abs(x)))


def normal_share(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def angle():
    return random.choice(
        [size(-30, 1023, True), random.uniform(-10, 10), random.randint(1, 10**6) * float(pi / 2)]
    )


def mostly(low, high, tiny=-60):
    return random.uniform(low, high) if random.random() < 0.7 else size(tiny, 1, True)


FUNCTIONS = {
    "exp": (exp, lambda: mostly(-745, 709.7)),
    "expm1": (expm1, lambda: random.choice([mostly(-50, 709.7), mostly(-2, 2)])),
    "ln": (log, lambda: random.choice([size(-1074, 1023, False), random.uniform(0.5, 2), 1 + size(-40, -2, True)])),
    "log1p": (log1p, lambda: random.choice([size(-60, 1023, False), -random.uniform(0, 1), size(-60, -1, True)])),
    "sin": (wide(sin), angle),
    "cos": (wide(cos), angle),
    "tanh": (tanh, lambda: mostly(-20, 20)),
    "erf": (erf, lambda: mostly(-6, 6)),
    "erfc": (erfc, lambda: mostly(-6, 26.5)),
    "sigmoid": (lambda x: 1 / (1 + exp(-x)), lambda: random.choice([mostly(-700, 40), mostly(-4, 4)])),
    "softplus": (softplus, lambda: random.choice([mostly(-700, 40), mostly(-4, 4)])),
    "normal_share": (normal_share, lambda: mostly(-37, 9)),
    "gelu": (lambda x: x * normal_share(x), lambda: mostly(-37, 9)),
    "mish": (lambda x: x * tanh(softplus(x)), lambda: random.choice([mostly(-700, 40), mostly(-4, 4)])),
}

for name, (f, draw) in FUNCTIONS.items():
    for _ in range(150):
        x = draw()
        print(name, bits(x), bits(float(f(mpf(x)))))
count = 0
while count < 250:
    x = random.choice([size(-1074, 1023, False), size(-2, 2, False), 1 + size(-30, -2, True)])
    steep = abs(float(log(mpf(x))))
    e = random.uniform(-700, 700) / steep if steep > 0 and random.random() < 0.7 else random.uniform(-3, 3)
    if abs(e) * steep < 708:
        print("pow", bits(x), bits(e), bits(float(power(mpf(x), mpf(e)))))
        count += 1
