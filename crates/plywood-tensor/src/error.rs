//! The one error of the workspace: where (a path of layers) and what (a typed source).

use std::error::Error as StdError;
use std::fmt;

/// What went wrong, and in which layer.
///
/// Prints as one line, `path: source`; `Debug` prints the same, so that `fn main() -> Result<()>` shows a sentence.
/// The source keeps its type: ask for it with [`Error::source_as`].
///
/// ```
/// use plywood_tensor::{At, Error, Tensor, TensorError};
///
/// let error: Error = Tensor::zeros([2, 3]).unwrap().add(&Tensor::zeros([4]).unwrap()).at("encoder.up").unwrap_err();
/// assert_eq!(error.to_string(), "encoder.up: add: cannot broadcast [2, 3] with [4]");
/// assert!(matches!(error.source_as::<TensorError>(), Some(TensorError::Broadcast { .. })));
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    path: Vec<String>,
    source: Box<dyn StdError + Send + Sync>,
}

/// The result of anything that a user's input can break.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error enum that `?` turns into an [`Error`]: the door for crates above and for users' own modules and data sets.
///
/// ```
/// #[derive(Debug)]
/// struct Unreadable { row: usize }
/// impl std::fmt::Display for Unreadable {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "row {} is unreadable", self.row) }
/// }
/// impl std::error::Error for Unreadable {}
/// impl plywood_tensor::Source for Unreadable {}
///
/// fn load() -> plywood_tensor::Result<()> { Err(Unreadable { row: 3 })? }
/// assert_eq!(load().unwrap_err().to_string(), "row 3 is unreadable");
/// ```
pub trait Source: StdError + Send + Sync + 'static {}

impl Source for std::io::Error {}

impl Error {
    /// An error from any source; `?` does the same for types that implement [`Source`].
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Error(Box::new(Inner { path: Vec::new(), source: source.into() }))
    }

    /// The path of layers from the outermost to the one that failed, joined by dots; empty outside a model.
    pub fn path(&self) -> String {
        self.0.path.iter().rev().map(String::as_str).collect::<Vec<_>>().join(".")
    }

    /// The source, if it is a `T`.
    pub fn source_as<T: StdError + 'static>(&self) -> Option<&T> {
        self.0.source.downcast_ref()
    }

    /// The same error, one layer further out; a segment without a name adds nothing.
    #[must_use]
    pub fn at(mut self, segment: impl fmt::Display) -> Self {
        let segment = segment.to_string();
        if !segment.is_empty() {
            self.0.path.push(segment);
        }
        self
    }
}

impl<E: Source> From<E> for Error {
    fn from(source: E) -> Self {
        Error::new(source)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "{}: ", self.path())?;
        }
        write!(f, "{}", self.0.source)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.source()
    }
}

/// Adds a segment of the layer path to an error, on the error path only.
pub trait At<T> {
    /// Names the layer in which the error arose; calls nest outwards.
    ///
    /// # Errors
    /// The same error, with `segment` before its path.
    fn at(self, segment: impl fmt::Display) -> Result<T>;
}

impl<T, E: Into<Error>> At<T> for Result<T, E> {
    #[inline]
    fn at(self, segment: impl fmt::Display) -> Result<T> {
        self.map_err(|error| error.into().at(segment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_of_unit_is_one_pointer() {
        assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    }

    #[test]
    fn paths_nest_outwards_and_debug_is_display() {
        let error = Err::<(), _>(std::io::Error::other("disk full")).at("up").at(2).at("layers").unwrap_err();
        assert_eq!(error.to_string(), "layers.2.up: disk full");
        assert_eq!(format!("{error:?}"), "layers.2.up: disk full");
        assert_eq!(
            Err::<(), _>(std::io::Error::other("disk full")).at("").unwrap_err().to_string(),
            "disk full"
        );
    }
}
