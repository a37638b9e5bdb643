//! How often values occur.

use plywood_tensor::{Elem, Float};

/// Into how many intervals of the same width values are sorted; TensorBoard draws 30 of its own.
const BUCKETS: usize = 64;

/// How often values occur: `buckets[i]` of them lie below `limits[i]`, but not below the limit before.
///
/// The last limit is the largest value, which belongs to the last bucket.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Histogram {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) count: f64,
    pub(super) sum: f64,
    pub(super) squares: f64,
    pub(super) limits: Vec<f64>,
    pub(super) buckets: Vec<f64>,
}

impl Histogram {
    /// Of the finite ones among the values; none if there are none.
    pub(super) fn of(values: &[Elem]) -> Option<Histogram> {
        let finite = || values.iter().map(|value| value.to_f64()).filter(|value| value.is_finite());
        let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            return None;
        }
        let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
        // All values the same make one bucket. Its width does not matter, but a reader takes it for more than 0.
        let number = if low < high { BUCKETS } else { 1 };
        let mut buckets = vec![0.0; number];
        let width = (high - low) / number as f64;
        for value in finite() {
            count += 1.0;
            sum += value;
            squares += value * value;
            let bucket = if width > 0.0 { ((value - low) / width) as usize } else { 0 };
            buckets[bucket.min(number - 1)] += 1.0;
        }
        let mut limits: Vec<f64> = (1..=number).map(|i| low + width * i as f64).collect();
        limits[number - 1] = high;
        Some(Histogram { low, high, count, sum, squares, limits, buckets })
    }
}

#[cfg(test)]
mod tests {
    use super::Histogram;
    use plywood_tensor::Elem;

    #[test]
    fn each_finite_value_is_counted_once() {
        let values: Vec<Elem> =
            (0..=640).map(|i| i as Elem / 64.0).chain([Elem::NAN, Elem::INFINITY]).collect();
        let histogram = Histogram::of(&values).unwrap();
        assert_eq!((histogram.low, histogram.high, histogram.count), (0.0, 10.0, 641.0));
        assert_eq!(histogram.buckets.len(), 64);
        assert_eq!(histogram.buckets[..63], [10.0; 63]);
        assert_eq!(histogram.buckets[63], 11.0); // the largest value too
        assert_eq!(histogram.limits[63], 10.0);

        let same = Histogram::of(&[2.0, 2.0]).unwrap();
        assert_eq!((same.buckets, same.limits, same.squares), (vec![2.0], vec![2.0], 8.0));
        assert_eq!(Histogram::of(&[Elem::NAN]), None);
        assert_eq!(Histogram::of(&[]), None);
        // The widest range there is does not overflow into one bucket.
        let wide = Histogram::of(&[-1e30, 1e30]).unwrap();
        assert_eq!((wide.buckets[0], wide.buckets[63]), (1.0, 1.0));
    }
}
