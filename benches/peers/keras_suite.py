"""Keras on TensorFlow: a whole `fit`, as Plywood's own `fit` program runs it, and single steps by `train_on_batch`.

Usage: python keras_suite.py [fit] [mlp_keras] [--threads N] [--seconds S]
"""

from common import BATCHES, arguments, measure, report

WORKLOADS = ["fit", "mlp_keras"]
PARSED = arguments(WORKLOADS)

import os  # noqa: E402

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402  (after the number of cores is fixed)
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

RANDOM = np.random.default_rng(0)


def network():
    """30-128-64-1 with a sigmoid, Adam, binary cross entropy, accuracy."""
    model = keras.Sequential(
        [
            layers.Input((30,)),
            layers.Dense(128, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def samples(count):
    x = RANDOM.normal(size=(count, 30)).astype("f")
    return x, (x[:, :5].sum(1) > 0).astype("f")


def fit():
    """455 samples to train, 114 to validate, ten epochs, batches of 32, silent; the first call warms up."""
    model, (x, y), validation = network(), samples(455), samples(114)

    def call(_):
        model.fit(x, y, epochs=10, batch_size=32, validation_data=validation, verbose=0)

    return call, {"warmup": 1, "least": 2}


def mlp_keras():
    model, data = network(), [samples(32) for _ in range(BATCHES)]

    def call(count):
        model.train_on_batch(*data[count % BATCHES])

    return call, {"warmup": 20}


def main():
    tf.config.threading.set_intra_op_parallelism_threads(PARSED.threads)
    tf.config.threading.set_inter_op_parallelism_threads(PARSED.threads)
    for name in PARSED.names:
        call, options = globals()[name]()
        times = measure(call, PARSED.seconds, **options)
        report(name, "keras", f"{keras.__version__}-tf-{tf.__version__}", PARSED.threads, times)


if __name__ == "__main__":
    main()
