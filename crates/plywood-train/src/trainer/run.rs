//! Epoch after epoch: steps, validation, callbacks.

use super::fit::{Data, Validation};
use super::part::Part;
use super::position::{Course, Position, Tally};
use super::resume::Pending;
use super::step::{NotFinite, expect_no_anomaly};
use super::{Trainer, class_weights};
use crate::callbacks::progress;
use crate::checkpoint::saver::Saver;
use crate::{
    Callback, CallbackState, EpochRecord, Evaluation, Fit, Flow, History, Input, Status, Step, TrainError,
};
use plywood_data::{Batch, DataLoader, Samples};
use plywood_nn::{Module, Parameters};
use plywood_optim::{Average, AverageState, NonFinite};
use plywood_tensor::Result;
use std::sync::Arc;
use std::time::Instant;

impl<M: Module<X::Leaf>, X: Input, Y: Samples> Trainer<M, X, Y> {
    /// Trains as the options say, on a part of the data if some of it shall be held back.
    pub(super) fn run(&mut self, data: &Data<'_, X, Y>, mut fit: Fit<'_, X, Y>) -> Result<History> {
        let policy = self.optimizer.non_finite_policy();
        self.optimizer.set_non_finite(fit.checks.non_finite.unwrap_or(policy));
        let history = match std::mem::replace(&mut fit.validation, Validation::Nothing) {
            Validation::Nothing => self.train(data, None, &mut fit),
            Validation::Data(validation) => self.train(data, Some(&*validation), &mut fit),
            Validation::Split(fraction) => {
                let (train, held) = Part::split(data, fraction, fit.seed)?;
                if let Some(weights) = &mut fit.sampling_weights {
                    *weights = train.weights(weights)?;
                }
                self.train(&train, Some(&held), &mut fit)
            }
        };
        // After an error too: what comes next shall not go on with the factor of some step.
        let released = fit.schedules.iter().try_for_each(|scheduled| scheduled.release(&mut self.optimizer));
        self.optimizer.set_non_finite(policy);
        let history = history?;
        released.map(|()| history)
    }

    fn train(
        &mut self,
        data: &Data<'_, X, Y>,
        validation: Option<&Data<'_, X, Y>>,
        fit: &mut Fit<'_, X, Y>,
    ) -> Result<History> {
        class_weights::check(fit.class_weights.as_deref().unwrap_or_default())?;
        let course = Course::of(fit, data.len());
        let mut loader = DataLoader::new(data)
            .batch_size(fit.batch_size)
            .shuffle(fit.shuffle)
            .drop_last(fit.drop_last)
            .seed(fit.seed);
        if let Some(weights) = fit.sampling_weights.take() {
            loader = loader.weights(weights);
        }
        if let Some(batches) = fit.prefetch {
            loader = loader.prefetch(batches);
        }
        for map in fit.augment.drain(..) {
            loader = loader.map(move |x, y, stream| map(x, y, stream));
        }
        for map in fit.augment_batch.drain(..) {
            loader = loader.map_batch(move |batch, stream| map(batch, stream));
        }
        let mut watchers = progress::watchers(fit.progress);
        watchers.append(&mut fit.callbacks);
        let batches = loader.batches()?;
        if let Some(pending) = &self.pending {
            pending.position.course.expect(&course)?;
        }
        let saver = fit.checkpoints.take();
        let saver =
            saver.map(|checkpoints| Saver::start(checkpoints, self.steps, &self.damaged)).transpose()?;
        self.batch_size = fit.batch_size;
        let resumed = self.pending.take();
        let left = self.average.take().filter(|_| resumed.is_some());
        let average = fit.average.take().map(|mean| self.take_up(mean, left)).transpose()?;
        let mut run = Run {
            epoch: fit.initial_epoch,
            epochs: fit.epochs,
            batch: 0,
            batches,
            batch_loss: 0.0,
            tally: Tally::default(),
            interrupted: false,
            resumed: resumed.is_some(),
            course,
            average,
            saver,
            watchers,
        };
        let mut states = Vec::new();
        if let Some(Pending { position, callbacks }) = resumed {
            run = Run { epoch: position.epochs, batch: position.batch, tally: position.tally, ..run };
            states = callbacks;
        }
        // Whether the epoch has begun before the run was resumed.
        let mut within = run.batch > 0;
        let mut history = History::default();

        let mut flow = self.tell(&mut run, None, |c, s| c.on_train_begin(s))?;
        run.load_states(&states)?;
        while flow == Flow::Continue && run.epoch < fit.epochs {
            let start = Instant::now();
            run.epoch += 1;
            if !std::mem::take(&mut within) {
                (run.batch, run.tally) = (0, Tally::default());
                self.metrics.iter_mut().for_each(|meter| meter.reset());
                flow = self.tell(&mut run, None, |c, s| c.on_epoch_begin(s))?;
                if flow == Flow::Stop {
                    break;
                }
            } else {
                for (meter, state) in self.metrics.iter_mut().zip(run.tally.metrics.drain(..)) {
                    meter.load_state(state)?;
                }
            }
            let before = run.tally.seconds;
            let training = std::thread::scope(|scope| {
                let batches = loader.epoch_in(scope, fit.workers, run.epoch - 1).skip(run.batch);
                self.epoch(batches, fit, &mut run, start)
            });
            let Some(training) = training? else {
                run.tally.seconds = before + start.elapsed().as_secs_f64();
                self.stand(&run, run.epoch - 1, run.batch);
                self.save(&mut run, None)?;
                break;
            };
            // It is the mean that is judged, and that callbacks see.
            run.swap(&mut self.model)?;
            let ended = self.end_epoch(&mut run, training, validation, fit, before, start);
            run.swap(&mut self.model)?;
            let record;
            (record, flow) = ended?;
            self.stand(&run, run.epoch, 0);
            let last = flow == Flow::Stop || run.epoch == fit.epochs;
            if last || run.saver.as_ref().is_some_and(|saver| saver.checkpoints.due_after(run.epoch)) {
                self.save(&mut run, Some(&record))?;
            }
            history.push(record);
        }
        self.average = run.average.as_ref().map(Average::state_dict);
        if !run.interrupted {
            run.swap(&mut self.model)?;
            self.average = run.average.as_ref().map(Average::state_dict);
        }
        self.tell(&mut run, history.last(), |c, s| c.on_train_end(s).map(|()| Flow::Continue))?;
        run.saver.take().map_or(Ok(()), Saver::finish)?;
        Ok(history)
    }

