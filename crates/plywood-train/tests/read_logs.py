"""Reads the logs that the test `tensorboard` has written of a run that was killed twice and resumed, with the programs that
they are for: TensorBoard, pandas, a strict JSON reader and Pillow; and compares them with each other.

Run with `python read_logs.py target/tmp/logs-read` after `cargo test -p plywood-train --test tensorboard`; needs tensorboard,
pandas and pillow.
"""

import io
import json
import math
import pathlib
import sys

import numpy as np
import pandas
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator as PluginAccumulator
from tensorboard.util import tensor_util

folder = pathlib.Path(sys.argv[1])


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


csv = pandas.read_csv(folder / "log.csv")
steps = pandas.read_csv(folder / "log.steps.csv")
rows = [json.loads(line, parse_constant=refuse) for line in open(folder / "log.jsonl")]
assert list(csv["epoch"]) == [1, 2, 3, 4, 5] and list(csv["step"]) == [5, 10, 15, 20, 25]
assert list(steps["step"]) == [3, 6, 9, 12, 15, 18, 21, 24]
epochs = [row for row in rows if "batch" not in row]
assert [row["step"] for row in rows if "batch" in row] == list(steps["step"])
for name in csv.columns:
    assert [row[name] for row in epochs] == list(csv[name]) or name == "seconds", name
for name in steps.columns:
    assert [row[name] for row in rows if "batch" in row] == list(steps[name]), name


def close(events, values):
    assert np.allclose([event.value for event in events], values, rtol=1e-6), (events, list(values))


for make in (EventAccumulator, PluginAccumulator):
    for part, prefix, names in [
        ("train", "", ["loss", "accuracy", "gradient norm", "learning rate"]),
        ("validation", "validation ", ["loss", "accuracy"]),
    ]:
        board = make(str(folder / part), size_guidance={"scalars": 0, "tensors": 0})
        board.Reload()
        for name in names:
            if make is EventAccumulator:
                events = board.Scalars(name)
                close(events, csv[prefix + name])
            else:
                events = board.Tensors(name)
                got = [float(tensor_util.make_ndarray(event.tensor_proto)) for event in events]
                assert np.allclose(got, csv[prefix + name], rtol=1e-6), got
            # Nothing twice: what was written after the last checkpoint is not shown any more.
            assert [event.step for event in events] == list(csv["step"]), (part, name, events)
    print(make.__module__, "shows", board.Tags())

board = EventAccumulator(str(folder / "train"), size_guidance={"histograms": 0})
board.Reload()
close(board.Scalars("batch/loss"), steps["batch loss"])
assert [event.step for event in board.Scalars("batch/loss")] == list(steps["step"])
weights = board.Histograms("weights/up.weight")
assert [event.step for event in weights] == [0, 10, 20], weights
assert all(event.histogram_value.num == 32 for event in weights)

assert [event.step for event in board.Scalars("batch/gradient norm")] == list(steps["step"])
gradients = board.Histograms("gradients/up.weight")
assert [event.step for event in gradients] == [10, 20], gradients
# The squares of all gradients of a step are the square of their norm.
squares = sum(board.Histograms(f"gradients/{name}")[0].histogram_value.sum_squares for name in
              ["up.weight", "up.bias", "down.weight", "down.bias"])
assert 0 < squares < 10 * max(csv["gradient norm"]) ** 2

board = EventAccumulator(str(folder / "kinds"))
board.Reload()
values = board.Histograms("values")[0].histogram_value
assert (values.min, values.max, values.num) == (0.0, 1.0, 101.0) and math.isclose(values.sum, 50.5, rel_tol=1e-6)
assert sum(values.bucket) == 101 and values.bucket_limit[-1] == 1.0
numbers = [event.value for event in board.Scalars("numbers")]
assert math.isnan(numbers[0]) and numbers[1:] == [math.inf, -1.5]
for name, mode, channels in [("grey", "L", 1), ("colours", "RGB", 3), ("opacity", "RGBA", 4)]:
    event = board.Images(name)[0]
    image = Image.open(io.BytesIO(event.encoded_image_string))
    assert (image.mode, image.size, event.width, event.height) == (mode, (3, 2), 3, 2)
    expected = np.floor(np.arange(6 * channels) / 23 * 255 + 0.5).astype(np.uint8).reshape(2, 3, channels)
    assert np.array_equal(np.array(image).reshape(2, 3, channels), expected), name
text = tensor_util.make_ndarray(board.Tensors("notes")[0].tensor_proto)
assert text.tolist() == [b"some **bold** words"], text
print("all logs agree")
