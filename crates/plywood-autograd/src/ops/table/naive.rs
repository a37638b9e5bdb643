//! References in double precision: loops over indices, and nothing clever.

use plywood_tensor::{Array, Shape};

type A = Array<f64>;

/// The element of `x` that broadcasting puts at `index`.
fn at(x: &A, index: &[usize]) -> f64 {
    let missing = index.len() - x.shape().rank();
    let own: Vec<usize> =
        x.shape().iter().zip(&index[missing..]).map(|(&d, &i)| if d == 1 { 0 } else { i }).collect();
    x.at(&own).unwrap()
}

/// All indices of a shape in row-major order.
pub(crate) fn indices(dims: &[usize]) -> Vec<Vec<usize>> {
    let count = dims.iter().product();
    (0..count)
        .map(|mut flat: usize| {
            let mut index = vec![0; dims.len()];
            for axis in (0..dims.len()).rev() {
                index[axis] = flat % dims[axis];
                flat /= dims[axis];
            }
            index
        })
        .collect()
}

pub(crate) fn pair(a: &A, b: &A, f: impl Fn(f64, f64) -> f64) -> A {
    let shape = a.shape().broadcast("naive", b.shape()).unwrap();
    A::from_vec(indices(&shape).iter().map(|i| f(at(a, i), at(b, i))).collect(), shape).unwrap()
}

pub(crate) fn broadcast(x: &A, dims: &[usize]) -> A {
    A::from_vec(indices(dims).iter().map(|i| at(x, i)).collect(), dims).unwrap()
}

/// Folds over some axes, all if the list is empty.
pub(crate) fn fold(x: &A, axes: &[usize], keep: bool, start: f64, f: impl Fn(f64, f64) -> f64) -> A {
    let folded = |axis: usize| axes.is_empty() || axes.contains(&axis);
    let kept: Vec<usize> =
        x.shape().iter().enumerate().map(|(i, &d)| if folded(i) { 1 } else { d }).collect();
    let mut out = A::full(&kept[..], start).unwrap();
    let strides: Vec<usize> = (0..kept.len()).map(|i| kept[i + 1..].iter().product()).collect();
    for index in indices(x.shape()) {
        let to: usize =
            index.iter().enumerate().map(|(a, &i)| if folded(a) { 0 } else { i * strides[a] }).sum();
        let sum = &mut out.as_mut_slice()[to];
        *sum = f(*sum, x.at(&index).unwrap());
    }
    let dims: Vec<usize> =
        x.shape().iter().enumerate().filter(|&(i, _)| !folded(i)).map(|(_, &d)| d).collect();
    if keep { out } else { out.reshape(dims).unwrap() }
}

/// A convolution, channels last, one number of the kernel after the other.
pub(crate) fn conv(x: &A, weight: &A, conv: &plywood_tensor::Conv) -> A {
    let rank = x.shape().rank();
    let (outputs, inputs) = (weight.shape()[0], weight.shape()[1]);
    let mut dims = x.shape().to_vec();
    for i in 0..rank - 2 {
        dims[1 + i] = conv.output_size(i, dims[1 + i], weight.shape()[2 + i]).unwrap();
    }
    dims[rank - 1] = outputs;
    let value = |index: &Vec<usize>| {
        let output = index[rank - 1];
        let first = output / (outputs / conv.groups) * inputs;
        let mut sum = 0.0;
        for kernel in indices(&weight.shape()[1..]) {
            let mut from = index.clone();
            from[rank - 1] = first + kernel[0];
            let inside = (0..rank - 2).all(|i| {
                let place = index[1 + i] * conv.stride[i] + kernel[1 + i] * conv.dilation[i];
                from[1 + i] = place.wrapping_sub(conv.padding[i][0]);
                from[1 + i] < x.shape()[1 + i]
            });
            if inside {
                let at = [&[output], &kernel[..]].concat();
                sum += x.at(&from).unwrap() * weight.at(&at).unwrap();
            }
        }
        sum
    };
    A::from_vec(indices(&dims).iter().map(value).collect(), dims).unwrap()
}

pub(crate) fn matmul(a: &A, b: &A) -> A {
    let (ra, rb) = (a.shape().rank(), b.shape().rank());
    let (m, k, n) = (a.shape()[ra - 2], a.shape()[ra - 1], b.shape()[rb - 1]);
    let batch = |x: &A, r: usize| Shape::new(&x.shape()[..r - 2]).unwrap();
    let mut dims = batch(a, ra).broadcast("naive", &batch(b, rb)).unwrap().to_vec();
    dims.extend([m, n]);
    let value = |index: &Vec<usize>| {
        let (mut left, mut right) = (index.clone(), index.clone());
        let last = index.len() - 1;
        (0..k)
            .map(|p| {
                left[last] = p;
                right[last - 1] = p;
                at_matrix(a, &left) * at_matrix(b, &right)
            })
            .sum()
    };
    A::from_vec(indices(&dims).iter().map(value).collect(), dims.clone()).unwrap()
}

/// As `at`, but the last two axes never broadcast.
fn at_matrix(x: &A, index: &[usize]) -> f64 {
    let missing = index.len() - x.shape().rank();
    let last = x.shape().rank() - 2;
    let own: Vec<usize> = (0..x.shape().rank())
        .map(|axis| if axis < last && x.shape()[axis] == 1 { 0 } else { index[missing + axis] })
        .collect();
    x.at(&own).unwrap()
}

/// An array whose elements are a function of their index.
pub(crate) fn from_fn(dims: &[usize], f: impl Fn(&[usize]) -> f64) -> A {
    A::from_vec(indices(dims).iter().map(|index| f(index)).collect(), dims).unwrap()
}

/// How many elements of `x` become one of `folded`.
fn per_fold(x: &A, folded: &A) -> f64 {
    x.numel() as f64 / folded.numel() as f64
}

pub(crate) fn mean(x: &A, axes: &[usize], keep: bool) -> A {
    let sum = fold(x, axes, keep, 0.0, |a, b| a + b);
    let count = per_fold(x, &sum);
    sum.map(|sum| sum / count)
}

pub(crate) fn variance(x: &A, axes: &[usize], correction: f64, keep: bool) -> A {
    let squares = pair(x, &mean(x, axes, true), |x, mean| (x - mean) * (x - mean));
    let sum = fold(&squares, axes, keep, 0.0, |a, b| a + b);
    let count = per_fold(x, &sum) - correction;
    sum.map(|sum| sum / count)
}

pub(crate) fn norm(x: &A, axes: &[usize], keep: bool) -> A {
    fold(&x.square(), axes, keep, 0.0, |a, b| a + b).sqrt()
}

pub(crate) fn softmax(x: &A, axis: usize) -> A {
    let terms = x.exp();
    pair(&terms, &fold(&terms, &[axis], true, 0.0, |a, b| a + b), |term, sum| term / sum)
}
