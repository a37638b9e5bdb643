//! Softmax and cross entropy against class labels, in one operation.

use crate::{AutogradError, Keep, Var};
use plywood_tensor::{Elem, Float, IntTensor, Result, Shape, Tensor, TensorError, math, par, simd};

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
            None => return Err(TensorError::Shape { op: OP, expected: "logits [.., C]".into(), got: shape }.into()),
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
                let (expected, got) = ("labels of classes", format!("{label} in row {row} for {classes} classes"));
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

    /// The target of each class in a row; none where the label is ignored.
    #[inline(always)]
    fn row(&self, row: usize) -> Option<impl Fn(usize) -> Elem + '_> {
        let label = self.labels.as_slice()[row];
        let weights = self.weights.as_ref().map(Tensor::as_slice);
        (self.ignored != Some(label)).then_some(move |class: usize| {
            let share = if class as i64 == label { self.own + self.spread } else { self.spread };
            weights.map_or(share, |weights| share * weights[class])
        })
    }

    /// The targets as a tensor, for the definition.
    fn dense(&self, shape: &Shape) -> Result<Tensor> {
        let mut dense = Tensor::zeros(shape)?;
        let classes = shape.last().copied().unwrap_or(0).max(1);
        for (row, out) in dense.as_mut_slice().chunks_exact_mut(classes).enumerate() {
            if let Some(target) = self.row(row) {
                out.iter_mut().enumerate().for_each(|(class, out)| *out = target(class));
            }
        }
        Ok(dense)
    }
}

/// The loss of each row, and of each row the slopes with the loss behind them.
///
/// `target(row)` gives the target of each class, or nothing for a row that does not count.
pub(super) fn rows<T: Fn(usize) -> Elem>(
    logits: &Tensor,
    shape: &Shape,
    target: impl Fn(usize) -> Option<T> + Sync,
) -> Result<(Tensor, Tensor)> {
    let classes = logits.numel() / shape.numel().max(1);
    let width = classes + 1;
    let x = logits.as_slice();
    let mut slopes = Tensor::zeros([shape.numel(), width])?;
    let out = slopes.as_mut_slice();
    let steps = out.len();
    par::chunks(out, (par::CHUNK / width).max(1) * width, steps, |start, out| {
        simd::dispatch(|| {
            for (i, out) in out.chunks_exact_mut(width).enumerate() {
                let row = start / width + i;
                // Rows that do not count stay 0, whatever their logits.
                if let Some(target) = target(row) {
                    let (slope, loss) = out.split_at_mut(classes);
                    loss[0] = visit(&x[row * classes..(row + 1) * classes], target, slope);
                }
            }
        });
    });
    let mut values = Tensor::zeros(shape)?;
    for (value, row) in values.as_mut_slice().iter_mut().zip(slopes.as_slice().chunks_exact(width)) {
        *value = row[classes];
    }
    Ok((values, slopes))
}

/// The loss of one row; writes its slope by each logit.
#[inline(always)]
fn visit(x: &[Elem], target: impl Fn(usize) -> Elem, slope: &mut [Elem]) -> Elem {
    let top = x.iter().fold(-Elem::INFINITY, |top, &x| if x > top { x } else { top });
    // A NaN is smaller than nothing, but makes its exponential NaN, and so the sum.
    for (slope, &x) in slope.iter_mut().zip(x) {
        *slope = math::exp(x - top);
    }
    let sum = sum(slope);
    let log_sum = math::ln(sum);
    let (mut loss, mut total) = (0.0, 0.0);
    for (class, &x) in x.iter().enumerate() {
        let t = target(class);
        total += t;
        // What has no share costs nothing, even where its logit is −∞.
        loss += if t == 0.0 { 0.0 } else { t * (log_sum - (x - top)) };
    }
    let scale = total / sum;
    for (class, slope) in slope.iter_mut().enumerate() {
        *slope = scale * *slope - target(class);
    }
    // A row of which a logit is NaN has no loss, even where its label is another.
    if sum.is_nan() { sum } else { loss }
}

/// Sixteen chains of sums: they fill the vectors, and round less than one.
#[inline(always)]
fn sum(x: &[Elem]) -> Elem {
    let mut lanes = [0.0; 16];
    for piece in x.chunks(16) {
        for (lane, &x) in lanes.iter_mut().zip(piece) {
            *lane += x;
        }
    }
    lanes.iter().sum()
}

/// Each row of slopes times the gradient of its loss.
pub(super) fn scale_rows(slopes: &Tensor, shape: &Shape, gradient: &Tensor) -> Result<Tensor> {
    let width = slopes.shape()[1];
    let classes = width - 1;
    let (slopes, gradient) = (slopes.as_slice(), gradient.as_slice());
    let mut out = Tensor::zeros(shape)?;
    if classes == 0 {
        return Ok(out);
    }
    let out_slice = out.as_mut_slice();
    let steps = out_slice.len();
    par::chunks(out_slice, (par::CHUNK / classes).max(1) * classes, steps, |start, out| {
        simd::dispatch(|| {
            for (i, out) in out.chunks_exact_mut(classes).enumerate() {
                let row = start / classes + i;
                let g = gradient[row];
                for (out, &slope) in out.iter_mut().zip(&slopes[row * width..]) {
                    *out = g * slope;
                }
            }
        });
    });
    Ok(out)
}

/// `−Σ t ln softmax(x)` over the last axis, by simple operations.
pub(super) fn definition(x: &Var, target: Tensor) -> Result<Var> {
    let shifted = x.sub(&Var::constant(x.value().max_axes(&[-1], true)?))?;
    let log_p = shifted.sub(&shifted.exp().sum_axes(&[-1], true)?.ln())?;
    Ok(log_p.mul(&target.into())?.sum_axes(&[-1], false)?.neg())
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::Row;
    use plywood_tensor::Array;
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
