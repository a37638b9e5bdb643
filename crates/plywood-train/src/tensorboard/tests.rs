//! Our bytes beside those of the `tensorboard` package.

use super::histogram::Histogram;
use super::{event, png, record};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../tests/golden/events.json")).unwrap()
}

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn records_are_those_of_the_tensorboard_package() {
    const TIME: f64 = 1_700_000_000.25;
    let histogram = Histogram {
        low: -1.5,
        high: 2.0,
        count: 5.0,
        sum: 0.5,
        squares: 7.25,
        limits: vec![0.0, 1.0, 2.0],
        buckets: vec![2.0, 0.0, 3.0],
    };
    let golden = golden();
    for (name, message) in [
        ("version", event::version(TIME)),
        ("start", event::start(TIME, 301)),
        ("scalar", event::summary(TIME, 7, event::scalar("validation loss", 0.625))),
        ("scalar 0", event::summary(TIME, 0, event::scalar("loss", 0.0))),
        ("scalar nan", event::summary(TIME, 1 << 40, event::scalar("loss", f32::NAN))),
        ("histogram", event::summary(TIME, 300, event::histogram("weights/0.weight", &histogram))),
        ("image", event::summary(TIME, 2, event::image("digit", [2, 3, 1], &[1, 2, 3]))),
        ("text", event::summary(TIME, 1, event::text("model", "Linear(3 → 2)"))),
        ("text empty", event::summary(TIME, 1, event::text("model", ""))),
    ] {
        assert_eq!(record::framed(message.bytes()), bytes(&golden["records"][name]), "{name}");
    }
    assert_eq!(golden["records"].as_object().unwrap().len(), 9);
}

/// Header and end are Pillow's to the byte; rows may be filtered and compressed in another way, but hold the same pixels.
#[test]
fn pictures_are_those_of_pillow() {
    let golden = golden();
    let cases = golden["pictures"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let size = [0, 1, 2].map(|i| case["size"][i].as_u64().unwrap() as usize);
        let pixels = bytes(&case["pixels"]);
        let file = png::png(size, &pixels).unwrap();
        assert_eq!(file[..33], bytes(&case["png"])[..33], "{size:?}");
        let length = u32::from_be_bytes(file[33..37].try_into().unwrap()) as usize;
        let mut rows = Vec::new();
        let mut reader = flate2::read::ZlibDecoder::new(&file[41..41 + length]);
        std::io::Read::read_to_end(&mut reader, &mut rows).unwrap();
        let expected: Vec<u8> =
            pixels.chunks(size[1] * size[2]).flat_map(|row| [&[0], row].concat()).collect();
        assert_eq!(rows, expected, "{size:?}");
        assert_eq!(file[file.len() - 12..], bytes(&case["png"])[bytes(&case["png"]).len() - 12..]);
    }
}
