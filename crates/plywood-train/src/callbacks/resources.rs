//! What a training costs.

use crate::number::Seconds;
use crate::{Callback, Flow, Status};
use plywood_tensor::Result;
use std::fmt;
use std::time::Instant;

/// Measures what a training costs: how long steps take, how many samples pass in a second, how much memory was in use.
///
/// The time of a step is that between the ends of two batches, so it holds loading and what callbacks do; validation is
/// none of it. Percentiles are those of all steps since the training began (8 bytes are kept for each). Give it to a training by
/// `&mut`, and print it afterwards. A run that is resumed is measured anew.
///
/// # Example
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Progress, Resources, Trainer};
///
/// let (x, y) = (Tensor::from([[1.0], [2.0], [3.0]]), Tensor::from([[3.0], [5.0], [7.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
/// let mut resources = Resources::new();
/// let fit = Fit::epochs(20).batch_size(2).callback(&mut resources).progress(Progress::Silent);
/// trainer.fit_arrays(&x, &y, fit)?;
/// assert_eq!((resources.steps(), resources.samples()), (40, 60));
/// assert!(resources.percentile(50.0) <= resources.percentile(99.0));
/// // 40 steps: median 3 µs, 90 % within 4 µs, 99 % within 27 µs, longest 27 µs; 440000 samples/s; …
/// assert!(resources.to_string().starts_with("40 steps: median "));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Lightning: `DeviceStatsMonitor` and `ThroughputMonitor`. Keras shows the mean time of a step alone.
#[derive(Debug, Clone)]
pub struct Resources {
    /// Of each step, in seconds.
    times: Vec<f64>,
    samples: u64,
    last: Instant,
    /// How many samples of this epoch were counted.
    counted: usize,
}

impl Resources {
    /// Nothing is measured yet.
    pub fn new() -> Resources {
        Resources { times: Vec::new(), samples: 0, last: Instant::now(), counted: 0 }
    }

    /// How many steps were measured.
    pub fn steps(&self) -> usize {
        self.times.len()
    }

    /// How many samples they had.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// How long all steps took, in seconds.
    pub fn seconds(&self) -> f64 {
        self.times.iter().sum()
    }

    /// How many samples passed in a second; none before the first step.
    pub fn samples_per_second(&self) -> Option<f64> {
        let seconds = self.seconds();
        (seconds > 0.0).then(|| self.samples as f64 / seconds)
    }

    /// The time, in seconds, within which `percent` of the steps were done: 50 is the median, 100 the longest. None before the
    /// first step.
    pub fn percentile(&self, percent: f64) -> Option<f64> {
        let mut times = self.times.clone();
        times.sort_unstable_by(f64::total_cmp);
        nearest_rank(&times, percent)
    }

    /// The most memory that the process has had in use, in bytes, since it began; known on Linux.
    #[doc(alias = "VmHWM")]
    pub fn peak_memory(&self) -> Option<u64> {
        peak_memory(&std::fs::read_to_string("/proc/self/status").ok()?)
    }

    /// The next step begins, after so many samples of the epoch.
    fn begin_at(&mut self, now: Instant, samples: usize) {
        (self.last, self.counted) = (now, samples);
    }

    /// A step has ended, after so many samples of the epoch.
    fn step_at(&mut self, now: Instant, samples: usize) {
        self.times.push((now - self.last).as_secs_f64());
        self.samples += (samples - self.counted) as u64;
        self.begin_at(now, samples);
    }
}

impl Default for Resources {
    fn default() -> Resources {
        Resources::new()
    }
}

impl Callback for Resources {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        // A run that is resumed in the midst of an epoch has done some of its samples before.
        *self = Resources { counted: status.samples, ..Resources::new() };
        Ok(Flow::Continue)
    }

    fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.begin_at(Instant::now(), status.samples);
        Ok(Flow::Continue)
    }

    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.step_at(Instant::now(), status.samples);
        Ok(Flow::Continue)
    }
}

impl fmt::Display for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut times = self.times.clone();
        times.sort_unstable_by(f64::total_cmp);
        let at = |percent| nearest_rank(&times, percent).unwrap_or(f64::NAN);
        let (Some(rate), steps) = (self.samples_per_second(), times.len()) else {
            return f.write_str("no steps");
        };
        let [median, most, nearly_all, longest] = [50.0, 90.0, 99.0, 100.0].map(at).map(Step);
        write!(f, "{steps} step{}: median {median}, ", if steps == 1 { "" } else { "s" })?;
        write!(f, "90 % within {most}, 99 % within {nearly_all}, longest {longest}; {rate:.0} samples/s")?;
        match self.peak_memory() {
            Some(bytes) => write!(f, "; at most {} MB of memory", bytes / 1_000_000),
            None => Ok(()),
        }
    }
}

