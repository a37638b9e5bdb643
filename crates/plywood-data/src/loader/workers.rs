//! Threads that load batches ahead of whoever asks for them.

use super::plan::Plan;
use crate::{Batch, DataError, Dataset, Samples, visiting};
use plywood_tensor::{Error, Result, par};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, Scope};

/// What came of loading a batch.
pub(super) enum Loaded<X, Y> {
    Batch(Result<Batch<X, Y>>),
    /// The worker panicked: the epoch ends with this.
    Panic(Error),
}

/// Waits for one thread to end.
type Join<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Starts threads on a desk; called when the first batch is asked for.
pub(super) type Start<'a, X, Y> =
    Box<dyn FnOnce(&Arc<Desk<X, Y>>, &Arc<Plan<X, Y>>) -> Vec<Join<'a>> + Send + 'a>;

/// Threads at work on an epoch; they end when it is dropped.
pub(super) struct Crew<'a, X, Y> {
    desk: Arc<Desk<X, Y>>,
    joins: Vec<Join<'a>>,
}

impl<'a, X: Samples, Y: Samples> Crew<'a, X, Y> {
    /// Starts the threads from batch `first` on; none if the system has no thread to give.
    pub(super) fn start(
        start: Start<'a, X, Y>,
        plan: &Arc<Plan<X, Y>>,
        first: usize,
        ahead: usize,
    ) -> Option<Self> {
        let desk = Arc::new(Desk::new(first, plan.batches(), ahead));
        let joins = start(&desk, plan);
        (!joins.is_empty()).then_some(Crew { desk, joins })
    }

    /// Batch `number`, when it is there; never one before the last that was received.
    pub(super) fn receive(&self, number: usize) -> Loaded<X, Y> {
        self.desk.receive(number)
    }
}

impl<X, Y> Drop for Crew<'_, X, Y> {
    fn drop(&mut self) {
        self.desk.close();
        self.joins.drain(..).for_each(|join| join());
    }
}

/// Threads that own what they load from.
pub(super) fn own<D: Dataset + Clone + 'static>(
    dataset: &D,
    workers: usize,
) -> Start<'_, D::Input, D::Target> {
    let dataset = Arc::new(dataset.clone());
    Box::new(move |desk, plan| {
        let start = |number| {
            let (desk, plan, dataset) = (desk.clone(), plan.clone(), dataset.clone());
            let thread =
                named(number).spawn(move || desk.work(|number| plan.load(&*dataset, number))).ok()?;
            Some(Box::new(move || discard(thread.join())) as Join<'_>)
        };
        (0..desk.hands(workers)).map_while(start).collect()
    })
}

/// Threads of a scope, which borrow what they load from.
pub(super) fn scoped<'scope, D: Dataset>(
    dataset: &'scope D,
    workers: usize,
    scope: &'scope Scope<'scope, '_>,
) -> Start<'scope, D::Input, D::Target> {
    Box::new(move |desk, plan| {
        let start = |number| {
            let (desk, plan) = (desk.clone(), plan.clone());
            let work = move || desk.work(|number| plan.load(dataset, number));
            let thread = named(number).spawn_scoped(scope, work).ok()?;
            Some(Box::new(move || discard(thread.join())) as Join<'scope>)
        };
        (0..desk.hands(workers)).map_while(start).collect()
    })
}

fn named(number: usize) -> Builder {
    Builder::new().name(format!("plywood-loader-{number}"))
}

/// Where workers take the numbers of batches and hand in what they loaded, and where it is fetched in order.
pub(super) struct Desk<X, Y> {
    state: Mutex<State<X, Y>>,
    /// A worker may take a number, or has nothing left to take.
    open: Condvar,
    /// Something was handed in.
    ready: Condvar,
    /// How many batches may be loaded or at work beyond those that were received.
    ahead: usize,
}

struct State<X, Y> {
    /// The next number to be taken.
    next: usize,
    /// The next number to be received.
    wanted: usize,
    /// The number after the last one; 0 when all are sent home.
    end: usize,
    /// What was handed in and not received yet, by number: a few.
    loaded: Vec<(usize, Loaded<X, Y>)>,
}

impl<X, Y> Desk<X, Y> {
    fn new(first: usize, end: usize, ahead: usize) -> Self {
        let state = State { next: first, wanted: first, end, loaded: Vec::new() };
        Desk { state: Mutex::new(state), open: Condvar::new(), ready: Condvar::new(), ahead: ahead.max(1) }
    }

    /// Nothing of a caller's runs under the lock, so what lies behind a poisoned one is whole.
    fn lock(&self) -> MutexGuard<'_, State<X, Y>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many of so many workers can have something to do at the same time.
    fn hands(&self, workers: usize) -> usize {
        let state = self.lock();
        workers.min(self.ahead).min(state.end.saturating_sub(state.next))
    }

