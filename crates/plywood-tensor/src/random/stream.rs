//! Seeds and the streams that grow from them.

use super::philox::{blocks, philox};
use crate::{Array, Element, Float, IntoShape, Result, TensorError, math, par, simd};

/// Where all randomness of a run comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seed(pub u64);

impl Seed {
    /// The stream of this seed.
    pub fn stream(self) -> Stream {
        Stream { key: mix(self.0 ^ 0x706c_7977_6f6f_6421) }
    }
}

/// An endless sequence of random numbers, each found by its position.
///
/// A stream has no state: number `i` of a stream is always the same number. Streams branch by [`Stream::at`], for
/// example at the epoch, then at the sample, then at the operation; branches are independent of each other. So what is
/// drawn depends on where it is drawn, and never on which thread or worker came first.
///
/// ```
/// use plywood_tensor::Seed;
///
/// let stream = Seed(7).stream().at(3); // say, of epoch 3
/// assert_eq!(stream.uniform(10), stream.uniform(10));
/// assert_ne!(stream.uniform(10), stream.at(1).uniform(10));
/// assert_eq!(stream.permutation(4).len(), 4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    key: u64,
}

/// The finaliser of SplitMix64: every bit of the input moves every bit of the output.
fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

impl Stream {
    /// The branch number `branch` of this stream.
    #[must_use]
    pub fn at(&self, branch: u64) -> Stream {
        Stream { key: mix(self.key.wrapping_add(mix(branch.wrapping_add(0x9E37_79B9_7F4A_7C15)))) }
    }

    /// The branch of this stream that belongs to a name, for example a layer's path.
    #[must_use]
    pub fn named(&self, name: &str) -> Stream {
        name.bytes().fold(self.at(0x6e61_6d65), |stream, byte| stream.at(u64::from(byte)))
    }

    #[inline(always)]
    fn block(&self, index: u64) -> [u32; 4] {
        philox([index as u32, (index >> 32) as u32, 0, 0], [self.key as u32, (self.key >> 32) as u32])
    }

    /// 64 random bits, number `index` of the stream.
    pub fn bits(&self, index: u64) -> u64 {
        let [a, b, ..] = self.block(index);
        u64::from(a) | u64::from(b) << 32
    }

    /// A number in `[0, 1)`, number `index` of the stream.
    pub fn uniform(&self, index: u64) -> f64 {
        (self.bits(index) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An integer in `0..bound`, number `index` of the stream; 0 if `bound` is 0.
    pub fn below(&self, index: u64, bound: usize) -> usize {
        // The bias of the multiplication is below 2⁻³² for bounds up to 2³², far under what a sample can show.
        ((u128::from(self.bits(index)) * bound as u128) >> 64) as usize
    }

    /// The numbers `0..count` in random order (Fisher and Yates).
    pub fn permutation(&self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for i in (1..count).rev() {
            order.swap(i, self.below(i as u64, i + 1));
        }
        order
    }

    /// Fills a slice with numbers of `[0, 1)`; element `i` depends on the stream and on `i` alone.
    pub fn fill_uniform<T: Float>(&self, out: &mut [T]) {
        self.fill(out, |word| unit(word));
    }

    /// Fills a slice with 1 where a coin of probability `p` shows heads, 0 elsewhere.
    pub fn fill_bernoulli<T: Float>(&self, out: &mut [T], p: f64) {
        // Compared as integers, so that both widths draw the same mask; p = 1 always wins and p = 0 never.
        let limit = (p.clamp(0.0, 1.0) * 4_294_967_296.0) as u64;
        let Some(most) = limit.checked_sub(1) else { return out.fill(T::ZERO) };
        let most = most as u32;
        self.fill(out, |word| if word <= most { T::ONE } else { T::ZERO });
    }

    /// Fills a slice with standard normal numbers (Box and Muller, 1958).
    pub fn fill_normal<T: Float>(&self, out: &mut [T]) {
        let steps = out.len() * 16;
        par::chunks(out, par::CHUNK, steps, |start, piece| {
            simd::run(Normals { stream: self, first: start as u64 / 2, out: piece });
        });
    }

    /// One 32-bit word for each element, four from each block.
    fn fill<T: Element>(&self, out: &mut [T], value: impl Fn(u32) -> T + Sync) {
        let steps = out.len() * 4;
        par::chunks(out, par::CHUNK, steps, |start, piece| {
            simd::run(Words { stream: self, first: start as u64 / 4, out: piece, value: &value });
        });
    }
}

/// How many blocks of words are made at a time.
const BLOCKS: usize = 32;

struct Words<'a, T, F> {
    stream: &'a Stream,
    first: u64,
    out: &'a mut [T],
    value: &'a F,
}

impl<T: Copy, F: Fn(u32) -> T> simd::Kernel for Words<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let key = [self.stream.key as u32, (self.stream.key >> 32) as u32];
        for (i, out) in self.out.chunks_mut(4 * BLOCKS).enumerate() {
            let words = blocks::<BLOCKS>(self.first + (i * BLOCKS) as u64, key);
            let values = words.map(|words| words.map(|word| (self.value)(word)));
            let (whole, rest) = out.as_chunks_mut::<4>();
            let last = whole.len();
            for (block, four) in whole.iter_mut().enumerate() {
                *four = std::array::from_fn(|word| values[word][block]);
            }
            for (x, values) in rest.iter_mut().zip(&values) {
                *x = values[last];
            }
        }
    }
}