/// The time of a step, which may be much less than a millisecond.
struct Step(f64);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            seconds if seconds < 0.000_999_5 => write!(f, "{:.0} µs", seconds * 1e6),
            seconds if seconds < 0.009_95 => write!(f, "{:.1} ms", seconds * 1e3),
            seconds => Seconds(seconds).fmt(f),
        }
    }
}

/// The smallest of the sorted values that `percent` of them do not exceed.
fn nearest_rank(sorted: &[f64], percent: f64) -> Option<f64> {
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied()
}

/// Out of what Linux tells of a process.
fn peak_memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::{Resources, Step, nearest_rank, peak_memory};
    use crate::Callback;
    use crate::callbacks::testing::in_first_epoch;
    use std::time::Duration;

    #[test]
    fn steps_are_measured_from_end_to_end_and_validation_is_not() {
        let mut resources = Resources::new();
        let begin = resources.last;
        let at = |milliseconds| begin + Duration::from_millis(milliseconds);
        resources.begin_at(at(1), 0);
        resources.step_at(at(3), 32);
        resources.step_at(at(6), 40);
        // A validation of 100 milliseconds.
        resources.begin_at(at(106), 0);
        resources.step_at(at(107), 32);
        assert_eq!((resources.steps(), resources.samples()), (3, 72));
        assert!((resources.seconds() - 0.006).abs() < 1e-12, "{}", resources.seconds());
        for (percent, seconds) in [(10.0, 0.001), (50.0, 0.002), (90.0, 0.003), (100.0, 0.003)] {
            assert_eq!(resources.percentile(percent), Some(seconds));
        }
        let text =
            "3 steps: median 2.0 ms, 90 % within 3.0 ms, 99 % within 3.0 ms, longest 3.0 ms; 12000 samples/s";
        assert!(resources.to_string().starts_with(text), "{resources}");
    }

    #[test]
    fn the_clock_is_looked_at_when_an_epoch_begins_and_when_a_step_ends() {
        let (mut resources, hour) = (Resources::new(), Duration::from_secs(3600));
        let later = resources.last + hour;
        // Each moment takes the place of one that is still to come.
        resources.begin_at(later, 5);
        in_first_epoch(|status| resources.on_epoch_begin(status).unwrap());
        assert!(resources.last < later);
        assert_eq!((resources.counted, resources.steps()), (1, 0));
        resources.begin_at(later, 0);
        in_first_epoch(|status| resources.on_batch_end(status).unwrap());
        assert!(resources.last < later);
        assert_eq!((resources.counted, resources.steps(), resources.samples()), (1, 1, 1));
        // A training is measured anew, after the samples that were done of the epoch before.
        resources.last = later;
        in_first_epoch(|status| resources.on_train_begin(status).unwrap());
        assert!(resources.last < later);
        assert_eq!((resources.counted, resources.steps(), resources.samples()), (1, 0, 0));
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let times: Vec<f64> = (1..=10).map(f64::from).collect();
        for (percent, expected) in [
            (0.0, 1.0),
            (10.0, 1.0),
            (50.0, 5.0),
            (51.0, 6.0),
            (90.0, 9.0),
            (99.0, 10.0),
            (100.0, 10.0),
            (200.0, 10.0),
        ] {
            assert_eq!(nearest_rank(&times, percent), Some(expected), "{percent}");
        }
        assert_eq!(nearest_rank(&[], 50.0), None);
        assert_eq!(nearest_rank(&[3.0], 50.0), Some(3.0));
        assert_eq!(nearest_rank(&times, f64::NAN), Some(1.0));
    }

    #[test]
    fn memory_is_read_where_it_is_told() {
        assert_eq!(peak_memory("Name:\tx\nVmHWM:\t    1234 kB\nVmRSS:\t 12 kB\n"), Some(1_263_616));
        assert_eq!(peak_memory("Name:\tx\n"), None);
        assert_eq!(peak_memory("VmHWM:\tmuch\n"), None);
    }

    #[test]
    fn costs_print_in_one_line() {
        assert_eq!(Resources::new().to_string(), "no steps");
        for (seconds, text) in [
            (3.4e-6, "3 µs"),
            (0.000_999_4, "999 µs"),
            (0.0012, "1.2 ms"),
            (0.0123, "12 ms"),
            (61.0, "1 min 01 s"),
        ] {
            assert_eq!(Step(seconds).to_string(), text);
        }
    }
}
