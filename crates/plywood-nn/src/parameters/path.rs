//! Where something is in a model.

use std::fmt;

/// The way from a model to one of its parts: names of fields and positions in lists.
///
/// A path lives on the stack while a model is visited, and costs nothing until it is printed.
///
/// ```
/// use plywood_nn::Path;
///
/// let root = Path::root();
/// let layers = root.field("layers");
/// assert_eq!(layers.item(2).field("weight").to_string(), "layers.2.weight");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    segment: Segment<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Segment<'p> {
    Root,
    Field(&'p str),
    Item(usize),
}

impl<'p> Path<'p> {
    /// The model itself.
    pub fn root() -> Path<'static> {
        Path { parent: None, segment: Segment::Root }
    }

    /// A field of this part.
    #[must_use]
    pub fn field(&'p self, name: &'p str) -> Path<'p> {
        Path { parent: Some(self), segment: Segment::Field(name) }
    }

    /// An item of this list.
    #[must_use]
    pub fn item(&'p self, index: usize) -> Path<'p> {
        Path { parent: Some(self), segment: Segment::Item(index) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            fmt::Display::fmt(parent, f)?;
            if !matches!(parent.segment, Segment::Root) {
                f.write_str(".")?;
            }
        }
        match self.segment {
            Segment::Root => Ok(()),
            Segment::Field(name) => f.write_str(name),
            Segment::Item(index) => write!(f, "{index}"),
        }
    }
}