/// How many pairs of normal numbers are made at a time.
const PAIRS: usize = 64;

struct Normals<'a, T> {
    stream: &'a Stream,
    first: u64,
    out: &'a mut [T],
}

impl<T: Float> simd::Kernel for Normals<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let (mut radius, mut angle) = ([0.0; PAIRS], [0.0; PAIRS]);
        let (mut cosine, mut sine) = ([0.0; PAIRS], [0.0; PAIRS]);
        for (block, out) in self.out.chunks_mut(2 * PAIRS).enumerate() {
            for (i, (radius, angle)) in radius.iter_mut().zip(&mut angle).enumerate() {
                let [a, b, c, d] = self.stream.block(self.first + (block * PAIRS + i) as u64);
                // 1 − u lies in (0, 1], whose logarithm is finite.
                (*radius, *angle) = (1.0 - wide(a, b), std::f64::consts::TAU * wide(c, d));
            }
            for radius in &mut radius {
                *radius = math::sqrt(-2.0 * math::ln(*radius));
            }
            for i in 0..PAIRS {
                cosine[i] = radius[i] * math::cos_near(angle[i]);
                sine[i] = radius[i] * math::sin_near(angle[i]);
            }
            for (pair, (&cosine, &sine)) in out.chunks_mut(2).zip(cosine.iter().zip(&sine)) {
                pair[0] = T::of(cosine);
                if let Some(second) = pair.get_mut(1) {
                    *second = T::of(sine);
                }
            }
        }
    }
}

/// One normal number from two even ones.
struct Normal {
    radius: f64,
    angle: f64,
}

impl simd::Kernel for Normal {
    type Output = f64;
    #[inline(always)]
    fn run(self) -> f64 {
        let radius = math::sqrt(-2.0 * math::ln(1.0 - self.radius));
        radius * math::cos_near(std::f64::consts::TAU * self.angle)
    }
}

/// A word as a number of `[0, 1)`. 24 bits, so that `f32` holds it exactly and both widths draw the same.
#[inline(always)]
fn unit<T: Float>(word: u32) -> T {
    T::of(f64::from(word >> 8) / f64::from(1_u32 << 24))
}

/// Two words as a number of `[0, 1)`, 53 bits.
#[inline(always)]
fn wide(low: u32, high: u32) -> f64 {
    ((u64::from(low) | u64::from(high) << 32) >> 11) as f64 / (1_u64 << 53) as f64
}

