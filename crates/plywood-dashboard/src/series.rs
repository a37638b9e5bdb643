//! The points of a curve.

/// The points of a curve, never more than a terminal can show.
///
/// When there are too many, two neighbours become one, their mean; from then on each point is the mean of twice as many as before.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    points: Vec<(f64, f64)>,
    /// How many values a point stands for.
    every: u32,
    /// The mean of the values that are not yet enough for a point, and their number.
    pending: (f64, f64),
    count: u32,
}

/// Twice the columns of a wide terminal, in each of which there are two dots.
const MOST: usize = 1024;

impl Series {
    pub(crate) fn new() -> Series {
        Series { points: Vec::new(), every: 1, pending: (0.0, 0.0), count: 0 }
    }

    /// Adds a value; what is not finite has no place in a picture.
    pub(crate) fn push(&mut self, x: f64, y: f64) {
        if !y.is_finite() {
            return;
        }
        self.count += 1;
        // Divided first: the sum of the largest numbers would be infinite.
        let n = f64::from(self.count);
        self.pending.0 += x / n - self.pending.0 / n;
        self.pending.1 += y / n - self.pending.1 / n;
        if self.count == self.every {
            self.points.push(std::mem::take(&mut self.pending));
            self.count = 0;
        }
        if self.points.len() == MOST {
            let middle =
                |pair: &[(f64, f64)]| (pair[0].0 / 2.0 + pair[1].0 / 2.0, pair[0].1 / 2.0 + pair[1].1 / 2.0);
            self.points = self.points.chunks_exact(2).map(middle).collect();
            self.every = self.every.saturating_mul(2);
        }
    }

    /// All points, up to the latest value.
    pub(crate) fn points(&self) -> Vec<(f64, f64)> {
        let pending = (self.count > 0).then_some(self.pending);
        self.points.iter().copied().chain(pending).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Series};

    #[test]
    fn few_points_stay_and_many_become_means() {
        let of = |count: u32| {
            let mut series = Series::new();
            (0..count).for_each(|i| series.push(f64::from(i), f64::from(2 * i)));
            series.points()
        };
        assert_eq!(of(0), []);
        assert_eq!(of(2), [(0.0, 0.0), (1.0, 2.0)]);
        assert_eq!(of(1023).len(), 1023);
        assert_eq!(of(1024)[..2], [(0.5, 1.0), (2.5, 5.0)]);
        // 10 000 = 625 · 16: each is the mean of 16.
        let many = of(10_000);
        assert_eq!((many.len(), many[0], many[624]), (625, (7.5, 15.0), (9991.5, 19983.0)));
        // One more is shown at once.
        assert_eq!(of(10_001).last(), Some(&(10_000.0, 20_000.0)));
        assert!((0..100_000).step_by(997).all(|count| of(count).len() <= MOST));
    }

    #[test]
    fn extreme_values_do_no_harm() {
        let mut series = Series::new();
        for y in [f64::NAN, f64::INFINITY, f64::MAX, f64::NEG_INFINITY, f64::MIN] {
            series.push(1.0, y);
        }
        assert_eq!(series.points(), [(1.0, f64::MAX), (1.0, f64::MIN)]);
        for _ in 0..3000 {
            series.push(1.0, f64::MAX);
            series.push(1.0, f64::MIN);
        }
        assert!(series.points().iter().all(|point| point.1.is_finite()));
    }
}
