//! What can be wrong with a file.

use super::Kind;

/// What can be wrong with a file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Defect {
    /// The system cannot read or write it.
    #[error("{0}")]
    System(String),
    /// It is not there.
    #[error("no such file or folder")]
    Missing,
    /// It is not one of ours.
    #[error("not a file of plywood")]
    Magic,
    /// It ends before its content begins.
    #[error("the file ends within its header")]
    Header,
    /// It was written by another version.
    #[error("expected format {expected}, got {got}: the file was written by another version of plywood")]
    Version {
        /// What this version reads.
        expected: u32,
        /// What the file says.
        got: u32,
    },
    /// It holds something else.
    #[error("expected a file of kind \"{expected}\", got \"{got}\"")]
    Kind {
        /// What was asked for.
        expected: Kind,
        /// What the file says.
        got: Kind,
    },
    /// It is shorter or longer than it says.
    #[error("expected {expected} bytes of content, got {got}: the file is damaged")]
    Length {
        /// What the file says.
        expected: u64,
        /// What there is.
        got: u64,
    },
    /// Some of it has changed.
    #[error("the checksum differs: the file is damaged")]
    Checksum,
    /// The content does not make a value.
    #[error("the content cannot be read: {0}")]
    Content(String),
    /// There is content left when the value is complete.
    #[error("the value ends {0} bytes before the content does")]
    Trailing(usize),
}

impl plywood_tensor::Source for Defect {}

impl From<std::io::Error> for Defect {
    fn from(error: std::io::Error) -> Defect {
        if error.kind() == std::io::ErrorKind::NotFound {
            return Defect::Missing;
        }
        // The kind reads the same on every system, unlike the system's own text.
        Defect::System(error.kind().to_string())
    }
}
