//! A data set in memory.

use crate::samples::check_indices;
use crate::{Batch, DataError, Dataset, Samples};
use plywood_tensor::{Float, IntTensor, Result, Tensor};
use std::any::Any;
use std::collections::BTreeMap;

/// A data set in memory: inputs and targets side by side, and perhaps weights and names.
///
/// A clone costs little and shares the arrays. It prints how many samples there are, the shape of one, and the classes.
///
/// # Example
/// ```
/// use plywood_data::ArrayDataset;
/// use plywood_tensor::{IntTensor, Seed, Tensor};
///
/// let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
/// let y = IntTensor::from([0, 1, 1, 0]);
/// let xor = ArrayDataset::new(x, y)?.with_class_names(["even", "odd"])?;
/// assert_eq!(xor.to_string(), "4 samples: inputs [2]; labels {even: 2, odd: 2}");
///
/// let (train, validation) = xor.split(0.5, Seed(7))?; // one of each class in either part
/// assert_eq!(train.class_counts(), validation.class_counts());
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// `torch.utils.data.TensorDataset`, which has neither weights nor a stratified split;
/// `tf.data.Dataset.from_tensor_slices`.
#[doc(alias = "TensorDataset")]
#[derive(Clone)]
pub struct ArrayDataset<X = Tensor, Y = IntTensor> {
    x: X,
    y: Y,
    weights: Option<Tensor>,
    feature_names: Option<Vec<String>>,
    class_names: Option<Vec<String>>,
}

impl<X: Samples, Y: Samples> ArrayDataset<X, Y> {
    /// Inputs and targets, one of each for a sample.
    ///
    /// # Errors
    /// [`DataError::Lengths`] if there are more of one than of the other.
    pub fn new(x: X, y: Y) -> Result<Self> {
        let (inputs, targets) = (x.count(), y.count());
        if inputs != targets {
            return Err(DataError::Lengths { inputs, targets }.into());
        }
        Ok(ArrayDataset { x, y, weights: None, feature_names: None, class_names: None })
    }

    /// The same samples, each counting in the loss by its weight, `[N]`.
    ///
    /// # Errors
    /// [`DataError::WeightCount`], [`DataError::Weight`] or [`DataError::WeightSum`] for weights of another number, for
    /// negative ones or those that are not finite, and for nothing but zeros.
    #[doc(alias = "sample_weight")]
    pub fn with_weights(mut self, weights: Tensor) -> Result<Self> {
        if weights.shape().rank() != 1 || weights.numel() != self.len() {
            return Err(DataError::WeightCount { expected: self.len(), got: weights.numel() }.into());
        }
        check_weights(weights.as_slice().iter().map(|w| w.to_f64()))?;
        self.weights = Some(weights);
        Ok(self)
    }

    /// All inputs.
    pub fn x(&self) -> &X {
        &self.x
    }

    /// All targets.
    pub fn y(&self) -> &Y {
        &self.y
    }

    /// How much each sample counts in the loss, `[N]`; all the same if there is none.
    pub fn weights(&self) -> Option<&Tensor> {
        self.weights.as_ref()
    }

    /// What each input number means, if it is known.
    pub fn feature_names(&self) -> Option<&[String]> {
        self.feature_names.as_deref()
    }

    /// What each class label means, if it is known.
    pub fn class_names(&self) -> Option<&[String]> {
        self.class_names.as_deref()
    }

    /// The samples at these positions, in this order, any of them as often as it is named.
    ///
    /// # Errors
    /// [`DataError::Index`] if a position does not exist.
    #[doc(alias = "Subset")]
    pub fn select(&self, indices: &[usize]) -> Result<Self> {
        check_indices(indices, self.len())?;
        Ok(ArrayDataset {
            x: self.x.take(indices)?,
            y: self.y.take(indices)?,
            weights: self.weights.as_ref().map(|weights| weights.take(indices)).transpose()?,
            feature_names: self.feature_names.clone(),
            class_names: self.class_names.clone(),
        })
    }

    /// The same targets with other inputs: `f` of all of them at once.
    ///
    /// The names of the features are kept if the inputs keep their type and their number of features.
    ///
    /// # Errors
    /// Those of `f`; [`DataError::Lengths`] if it returns another number of samples.
    pub fn map_inputs<Z: Samples>(&self, f: impl FnOnce(&X) -> Result<Z>) -> Result<ArrayDataset<Z, Y>> {
        let mapped = ArrayDataset::new(f(&self.x)?, self.y.clone())?;
        let feature_names =
            self.feature_names.clone().filter(|names| features(&mapped.x) == Some(names.len()));
        Ok(ArrayDataset {
            weights: self.weights.clone(),
            class_names: self.class_names.clone(),
            feature_names,
            ..mapped
        })
    }

