//! One row of the table.

use crate::Transform;
use plywood_tensor::Result;

/// A setting that is refused, and the exact text.
pub(crate) type Refused = (fn() -> Result<()>, &'static str);

/// A transform, and what it must do.
pub(crate) struct Row {
    /// The public struct.
    pub(crate) name: &'static str,
    pub(crate) make: Box<dyn Fn() -> Result<Box<dyn Transform>> + Sync>,
    /// The picture of the reference, by its name in the golden file.
    pub(crate) golden: Option<&'static str>,
    /// Agrees with the reference to the bit, and not only to one level.
    pub(crate) exact: bool,
    /// Changes nothing, whatever is drawn.
    pub(crate) identity: bool,
    /// Leaves mask and boxes alone.
    pub(crate) photometric: bool,
    /// What stands at the edge may be drawn out beyond its box.
    pub(crate) smears: bool,
    /// Real numbers may leave 0 to 1.
    pub(crate) overshoots: bool,
    /// Makes real numbers of bytes.
    pub(crate) numbers: bool,
    pub(crate) refused: Vec<Refused>,
}

impl Row {
    pub(crate) fn new<T: Transform + 'static>(
        name: &'static str,
        make: impl Fn() -> Result<T> + Sync + 'static,
    ) -> Row {
        Row {
            name,
            make: Box::new(move || Ok(Box::new(make()?))),
            golden: None,
            exact: false,
            identity: false,
            photometric: false,
            smears: false,
            overshoots: false,
            numbers: false,
            refused: Vec::new(),
        }
    }

    pub(crate) fn golden(self, golden: &'static str) -> Row {
        Row { golden: Some(golden), ..self }
    }

    pub(crate) fn exact(self) -> Row {
        Row { exact: true, ..self }
    }

    pub(crate) fn identity(self) -> Row {
        Row { identity: true, ..self }
    }

    pub(crate) fn photometric(self) -> Row {
        Row { photometric: true, ..self }
    }

    pub(crate) fn smears(self) -> Row {
        Row { smears: true, ..self }
    }

    pub(crate) fn overshoots(self) -> Row {
        Row { overshoots: true, ..self }
    }

    pub(crate) fn numbers(self) -> Row {
        Row { numbers: true, overshoots: true, photometric: true, ..self }
    }

    pub(crate) fn refused<const N: usize>(self, refused: [Refused; N]) -> Row {
        Row { refused: refused.into(), ..self }
    }
}
