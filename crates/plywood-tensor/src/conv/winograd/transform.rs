//! The transforms of F(4×4, 3×3), along one axis, with the points 0, ±5/8, ±3/2, ∞.
//!
//! These points make the sums a fifth as wrong as the usual 0, ±1, ±2, ∞ do, and cost the same: factors are free where a
//! processor multiplies and adds at once. Lavin and Gray, *Fast algorithms for convolutional neural networks*, 2016; Barabasz
//! and others, *Error analysis and improving the accuracy of Winograd convolution for deep neural networks*, 2020.

use crate::Float;

const A: f64 = 0.625;
const B: f64 = 1.5;
const A2: f64 = A * A;
const B2: f64 = B * B;
/// What the kernel is divided by at ±A and at ±B.
const NEAR: f64 = 1.0 / (2.0 * A2 * (A2 - B2));
const FAR: f64 = 1.0 / (2.0 * B2 * (B2 - A2));

/// Of six neighbouring inputs.
#[inline(always)]
pub(super) fn input<T: Float>(d: [T; 6]) -> [T; 6] {
    let [a, b, a2, b2] = [A, B, A2, B2].map(T::of);
    let (product, sum) = (T::of(A2 * B2), T::of(-(A2 + B2)));
    let (even, odd) = ((-b2).mul_add(d[2], d[4]), (-b2).mul_add(d[1], d[3]));
    let (wide_even, wide_odd) = ((-a2).mul_add(d[2], d[4]), (-a2).mul_add(d[1], d[3]));
    [
        product.mul_add(d[0], sum.mul_add(d[2], d[4])),
        a.mul_add(odd, even),
        (-a).mul_add(odd, even),
        b.mul_add(wide_odd, wide_even),
        (-b).mul_add(wide_odd, wide_even),
        product.mul_add(d[1], sum.mul_add(d[3], d[5])),
    ]
}

/// Of three neighbouring weights.
#[inline(always)]
pub(super) fn weight<T: Float>(w: [T; 3]) -> [T; 6] {
    let [a, b, a2, b2, near, far] = [A, B, A2, B2, NEAR, FAR].map(T::of);
    let (even, wide_even) = (a2.mul_add(w[2], w[0]), b2.mul_add(w[2], w[0]));
    [
        w[0] * T::of(1.0 / (A2 * B2)),
        near * a.mul_add(w[1], even),
        near * (-a).mul_add(w[1], even),
        far * b.mul_add(w[1], wide_even),
        far * (-b).mul_add(w[1], wide_even),
        w[2],
    ]
}

/// Four neighbouring outputs of six sums.
#[inline(always)]
pub(super) fn output<T: Float>(m: [T; 6]) -> [T; 4] {
    let [a, b, a2, b2, a3, b3] = [A, B, A2, B2, A * A2, B * B2].map(T::of);
    let (sum, difference) = (m[1] + m[2], m[1] - m[2]);
    let (wide_sum, wide_difference) = (m[3] + m[4], m[3] - m[4]);
    [
        m[0] + (sum + wide_sum),
        a.mul_add(difference, b * wide_difference),
        a2.mul_add(sum, b2 * wide_sum),
        a3.mul_add(difference, b3.mul_add(wide_difference, m[5])),
    ]
}

/// Of four neighbouring gradients of outputs: the transpose of [`output`].
#[inline(always)]
pub(super) fn gradient<T: Float>(y: [T; 4]) -> [T; 6] {
    let [a, b, a2, b2, a3, b3] = [A, B, A2, B2, A * A2, B * B2].map(T::of);
    let (even, odd) = (a2.mul_add(y[2], y[0]), a3.mul_add(y[3], a * y[1]));
    let (wide_even, wide_odd) = (b2.mul_add(y[2], y[0]), b3.mul_add(y[3], b * y[1]));
    [y[0], even + odd, even - odd, wide_even + wide_odd, wide_even - wide_odd, y[3]]
}

/// Gradients of three neighbouring weights of six sums: the transpose of [`weight`].
#[inline(always)]
pub(super) fn weight_gradient<T: Float>(m: [T; 6]) -> [T; 3] {
    let [a, b, a2, b2, near, far] = [A, B, A2, B2, NEAR, FAR].map(T::of);
    let (sum, difference) = (near * (m[1] + m[2]), near * (m[1] - m[2]));
    let (wide_sum, wide_difference) = (far * (m[3] + m[4]), far * (m[3] - m[4]));
    [
        m[0].mul_add(T::of(1.0 / (A2 * B2)), sum + wide_sum),
        a.mul_add(difference, b * wide_difference),
        a2.mul_add(sum, b2.mul_add(wide_sum, m[5])),
    ]
}

/// Channels that are transformed at once.
pub(super) const LANES: usize = 16;

/// A transform along both axes of a square, in every lane.
#[inline(always)]
pub(super) fn square<T: Float, const N: usize, const M: usize>(
    f: impl Fn([T; N]) -> [T; M],
    x: &[[[T; LANES]; N]; N],
) -> [[[T; LANES]; M]; M] {
    let mut half = [[[T::ZERO; LANES]; N]; M];
    for j in 0..N {
        for lane in 0..LANES {
            let y = f(std::array::from_fn(|i| x[i][j][lane]));
            for i in 0..M {
                half[i][j][lane] = y[i];
            }
        }
    }
    let mut y = [[[T::ZERO; LANES]; M]; M];
    for i in 0..M {
        for lane in 0..LANES {
            let row = f(std::array::from_fn(|j| half[i][j][lane]));
            for j in 0..M {
                y[i][j][lane] = row[j];
            }
        }
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

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
