//! Handwritten digits.

use super::INCLUDED;
use crate::{ArrayDataset, Csv};

const FILE: &[u8] = include_bytes!("../../data/digits.csv.gz");

/// Handwritten digits of 43 people, 8×8 pixels from 0 (white) to 16 (black), about 180 of each class.
///
/// # Shapes
/// Inputs `[1797, 64]`, row by row; targets `[1797]`.
///
/// # Example
/// ```
/// use plywood_data::{Dataset, datasets};
///
/// let data = datasets::digits();
/// assert_eq!(data.len(), 1797);
/// assert_eq!(data.class_counts()[&0], 178);
///
/// let images = data.map_inputs(|x| x.mul_scalar(1.0 / 16.0).reshape([1797, 8, 8, 1]))?; // channels last
/// assert_eq!(images.x().at(&[0, 0, 3, 0])?, 0.8125);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Alpaydin, Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998; CC BY 4.0.
/// The test part of it, in the order of `sklearn.datasets.load_digits`.
#[doc(alias = "load_digits")]
pub fn digits() -> ArrayDataset {
    let pixels = (0..64).map(|i| format!("pixel_{}_{}", i / 8, i % 8));
    let columns = pixels.chain(["digit".to_owned()]);
    Csv::read(FILE).header(false).columns(columns).labels("digit").expect(INCLUDED)
}
