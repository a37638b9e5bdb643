//! The header of a `safetensors` file: what it names, checked before anything is made of it.

use super::kind::Kind;
use crate::NnError;
use crate::error::{brief, shown};
use plywood_tensor::{Result, Shape};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A header is at most so long, as the reference implementation has it.
pub(super) const LONGEST: u64 = 100_000_000;
/// The name that is no tensor's.
pub(super) const METADATA: &str = "__metadata__";
/// No tensor has more axes.
const AXES: usize = plywood_tensor::MAX_RANK;

/// What a file holds, in the order of its bytes.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) entries: Vec<Entry>,
    /// The text of the metadata that was asked for.
    pub(super) note: Option<String>,
}

/// A tensor in a file; its bytes follow those of the one before.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) shape: Shape,
}

impl Header {
    /// Reads the header of a file with so many bytes of data behind it.
    pub(super) fn parse(json: &[u8], data: u64, key: &str) -> Result<Header> {
        let damaged = |error: serde_json::Error| format(format!("damaged header: {}", brief(error)));
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let (mut found, note) = deserializer.deserialize_map(Everything { key }).map_err(damaged)?;
        deserializer.end().map_err(damaged)?;
        found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = found.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(format(format!("damaged header: {} comes twice", shown(&pair[0].name))));
        }
        // Equal ones are empty: their order does not matter to the bytes, and the names have put them in one.
        found.sort_by_key(|entry| entry.range);
        let mut place = 0;
        let mut entries = Vec::with_capacity(found.len());
        for found in found {
            let name = shown(&found.name);
            let entry =
                found.check(&mut place).map_err(|reason| format(format!("tensor {name}: {reason}")))?;
            entries.push(entry);
        }
        if place != data {
            return Err(format(format!("expected {place} bytes of data, got {data}")));
        }
        Ok(Header { entries, note })
    }
}

/// A tensor as the header describes it.
struct Found<'h> {
    name: String,
    dtype: Cow<'h, str>,
    /// The first sizes, and how many there are.
    sizes: ([usize; AXES], usize),
    range: (u64, u64),
}

impl Found<'_> {
    /// Whether it makes sense, and lies at this place; which is moved behind it.
    fn check(self, place: &mut u64) -> Result<Entry, String> {
        let kind = Kind::named(&self.dtype)?;
        let (dims, rank) = self.sizes;
        if rank > AXES {
            return Err(format!("expected at most {AXES} axes, got {rank}"));
        }
        let shape = Shape::new(&dims[..rank]).map_err(|error| error.to_string())?;
        let (start, end) = self.range;
        if start != *place || end < start {
            return Err(format!("expected data from byte {place} on, got {start}..{end}"));
        }
        // A shape can be addressed with numbers of sixteen bytes.
        let bytes = (shape.numel() * kind.width()) as u64;
        if end - start != bytes {
            return Err(format!("expected {bytes} bytes for {} {shape}, got {}", kind.name(), end - start));
        }
        *place = end;
        Ok(Entry { name: self.name, kind, shape })
    }
}

fn format(reason: String) -> plywood_tensor::Error {
    NnError::Format { reason }.into()
}

/// The whole object: tensors by name, and the metadata.
struct Everything<'k> {
    key: &'k str,
}

impl<'h> Visitor<'h> for Everything<'_> {
    type Value = (Vec<Found<'h>>, Option<String>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors by name")
    }

    fn visit_map<A: MapAccess<'h>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut found, mut note) = (Vec::new(), None);
        while let Some(name) = map.next_key::<String>()? {
            if name == METADATA {
                let read = map.next_value_seed(Metadata { key: self.key })?;
                if note.replace(read).is_some() {
                    return Err(A::Error::custom(format!("{name:?} comes twice")));
                }
            } else {
                found.push(map.next_value_seed(Tensor { name })?);
            }
        }
        Ok((found, note.flatten()))
    }
}

/// Texts by name, of which one is kept.
struct Metadata<'k> {
    key: &'k str,
}

impl<'h> DeserializeSeed<'h> for Metadata<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'h>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'h> Visitor<'h> for Metadata<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts by name")
    }

    fn visit_map<A: MapAccess<'h>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut note = None;
        while let Some(name) = map.next_key::<String>()? {
            let text = map.next_value::<String>()?;
            if name == self.key && note.replace(text).is_some() {
                return Err(A::Error::custom(format!("{name:?} comes twice")));
            }
        }
        Ok(note)
    }
}

/// The description of one tensor; what else it says is for others.
struct Tensor {
    name: String,
}

impl<'h> DeserializeSeed<'h> for Tensor {
    type Value = Found<'h>;

    fn deserialize<D: Deserializer<'h>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'h> Visitor<'h> for Tensor {
    type Value = Found<'h>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with dtype, shape and data_offsets")
    }

    fn visit_map<A: MapAccess<'h>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut dtype, mut sizes, mut range) = (None, None, None);
        while let Some(field) = map.next_key::<Cow<'h, str>>()? {
            let twice = match &*field {
                "dtype" => dtype.replace(map.next_value_seed(Text)?).is_some(),
                "shape" => sizes.replace(map.next_value_seed(Sizes)?).is_some(),
                "data_offsets" => range.replace(map.next_value::<(u64, u64)>()?).is_some(),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    false
                }
            };
            if twice {
                return Err(A::Error::custom(format!("{field:?} of {} comes twice", shown(&self.name))));
            }
        }
        let lacks = |field: &str| A::Error::custom(format!("{} has no {field}", shown(&self.name)));
        Ok(Found {
            dtype: dtype.ok_or_else(|| lacks("dtype"))?,
            sizes: sizes.ok_or_else(|| lacks("shape"))?,
            range: range.ok_or_else(|| lacks("data_offsets"))?,
            name: self.name,
        })
    }
}

/// A text, of the file itself if it stands there as it is.
struct Text;

impl<'h> DeserializeSeed<'h> for Text {
    type Value = Cow<'h, str>;

    fn deserialize<D: Deserializer<'h>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'h> Visitor<'h> for Text {
    type Value = Cow<'h, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'h str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// As many sizes as a tensor can have, and how many there are: a list of thousands takes no memory.
struct Sizes;

impl<'h> DeserializeSeed<'h> for Sizes {
    type Value = ([usize; AXES], usize);

    fn deserialize<D: Deserializer<'h>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'h> Visitor<'h> for Sizes {
    type Value = ([usize; AXES], usize);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of sizes")
    }

    fn visit_seq<A: SeqAccess<'h>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let (mut sizes, mut rank) = ([0; AXES], 0);
        while let Some(size) = list.next_element::<usize>()? {
            if let Some(place) = sizes.get_mut(rank) {
                *place = size;
            }
            rank += 1;
        }
        Ok((sizes, rank))
    }
}
