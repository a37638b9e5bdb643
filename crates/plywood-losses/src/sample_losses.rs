//! The losses of a batch.

use crate::{LossError, checks};
use plywood_autograd::Var;
use plywood_tensor::{Elem, Float, Result, Shape, Tensor};

/// The loss of each sample of a batch, `[N]`, and how much each sample counts.
///
/// Losses of more than one number a sample are averaged within the sample. [`Losses::mean`] is what to train on;
/// the means of several batches combine to the mean of all samples by [`Losses::sum`] and [`Losses::weight_total`].
///
/// # Example
/// ```
/// use plywood_losses::mse_loss;
/// use plywood_tensor::Tensor;
///
/// let prediction = Tensor::from([[1.0, 2.0], [3.0, 4.0]]).into();
/// let losses = mse_loss(&prediction, &Tensor::from([[1.0, 0.0], [0.0, 4.0]]))?;
/// assert_eq!(losses.values().value().as_slice(), [2.0, 4.5]);
/// assert_eq!(losses.mean().value().item()?, 3.25);
///
/// let weighted = losses.with_sample_weights(&Tensor::from([4.0, 1.0]))?;
/// assert_eq!(weighted.mean().value().item()?, (4.0 * 2.0 + 4.5) / 5.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Losses {
    values: Var,
    weights: Option<Tensor>,
    /// How many there were before they were averaged.
    numbers: usize,
}

impl Losses {
    /// Losses that all count alike: `values [N, ..]`, averaged over every axis but the first.
    ///
    /// # Errors
    /// None on any shape; a single number counts as one sample.
    pub fn new(values: &Var) -> Result<Losses> {
        Ok(Losses { values: average(values)?, weights: None, numbers: values.value().numel() })
    }

    /// Losses into which weights were multiplied already: `values [N, ..]` and `weights` of the same shape.
    ///
    /// # Errors
    /// [`LossError::WeightShape`](crate::LossError::WeightShape) and [`LossError::Weight`](crate::LossError::Weight).
    pub fn weighted(values: &Var, weights: &Tensor) -> Result<Losses> {
        checks::weights("losses", "sample", values.shape(), weights)?;
        let shares = average(&Var::constant(weights.clone()))?.into_value();
        Ok(Losses { values: average(values)?, weights: Some(shares), numbers: values.value().numel() })
    }

    /// The same losses, each multiplied by the weight of its sample, `[N]`; weights multiply weights that are there.
    ///
    /// The mean is divided by the sum of all weights, so that doubling every weight changes nothing.
    ///
    /// # Errors
    /// [`LossError::WeightShape`](crate::LossError::WeightShape) unless there is one for each sample,
    /// [`LossError::Weight`](crate::LossError::Weight) for one that is negative, infinite or NaN.
    ///
    /// # References
    /// scikit-learn's metrics divide so too; Keras divides by the number of samples.
    pub fn with_sample_weights(self, weights: &Tensor) -> Result<Losses> {
        checks::weights("with_sample_weights", "sample", self.values.shape(), weights)?;
        let values = self.values.mul(&Var::constant(weights.clone()))?;
        let weights = match self.weights {
            Some(before) => before.mul(weights)?,
            None => weights.clone(),
        };
        Ok(Losses { values, weights: Some(weights), ..self })
    }

    /// An error if these losses are as many as prediction and target broadcast to, and more than either has: then each prediction was
    /// compared with several targets, as when `[N, 1]` less `[N]` becomes `[N, N]`.
    ///
    /// The losses of this crate compare shapes themselves; training asks this of those of others.
    ///
    /// # Errors
    /// [`LossError::TargetShape`](crate::LossError::TargetShape).
    pub fn expect_one_target_each(&self, prediction: &Shape, target: &Shape) -> Result<()> {
        let both = prediction.broadcast("loss", target).map_or(0, |both| both.numel());
        if both > prediction.numel().max(target.numel()) && self.numbers == both {
            return Err(
                LossError::TargetShape { op: "loss", prediction: *prediction, target: *target }.into()
            );
        }
        Ok(())
    }

    /// The loss of each sample, `[N]`, with its weight multiplied in; PyTorch: `reduction="none"`.
    pub fn values(&self) -> &Var {
        &self.values
    }

