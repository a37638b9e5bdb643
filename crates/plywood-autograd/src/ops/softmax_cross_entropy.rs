//! Softmax and cross entropy against class labels, in one operation.

use super::cross_entropy_rows::{Target, definition, rows, scale_rows};
use crate::{AutogradError, Keep, Var};
use plywood_tensor::{Elem, Float, IntTensor, Result, Shape, Tensor, TensorError};

const OP: &str = "softmax_cross_entropy";

/// `ℓ = −ln softmax(x)ᵧ = ln Σ e^x − xᵧ` for each row `x` of logits and its label `y`.
///
/// One visit of each row gives the loss and its slope, `softmax(x) − onehot(y)`; gradient: `∂x = g (softmax(x) − onehot(y))`.
/// No probability is computed that could round to 0, so logits of any size are fine, and −∞ rules out a class.
///
/// # Shapes
/// `logits [.., C]`, `labels [..]` → `[..]`
///
/// # Example
/// ```
/// # use plywood_autograd::{Var, ops::softmax_cross_entropy};
/// # use plywood_tensor::{IntTensor, Tensor, math};
/// let logits = Var::from(Tensor::from([[0.0, 0.0, 0.0, 0.0], [0.0, 1000.0, 0.0, 0.0]]));
/// let loss = softmax_cross_entropy(&logits, &IntTensor::from([2, 0]))?;
/// assert_eq!(loss.value().as_slice(), [math::ln(4.0), 1000.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`] if there is not one label a row, [`AutogradError::Argument`] for a label that is no class.
///
/// # References
/// PyTorch: `torch.nn.functional.cross_entropy(reduction="none")`, which wants the classes on axis 1; here they are
/// on the last axis. TensorFlow: `tf.nn.sparse_softmax_cross_entropy_with_logits`.
#[doc(alias = "sparse_softmax_cross_entropy_with_logits")]
pub fn softmax_cross_entropy(logits: &Var, labels: &IntTensor) -> Result<Var> {
    softmax_cross_entropy_with(logits, labels, &LabelOptions::default())
}

/// How the labels of [`softmax_cross_entropy_with`] count.
#[derive(Debug, Clone, Default)]
pub struct LabelOptions {
    /// The share of each target that is spread evenly over all classes: from 0 to 1.
    pub smoothing: f64,
    /// How much each class counts, `[C]`.
    pub class_weights: Option<Tensor>,
    /// A label of rows that cost nothing and receive no gradient.
    pub ignore_index: Option<i64>,
}

/// As [`softmax_cross_entropy`], with label smoothing `ε`, class weights `w` and an ignored label.
///
/// `ℓ = −Σ_c t_c ln softmax(x)_c` with `t_c = w_c ((1 − ε) [c = y] + ε / C)`, and 0 in rows with the ignored label.
/// Gradient: `∂x = g (softmax(x) Σ t − t)`.
///
/// # Shapes
/// `logits [.., C]`, `labels [..]` → `[..]`
///
/// # Example
/// ```
/// # use plywood_autograd::{Var, ops::{LabelOptions, softmax_cross_entropy_with}};
/// # use plywood_tensor::{IntTensor, Tensor, math};
/// let logits = Var::from(Tensor::from([[0.0, 0.0], [3.0, 4.0]]));
/// let options = LabelOptions { class_weights: Some(Tensor::from([2.0, 1.0])), ignore_index: Some(-1), ..Default::default() };
/// let loss = softmax_cross_entropy_with(&logits, &IntTensor::from([0, -1]), &options)?;
/// assert_eq!(loss.value().as_slice(), [2.0 * math::ln(2.0), 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// As [`softmax_cross_entropy`]; [`AutogradError::Argument`] for a smoothing outside 0 to 1,
/// [`TensorError::Shape`] if there is not one weight a class.
pub fn softmax_cross_entropy_with(logits: &Var, labels: &IntTensor, options: &LabelOptions) -> Result<Var> {
    let targets = Targets::new(logits, labels, options)?;
    let (values, slopes) = rows(logits.value(), labels.shape(), |row| targets.row(row))?;
    Ok(Var::record_fused(
        OP,
        Keep::Inputs,
        [logits],
        values,
        move |[x], _, g| [x.wants(|| scale_rows(&slopes, x.shape(), g.value()).map(Var::constant))],
        move |[x]| definition(x, targets.dense(x.shape())?),
    ))
}

/// The target distribution of each row, never written down for the first derivative.
struct Targets {
    labels: IntTensor,
    own: Elem,
    spread: Elem,
    weights: Option<Tensor>,
    ignored: Option<i64>,
}

