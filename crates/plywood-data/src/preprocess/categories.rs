//! Names that become numbers.

use crate::DataError;
use plywood_tensor::{IntTensor, Result, Tensor};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The names a categorical column can have, each with its number.
///
/// Fit on the training part alone: a name that comes up later is an error, not a new number.
///
/// # Example
/// ```
/// use plywood_data::Categories;
/// use plywood_tensor::{IntTensor, Tensor};
///
/// let colours = Categories::fit(["red", "blue", "red"])?;
/// assert_eq!(colours.names(), ["blue", "red"]);
/// assert_eq!(colours.encode(["red", "blue"])?, IntTensor::from([1, 0]));
/// assert_eq!(colours.one_hot(["red", "blue"])?, Tensor::from([[0.0, 1.0], [1.0, 0.0]]));
/// assert_eq!(
///     colours.encode(["green"]).unwrap_err().to_string(),
///     r#"category: expected one of "blue", "red", got "green""#,
/// );
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// `sklearn.preprocessing.OneHotEncoder`, `LabelEncoder`; `keras.layers.StringLookup`.
#[doc(alias("OneHotEncoder", "LabelEncoder", "StringLookup"))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Categories {
    names: Vec<String>,
    numbers: BTreeMap<String, usize>,
}

impl Categories {
    /// These names, numbered in this order.
    ///
    /// # Errors
    /// [`DataError::Categories`] for no names or the same name twice.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        Ok(Self::try_from(names)?)
    }

    /// The different names of a column, sorted: by value if all of them are numbers, otherwise by letter.
    ///
    /// # Errors
    /// [`DataError::Categories`] for an empty column.
    pub fn fit<S: Into<String>>(column: impl IntoIterator<Item = S>) -> Result<Self> {
        let different: BTreeSet<String> = column.into_iter().map(Into::into).collect();
        let mut names: Vec<String> = different.into_iter().collect();
        let number = |name: &str| name.parse::<f64>().ok().filter(|x| !x.is_nan());
        if names.iter().all(|name| number(name).is_some()) {
            // Stable, so that names of the same number stay sorted by letter.
            names.sort_by(|a, b| number(a).partial_cmp(&number(b)).unwrap_or(Ordering::Equal));
        }
        Self::new(names)
    }

    /// The names in the order of their numbers.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of a name, if it has one.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// The number of each name, `[N]`.
    ///
    /// # Errors
    /// [`DataError::Category`] for a name that is not known.
    pub fn encode<S: AsRef<str>>(&self, column: impl IntoIterator<Item = S>) -> Result<IntTensor> {
        let mut numbers = Vec::new();
        for name in column {
            let name = name.as_ref();
            let number = self
                .number(name)
                .ok_or_else(|| DataError::Category { expected: self.names.clone(), got: name.to_owned() })?;
            numbers.push(number as i64);
        }
        let count = numbers.len();
        IntTensor::from_vec(numbers, [count])
    }

    /// A row of zeros for each name, with a 1 at its number, `[N, names]`.
    ///
    /// # Errors
    /// As [`Categories::encode`].
    pub fn one_hot<S: AsRef<str>>(&self, column: impl IntoIterator<Item = S>) -> Result<Tensor> {
        self.encode(column)?.one_hot(self.names.len())
    }
}

impl TryFrom<Vec<String>> for Categories {
    type Error = DataError;

    fn try_from(names: Vec<String>) -> Result<Self, DataError> {
        let numbers: BTreeMap<String, usize> = names.iter().cloned().zip(0..).collect();
        if numbers.is_empty() || numbers.len() < names.len() {
            return Err(DataError::Categories { got: names });
        }
        Ok(Categories { names, numbers })
    }
}

impl From<Categories> for Vec<String> {
    fn from(categories: Categories) -> Self {
        categories.names
    }
}
