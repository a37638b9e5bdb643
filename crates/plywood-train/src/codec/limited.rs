//! `bincode`, always with a limit.

use super::Defect;
use bincode::config::{Configuration, Fixint, Limit, LittleEndian, standard};
use plywood_tensor::one_line;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn config<const LIMIT: usize>() -> Configuration<LittleEndian, Fixint, Limit<LIMIT>> {
    standard().with_little_endian().with_fixed_int_encoding().with_limit::<LIMIT>()
}

/// The largest content there can be: 2 GiB. Weights stand in files of their own.
const LARGEST: usize = 1 << 31;

pub(super) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, Defect> {
    bincode::serde::encode_to_vec(value, config::<LARGEST>())
        .map_err(|error| Defect::Content(error.to_string()))
}

/// Reads with the smallest of a few limits that the content fits, so that a length within it cannot make the reader
/// allocate much more than was there to be read: 64 times as much, or 64 KiB. They are few because each is a reader of its own to
/// the compiler.
pub(super) fn decode<T: DeserializeOwned>(content: &[u8]) -> Result<T, Defect> {
    fn within<T: DeserializeOwned, const LIMIT: usize>(content: &[u8]) -> Result<T, Defect> {
        let (value, read) = bincode::serde::decode_from_slice(content, config::<LIMIT>())
            .map_err(|error| Defect::Content(one_line(&error.to_string(), 200)))?;
        if read == content.len() { Ok(value) } else { Err(Defect::Trailing(content.len() - read)) }
    }
    match content.len().next_power_of_two().trailing_zeros() {
        0..=16 => within::<T, { 1 << 16 }>(content),
        17..=20 => within::<T, { 1 << 20 }>(content),
        21..=26 => within::<T, { 1 << 26 }>(content),
        _ => within::<T, LARGEST>(content),
    }
}
