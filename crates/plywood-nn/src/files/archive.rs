//! A state and a note, as the bytes of a `safetensors` file.

use super::header::{self, Header, METADATA};
use super::numbers::{self, Problem, Source};
use crate::error::shown;
use crate::{NnError, StateDict};
use plywood_autograd::BufferValue;
use plywood_tensor::{Error, Result};
use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::{Read, Write};

/// What a file holds: values by name, and perhaps one entry of its `__metadata__`.
///
/// One entry only: the format keeps several in no order, and the same model shall give the same bytes.
#[derive(Debug)]
pub(crate) struct Archive {
    pub(crate) state: StateDict,
    /// Key and text.
    pub(crate) note: Option<(String, String)>,
}

impl Archive {
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.write(&mut bytes, |_, error| format(error.to_string()))?;
        Ok(bytes)
    }

    /// Writes the file, part by part; `cannot` makes an error of what the writer says.
    pub(crate) fn write<W: Write>(
        &self,
        to: &mut W,
        cannot: impl Fn(&W, std::io::Error) -> Error,
    ) -> Result<()> {
        let mut values: Vec<(&String, &BufferValue)> = self.state.0.iter().collect();
        values.sort_by_key(|&(name, value)| (Reverse(numbers::kind(value)), name));
        let mut header = self.header(&values)?;
        // With blanks, so that the data begins where eight-byte numbers may.
        let padded = header.len().next_multiple_of(8);
        header.extend(std::iter::repeat_n(' ', padded - header.len()));
        if padded as u64 > header::LONGEST {
            let limit = header::LONGEST;
            return Err(format(format!("expected a header of at most {limit} bytes, got {padded}")));
        }
        let mut write = || {
            to.write_all(&(padded as u64).to_le_bytes())?;
            to.write_all(header.as_bytes())?;
            values.iter().try_for_each(|(_, value)| numbers::write(value, to))
        };
        write().map_err(|error| cannot(to, error))
    }

    /// The header for values in this order.
    fn header(&self, values: &[(&String, &BufferValue)]) -> Result<String> {
        let text = |text: &str| serde_json::to_string(text).expect("a text has a place in JSON");
        let mut header = String::from("{");
        if let Some((key, note)) = &self.note {
            write!(header, "\"{METADATA}\":{{{}:{}}}", text(key), text(note)).expect("a string takes all");
        }
        let mut place = 0;
        for (name, value) in values {
            if *name == METADATA {
                return Err(format(format!("expected another name of a tensor, got {METADATA:?}")));
            }
            let kind = numbers::kind(value);
            let end = place + value.shape().numel() * kind.width();
            let comma = if header.len() > 1 { "," } else { "" };
            let sizes: Vec<String> = value.shape().iter().map(usize::to_string).collect();
            write!(
                header,
                "{comma}{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{place},{end}]}}",
                text(name),
                kind.name(),
                sizes.join(","),
            )
            .expect("a string takes all");
            place = end;
        }
        header.push('}');
        Ok(header)
    }

    /// The values, and the entry of this key, in the bytes of a file.
    pub(crate) fn from_bytes(mut bytes: &[u8], key: &str) -> Result<Archive> {
        let length = bytes.len() as u64;
        Archive::read(&mut bytes, length, key)
    }

    /// The values, and the entry of this key, in a file of so many bytes.
    ///
    /// All that the file says is checked against its length before a value is allocated, and each value is read into its place.
    pub(crate) fn read(from: &mut dyn Read, length: u64, key: &str) -> Result<Archive> {
        let cannot = |error: std::io::Error| format(format!("cannot be read: {error}"));
        if length < 8 {
            return Err(format(format!("expected a safetensors file, got {length} bytes")));
        }
        let mut first = [0; 8];
        from.read_exact(&mut first).map_err(cannot)?;
        let (told, rest) = (u64::from_le_bytes(first), length - 8);
        let data = rest.checked_sub(told).ok_or_else(|| {
            let got = format!("a header of {told} bytes in a file of {length}");
            format(format!("expected a safetensors file, got {got}"))
        })?;
        if told > header::LONGEST {
            let limit = header::LONGEST;
            return Err(format(format!("expected a header of at most {limit} bytes, got {told}")));
        }
        let mut json = vec![0; told as usize];
        from.read_exact(&mut json).map_err(cannot)?;
        let Header { entries, note } = Header::parse(&json, data, key)?;
        drop(json);
        let (mut state, mut source) = (StateDict::default(), Source::new(from));
        for entry in entries {
            let value = source.value(entry.kind, &entry.shape).map_err(|problem| match problem {
                Problem::Read(error) => cannot(error),
                Problem::Number(reason) => format(format!("tensor {}: {reason}", shown(&entry.name))),
            })?;
            state.0.insert(entry.name, value);
        }
        Ok(Archive { state, note: note.map(|text| (key.to_owned(), text)) })
    }
}

fn format(reason: String) -> Error {
    NnError::Format { reason }.into()
}
