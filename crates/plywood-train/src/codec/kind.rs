//! What a file holds.

use plywood_tensor::one_line;
use std::fmt;

/// What a file holds, in up to 16 bytes of text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Kind([u8; 16]);

impl Kind {
    /// A kind of this name; meant for constants.
    ///
    /// # Panics
    /// For a name of more than 16 bytes: in a constant, that does not compile.
    pub const fn new(name: &str) -> Kind {
        let name = name.as_bytes();
        assert!(name.len() <= 16, "a kind has at most 16 bytes");
        let mut bytes = [0; 16];
        let mut i = 0;
        while i < name.len() {
            bytes[i] = name[i];
            i += 1;
        }
        Kind(bytes)
    }

    pub(super) fn bytes(self) -> [u8; 16] {
        self.0
    }

    pub(super) fn from_bytes(bytes: [u8; 16]) -> Kind {
        Kind(bytes)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.split(|&byte| byte == 0).next().unwrap_or_default();
        // It may be of a file of strangers.
        f.write_str(&one_line(&String::from_utf8_lossy(name), name.len()))
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kind({self})")
    }
}