    /// The same inputs with other targets: `f` of all of them at once, for example scaled, or of fewer classes.
    ///
    /// The names of the classes are not kept.
    ///
    /// ```
    /// # use plywood_data::datasets;
    /// let odd = datasets::digits().map_targets(|digit| Ok(digit.map(|digit| digit % 2)))?;
    /// assert_eq!(odd.class_counts()[&1], 906);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// Those of `f`; [`DataError::Lengths`] if it returns another number of targets.
    pub fn map_targets<Z: Samples>(&self, f: impl FnOnce(&Y) -> Result<Z>) -> Result<ArrayDataset<X, Z>> {
        let mapped = ArrayDataset::new(self.x.clone(), f(&self.y)?)?;
        let (weights, feature_names) = (self.weights.clone(), self.feature_names.clone());
        Ok(ArrayDataset { weights, feature_names, ..mapped })
    }
}

impl<Y: Samples> ArrayDataset<Tensor, Y> {
    /// The same samples with a name for each number along the last axis of the inputs.
    ///
    /// # Errors
    /// [`DataError::Names`] for more or fewer names.
    pub fn with_feature_names<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let expected = features(&self.x).unwrap_or(0);
        if names.len() != expected {
            return Err(DataError::Names { what: "feature names", expected, got: names.len() }.into());
        }
        self.feature_names = Some(names);
        Ok(self)
    }
}

impl<X: Samples> ArrayDataset<X, IntTensor> {
    /// The same samples with a name for each class: label 0 means the first, and so on.
    ///
    /// # Errors
    /// [`DataError::Label`] if there is a label without a name.
    pub fn with_class_names<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let classes = names.len();
        let unnamed = self
            .y
            .as_slice()
            .iter()
            .position(|&label| !usize::try_from(label).is_ok_and(|label| label < classes));
        if let Some(index) = unnamed {
            let got = self.y.as_slice()[index];
            return Err(DataError::Label { index, classes, got }.into());
        }
        self.class_names = Some(names);
        Ok(self)
    }

    /// How many samples there are of each class.
    pub fn class_counts(&self) -> BTreeMap<i64, usize> {
        let mut counts = BTreeMap::new();
        for &label in self.y.as_slice() {
            *counts.entry(label).or_insert(0) += 1;
        }
        counts
    }

    /// For each sample, a weight that makes all classes count alike; the mean is 1.
    ///
    /// `weight = samples / (classes · samples of its class)`, for [`DataLoader::weights`](crate::DataLoader::weights)
    /// or, as a tensor, for [`ArrayDataset::with_weights`].
    ///
    /// ```
    /// # use plywood_data::ArrayDataset;
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let data = ArrayDataset::new(Tensor::zeros([4, 1])?, IntTensor::from([0, 0, 0, 1]))?;
    /// assert_eq!(data.balancing_weights()[3], 2.0);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[doc(alias = "compute_sample_weight")]
    pub fn balancing_weights(&self) -> Vec<f64> {
        let counts = self.class_counts();
        let share = self.y.numel() as f64 / counts.len() as f64;
        self.y.as_slice().iter().map(|label| share / counts[label] as f64).collect()
    }
}

impl<X: Samples, Y: Samples> Dataset for ArrayDataset<X, Y> {
    type Input = X;
    type Target = Y;

    fn len(&self) -> usize {
        self.x.count()
    }

    fn get(&self, index: usize) -> Result<(X, Y)> {
        Ok((self.x.sample(index)?, self.y.sample(index)?))
    }

    fn batch(&self, indices: &[usize]) -> Result<Batch<X, Y>> {
        Ok(Batch {
            x: self.x.take(indices)?,
            y: self.y.take(indices)?,
            weight: self.sample_weights(indices)?,
            indices: indices.to_vec(),
        })
    }

    fn sample_weights(&self, indices: &[usize]) -> Result<Option<Tensor>> {
        self.weights.as_ref().map(|weights| weights.take(indices)).transpose()
    }
}

impl<Y> AsRef<Tensor> for ArrayDataset<Tensor, Y> {
    fn as_ref(&self) -> &Tensor {
        &self.x
    }
}

/// The inputs: lets a function take a data set or a tensor, as `impl Into<&Tensor>`.
impl<'a, Y> From<&'a ArrayDataset<Tensor, Y>> for &'a Tensor {
    fn from(data: &'a ArrayDataset<Tensor, Y>) -> Self {
        &data.x
    }
}

/// The inputs: lets the normalisation at the head of a model be fitted on the data set.
impl<Y: Samples> plywood_nn::Features for ArrayDataset<Tensor, Y> {
    fn features(&self) -> Result<Tensor> {
        Ok(self.x.clone())
    }
}

/// How many numbers lie along the last axis of a sample, if samples are tensors; a sample of no axes is one number.
fn features(x: &impl Samples) -> Option<usize> {
    let x = (x as &dyn Any).downcast_ref::<Tensor>()?;
    Some(x.shape().iter().skip(1).last().copied().unwrap_or(1))
}

/// All weights are finite, none is negative, and they sum to something.
pub(crate) fn check_weights(weights: impl Iterator<Item = f64>) -> Result<()> {
    let mut sum = 0.0;
    for (index, got) in weights.enumerate() {
        if !got.is_finite() || got < 0.0 {
            return Err(DataError::Weight { index, got }.into());
        }
        sum += got;
    }
    if sum > 0.0 && sum.is_finite() { Ok(()) } else { Err(DataError::WeightSum { got: sum }.into()) }
}
