//! Real numbers of bytes.

use crate::geometry::finish::Levels;
use crate::{Sample, Transform};
use plywood_tensor::{Elem, Float, Result, Stream};

/// Makes real numbers from 0 to 1 of bytes; real numbers stay as they are.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, ToFloat};
/// use plywood_tensor::Seed;
///
/// let floats = Pipeline::builder().then(ToFloat).build()?;
/// let image = Image::from_bytes(&[0, 255], [1, 2, 1])?;
/// assert_eq!(floats.image(&image, &Seed(7).stream())?.as_floats(), Some(&[0.0, 1.0][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `ToDtype(scale=True)`; before, `ToTensor`, which also moves the channels to the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ToFloat;

impl Transform for ToFloat {
    fn apply(&self, sample: &mut Sample, _: &Stream) -> Result<()> {
        if !sample.is_bytes() {
            return Ok(());
        }
        sample.scale_levels(&Levels { scale: vec![Elem::of(1.0 / 255.0)], shift: vec![0.0] })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::new("ToFloat", || Ok(ToFloat)).golden("to_float").numbers()]
}