    /// Validates, and tells everyone who watches.
    fn end_epoch(
        &mut self,
        run: &mut Run<'_>,
        training: Evaluation,
        validation: Option<&Data<'_, X, Y>>,
        fit: &Fit<'_, X, Y>,
        before: f64,
        start: Instant,
    ) -> Result<(EpochRecord, Flow)> {
        let record = EpochRecord {
            epoch: run.epoch,
            training,
            validation: validation.map(|data| self.score(data, fit.workers, fit.prefetch)).transpose()?,
            skipped: run.tally.skipped,
            learning_rate: self.optimizer.current_learning_rate(),
            seconds: before + start.elapsed().as_secs_f64(),
        };
        self.history.push(record.clone());
        let flow = self.tell(run, Some(&record), |c, s| c.on_epoch_end(s))?;
        Ok((record, flow))
    }

    /// Goes on with the mean that a run has left, if it was resumed.
    fn take_up(&mut self, mut average: Average, left: Option<AverageState>) -> Result<Average> {
        if let Some(left) = left {
            average.load_state_dict(&left);
            if left.swapped {
                average.swap(&mut self.model)?;
            }
        }
        Ok(average)
    }

    /// The steps of one epoch; none if training was stopped before its end.
    fn epoch(
        &mut self,
        batches: impl Iterator<Item = Result<Batch<X, Y>>>,
        fit: &Fit<'_, X, Y>,
        run: &mut Run<'_>,
        start: Instant,
    ) -> Result<Option<Evaluation>> {
        let before = run.tally.seconds;
        for batch in batches {
            let mut batch = batch?;
            let time = (run.epoch - 1) as f64 + run.batch as f64 / run.batches as f64;
            for scheduled in &fit.schedules {
                scheduled.apply(&mut self.optimizer, time, self.steps)?;
            }
            run.batch += 1;
            let weight = batch.weight.clone();
            if let Some(weights) = &fit.class_weights {
                class_weights::apply(&mut batch, weights)?;
            }
            if self.steps == 0 && run.batch == 1 && fit.looks_first() && self.custom_step.is_none() {
                self.look_first(&batch, fit.seed, fit.progress);
            }
            let non_finite = self.optimizer.non_finite_policy();
            let mut step = Step {
                model: &mut self.model,
                optimizer: &mut self.optimizer,
                loss: &*self.loss,
                penalties: &self.penalties,
                batch: &batch,
                seed: fit.seed,
                step: self.steps,
                epoch: run.epoch,
                number: run.batch,
                non_finite,
                watch: fit.checks.anomaly.then(Arc::default),
            };
            let steps = step.optimizer.steps();
            let result = match &mut self.custom_step {
                Some(custom) => custom(&mut step)?,
                None => step.run()?,
            };
            let mut flow = Flow::Continue;
            if result.skipped {
                run.tally.skipped += 1;
            } else {
                if !result.loss.is_finite() && non_finite != NonFinite::Ignore {
                    return Err(step.explain(NotFinite(result.loss).into()));
                }
                expect_no_anomaly(step.watch.as_deref()).map_err(|error| step.explain(error))?;
                self.steps += 1;
                if let Some(average) = &mut run.average
                    && self.optimizer.steps() > steps
                {
                    average.update(&self.model)?;
                }
                run.batch_loss = result.loss;
                run.tally.sum += result.loss * result.weight;
                run.tally.total += result.weight;
                run.tally.samples += batch.len();
                if let Some(prediction) = &result.prediction {
                    for meter in &mut self.metrics {
                        meter.update(prediction, &batch.y, weight.as_ref())?;
                    }
                }
                flow = self.tell(run, None, |c, s| c.on_batch_end(s))?;
            }
            run.interrupted = fit.stop.as_ref().is_some_and(|signal| signal.is_stopped());
            if flow == Flow::Stop || run.interrupted {
                return Ok(None);
            }
            let due = run.saver.as_ref().is_some_and(|saver| saver.checkpoints.due(self.steps));
            // After the last batch the validation is waited for.
            if due && !result.skipped && run.batch < run.batches {
                run.tally.seconds = before + start.elapsed().as_secs_f64();
                self.stand(run, run.epoch - 1, run.batch);
                self.save(run, None)?;
            }
        }
        if run.batch > 0 && run.tally.skipped == run.batch {
            return Err(TrainError::AllSkipped { epoch: run.epoch, steps: run.batch }.into());
        }
        let metrics = self.metrics.iter().map(|meter| (meter.name().to_owned(), meter.value()));
        Ok(Some(Evaluation::new(run.tally.loss(), metrics, run.tally.samples)))
    }

