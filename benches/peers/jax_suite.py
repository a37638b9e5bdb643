"""Training steps of the workloads in JAX: plain `jax.numpy`, one jitted step, its state donated.

Usage: python jax_suite.py [NAME …] [--threads N] [--seconds S]
"""

from common import BATCHES, arguments, measure, report

WORKLOADS = ["mlp_keras", "mlp_wide"]
PARSED = arguments(WORKLOADS)

import functools  # noqa: E402

import jax  # noqa: E402  (after the number of cores is fixed)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

RANDOM = np.random.default_rng(0)


def mlp(*widths):
    def layer(inputs, outputs):
        weight = RANDOM.normal(0, (2 / inputs) ** 0.5, (inputs, outputs))
        return jnp.array(weight, jnp.float32), jnp.zeros(outputs)

    return [layer(*pair) for pair in zip(widths, widths[1:])]


def forward(parameters, x):
    for weight, bias in parameters[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    weight, bias = parameters[-1]
    return x @ weight + bias


def binary_cross_entropy(parameters, x, y):
    z = forward(parameters, x)
    return (jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-abs(z)))).mean()


def cross_entropy(parameters, x, y):
    return -jnp.take_along_axis(jax.nn.log_softmax(forward(parameters, x)), y[:, None], 1).mean()


def adam(parameters, gradients, state):
    count, means, squares = state
    count = count + 1
    means = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, means, gradients)
    squares = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, squares, gradients)
    first, second = 1 - 0.9**count, 1 - 0.999**count
    parameters = jax.tree.map(
        lambda p, m, v: p - 1e-3 * (m / first) / (jnp.sqrt(v / second) + 1e-8), parameters, means, squares
    )
    return parameters, (count, means, squares)


def momentum(parameters, gradients, state):
    count, means, unused = state
    means = jax.tree.map(lambda m, g: 0.9 * m + g, means, gradients)
    return jax.tree.map(lambda p, m: p - 0.01 * m, parameters, means), (count, means, unused)


def batches(size, inputs, labels):
    return [
        (jnp.array(RANDOM.normal(size=(size, inputs)), jnp.float32), jnp.array(labels())) for _ in range(BATCHES)
    ]


def mlp_keras():
    """30-128-64-1, batch 32, Adam, binary cross entropy on logits."""
    labels = lambda: RANDOM.integers(0, 2, (32, 1)).astype("f")  # noqa: E731
    return mlp(30, 128, 64, 1), batches(32, 30, labels), binary_cross_entropy, adam


def mlp_wide():
    """784-1024-1024-10, batch 128, momentum, cross entropy."""
    labels = lambda: RANDOM.integers(0, 10, 128)  # noqa: E731
    return mlp(784, 1024, 1024, 10), batches(128, 784, labels), cross_entropy, momentum


def main():
    for name in PARSED.names:
        parameters, data, loss, optimizer = globals()[name]()
        state = (jnp.zeros(()), jax.tree.map(jnp.zeros_like, parameters), jax.tree.map(jnp.zeros_like, parameters))

        @functools.partial(jax.jit, donate_argnums=(0, 1))
        def jitted(parameters, state, x, y):
            value, gradients = jax.value_and_grad(loss)(parameters, x, y)
            return *optimizer(parameters, gradients, state), value

        def step(count):
            nonlocal parameters, state
            parameters, state, value = jitted(parameters, state, *data[count % BATCHES])
            value.block_until_ready()

        report(name, "jax", f"{jax.__version__}-jit", PARSED.threads, measure(step, PARSED.seconds, warmup=20))


if __name__ == "__main__":
    main()
