//! What can be wrong with a file of images or labels.

/// What can be wrong with a file of images or labels.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FileProblem {
    /// It cannot be opened or read.
    #[error("cannot read: {reason}")]
    Read {
        /// What the system says.
        reason: String,
    },
    /// None of the files that a folder should have one of.
    #[error("expected a file {}, got none", expected.join(" or "))]
    NoFile {
        /// The names it may have.
        expected: Vec<String>,
    },
    /// Compressed with gzip, and damaged.
    #[error("cannot unpack: {reason}")]
    Unpack {
        /// What the decoder says.
        reason: String,
    },
    /// Does not begin as files of this format do.
    #[error("expected a file that begins with {expected}, got {got}")]
    Magic {
        /// The first bytes of the format.
        expected: &'static str,
        /// The first bytes of the file.
        got: String,
    },
    /// Numbers of a type that is not the one needed.
    #[error("expected numbers of type {expected}, got {got:#04x}")]
    Type {
        /// The type needed.
        expected: &'static str,
        /// The byte that tells the type.
        got: u8,
    },
    /// An array of another number of axes than needed.
    #[error("expected {expected}, got {got} axes")]
    Rank {
        /// What is needed.
        expected: &'static str,
        /// How many axes there are.
        got: usize,
    },
    /// Shorter or longer than its own beginning says.
    #[error("expected {expected} bytes of {of}, got {got}")]
    Size {
        /// What the bytes are.
        of: String,
        /// How many there should be.
        expected: u64,
        /// How many there are, at least.
        got: u64,
    },
    /// A size that no file of this length can have, or more than is read.
    #[error("expected at most {limit} {of}, got {got}")]
    Limit {
        /// What is limited.
        of: &'static str,
        /// The most of it.
        limit: u64,
        /// What the file has, or says.
        got: u64,
    },
    /// Sizes whose product is no number.
    #[error("expected a size in bytes below 2^64, got the sizes {sizes:?}")]
    Overflow {
        /// The sizes.
        sizes: Vec<u64>,
    },
    /// Not a whole number of records.
    #[error("expected records of {record} bytes, at least one, got {got} bytes")]
    Records {
        /// The length of a record.
        record: u64,
        /// The length of the file.
        got: u64,
    },
    /// A label that is no class.
    #[error("record {record}: expected a label in 0..{classes}, got {got}")]
    Label {
        /// The number of the record, counted from 0.
        record: usize,
        /// How many classes there are.
        classes: usize,
        /// The label.
        got: i64,
    },
    /// Images and labels of different number.
    #[error("expected a label for each of {images} images, got {labels}")]
    Count {
        /// How many images there are.
        images: usize,
        /// How many labels there are.
        labels: usize,
    },
    /// A folder without a folder for each class.
    #[error("expected a folder for each class, got none")]
    NoClasses,
    /// An image that cannot be decoded.
    #[error("cannot decode: {reason}")]
    Decode {
        /// What the decoder says.
        reason: String,
    },
}