impl<T: Float> Array<T> {
    /// Random numbers, evenly distributed over `[low, high)`.
    ///
    /// # Errors
    /// [`TensorError::Overflow`] for a shape that is too large.
    pub fn uniform(shape: impl IntoShape, low: f64, high: f64, stream: &Stream) -> Result<Self> {
        let mut out = Self::zeros(shape)?;
        stream.fill_uniform(out.as_mut_slice());
        let (low, high, width) = (T::of(low), T::of(high), T::of(high - low));
        // Rounding may reach the end that is left out; then the number before it is taken.
        let last = high - math::abs(high) * T::EPSILON * T::of(0.5);
        let scale = |u: T| if low + width * u < high { low + width * u } else { math::maximum(low, last) };
        Ok(out.map(scale))
    }

    /// Random numbers of a normal distribution.
    ///
    /// # Errors
    /// [`TensorError::Overflow`] for a shape that is too large.
    pub fn normal(shape: impl IntoShape, mean: f64, deviation: f64, stream: &Stream) -> Result<Self> {
        let mut out = Self::zeros(shape)?;
        stream.fill_normal(out.as_mut_slice());
        let (mean, deviation) = (T::of(mean), T::of(deviation));
        Ok(out.map(|z| mean + deviation * z))
    }

    /// Random numbers of a normal distribution, those outside `[low, high]` drawn again.
    ///
    /// `deviation` is that of the distribution before it is cut.
    ///
    /// # Errors
    /// [`TensorError::Argument`] if the interval is empty or lies so far out that it is practically never hit.
    pub fn truncated_normal(
        shape: impl IntoShape,
        mean: f64,
        deviation: f64,
        low: f64,
        high: f64,
        stream: &Stream,
    ) -> Result<Self> {
        let mut out = Self::zeros(shape)?;
        for (i, x) in out.as_mut_slice().iter_mut().enumerate() {
            let draws = stream.at(i as u64);
            let inside = (0..10_000).map(|attempt| {
                let (radius, angle) = (draws.uniform(2 * attempt), draws.uniform(2 * attempt + 1));
                mean + deviation * simd::run(Normal { radius, angle })
            });
            let Some(value) = { inside }.find(|z| (low..=high).contains(z)) else {
                let expected = "an interval that the distribution reaches";
                return Err(
                    TensorError::Argument { op: "truncated_normal", expected, got: high - low }.into()
                );
            };
            *x = T::of(value);
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Seed, Tensor};

    #[test]
    fn moments_are_those_of_the_distribution() {
        let moments = |x: &Tensor| {
            let x: Vec<f64> = x.as_slice().iter().map(|&v| f64::from(v)).collect();
            let mean = x.iter().sum::<f64>() / x.len() as f64;
            (mean, x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / x.len() as f64)
        };
        let stream = Seed(3).stream();
        let (mean, variance) = moments(&Tensor::uniform([100_000], -1.0, 3.0, &stream).unwrap());
        assert!((mean - 1.0).abs() < 0.02 && (variance - 16.0 / 12.0).abs() < 0.02, "{mean} {variance}");
        let (mean, variance) = moments(&Tensor::normal([100_001], 2.0, 0.5, &stream).unwrap());
        assert!((mean - 2.0).abs() < 0.01 && (variance - 0.25).abs() < 0.01, "{mean} {variance}");
        let cut = Tensor::truncated_normal([20_000], 0.0, 1.0, -2.0, 2.0, &stream).unwrap();
        let (mean, variance) = moments(&cut);
        assert!(mean.abs() < 0.02 && (variance - 0.774).abs() < 0.02, "{mean} {variance}");
        assert!(cut.as_slice().iter().all(|x| (-2.0..=2.0).contains(x)));
    }

    #[test]
    fn permutations_are_fair_and_repeatable() {
        let mut counts = [0; 6];
        for seed in 0..6000 {
            let p = Seed(seed).stream().permutation(3);
            counts[p[0] * 2 + usize::from(p[1] > p[2])] += 1;
        }
        assert!(counts.iter().all(|&c| (900..1100).contains(&c)), "{counts:?}");
    }
}
