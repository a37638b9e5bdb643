//! All trainable parameters as one vector.

use crate::norm::{LANES, fold};
use plywood_nn::{Leaf, LeafMut, Parameters, Path};
use plywood_tensor::{Elem, Float, Shape, par, simd};

/// The numbers of all trainable parameters, in the order in which the model shows them.
pub(super) fn gather(model: &(impl Parameters + ?Sized), layout: &[(String, Shape)]) -> Vec<Elem> {
    let mut x = Vec::with_capacity(layout.iter().map(|(_, shape)| shape.numel()).sum());
    model.visit(&Path::root(), &mut |_, leaf| {
        if let Leaf::Param(param) = leaf
            && param.is_trainable()
        {
            x.extend_from_slice(param.value().as_slice());
        }
    });
    x
}

/// Writes the numbers to the model.
pub(super) fn scatter(model: &mut (impl Parameters + ?Sized), mut x: &[Elem]) {
    model.visit_mut(&Path::root(), &mut |_, leaf| {
        let LeafMut::Param(param) = leaf else { return };
        if !param.is_trainable() {
            return;
        }
        let numbers = param.value_mut().as_mut_slice();
        if let Some((these, rest)) = x.split_at_checked(numbers.len()) {
            numbers.copy_from_slice(these);
            x = rest;
        }
    });
}

/// `Σ a b`, in double precision and a fixed order.
pub(super) fn dot(a: &[Elem], b: &[Elem]) -> f64 {
    let piece = |i: usize| {
        let these = i * par::CHUNK..a.len().min((i + 1) * par::CHUNK);
        let (a, b) = (&a[these.clone()], &b[these]);
        let mut lanes = [0.0; LANES];
        simd::dispatch(|| {
            for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
                for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
                    *lane += a.to_f64() * b.to_f64();
                }
            }
        });
        fold(lanes)
    };
    par::map(a.len().div_ceil(par::CHUNK), a.len(), piece).into_iter().sum()
}

/// `Σ |a|`, in double precision.
pub(super) fn sum_of_sizes(a: &[Elem]) -> f64 {
    a.iter().map(|a| a.abs().to_f64()).sum()
}

/// The largest size of an element; NaN if one is.
pub(super) fn largest(a: &[Elem]) -> f64 {
    a.iter().map(|a| a.abs().to_f64()).fold(0.0, plywood_tensor::math::maximum)
}

/// `x ← x + factor · d`.
pub(super) fn add_to(x: &mut [Elem], factor: f64, d: &[Elem]) {
    let (factor, steps) = (Elem::of(factor), x.len());
    par::chunks(x, par::CHUNK, steps, |start, x| {
        let d = &d[start..start + x.len()];
        simd::dispatch(move || {
            for (x, &d) in x.iter_mut().zip(d) {
                *x += factor * d;
            }
        });
    });
}
