//! Many elements in pieces and in a fixed order: sums of their squares in double precision, and work on each piece.

use plywood_tensor::{Elem, Float, par, simd};

/// Independent chains of additions: they fill the vectors.
pub(crate) const LANES: usize = 128;

/// The sum of all lanes, in a fixed order.
pub(crate) fn fold(mut lanes: [f64; LANES]) -> f64 {
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            lanes[i] += lanes[i + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// The number, moved to `±limit` if it lies beyond; NaN stays NaN.
#[inline(always)]
pub(crate) fn cut(x: Elem, limit: Elem) -> Elem {
    if x > limit {
        limit
    } else if x < -limit {
        -limit
    } else {
        x
    }
}

/// The sum of the squares after elements are cut off at `±limit`, in double precision and a fixed order.
pub(crate) fn squares(x: &[Elem], limit: f64) -> f64 {
    let limit = Elem::of(limit);
    blocks(x, par::CHUNK, |x| serial_squares(x, limit)).sum()
}

/// As [`squares`], on the calling thread.
pub(crate) fn serial_squares(x: &[Elem], limit: Elem) -> f64 {
    let mut lanes = [0.0_f64; LANES];
    simd::dispatch(|| {
        for piece in x.chunks(LANES) {
            for (lane, &x) in lanes.iter_mut().zip(piece) {
                let x = cut(x, limit).to_f64();
                *lane += x * x;
            }
        }
    });
    fold(lanes)
}

/// `work` of each piece of `size` elements, in order; a single piece costs no allocation.
pub(crate) fn blocks<R: Send>(
    x: &[Elem],
    size: usize,
    work: impl Fn(&[Elem]) -> R + Sync,
) -> impl Iterator<Item = R> {
    let (mut one, mut many) = (None, Vec::new());
    if x.len() <= size {
        one = Some(work(x));
    } else {
        let piece = |i: usize| &x[i * size..x.len().min((i + 1) * size)];
        many = par::map(x.len().div_ceil(size), x.len(), |i| work(piece(i)));
    }
    one.into_iter().chain(many)
}

/// `work` of each piece of `size` elements of slices that are cut alike, with the place where it begins; the results in order.
pub(crate) fn pieces<'a, R: Send, const N: usize>(
    slices: [&'a mut [Elem]; N],
    size: usize,
    work: impl Fn(usize, [&'a mut [Elem]; N]) -> R + Sync,
) -> Vec<R> {
    let elements = slices.first().map_or(0, |slice| slice.len());
    let mut cut = slices.map(|slice| slice.chunks_mut(size.max(1)));
    let mut pieces: Vec<_> = (0..elements.div_ceil(size.max(1)))
        .map(|_| (Some(cut.each_mut().map(|slice| slice.next().unwrap_or_default())), None))
        .collect();
    par::chunks(&mut pieces, 1, elements, |i, piece| {
        if let Some(slices) = piece[0].0.take() {
            piece[0].1 = Some(work(i * size, slices));
        }
    });
    pieces.into_iter().filter_map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_are_summed_in_double_precision() {
        // In single precision the sum would stop growing at 2²⁴.
        let x = vec![1.0; 20_000_001];
        assert_eq!(squares(&x, f64::INFINITY), 20_000_001.0);
        assert_eq!(squares(&[-3.0, 2.0, 0.5], 1.0), 2.25);
        assert!(squares(&[0.0, Elem::NAN], 1.0).is_nan());
    }

    #[test]
    fn pieces_cover_everything_once_and_in_order() {
        for length in [0, 1, 9, 10, 11, 100] {
            let (mut a, mut b) = (vec![1.0; length], vec![2.0; length]);
            let places = pieces([&mut a, &mut b], 10, |start, [a, b]| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += *b);
                (start, a.len())
            });
            assert!(a.iter().all(|&a| a == 3.0));
            let starts: Vec<usize> = places.iter().map(|(start, _)| *start).collect();
            assert_eq!(starts, (0..length).step_by(10).collect::<Vec<_>>());
            assert_eq!(places.iter().map(|(_, length)| length).sum::<usize>(), length);
        }
    }
}
