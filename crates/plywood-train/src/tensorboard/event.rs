//! What an event file holds: `Event` and its parts, field numbers as in TensorFlow's `event.proto` and `summary.proto`.

use super::histogram::Histogram;
use super::protobuf::Message;

/// The first event of a file, by which readers know the format.
pub(super) fn version(time: f64) -> Message {
    let writer = Message::new().text(1, "plywood");
    Message::new().double(1, time).item(3, "brain.Event:2").message(10, writer)
}

/// That a run begins before this step: later events of a run that went before are void.
pub(super) fn start(time: f64, step: u64) -> Message {
    const START: u64 = 1;
    Message::new().double(1, time).int(2, step).message(7, Message::new().int(1, START))
}

/// A value under a name.
pub(super) fn summary(time: f64, step: u64, value: Message) -> Message {
    Message::new().double(1, time).int(2, step).message(5, Message::new().message(1, value))
}

pub(super) fn scalar(tag: &str, value: f32) -> Message {
    Message::new().text(1, tag).chosen_float(2, value)
}

/// A picture as a PNG file, with one byte for each of its 1, 3 or 4 channels.
pub(super) fn image(tag: &str, [height, width, channels]: [usize; 3], png: &[u8]) -> Message {
    let [height, width, channels] = [height, width, channels].map(|size| size as u64);
    let image = Message::new().int(1, height).int(2, width).int(3, channels).text(4, png);
    Message::new().text(1, tag).message(4, image)
}

pub(super) fn histogram(tag: &str, histogram: &Histogram) -> Message {
    let Histogram { low, high, count, sum, squares, limits, buckets } = histogram;
    let numbers = Message::new().double(1, *low).double(2, *high).double(3, *count).double(4, *sum);
    let buckets = numbers.double(5, *squares).doubles(6, limits).doubles(7, buckets);
    Message::new().text(1, tag).message(5, buckets)
}

/// A text in Markdown: a tensor of one text, marked as one for the plugin that shows texts.
pub(super) fn text(tag: &str, text: &str) -> Message {
    const STRING: u64 = 7;
    let shape = Message::new().message(2, Message::new().int(1, 1));
    let tensor = Message::new().int(1, STRING).message(2, shape).item(8, text);
    let metadata = Message::new().message(1, Message::new().text(1, "text"));
    Message::new().text(1, tag).message(8, tensor).message(9, metadata)
}
