//! What a row is, and the loops that say what is right.

use crate::noise;
use plywood_tensor::{Array, Float, IntTensor, Result};

/// How an operation is called: the inputs it gets, the results it gives.
pub(crate) type Call<T> = fn(&[Array<T>]) -> Result<Vec<Array<T>>>;

/// An operation, how to call it in both widths, and what a naive loop gives.
pub(crate) struct Row {
    /// The public function.
    pub(crate) name: &'static str,
    /// Shapes of the inputs, sizes set apart by blanks, inputs by `|`.
    pub(crate) samples: &'static [&'static str],
    /// Moves a normal number into the domain of the operation.
    pub(crate) domain: fn(f64) -> f64,
    /// The largest error in double precision, seen against the largest result; 0 for operations that only move numbers
    /// or round once.
    pub(crate) tolerance: f64,
    pub(crate) single: Call<f32>,
    pub(crate) double: Call<f64>,
    pub(crate) expected: fn(&[Array<f64>]) -> Vec<Array<f64>>,
}

impl Row {
    pub(crate) fn inputs(&self, sample: &str) -> Vec<Array<f64>> {
        // Rounded, so that both widths get the same numbers.
        let fill = |(i, dims): (u64, Vec<usize>)| noise(&dims, i).map(self.domain).cast::<f32>().cast();
        (0..).zip(shapes(sample)).map(fill).collect()
    }
}

/// A test of its own that speaks for a public function.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) run: fn(),
}

/// A row: name, samples, domain, tolerance, the call (in each width), the naive form.
macro_rules! row {
    ($name:literal, $samples:expr, $domain:expr, $tolerance:expr, |$x:ident| $call:expr, |$y:ident| $expected:expr) => {
        $crate::row::Row {
            name: $name,
            samples: &$samples,
            domain: $domain,
            tolerance: $tolerance,
            single: |$x: &[plywood_tensor::Array<f32>]| Ok(Vec::from($call)),
            double: |$x: &[plywood_tensor::Array<f64>]| Ok(Vec::from($call)),
            expected: |$y: &[plywood_tensor::Array<f64>]| Vec::from($expected),
        }
    };
}
pub(crate) use row;

pub(crate) fn shapes(sample: &str) -> Vec<Vec<usize>> {
    sample
        .split('|')
        .map(|shape| shape.split_whitespace().map(|size| size.parse().unwrap()).collect())
        .collect()
}

/// All numbers.
pub(crate) const ANY: fn(f64) -> f64 = |x| x;
/// Numbers above 0.
pub(crate) const POSITIVE: fn(f64) -> f64 = |x| x.abs() + 0.125;
/// Few different numbers, NaN among them.
pub(crate) const TIES: fn(f64) -> f64 = |x| if x > 1.5 { f64::NAN } else { (2.0 * x).round() / 2.0 };

/// The array of this shape whose element at each index is what `value` says.
pub(crate) fn table(dims: &[usize], mut value: impl FnMut(&[usize]) -> f64) -> Array<f64> {
    let count: usize = dims.iter().product();
    let mut index = vec![0; dims.len()];
    let mut data = Vec::with_capacity(count);
    for _ in 0..count {
        data.push(value(&index));
        for axis in (0..dims.len()).rev() {
            index[axis] += 1;
            if index[axis] < dims[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    Array::from_vec(data, dims).unwrap()
}

pub(crate) fn at(x: &Array<f64>, index: &[usize]) -> f64 {
    x.at(index).unwrap()
}

/// The sizes with one changed.
pub(crate) fn with(x: &Array<f64>, axis: usize, size: usize) -> Vec<usize> {
    let mut dims = x.shape().to_vec();
    dims[axis] = size;
    dims
}

/// The index with one place changed.
pub(crate) fn moved(index: &[usize], axis: usize, to: usize) -> Vec<usize> {
    let mut index = index.to_vec();
    index[axis] = to;
    index
}

/// Indices as real numbers, so that rows can return them.
pub(crate) fn real<T: Float>(indices: &IntTensor) -> Array<T> {
    indices.map(|i| T::of(i as f64))
}

/// A list of `count` indices below `size`, some of them repeated; empty if there is nothing to point at.
pub(crate) fn some(count: usize, size: usize) -> IntTensor {
    indices(&[if size == 0 { 0 } else { count }], size)
}

/// Indices of this shape below `size`.
pub(crate) fn indices(dims: &[usize], size: usize) -> IntTensor {
    let count: usize = dims.iter().product();
    let data = (0..count).map(|i| ((i * 7 + i / 5) % size.max(1)) as i64).collect();
    IntTensor::from_vec(data, dims).unwrap()
}
