//! What can be wrong with a file of images, labels or arrays.

use crate::data_error::{SHOWN, one_of};
use plywood_tensor::{label_advice, quoted};

/// What can be wrong with a file of images, labels or arrays.
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
    #[error("record {record}: expected a label in 0..{classes}, got {got}{}", label_advice(*got, *classes))]
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
    #[error("expected a folder for each class, got {}", no_classes(*images))]
    NoClasses {
        /// How many images lie in it directly.
        images: usize,
    },
    /// The folder of a class without an image.
    #[error("expected a file *.png or *.jpg or *.jpeg, got {got}")]
    NoImage {
        /// What there is instead, and what can be done.
        got: String,
    },
    /// An image that cannot be decoded.
    #[error("cannot decode: {reason}")]
    Decode {
        /// What the decoder says.
        reason: String,
    },
    /// A version of the format that is not read.
    #[error("expected version {expected} of the format, got {got}")]
    Version {
        /// The versions that are.
        expected: &'static str,
        /// The version of the file.
        got: String,
    },
    /// A header that is not written as it should be.
    #[error("header, byte {byte}: expected {expected}, got {got}")]
    Header {
        /// Where, counted from the beginning of the header.
        byte: usize,
        /// What should stand there.
        expected: String,
        /// What stands there.
        got: String,
    },
    /// An array of numbers of a type that is not the one needed, or of something else.
    #[error("expected numbers of type {expected}, got {got}")]
    Numbers {
        /// The types.
        expected: &'static str,
        /// The type of the array.
        got: String,
    },
    /// A number that does not fit.
    #[error("number {index}: expected {expected}, got {got}")]
    Number {
        /// The position in the file, counted from 0.
        index: usize,
        /// What it may be.
        expected: &'static str,
        /// The number.
        got: String,
    },
    /// An archive that is not as it should be.
    #[error("archive: expected {expected}, got {got}")]
    Zip {
        /// What should be there.
        expected: String,
        /// What is there.
        got: String,
    },
    /// An array that the archive does not have.
    #[error("expected {}, got {}", one_of(expected), quoted(got, SHOWN))]
    NoArray {
        /// The names of the arrays.
        expected: Vec<String>,
        /// The name asked for.
        got: String,
    },
}

fn no_classes(images: usize) -> String {
    match images {
        0 => "none".into(),
        1 => "1 image; put it into a folder named after its class".into(),
        images => format!("{images} images; put those of each class into a folder named after it"),
    }
}
