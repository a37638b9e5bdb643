//! Files that are cut, changed or made up are refused.

use plywood_train::codec::{self, Bytes, Defect, Kind};
use proptest::prelude::*;
use std::collections::BTreeMap;

const KIND: Kind = Kind::new("a test");
type Value = (u64, String, Vec<f64>, Option<bool>, BTreeMap<String, Bytes>);

fn value() -> Value {
    let map = BTreeMap::from([("a".to_owned(), Bytes(vec![1, 2, 3])), ("b".to_owned(), Bytes(vec![]))]);
    (7, "text".into(), vec![0.5, f64::INFINITY], Some(true), map)
}

/// An envelope around any content, with everything in order.
fn envelope(content: &[u8]) -> Vec<u8> {
    let mut file = codec::encode(KIND, &()).unwrap();
    file[28..36].copy_from_slice(&(content.len() as u64).to_le_bytes());
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&file[8..36]);
    hasher.update(content);
    file[36..40].copy_from_slice(&hasher.finalize().to_le_bytes());
    file.extend(content);
    file
}

#[test]
fn the_format_does_not_change() {
    let file = codec::encode(KIND, &(1_u32, "ab")).unwrap();
    let expected = b"\x89PLYWOOD\x01\0\0\0a test\0\0\0\0\0\0\0\0\0\0\x0e\0\0\0\0\0\0\0";
    assert_eq!(file[..36], expected[..]);
    assert_eq!(file[40..], *b"\x01\0\0\0\x02\0\0\0\0\0\0\0ab");
    assert_eq!(codec::decode::<(u32, String)>(KIND, &file).unwrap(), (1, "ab".into()));
}

#[test]
fn every_cut_and_every_flipped_bit_is_an_error() {
    let file = codec::encode(KIND, &value()).unwrap();
    assert_eq!(codec::decode::<Value>(KIND, &file).unwrap(), value());
    for length in 0..file.len() {
        codec::decode::<Value>(KIND, &file[..length]).unwrap_err();
    }
    for bit in 0..8 * file.len() {
        let mut file = file.clone();
        file[bit / 8] ^= 1 << (bit % 8);
        codec::decode::<Value>(KIND, &file).unwrap_err();
    }
}

#[test]
fn every_defect_has_its_text() {
    let file = codec::encode(KIND, &value()).unwrap();
    let changed = |position: usize, byte: u8| {
        let mut file = file.clone();
        file[position] = byte;
        file
    };
    let read = |file: &[u8]| codec::decode::<Value>(KIND, file).unwrap_err().to_string();
    for (file, text) in [
        (vec![], "the file ends within its header"),
        (b"PK\x03\x04".to_vec(), "not a file of plywood"),
        (changed(0, b'P'), "not a file of plywood"),
        (file[..20].to_vec(), "the file ends within its header"),
        (changed(8, 2), "expected format 1, got 2: the file was written by another version of plywood"),
        (changed(12, b'b'), "the checksum differs: the file is damaged"),
        (
            codec::encode(Kind::new("other"), &value()).unwrap(),
            "expected a file of kind \"a test\", got \"other\"",
        ),
        (envelope(&[0; 7]).to_vec(), "the content cannot be read: UnexpectedEnd { additional: 1 }"),
    ] {
        assert_eq!(read(&file), text);
    }
    let longer = [&file[..], &[0]].concat();
    assert_eq!(
        codec::decode::<Value>(KIND, &longer).unwrap_err(),
        Defect::Length { expected: file.len() as u64 - 40, got: file.len() as u64 - 39 }
    );
    let trailing = codec::decode::<u8>(KIND, &envelope(&[1, 2, 3])).unwrap_err();
    assert_eq!(trailing.to_string(), "the value ends 2 bytes before the content does");
}

#[test]
fn a_made_up_length_allocates_nothing() {
    for length in [1_u64 << 40, u64::MAX, 1 << 20] {
        let file = envelope(&length.to_le_bytes());
        codec::decode::<String>(KIND, &file).unwrap_err();
        codec::decode::<Bytes>(KIND, &file).unwrap_err();
        codec::decode::<Vec<f64>>(KIND, &file).unwrap_err();
        codec::decode::<BTreeMap<u64, u64>>(KIND, &file).unwrap_err();
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(value: (u64, String, Vec<f32>, Option<bool>, Vec<u8>)) {
        let (a, b, c, d, e) = value;
        let value = (a, b, c.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), d, Bytes(e));
        let file = codec::encode(KIND, &value).unwrap();
        prop_assert_eq!(codec::decode::<(u64, String, Vec<u32>, Option<bool>, Bytes)>(KIND, &file).unwrap(), value);
    }

    #[test]
    fn made_up_content_never_panics(content: Vec<u8>) {
        let _ = codec::decode::<Value>(KIND, &envelope(&content));
        let _ = codec::decode::<Value>(KIND, &content);
    }
}
