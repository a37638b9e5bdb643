//! One thing to be measured.

use crate::{Limits, Sampler, Timing, Work};
use plywood::prelude::*;

/// What is timed: it runs once on each call.
pub type Call = Box<dyn FnMut() -> Result<()> + Send>;

type Prepare = Box<dyn Fn() -> Result<Call> + Send + Sync>;
type PrepareRival = Box<dyn Fn(usize) -> Result<Call> + Send + Sync>;

/// A kernel or a small job, the work it cannot do without and, perhaps, a rival that does the same.
pub struct Case {
    /// What it is among those of its group, such as `512x512x512/AB`.
    pub name: String,
    /// What has to be done.
    pub work: Work,
    prepare: Prepare,
    rival: Option<PrepareRival>,
}

/// What was measured for a case.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Plywood's times.
    pub own: Timing,
    /// The rival's times, taken in turns.
    pub rival: Option<Timing>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("name", &self.name).field("work", &self.work).finish_non_exhaustive()
    }
}

impl Case {
    pub(crate) fn new<F>(
        name: String,
        work: Work,
        prepare: impl Fn() -> Result<F> + Send + Sync + 'static,
    ) -> Case
    where
        F: FnMut() -> Result<()> + Send + 'static,
    {
        Case { name, work, prepare: Box::new(move || Ok(Box::new(prepare()?))), rival: None }
    }

    // The only rival is of single precision.
    #[cfg(not(plywood_f64))]
    /// Compares with a rival, whose call is made for a number of threads.
    pub(crate) fn against<F>(self, rival: impl Fn(usize) -> Result<F> + Send + Sync + 'static) -> Case
    where
        F: FnMut() -> Result<()> + Send + 'static,
    {
        Case { rival: Some(Box::new(move |threads| Ok(Box::new(rival(threads)?)))), ..self }
    }

    /// Makes the inputs and returns what is to be timed.
    ///
    /// # Errors
    /// What making the inputs may fail with.
    pub fn prepare(&self) -> Result<Call> {
        (self.prepare)()
    }

    /// Whether something else is measured beside it.
    pub fn has_rival(&self) -> bool {
        self.rival.is_some()
    }

    /// The same as [`Case::prepare`] for the rival, if there is one.
    ///
    /// # Errors
    /// As [`Case::prepare`].
    pub fn prepare_rival(&self, threads: usize) -> Result<Option<Call>> {
        self.rival.as_ref().map(|rival| rival(threads)).transpose()
    }

    /// Times it on the threads that are installed, for `seconds` and in turns with its rival.
    ///
    /// # Errors
    /// What the case itself fails with.
    pub fn measure(&self, threads: usize, seconds: f64) -> Result<Measured> {
        const TURNS: usize = 4;
        let (mut own, mut rival) = (self.prepare()?, self.prepare_rival(threads)?);
        own()?;
        let mut failed = Ok(());
        let mut try_call = |call: &mut Call| {
            if let Err(error) = call() {
                failed = Err(error);
            }
        };
        let mut own_times = Sampler::new(|| try_call(&mut own));
        let mut rival_times = rival.as_mut().map(|rival| Sampler::new(|| try_call(rival)));
        for _ in 0..TURNS {
            own_times.run(seconds / TURNS as f64, || try_call(&mut own));
            if let (Some(times), Some(rival)) = (&mut rival_times, &mut rival) {
                times.run(seconds / TURNS as f64, || try_call(rival));
            }
        }
        failed.map(|()| Measured { own: own_times.timing(), rival: rival_times.map(|mut t| t.timing()) })
    }

    /// One line about what was measured: times, best and median rate, share of the limit, the rival.
    pub fn line(&self, group: &str, threads: usize, measured: &Measured, limits: &mut Limits) -> String {
        let Timing { median, best, .. } = measured.own;
        let id = format!("{group}/{}", self.name);
        let mut line = format!("{id:46} t={threads}  median {median:>11.3} us  best {best:>11.3} us");
        if let (Some((at_best, unit)), Some((at_median, _))) = (self.work.rate(best), self.work.rate(median))
        {
            line += &format!("  {at_best:>7.1}/{at_median:<6.1} {unit:7}");
        }
        let share = |limits: &mut Limits, micros| limits.share(&self.work, threads, micros);
        if let (Some(at_best), Some(at_median)) = (share(limits, best), share(limits, median)) {
            line += &format!("  {at_best:>4.0}/{at_median:<3.0} % of limit");
        }
        if let Some(rival) = measured.rival {
            let rate = |micros| self.work.rate(micros).map_or(micros, |(rate, _)| rate);
            line += &format!("  rival {:>6.1}/{:<6.1}", rate(rival.best), rate(rival.median));
            line += &format!(" {:.2}/{:.2} x", rival.best / best, rival.median / median);
        }
        line
    }
}