    /// Takes note of how far the run has come.
    fn stand(&mut self, run: &Run<'_>, epochs: usize, batch: usize) {
        let metrics = self.metrics.iter().map(|meter| meter.state().clone()).collect();
        let tally = if batch == 0 { Tally::default() } else { Tally { metrics, ..run.tally.clone() } };
        self.reached = Some(Position { epochs, batch, tally, course: run.course.clone() });
    }

    /// Saves a checkpoint, if there are to be some; everyone who watches has seen what happened before.
    fn save(&mut self, run: &mut Run<'_>, record: Option<&EpochRecord>) -> Result<()> {
        self.average = run.average.as_ref().map(Average::state_dict);
        let Some(saver) = &mut run.saver else { return Ok(()) };
        let states = run.watchers.iter().filter_map(|watcher| watcher.state().transpose());
        let states = states.collect::<Result<Vec<CallbackState>>>()?;
        let monitored = saver.checkpoints.monitored(record, &self.rising)?;
        let snapshot = self.snapshot(states, monitored);
        // What is held twice would be copied at the next step.
        self.average = None;
        saver.save(snapshot)
    }

    /// Calls everyone who watches, even after one has asked to stop.
    fn tell(
        &mut self,
        run: &mut Run<'_>,
        record: Option<&EpochRecord>,
        call: impl Fn(&mut dyn Callback, &mut Status<'_>) -> Result<Flow>,
    ) -> Result<Flow> {
        if run.watchers.is_empty() {
            return Ok(Flow::Continue);
        }
        let (rising, meters) = (&self.rising, &self.metrics);
        let metrics = || meters.iter().map(|meter| (meter.name().to_owned(), meter.value())).collect();
        let (model, optimizer, step) = (&mut self.model, &mut self.optimizer, self.steps);
        let mut status = Status {
            epoch: run.epoch,
            epochs: run.epochs,
            batch: run.batch,
            batches: run.batches,
            step,
            samples: run.tally.samples,
            loss: run.tally.loss(),
            skipped: run.tally.skipped,
            batch_loss: run.batch_loss,
            record,
            model,
            optimizer,
            interrupted: run.interrupted,
            resumed: run.resumed,
            rising,
            metrics: &metrics,
        };
        let mut flow = Flow::Continue;
        for watcher in &mut run.watchers {
            if call(&mut **watcher, &mut status)? == Flow::Stop {
                flow = Flow::Stop;
            }
        }
        Ok(flow)
    }
}

/// A training in its course.
struct Run<'a> {
    epoch: usize,
    epochs: usize,
    batch: usize,
    batches: usize,
    batch_loss: f64,
    tally: Tally,
    interrupted: bool,
    resumed: bool,
    course: Course,
    average: Option<Average>,
    saver: Option<Saver>,
    watchers: Vec<Box<dyn Callback + 'a>>,
}

impl Run<'_> {
    /// Exchanges the weights of the model with their mean, if there is one.
    fn swap(&mut self, model: &mut impl Parameters) -> Result<()> {
        match &mut self.average {
            Some(average) if average.updates() > 0 => average.swap(model),
            _ => Ok(()),
        }
    }

    /// Gives everyone who watches what it remembers from before: each state to the first of its name that has none yet.
    fn load_states(&mut self, states: &[CallbackState]) -> Result<()> {
        let mut left: Vec<&CallbackState> = states.iter().collect();
        for watcher in &mut self.watchers {
            let Some(own) = watcher.state()? else { continue };
            if let Some(at) = left.iter().position(|state| state.name() == own.name()) {
                watcher.load_state(left.remove(at))?;
            }
        }
        Ok(())
    }
}
