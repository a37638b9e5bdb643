//! How values become files: the only place of the workspace where `bincode` is met.
//!
//! A file is an envelope around the value. All integers are little-endian and of fixed width:
//!
//! | bytes | what |
//! |---|---|
//! | 0–8 | `89 50 4C 59 57 4F 4F 44`, a byte that is no text and `PLYWOOD` |
//! | 8–12 | version of the format, 1 |
//! | 12–28 | [`Kind`] of the content, padded with zeros |
//! | 28–36 | length of the content |
//! | 36–40 | CRC-32 of bytes 8–36 and the content |
//! | 40– | the content, by `bincode` 2 |
//!
//! Whatever differs is a [`Defect`]: a file that was cut, that is longer, that was changed, that holds something else.
//! The checksum is compared before the content is looked at. What a hostile file can make [`decode`] allocate is
//! bounded by 64 times its own length, and 1 MiB for each list that lies in another. A content has at most 2 GiB.
//!
//! ```
//! use plywood_train::codec::{self, Defect, Kind};
//!
//! const NOTE: Kind = Kind::new("note");
//! let bytes = codec::encode(NOTE, &("learning rate", 0.5))?;
//! let (name, value): (String, f64) = codec::decode(NOTE, &bytes)?;
//! assert_eq!((name.as_str(), value), ("learning rate", 0.5));
//!
//! let cut = codec::decode::<(String, f64)>(NOTE, &bytes[..50]).unwrap_err();
//! assert_eq!(cut, Defect::Length { expected: 29, got: 10 });
//! assert_eq!(cut.to_string(), "expected 29 bytes of content, got 10: the file is damaged");
//! # Ok::<(), Defect>(())
//! ```

mod bytes;
mod defect;
mod kind;
mod limited;

pub use bytes::Bytes;
pub use defect::Defect;
pub use kind::Kind;

use serde::Serialize;
use serde::de::DeserializeOwned;

const MAGIC: [u8; 8] = *b"\x89PLYWOOD";
const VERSION: u32 = 1;
const HEADER: usize = 40;

/// A value in its envelope.
///
/// # Errors
/// [`Defect::Content`] for a value that cannot be written, such as a list whose length is not known.
pub fn encode<T: Serialize>(kind: Kind, value: &T) -> Result<Vec<u8>, Defect> {
    let content = limited::encode(value)?;
    let mut file = Vec::with_capacity(HEADER + content.len());
    file.extend(MAGIC);
    file.extend(VERSION.to_le_bytes());
    file.extend(kind.bytes());
    file.extend((content.len() as u64).to_le_bytes());
    file.extend(checksum(&file[8..], &content).to_le_bytes());
    file.extend(content);
    Ok(file)
}

/// The value in an envelope.
///
/// # Errors
/// A [`Defect`] if the file is not exactly what [`encode`] wrote for this kind.
pub fn decode<T: DeserializeOwned>(kind: Kind, file: &[u8]) -> Result<T, Defect> {
    let Some((header, content)) = file.split_at_checked(HEADER) else {
        let known = file.len().min(MAGIC.len());
        return Err(if file[..known] == MAGIC[..known] { Defect::Header } else { Defect::Magic });
    };
    if header[..8] != MAGIC {
        return Err(Defect::Magic);
    }
    let got = u32::from_le_bytes(field(header, 8));
    if got != VERSION {
        return Err(Defect::Version { expected: VERSION, got });
    }
    let expected = u64::from_le_bytes(field(header, 28));
    if expected != content.len() as u64 {
        return Err(Defect::Length { expected, got: content.len() as u64 });
    }
    if checksum(&header[8..36], content) != u32::from_le_bytes(field(header, 36)) {
        return Err(Defect::Checksum);
    }
    let found = Kind::from_bytes(field(header, 12));
    if found != kind {
        return Err(Defect::Kind { expected: kind, got: found });
    }
    limited::decode(content)
}

/// The bytes from `start`, as many as the type has.
fn field<const N: usize>(header: &[u8], start: usize) -> [u8; N] {
    header[start..start + N].try_into().expect("the header is as long as its fields")
}

fn checksum(header: &[u8], content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(header);
    hasher.update(content);
    hasher.finalize()
}
