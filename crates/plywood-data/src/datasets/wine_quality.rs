//! Red wines and their marks.

use super::INCLUDED;
use crate::{ArrayDataset, Csv};
use plywood_tensor::Tensor;

const FILE: &[u8] = include_bytes!("../../data/wine_quality.csv.gz");

/// Red wines (Vinho Verde): 11 measures, and the mark from 3 to 8 that tasters gave.
///
/// # Shapes
/// Inputs `[1599, 11]`, targets `[1599, 1]`.
///
/// # Example
/// ```
/// use plywood_data::{Dataset, datasets};
///
/// let data = datasets::wine_quality();
/// assert_eq!(data.len(), 1599);
/// assert_eq!(data.feature_names().unwrap_or_default()[10], "alcohol");
/// assert_eq!(data.y().at(&[0, 0])?, 5.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Cortez, Cerdeira, Almeida, Matos, Reis, "Modeling wine preferences by data mining from physicochemical properties",
/// Decision Support Systems 47, 2009; UCI Machine Learning Repository, CC BY 4.0.
pub fn wine_quality() -> ArrayDataset<Tensor, Tensor> {
    Csv::read(FILE).values("quality").expect(INCLUDED)
}