impl Targets {
    fn new(logits: &Var, labels: &IntTensor, options: &LabelOptions) -> Result<Targets> {
        let shape = *logits.shape();
        let classes = match shape.split_last() {
            Some((&classes, rows)) if *rows == **labels.shape() => classes,
            Some((_, rows)) => {
                let expected = format!("labels {rows:?} for logits {shape}");
                return Err(TensorError::Shape { op: OP, expected, got: *labels.shape() }.into());
            }
            None => {
                return Err(
                    TensorError::Shape { op: OP, expected: "logits [.., C]".into(), got: shape }.into()
                );
            }
        };
        let smoothing = options.smoothing;
        // A NaN lies in no range.
        if !(0.0..=1.0).contains(&smoothing) {
            let (expected, got) = ("a smoothing between 0 and 1", smoothing.to_string());
            return Err(AutogradError::Argument { op: OP, expected, got }.into());
        }
        if let Some(weights) = &options.class_weights
            && *weights.shape() != [classes]
        {
            let expected = format!("class weights [{classes}]");
            return Err(TensorError::Shape { op: OP, expected, got: *weights.shape() }.into());
        }
        for (row, &label) in labels.as_slice().iter().enumerate() {
            let known = usize::try_from(label).is_ok_and(|label| label < classes);
            if !known && options.ignore_index != Some(label) {
                let (expected, got) =
                    ("labels of classes", format!("{label} in row {row} for {classes} classes"));
                return Err(AutogradError::Argument { op: OP, expected, got }.into());
            }
        }
        Ok(Targets {
            labels: labels.clone(),
            own: Elem::of(1.0 - smoothing),
            spread: Elem::of(smoothing / classes.max(1) as f64),
            weights: options.class_weights.clone(),
            ignored: options.ignore_index,
        })
    }

