//! The transforms of F(4×4, 3×3), along one axis, with the points 0, ±5/8, ±3/2, ∞.
//!
//! These points make the sums a fifth as wrong as the usual 0, ±1, ±2, ∞ do, and cost the same: factors are free where a
//! processor multiplies and adds at once. Lavin and Gray, *Fast algorithms for convolutional neural networks*, 2016; Barabasz
//! and others, *Error analysis and improving the accuracy of Winograd convolution for deep neural networks*, 2020.

const A: f64 = 0.625;
const B: f64 = 1.5;
const A2: f64 = A * A;
const B2: f64 = B * B;
const A3: f64 = A * A2;
const B3: f64 = B * B2;
/// What the kernel is divided by at 0, at ±A and at ±B.
const ZERO: f64 = 1.0 / (A2 * B2);
const NEAR: f64 = 1.0 / (2.0 * A2 * (A2 - B2));
const FAR: f64 = 1.0 / (2.0 * B2 * (B2 - A2));

/// A number, or many of them side by side.
pub(crate) trait Number: Copy {
    /// `self · factor + other`, rounded once.
    fn fused(self, factor: f64, other: Self) -> Self;
    /// `self · factor`
    fn times(self, factor: f64) -> Self;
    /// `self + other`
    fn plus(self, other: Self) -> Self;
    /// `self − other`
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        other.fused(-1.0, self)
    }
}

/// Of six neighbouring inputs.
#[inline(always)]
pub(super) fn input<V: Number>(d: [V; 6]) -> [V; 6] {
    let (even, odd) = (d[2].fused(-B2, d[4]), d[1].fused(-B2, d[3]));
    let (wide_even, wide_odd) = (d[2].fused(-A2, d[4]), d[1].fused(-A2, d[3]));
    [
        d[0].fused(A2 * B2, d[2].fused(-(A2 + B2), d[4])),
        odd.fused(A, even),
        odd.fused(-A, even),
        wide_odd.fused(B, wide_even),
        wide_odd.fused(-B, wide_even),
        d[1].fused(A2 * B2, d[3].fused(-(A2 + B2), d[5])),
    ]
}

/// Of three neighbouring weights.
#[inline(always)]
pub(super) fn weight<V: Number>(w: [V; 3]) -> [V; 6] {
    let (even, wide_even) = (w[2].fused(A2, w[0]), w[2].fused(B2, w[0]));
    [
        w[0].times(ZERO),
        w[1].fused(A, even).times(NEAR),
        w[1].fused(-A, even).times(NEAR),
        w[1].fused(B, wide_even).times(FAR),
        w[1].fused(-B, wide_even).times(FAR),
        w[2],
    ]
}

/// Four neighbouring outputs of six sums.
#[inline(always)]
pub(super) fn output<V: Number>(m: [V; 6]) -> [V; 4] {
    let (sum, difference) = (m[1].plus(m[2]), m[1].minus(m[2]));
    let (wide_sum, wide_difference) = (m[3].plus(m[4]), m[3].minus(m[4]));
    [
        m[0].plus(sum.plus(wide_sum)),
        difference.fused(A, wide_difference.times(B)),
        sum.fused(A2, wide_sum.times(B2)),
        difference.fused(A3, wide_difference.fused(B3, m[5])),
    ]
}

/// Of four neighbouring gradients of outputs: the transpose of [`output`].
#[inline(always)]
pub(super) fn gradient<V: Number>(y: [V; 4]) -> [V; 6] {
    let (even, odd) = (y[2].fused(A2, y[0]), y[3].fused(A3, y[1].times(A)));
    let (wide_even, wide_odd) = (y[2].fused(B2, y[0]), y[3].fused(B3, y[1].times(B)));
    [y[0], even.plus(odd), even.minus(odd), wide_even.plus(wide_odd), wide_even.minus(wide_odd), y[3]]
}

/// Gradients of three neighbouring weights of six sums: the transpose of [`weight`].
#[inline(always)]
pub(super) fn weight_gradient<V: Number>(m: [V; 6]) -> [V; 3] {
    let (sum, difference) = (m[1].plus(m[2]).times(NEAR), m[1].minus(m[2]).times(NEAR));
    let (wide_sum, wide_difference) = (m[3].plus(m[4]).times(FAR), m[3].minus(m[4]).times(FAR));
    [
        m[0].fused(ZERO, sum.plus(wide_sum)),
        difference.fused(A, wide_difference.times(B)),
        sum.fused(A2, wide_sum.fused(B2, m[5])),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Number for f64 {
        fn fused(self, factor: f64, other: f64) -> f64 {
            self * factor + other
        }
        fn times(self, factor: f64) -> f64 {
            self * factor
        }
        fn plus(self, other: f64) -> f64 {
            self + other
        }
    }

    /// The transforms along one axis make a convolution, and the transposed ones its gradients.
    #[test]
    fn they_make_a_convolution() {
        let d = [0.5, -1.25, 2.0, 0.75, -0.5, 1.5_f64];
        let (w, g) = ([0.75, -0.5, 1.25], [1.0, -2.0, 0.5, 0.25]);
        let (v, u) = (input(d), weight(w));
        let y = output(std::array::from_fn(|i| v[i] * u[i]));
        for o in 0..4 {
            let expected: f64 = (0..3).map(|k| d[o + k] * w[k]).sum();
            assert!((y[o] - expected).abs() < 1e-14, "{o}: {} instead of {expected}", y[o]);
        }
        let e = gradient(g);
        let found = weight_gradient(std::array::from_fn(|i| v[i] * e[i]));
        for k in 0..3 {
            let expected: f64 = (0..4).map(|o| d[o + k] * g[o]).sum();
            assert!((found[k] - expected).abs() < 1e-14, "{k}: {} instead of {expected}", found[k]);
        }
    }
}
