//! Tumours, malignant or benign.

use super::INCLUDED;
use crate::{ArrayDataset, Csv};

const FILE: &[u8] = include_bytes!("../../data/breast_cancer.csv.gz");

/// What is measured of each nucleus; the file has the mean, the standard error and the mean of the worst three.
const MEASURES: [&str; 10] = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
];

/// Tumours, malignant (class 0, 212 samples) or benign (class 1, 357 samples), by 30 measures of their cell nuclei.
///
/// # Shapes
/// Inputs `[569, 30]`, targets `[569]`.
///
/// # Example
/// ```
/// use plywood_data::{Dataset, datasets};
///
/// let data = datasets::breast_cancer();
/// assert_eq!(data.len(), 569);
/// assert_eq!(data.class_names().unwrap_or_default(), ["malignant", "benign"]);
/// assert_eq!(data.feature_names().unwrap_or_default()[0], "mean radius");
/// assert_eq!(data.x().at(&[0, 0])?, 17.99);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Wolberg, Mangasarian, Street, Street, "Breast Cancer Wisconsin (Diagnostic)", UCI Machine Learning Repository, 1993;
/// CC BY 4.0. The order of samples and classes is that of `sklearn.datasets.load_breast_cancer`.
#[doc(alias = "load_breast_cancer")]
pub fn breast_cancer() -> ArrayDataset {
    let kinds = ["mean", "error", "worst"];
    let features = kinds.iter().flat_map(|&kind| {
        MEASURES.iter().map(move |measure| match kind {
            "error" => format!("{measure} error"),
            _ => format!("{kind} {measure}"),
        })
    });
    // The first line of the file is not a header, but counts and the names of the classes.
    let columns = features.chain(["class".to_owned()]);
    let data = Csv::read(FILE).columns(columns).labels("class");
    data.and_then(|data| data.with_class_names(["malignant", "benign"])).expect(INCLUDED)
}