    /// The target of a row; none where the label is ignored.
    #[inline(always)]
    fn row(&self, row: usize) -> Option<Target<impl Fn(usize) -> Elem + '_>> {
        let label = self.labels.as_slice()[row];
        if self.ignored == Some(label) {
            return None;
        }
        let weights = self.weights.as_ref().map(Tensor::as_slice);
        if self.spread == 0.0 {
            let class = label as usize;
            return Some(Target::One(class, weights.map_or(self.own, |weights| self.own * weights[class])));
        }
        Some(Target::Each(move |class: usize| {
            let share = if class as i64 == label { self.own + self.spread } else { self.spread };
            weights.map_or(share, |weights| share * weights[class])
        }))
    }

    /// The targets as a tensor, for the definition.
    fn dense(&self, shape: &Shape) -> Result<Tensor> {
        let mut dense = Tensor::zeros(shape)?;
        let classes = shape.last().copied().unwrap_or(0).max(1);
        for (row, out) in dense.as_mut_slice().chunks_exact_mut(classes).enumerate() {
            match self.row(row) {
                Some(Target::One(class, share)) => out[class] = share,
                Some(Target::Each(share)) => {
                    out.iter_mut().enumerate().for_each(|(class, out)| *out = share(class))
                }
                None => {}
            }
        }
        Ok(dense)
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::Row;
    use plywood_tensor::{Array, math};
    type A = Array<f64>;
    const SHAPES: &[&[&[usize]]] = &[&[&[4, 3]], &[&[1, 1]], &[&[2, 3, 5]], &[&[0, 3]], &[&[3]], &[&[3, 17]]];
    const LARGE: &[&[usize]] = &[&[300, 301]];
    /// Labels that reach every class in turn.
    fn labels(x: &Shape) -> IntTensor {
        let (classes, rows) = x.split_last().unwrap();
        let labels = (0..rows.iter().product()).map(|i: usize| (i * 7 % classes) as i64).collect();
        IntTensor::from_vec(labels, rows).unwrap()
    }
    fn weights(classes: usize) -> Vec<f64> {
        (0..classes).map(|c| 0.5 + c as f64 / 8.0).collect()
    }
    fn options(x: &Shape) -> LabelOptions {
        let weights = weights(x[x.rank() - 1]).into_iter().map(Elem::of).collect();
        LabelOptions {
            smoothing: 0.25,
            class_weights: Some(Tensor::from_vec(weights, [x[x.rank() - 1]]).unwrap()),
            ignore_index: Some(1),
        }
    }
    /// With `t` by label and class.
    fn reference(x: &A, t: impl Fn(usize, usize) -> f64) -> A {
        let labels = labels(x.shape());
        let classes = x.shape()[x.shape().rank() - 1];
        let row = |(i, &label): (usize, &i64)| {
            let x = &x.as_slice()[i * classes..(i + 1) * classes];
            let sum: f64 = x.iter().map(|&x| math::exp(x)).sum();
            (0..classes).map(|c| t(label as usize, c) * (math::ln(sum) - x[c])).sum()
        };
        A::from_vec(labels.as_slice().iter().enumerate().map(row).collect(), labels.shape()).unwrap()
    }
    fn one_hot(label: usize, class: usize) -> f64 {
        if label == class { 1.0 } else { 0.0 }
    }
    &[
        Row::whole(
            "softmax_cross_entropy",
            |x| softmax_cross_entropy(&x[0], &labels(x[0].shape())),
            |x| reference(&x[0], one_hot),
        )
        .shapes(SHAPES)
        .large(LARGE),
        Row::whole(
            "softmax_cross_entropy_with",
            |x| softmax_cross_entropy_with(&x[0], &labels(x[0].shape()), &options(x[0].shape())),
            |x| {
                let classes = x[0].shape()[x[0].shape().rank() - 1];
                let weights = weights(classes);
                let counts = |label| if label == 1 { 0.0 } else { 1.0 };
                let share = |label, class| 0.75 * one_hot(label, class) + 0.25 / classes as f64;
                reference(&x[0], |label, class| counts(label) * weights[class] * share(label, class))
            },
        )
        .shapes(SHAPES)
        .large(LARGE),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grad;
    use plywood_tensor::math;

    #[test]
    fn extreme_logits_have_the_values_of_the_limit() {
        const LOW: Elem = -Elem::INFINITY;
        let rows: [([Elem; 3], i64, Elem, [Elem; 3]); 5] = [
            ([1e4, -1e4, 0.0], 0, 0.0, [0.0, 0.0, 0.0]),
            ([1e4, -1e4, 0.0], 1, 2e4, [1.0, -1.0, 0.0]),
            ([0.0, LOW, LOW], 0, 0.0, [0.0, 0.0, 0.0]),
            ([0.0, LOW, 0.0], 2, math::ln(2.0), [0.5, 0.0, -0.5]),
            ([0.0, LOW, LOW], 1, Elem::INFINITY, [1.0, -1.0, 0.0]),
        ];
        for (x, label, value, slopes) in rows {
            let logits = Var::variable(Tensor::from([x]));
            let loss = softmax_cross_entropy(&logits, &IntTensor::from([label])).unwrap();
            assert_eq!(loss.value().as_slice(), [value], "{x:?}");
            let got = grad(&loss.sum(), &[&logits], false).unwrap().remove(0);
            assert_eq!(got.value().as_slice(), slopes, "{x:?}");
        }
    }

    #[test]
    fn small_losses_keep_their_digits() {
        let loss = softmax_cross_entropy(&Tensor::from([[20.0, 0.0]]).into(), &IntTensor::from([0])).unwrap();
        let expected = math::log1p(math::exp(-20.0_f64));
        assert!((loss.value().item().unwrap().to_f64() / expected - 1.0).abs() < 1e-6);
    }

    #[test]
    fn ignored_rows_cost_nothing_even_where_they_are_not_finite() {
        let logits = Var::variable(Tensor::from([[Elem::NAN, 1.0], [0.0, 0.0]]));
        let options = LabelOptions { ignore_index: Some(-100), ..LabelOptions::default() };
        let loss = softmax_cross_entropy_with(&logits, &IntTensor::from([-100, 1]), &options).unwrap();
        assert_eq!(loss.value().as_slice(), [0.0, math::ln(2.0)]);
        let got = grad(&loss.sum(), &[&logits], false).unwrap().remove(0);
        assert_eq!(got.value().as_slice(), [0.0, 0.0, 0.5, -0.5]);
    }

    #[test]
    fn errors_name_the_row() {
        let logits = Var::from(Tensor::zeros([2, 3]).unwrap());
        let with = |labels: &[i64], options: &LabelOptions| {
            let labels = IntTensor::from_slice(labels, [labels.len()]).unwrap();
            softmax_cross_entropy_with(&logits, &labels, options).unwrap_err().to_string()
        };
        let plain = LabelOptions::default();
        let texts = [
            with(&[0, 3], &plain),
            with(&[-1, 0], &plain),
            with(&[0], &plain),
            with(&[0, 0], &LabelOptions { smoothing: 1.5, ..plain.clone() }),
            with(&[0, 0], &LabelOptions { class_weights: Some(Tensor::from([1.0])), ..plain.clone() }),
        ];
        let expected = [
            "softmax_cross_entropy: expected labels of classes, got 3 in row 1 for 3 classes",
            "softmax_cross_entropy: expected labels of classes, got -1 in row 0 for 3 classes",
            "softmax_cross_entropy: expected labels [2] for logits [2, 3], got [1]",
            "softmax_cross_entropy: expected a smoothing between 0 and 1, got 1.5",
            "softmax_cross_entropy: expected class weights [3], got [1]",
        ];
        assert_eq!(texts, expected);
        let scalar = Var::from(Tensor::from(1.0));
        assert_eq!(
            softmax_cross_entropy(&scalar, &IntTensor::from(0)).unwrap_err().to_string(),
            "softmax_cross_entropy: expected logits [.., C], got []"
        );
    }
}
