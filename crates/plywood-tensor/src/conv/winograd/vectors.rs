//! The transforms of whole tiles, with numbers that stay in registers along each axis.

use super::tiles::SIDE;
use super::transform::{Number, gradient, input, output, weight, weight_gradient};
use crate::Float;
use crate::simd::prefetch;
use crate::simd::vector::Simd;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;

/// The transforms of an instruction set.
#[allow(missing_debug_implementations)] // nobody outside can name it
pub(crate) struct Transforms<T> {
    /// Squares of 6×6 inputs.
    pub(crate) input: unsafe fn(&Spread<T>),
    /// Squares of 4×4 gradients.
    pub(crate) gradient: unsafe fn(&Spread<T>),
    /// Squares of 3×3 weights.
    pub(crate) weight: unsafe fn(&Spread<T>),
    /// Sums at 6×6 points to 4×4 results.
    pub(crate) output: unsafe fn(&Collect<T>),
    /// Sums at 6×6 points to 3×3 gradients of weights.
    pub(crate) weight_gradient: unsafe fn(&Collect<T>),
}

/// A square of places that is to be transformed, all its channels.
pub(crate) struct Spread<T> {
    /// For each row of the square its first column that is there; as many as the transform takes.
    pub(super) rows: [*const T; 6],
    /// Columns of the square that are there; all others are 0.
    pub(super) columns: Range<usize>,
    /// From a row to that of the square below, which will be read some time later: it is asked for. Squares of 3×3 have none.
    pub(super) ahead: usize,
    /// From one column to the next.
    pub(super) column_step: usize,
    pub(super) channels: usize,
    /// Where those of the first point go.
    pub(super) to: *mut T,
    /// From one point to the next.
    pub(super) step: usize,
}

/// Sums at all points that are to become the numbers of a square of places.
pub(crate) struct Collect<T> {
    /// The channels of the first point.
    pub(super) from: *const T,
    /// From one point to the next.
    pub(super) step: usize,
    pub(super) channels: usize,
    /// Where the channels of the first place go.
    pub(super) to: *mut T,
    /// From one row of places to the next, and from one place to the next.
    pub(super) steps: [usize; 2],
    /// Places that are there, down and across.
    pub(super) size: [usize; 2],
    /// What is added to each place, or null.
    pub(super) bias: *const T,
    pub(super) rectify: bool,
}

/// A vector as a number: made only where its instruction set is enabled.
struct Lanes<S: Simd<T>, T>(S::Vector, PhantomData<T>);

impl<S: Simd<T>, T> Clone for Lanes<S, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Simd<T>, T> Copy for Lanes<S, T> {}

impl<S: Simd<T>, T: Float> Number for Lanes<S, T> {
    #[inline(always)]
    fn fused(self, factor: f64, other: Self) -> Self {
        // SAFETY: there is a vector, so the instruction set is enabled.
        Lanes(unsafe { S::multiply_add(self.0, S::splat(T::of(factor)), other.0) }, PhantomData)
    }
    #[inline(always)]
    fn times(self, factor: f64) -> Self {
        // SAFETY: as above. A sum with −0 is the product itself, rounded once.
        Lanes(unsafe { S::multiply_add(self.0, S::splat(T::of(factor)), S::splat(-T::ZERO)) }, PhantomData)
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        // SAFETY: as above.
        Lanes(unsafe { S::add(self.0, other.0) }, PhantomData)
    }
}

/// A transform along an axis.
///
/// A type and not a function that is handed on: that would be called from code without the instruction set.
pub(crate) trait Transform<const N: usize> {
    fn apply<V: Number>(x: [V; N]) -> [V; 6];
}

/// Of 6×6 inputs.
pub(crate) struct Input;

impl Transform<6> for Input {
    #[inline(always)]
    fn apply<V: Number>(x: [V; 6]) -> [V; 6] {
        input(x)
    }
}

/// Of 4×4 gradients of results.
pub(crate) struct Gradient;

impl Transform<SIDE> for Gradient {
    #[inline(always)]
    fn apply<V: Number>(x: [V; SIDE]) -> [V; 6] {
        gradient(x)
    }
}

/// Of 3×3 weights.
pub(crate) struct Weight;

impl Transform<3> for Weight {
    #[inline(always)]
    fn apply<V: Number>(x: [V; 3]) -> [V; 6] {
        weight(x)
    }
}

/// As [`Transform`], back.
pub(crate) trait Back<const M: usize> {
    fn apply<V: Number>(x: [V; 6]) -> [V; M];
}

/// To 4×4 results.
pub(crate) struct Output;