    /// How much each sample counts, `[N]`; none if all count alike.
    pub fn weights(&self) -> Option<&Tensor> {
        self.weights.as_ref()
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.values.value().numel()
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sum of all weights: the number of samples if all count alike.
    pub fn weight_total(&self) -> f64 {
        match &self.weights {
            Some(weights) => weights.as_slice().iter().map(|w| w.to_f64()).sum(),
            None => self.len() as f64,
        }
    }

    /// `Σ ℓ`, a single number; PyTorch: `reduction="sum"`, divided by the numbers a sample has.
    pub fn sum(&self) -> Var {
        self.values.sum()
    }

    /// `Σ ℓ / Σ w`, a single number; PyTorch: `reduction="mean"`.
    ///
    /// Where nothing counts, because every label is ignored or the batch is empty, it is 0 with gradients of 0
    /// (PyTorch: NaN, which would destroy the model).
    pub fn mean(&self) -> Var {
        if self.weights.is_none() && !self.is_empty() {
            return self.values.mean();
        }
        let total = self.weight_total();
        let factor = if total == 0.0 { 0.0 } else { 1.0 / total };
        self.sum().mul_scalar(Elem::of(factor))
    }
}

/// The mean over every axis but the first.
fn average(x: &Var) -> Result<Var> {
    let shape: Shape = *x.shape();
    match shape.first() {
        None => x.reshape([1]),
        Some(&samples) if shape.numel() == samples => x.reshape([samples]),
        Some(&samples) => {
            let rows = x.reshape([samples, shape.numel() / samples.max(1)])?;
            // The mean of nothing would be NaN.
            if shape.numel() == 0 { rows.sum_axes(&[1], false) } else { rows.mean_axes(&[1], false) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CrossEntropy, Loss};
    use plywood_autograd::grad;
    use plywood_tensor::IntTensor;

    #[test]
    fn any_shape_becomes_one_loss_a_sample() {
        for (shape, expected) in [
            (&[][..], &[1.0][..]),
            (&[3], &[1.0, 1.0, 1.0]),
            (&[2, 1], &[1.0, 1.0]),
            (&[2, 3, 4], &[1.0, 1.0]),
            (&[0, 3], &[]),
            (&[2, 0], &[0.0, 0.0]),
        ] {
            let losses = Losses::new(&Tensor::ones(shape).unwrap().into()).unwrap();
            let close = |(a, b): (&Elem, &Elem)| (a - b).abs() < 1e-6;
            assert_eq!(losses.len(), expected.len(), "{shape:?}");
            assert!(losses.values().value().as_slice().iter().zip(expected).all(close), "{shape:?}");
        }
    }

    #[test]
    fn where_nothing_counts_the_mean_is_0_with_gradients_of_0() {
        let logits = Var::variable(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
        let loss = CrossEntropy::default().ignore_index(-100);
        let losses = loss.losses(&logits, &IntTensor::from([-100, -100])).unwrap();
        assert_eq!(losses.weight_total(), 0.0);
        assert_eq!(losses.mean().value().item().unwrap(), 0.0);
        let gradient = grad(&losses.mean(), &[&logits], false).unwrap().remove(0);
        assert_eq!(gradient.value().as_slice(), [0.0; 4]);

        let empty = Losses::new(&Var::variable(Tensor::zeros([0, 3]).unwrap())).unwrap();
        assert_eq!(empty.mean().value().item().unwrap(), 0.0);
    }

    #[test]
    fn batches_combine_to_the_mean_of_all() {
        let losses = |labels: &[i64], logits: Tensor| {
            let labels = IntTensor::from_slice(labels, [labels.len()]).unwrap();
            let loss = CrossEntropy::default().class_weights(Tensor::from([1.0, 3.0]));
            loss.losses(&logits.into(), &labels).unwrap()
        };
        let logits = Tensor::from([[1.0, 2.0], [3.0, -4.0], [0.5, 0.0]]);
        let whole = losses(&[0, 1, 1], logits.clone()).mean().value().item().unwrap().to_f64();
        let parts = [losses(&[0, 1], logits.rows(0, 2).unwrap()), losses(&[1], logits.rows(2, 3).unwrap())];
        let sum: f64 = parts.iter().map(|p| p.sum().value().item().unwrap().to_f64()).sum();
        let total: f64 = parts.iter().map(Losses::weight_total).sum();
        assert!((sum / total - whole).abs() < 1e-6);
    }

    #[test]
    fn sample_weights_are_checked() {
        let losses = Losses::new(&Tensor::from([1.0, 2.0]).into()).unwrap();
        for (weights, text) in [
            (Tensor::from([1.0]), "with_sample_weights: expected sample weights of shape [2], got [1]"),
            (
                Tensor::from([1.0, -1.0]),
                "with_sample_weights: expected sample weights that are finite and not negative, got -1 at index 1",
            ),
            (
                Tensor::from([Elem::NAN, 1.0]),
                "with_sample_weights: expected sample weights that are finite and not negative, got NaN at index 0",
            ),
        ] {
            assert_eq!(losses.clone().with_sample_weights(&weights).unwrap_err().to_string(), text);
        }
        let twice = losses.with_sample_weights(&Tensor::from([1.0, 3.0])).unwrap();
        let twice = twice.with_sample_weights(&Tensor::from([2.0, 0.0])).unwrap();
        assert_eq!(twice.weights().unwrap().as_slice(), [2.0, 0.0]);
        assert_eq!(twice.mean().value().item().unwrap(), 1.0);
    }
}
