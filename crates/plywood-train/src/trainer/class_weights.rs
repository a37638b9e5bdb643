//! Weights of classes as weights of samples.

use super::Trainer;
use crate::{Fit, Input, TrainError};
use plywood_data::{Batch, Samples};
use plywood_nn::{Context, Module};
use plywood_tensor::{Elem, Float, Result, Tensor};
use std::collections::BTreeMap;

/// A weight for each class that makes all of them count alike: `weight = samples / (classes · samples of the class)`.
///
/// Takes how many samples there are of each class, as `class_counts` of a data set returns it, for
/// [`Fit::class_weights`](crate::Fit::class_weights). Classes are those from 0 to the highest label. The weighted mean over the
/// samples is 1.
///
/// # Example
/// ```
/// use plywood_data::ArrayDataset;
/// use plywood_tensor::{IntTensor, Tensor};
/// use plywood_train::balanced_class_weights;
///
/// let data = ArrayDataset::new(Tensor::zeros([4, 1])?, IntTensor::from([0, 0, 0, 1]))?;
/// assert_eq!(balanced_class_weights(&data.class_counts())?, [4.0 / 6.0, 2.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TrainError::ClassWithoutSamples`] for a class below the highest label that has none: whoever wants to train without it can
/// write the weights by hand; [`TrainError::NegativeLabel`].
///
/// # References
/// scikit-learn: `compute_class_weight("balanced", …)`, whose result is the `class_weight` of Keras.
#[doc(alias = "compute_class_weight")]
#[doc(alias = "balanced")]
pub fn balanced_class_weights(counts: &BTreeMap<i64, usize>) -> Result<Vec<f64>> {
    let classes = counts.last_key_value().map_or(0, |(&highest, _)| highest.saturating_add(1));
    let samples: f64 = counts.values().map(|&count| count as f64).sum();
    let mut weights = Vec::with_capacity(counts.len());
    for (&label, &count) in counts {
        let class = weights.len() as i64;
        if label < 0 {
            return Err(TrainError::NegativeLabel { label }.into());
        }
        if label > class || count == 0 {
            return Err(TrainError::ClassWithoutSamples { class, classes }.into());
        }
        weights.push(samples / (classes as f64 * count as f64));
    }
    Ok(weights)
}

impl<X, Y> Fit<'_, X, Y> {
    /// How much samples of each class count in the training loss: label 0 by the first weight, and so on.
    ///
    /// Weights of the data set are multiplied with it. The validation loss and metrics do not know it, as in Keras.
    /// [`balanced_class_weights`](crate::balanced_class_weights) makes them so that rare classes count as much as frequent ones.
    ///
    /// ```
    /// use plywood_data::ArrayDataset;
    /// use plywood_losses::CrossEntropy;
    /// use plywood_nn::Sequential;
    /// use plywood_optim::Adam;
    /// use plywood_tensor::{IntTensor, Seed, Tensor};
    /// use plywood_train::{Fit, Progress, Trainer, balanced_class_weights};
    ///
    /// let x = Tensor::from([[0.0], [1.0], [2.0], [3.0]]);
    /// let data = ArrayDataset::new(x, IntTensor::from([0, 0, 0, 1]))?;
    /// let model = Sequential::input([1]).linear(2).build(Seed(7))?;
    /// let mut trainer = Trainer::compile(model, Adam::default(), CrossEntropy::default());
    /// let fit = || Fit::epochs(1).progress(Progress::Silent);
    /// trainer.fit(&data, fit().class_weights(balanced_class_weights(&data.class_counts())?))?;
    ///
    /// let error = trainer.fit(&data, fit().class_weights(data.balancing_weights())).unwrap_err();
    /// assert!(error.to_string().starts_with("class weights: expected one for each of 2 classes, got 4"));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`Trainer::fit`](crate::Trainer::fit) fails before the first step with
    /// [`TrainError::ClassWeightCount`](crate::TrainError::ClassWeightCount) for more or fewer than the loss has
    /// [classes](plywood_losses::Loss::classes), as far as it knows; with
    /// [`TrainError::ClassWeight`](crate::TrainError::ClassWeight) for one that is negative or not finite.
    #[must_use]
    #[doc(alias = "class_weight")]
    pub fn class_weights(self, weights: impl Into<Vec<f64>>) -> Self {
        Fit { class_weights: Some(weights.into()), ..self }
    }
}

impl<M: Module<X::Leaf>, X: Input, Y: Samples> Trainer<M, X, Y> {
    /// Refuses another number of weights than the loss finds classes in what the model answers.
    pub(super) fn check_class_weights(&self, batch: &Batch<X, Y>, weights: &[f64]) -> Result<()> {
        let cx = Context::eval();
        if batch.y.classes().is_none() {
            return Ok(());
        }
        // Of one sample: that costs next to nothing. What fails here fails in the step, which says in which batch.
        let Ok(prediction) = batch.x.take(&[0]).and_then(|x| self.model.forward(&cx, &x.enter(&cx))) else {
            return Ok(());
        };
        match self.loss.classes(prediction.shape()) {
            Some(classes) if classes != weights.len() => {
                Err(TrainError::ClassWeightCount { classes, got: weights.len() }.into())
            }
            _ => Ok(()),
        }
    }
}

/// Refuses weights that are negative or not finite.
pub(super) fn check(weights: &[f64]) -> Result<()> {
    match weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        Some(class) => Err(TrainError::ClassWeight { class, got: weights[class] }.into()),
        None => Ok(()),
    }
}

/// Multiplies the weight of each sample by that of its class.
pub(super) fn apply<X, Y: Samples>(batch: &mut Batch<X, Y>, weights: &[f64]) -> Result<()> {
    let Some(labels) = batch.y.classes() else { return Err(TrainError::ClassWeightTargets.into()) };
    let mut of_samples = Vec::with_capacity(labels.len());
    for (&label, &sample) in labels.iter().zip(&batch.indices) {
        match usize::try_from(label).ok().and_then(|label| weights.get(label)) {
            Some(&weight) => of_samples.push(Elem::of(weight)),
            None => {
                return Err(TrainError::ClassWeightLabel { sample, classes: weights.len(), label }.into());
            }
        }
    }
    let of_classes = Tensor::from_vec(of_samples, [labels.len()])?;
    batch.weight = Some(match batch.weight.take() {
        Some(weights) => weights.mul(&of_classes)?,
        None => of_classes,
    });
    Ok(())
}
