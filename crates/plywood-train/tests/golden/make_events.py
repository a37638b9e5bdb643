"""Writes events.json: records of event files as the real `tensorboard` package writes them, and PNG files of Pillow.

Run with `python make_events.py`; needs tensorboard, numpy and pillow.
"""

import io
import json
import pathlib

import numpy as np
import tensorboard
from PIL import Image
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

TIME = 1_700_000_000.25


def record(event):
    file = io.BytesIO()
    RecordWriter(file).write(event.SerializeToString())
    return file.getvalue().hex()


def summary(step, **value):
    value = summary_pb2.Summary.Value(**value)
    return event_pb2.Event(wall_time=TIME, step=step, summary=summary_pb2.Summary(value=[value]))


def text(content):
    return summary(
        1,
        tag="model",
        tensor=tensor_pb2.TensorProto(
            dtype="DT_STRING",
            string_val=[content.encode()],
            tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)]),
        ),
        metadata=summary_pb2.SummaryMetadata(plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="text")),
    )


histogram = summary_pb2.HistogramProto(
    min=-1.5, max=2.0, num=5, sum=0.5, sum_squares=7.25, bucket_limit=[0.0, 1.0, 2.0], bucket=[2.0, 0.0, 3.0]
)
image = summary_pb2.Summary.Image(height=2, width=3, colorspace=1, encoded_image_string=bytes([1, 2, 3]))
events = {
    "version": event_pb2.Event(
        wall_time=TIME, file_version="brain.Event:2", source_metadata=event_pb2.SourceMetadata(writer="plywood")
    ),
    "start": event_pb2.Event(
        wall_time=TIME, step=301, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    ),
    "scalar": summary(7, tag="validation loss", simple_value=0.625),
    "scalar 0": summary(0, tag="loss", simple_value=0.0),
    "scalar nan": summary(1 << 40, tag="loss", simple_value=float("nan")),
    "histogram": summary(300, tag="weights/0.weight", histo=histogram),
    "image": summary(2, tag="digit", image=image),
    "text": text("Linear(3 → 2)"),
    "text empty": text(""),
}


def picture(height, width, channels):
    pixels = (np.arange(height * width * channels) * 37 % 256).astype(np.uint8).reshape(height, width, channels)
    file = io.BytesIO()
    Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels).save(file, "png")
    return {"size": [height, width, channels], "pixels": pixels.tobytes().hex(), "png": file.getvalue().hex()}


golden = {
    "tensorboard": tensorboard.__version__,
    "records": {name: record(event) for name, event in events.items()},
    "pictures": [picture(2, 3, 1), picture(4, 1, 2), picture(3, 5, 3), picture(2, 2, 4)],
}
pathlib.Path(__file__).with_name("events.json").write_text(json.dumps(golden, indent=1) + "\n")