impl Back<SIDE> for Output {
    #[inline(always)]
    fn apply<V: Number>(x: [V; 6]) -> [V; SIDE] {
        output(x)
    }
}

/// To 3×3 gradients of weights.
pub(crate) struct WeightGradient;

impl Back<3> for WeightGradient {
    #[inline(always)]
    fn apply<V: Number>(x: [V; 6]) -> [V; 3] {
        weight_gradient(x)
    }
}

/// Transforms a square of `N` by `N` places.
///
/// # Safety
/// As for [`Simd`]; the pointers must be valid for all channels.
#[inline(always)]
pub(crate) unsafe fn spread<S: Simd<T>, T: Float, F: Transform<N>, const N: usize>(call: &Spread<T>) {
    let mut channel = 0;
    while channel < call.channels {
        // SAFETY: by contract, with the mask for the lanes that are left.
        unsafe {
            let left = (call.channels - channel).min(S::LANES);
            let mask = S::mask(left);
            let zero = Lanes::<S, T>(S::splat(T::ZERO), PhantomData);
            // More than there are registers: to clear it first would take as long as to fill it.
            let mut half = [const { MaybeUninit::<[Lanes<S, T>; 6]>::uninit() }; N];
            for j in 0..N {
                let mut column = [zero; N];
                if call.columns.start <= j && j < call.columns.end {
                    let at = (j - call.columns.start) * call.column_step + channel;
                    for i in 0..N {
                        column[i] = load(call.rows[i].add(at), left, mask);
                        // What the square below does not share with this one; beyond the last it is a hint for nothing. Squares
                        // of few places are too short for a processor to foresee the next.
                        if N >= SIDE && i + SIDE >= N && at < SIDE * call.column_step {
                            prefetch(call.rows[i].wrapping_add(at + call.ahead), S::LANES);
                        }
                    }
                }
                half[j].write(F::apply(column));
            }
            for i in 0..6 {
                let mut row = [zero; N];
                for j in 0..N {
                    row[j] = half[j].assume_init_ref()[i];
                }
                let y = F::apply(row);
                for j in 0..6 {
                    store(call.to.add((6 * i + j) * call.step + channel), y[j], left, mask);
                }
            }
        }
        channel += S::LANES;
    }
}

/// Transforms sums at all points to a square of `M` by `M` places.
///
/// # Safety
/// As for [`Simd`]; the pointers must be valid for all channels of all points and of the places that are there.
#[inline(always)]
pub(crate) unsafe fn collect<S: Simd<T>, T: Float, F: Back<M>, const M: usize>(call: &Collect<T>) {
    let mut channel = 0;
    while channel < call.channels {
        // SAFETY: by contract, with the mask for the lanes that are left.
        unsafe {
            let left = (call.channels - channel).min(S::LANES);
            let mask = S::mask(left);
            let zero = Lanes::<S, T>(S::splat(T::ZERO), PhantomData);
            let mut half = [const { MaybeUninit::<[Lanes<S, T>; M]>::uninit() }; 6];
            for j in 0..6 {
                let mut column = [zero; 6];
                for i in 0..6 {
                    column[i] = load(call.from.add((6 * i + j) * call.step + channel), left, mask);
                }
                half[j].write(F::apply(column));
            }
            let mut bias = zero;
            if !call.bias.is_null() {
                bias = load(call.bias.add(channel), left, mask);
            }
            for i in 0..call.size[0] {
                let mut row = [zero; 6];
                for j in 0..6 {
                    row[j] = half[j].assume_init_ref()[i];
                }
                let y = F::apply(row);
                for j in 0..call.size[1] {
                    let mut y = y[j].plus(bias);
                    if call.rectify {
                        y.0 = S::rectify(y.0);
                    }
                    let to = call.to.add(i * call.steps[0] + j * call.steps[1] + channel);
                    store(to, y, left, mask);
                    if M == SIDE {
                        // The same place of the next tile, which follows most of the time.
                        prefetch(to.wrapping_add(M * call.steps[1]), S::LANES);
                    }
                }
            }
        }
        channel += S::LANES;
    }
}

/// The first `left` lanes.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
unsafe fn load<S: Simd<T>, T>(from: *const T, left: usize, mask: S::Mask) -> Lanes<S, T> {
    // SAFETY: by contract.
    Lanes(unsafe { if left == S::LANES { S::load(from) } else { S::load_part(from, mask) } }, PhantomData)
}

/// As [`load`], the other way.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
unsafe fn store<S: Simd<T>, T>(to: *mut T, x: Lanes<S, T>, left: usize, mask: S::Mask) {
    // SAFETY: by contract.
    unsafe { if left == S::LANES { S::store(to, x.0) } else { S::store_part(to, x.0, mask) } }
}