    /// A worker's day: take a number, load, hand in.
    fn work(&self, load: impl Fn(usize) -> Result<Batch<X, Y>>) {
        // The threads of the computation are left to the computation.
        par::on_this_thread(|| {
            while let Some(number) = self.take() {
                let mut ticket = Ticket { desk: self, number, loaded: None };
                visiting::none();
                ticket.loaded = Some(match catch_unwind(AssertUnwindSafe(|| load(number))) {
                    Ok(batch) => Loaded::Batch(batch),
                    Err(payload) => panicked(number, visiting::current(), text(payload)),
                });
            }
        });
    }

    /// The number of the next batch to load, as soon as there is room for it; none when there is no more.
    fn take(&self) -> Option<usize> {
        let mut state = self.lock();
        loop {
            if state.next >= state.end {
                return None;
            }
            if state.next < state.wanted.saturating_add(self.ahead) {
                state.next += 1;
                return Some(state.next - 1);
            }
            state = self.open.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn hand_in(&self, number: usize, loaded: Loaded<X, Y>) {
        let mut state = self.lock();
        // Nobody will ask any more for what was skipped meanwhile, or after the end.
        let wanted = number >= state.wanted && number < state.end;
        let unwanted = if wanted {
            state.loaded.push((number, loaded));
            None
        } else {
            Some(loaded)
        };
        drop(state);
        self.ready.notify_all();
        discard(unwanted);
    }

    fn receive(&self, number: usize) -> Loaded<X, Y> {
        let mut state = self.lock();
        let (skipped, kept): (Vec<_>, _) =
            std::mem::take(&mut state.loaded).into_iter().partition(|loaded| loaded.0 < number);
        state.loaded = kept;
        state.wanted = number;
        state.next = state.next.max(number);
        // What was skipped made room.
        self.open.notify_all();
        let loaded = loop {
            if let Some(index) = state.loaded.iter().position(|loaded| loaded.0 == number) {
                break state.loaded.swap_remove(index).1;
            }
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        state.wanted = number + 1;
        drop(state);
        self.open.notify_all();
        skipped.into_iter().for_each(discard);
        loaded
    }

    /// Sends everyone home.
    fn close(&self) {
        let mut state = self.lock();
        state.end = 0;
        let left = std::mem::take(&mut state.loaded);
        drop(state);
        self.open.notify_all();
        left.into_iter().for_each(discard);
    }
}

/// A number that was taken: something is handed in for it whatever happens, so that nobody waits forever.
struct Ticket<'a, X, Y> {
    desk: &'a Desk<X, Y>,
    number: usize,
    loaded: Option<Loaded<X, Y>>,
}

impl<X, Y> Drop for Ticket<'_, X, Y> {
    fn drop(&mut self) {
        let lost = || panicked(self.number, None, "it left no batch".to_owned());
        let loaded = self.loaded.take().unwrap_or_else(lost);
        self.desk.hand_in(self.number, loaded);
    }
}

fn panicked<X, Y>(batch: usize, sample: Option<usize>, message: String) -> Loaded<X, Y> {
    Loaded::Panic(DataError::Worker { batch, sample, message }.into())
}

/// What a panic said, on one line.
fn text(payload: Box<dyn Any + Send>) -> String {
    let said = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => *text,
        (_, Some(text)) => text,
        _ => "no message",
    };
    let text = said.split_whitespace().collect::<Vec<_>>().join(" ");
    discard(payload);
    text
}

/// Drops something of a caller's, which may panic, and goes on.
fn discard<T>(thing: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(thing))) {
        // The payload is a caller's too, and may panic again.
        std::mem::forget(payload);
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::Maps;
    use super::*;
    use crate::ArrayDataset;
    use plywood_tensor::{IntTensor, Seed, Tensor};

    #[test]
    fn there_are_no_more_threads_than_can_work() {
        let data =
            ArrayDataset::new(Tensor::zeros([10, 1]).unwrap(), IntTensor::zeros([10]).unwrap()).unwrap();
        let plan = Plan::new((0..10).collect(), false, 1, Maps::default(), Seed(0).stream(), 0);
        let plan = Arc::new(plan);
        for (workers, ahead, first, expected) in
            [(3, 6, 0, 3), (1000, 2000, 0, 10), (1000, 2000, 7, 3), (8, 2, 0, 2), (8, 0, 0, 1)]
        {
            let crew = Crew::start(own(&data, workers), &plan, first, ahead).unwrap();
            assert_eq!(crew.joins.len(), expected, "{workers} workers");
        }
    }
}
