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
/// assert_eq!(layers.item(2).field("weight"), "layers.2.weight"); // compared without being printed
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

/// As if it were printed.
impl PartialEq<&str> for Path<'_> {
    fn eq(&self, text: &&str) -> bool {
        // From its end, for a path knows only what lies before it.
        let (mut path, mut rest) = (self, *text);
        loop {
            let before = match path.segment {
                Segment::Root => Some(rest),
                Segment::Field(name) => rest.strip_suffix(name),
                Segment::Item(index) => strip_index(rest, index),
            };
            let (Some(before), Some(parent)) = (before, path.parent) else {
                return before == Some("");
            };
            let is_first = matches!(parent.segment, Segment::Root);
            let Some(before) = (if is_first { Some(before) } else { before.strip_suffix('.') }) else {
                return false;
            };
            (path, rest) = (parent, before);
        }
    }
}

/// What is before a number at the end of a text.
fn strip_index(mut text: &str, mut index: usize) -> Option<&str> {
    loop {
        text = text.strip_suffix(char::from(b'0' + (index % 10) as u8))?;
        index /= 10;
        if index == 0 {
            return Some(text);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_equals_what_it_prints_and_nothing_else() {
        let root = Path::root();
        let (layers, list, named) = (root.field("layers"), root.item(120), root.field("a.b"));
        let (third, weight) = (layers.item(10), named.field("weight"));
        let paths = [root, layers, list, named, third, weight];
        let texts = paths.map(|path| path.to_string());
        for (i, path) in paths.iter().enumerate() {
            for (j, text) in texts.iter().enumerate() {
                assert_eq!(*path == text.as_str(), i == j, "{path} and {text}");
            }
        }
        for other in
            ["layers.1", "layers.0", "layers.010", "layers10", ".layers.10", "x.layers.10", "layers.10."]
        {
            assert!(third != other, "{other}");
        }
    }
}
