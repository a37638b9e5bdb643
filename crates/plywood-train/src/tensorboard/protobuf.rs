//! The wire format of protocol buffers, as far as event files need it.

/// A message that is being written, field after field.
///
/// Numbers that are zero and empty texts are what a reader assumes of a field that is not there: as in `proto3`, they are
/// left out.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Message(Vec<u8>);

/// How the bytes after a key are to be read.
const VARINT: u64 = 0;
const FIXED_64: u64 = 1;
const LENGTH: u64 = 2;
const FIXED_32: u64 = 5;

impl Message {
    pub(super) fn new() -> Message {
        Message::default()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn key(&mut self, field: u64, kind: u64) {
        self.varint(field << 3 | kind);
    }

    pub(super) fn int(mut self, field: u64, value: u64) -> Message {
        if value != 0 {
            self.key(field, VARINT);
            self.varint(value);
        }
        self
    }

    pub(super) fn double(mut self, field: u64, value: f64) -> Message {
        if value.to_bits() != 0 {
            self.key(field, FIXED_64);
            self.0.extend(value.to_le_bytes());
        }
        self
    }

    /// Also if it is zero: one of several fields of which there is one.
    pub(super) fn chosen_float(mut self, field: u64, value: f32) -> Message {
        self.key(field, FIXED_32);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// Numbers side by side.
    pub(super) fn doubles(self, field: u64, values: &[f64]) -> Message {
        let packed: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.text(field, packed)
    }

    pub(super) fn text(self, field: u64, bytes: impl AsRef<[u8]>) -> Message {
        if bytes.as_ref().is_empty() { self } else { self.item(field, bytes) }
    }

    /// Also if it is empty: one of a list, or one of several fields of which there is one.
    pub(super) fn item(mut self, field: u64, bytes: impl AsRef<[u8]>) -> Message {
        let bytes = bytes.as_ref();
        self.key(field, LENGTH);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    pub(super) fn message(self, field: u64, message: Message) -> Message {
        self.item(field, message.0)
    }
}
