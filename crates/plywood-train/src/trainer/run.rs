//! Epoch after epoch: steps, validation, callbacks.

use super::fit::{Data, Validation};
use super::part::Part;
use super::step::{NotFinite, expect_no_anomaly};
use super::{Trainer, class_weights};
use crate::callbacks::progress;
use crate::{Callback, EpochRecord, Evaluation, Fit, Flow, History, Input, Status, Step, TrainError};
use plywood_data::{Batch, DataLoader, Samples};
use plywood_nn::Module;
use plywood_optim::NonFinite;
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
        self.batch_size = fit.batch_size;
        let mut place = Place {
            epoch: fit.initial_epoch,
            epochs: fit.epochs,
            batch: 0,
            batches,
            loss: 0.0,
            skipped: 0,
            interrupted: false,
        };
        let mut history = History::default();

        let mut flow = self.tell(&mut watchers, &place, None, |c, s| c.on_train_begin(s))?;
        while flow == Flow::Continue && place.epoch < fit.epochs {
            let start = Instant::now();
            place = Place { epoch: place.epoch + 1, batch: 0, loss: 0.0, skipped: 0, ..place };
            flow = self.tell(&mut watchers, &place, None, |c, s| c.on_epoch_begin(s))?;
            if flow == Flow::Stop {
                break;
            }
            let training = std::thread::scope(|scope| {
                let batches = loader.epoch_in(scope, fit.workers, place.epoch - 1);
                self.epoch(batches, fit, &mut watchers, &mut place)
            });
            let Some(training) = training? else { break };
            let record = EpochRecord {
                epoch: place.epoch,
                training,
                validation: validation.map(|data| self.score(data, fit.workers, fit.prefetch)).transpose()?,
                skipped: place.skipped,
                learning_rate: self.optimizer.current_learning_rate(),
                seconds: start.elapsed().as_secs_f64(),
            };
            self.history.push(record.clone());
            flow = self.tell(&mut watchers, &place, Some(&record), |c, s| c.on_epoch_end(s))?;
            history.push(record);
        }
        self.tell(&mut watchers, &place, history.last(), |c, s| c.on_train_end(s).map(|()| Flow::Continue))?;
        Ok(history)
    }

    /// The steps of one epoch; none if training was stopped before its end.
    fn epoch(
        &mut self,
        batches: impl Iterator<Item = Result<Batch<X, Y>>>,
        fit: &Fit<'_, X, Y>,
        watchers: &mut Watchers<'_>,
        place: &mut Place,
    ) -> Result<Option<Evaluation>> {
        let (mut sum, mut total, mut samples) = (0.0, 0.0, 0);
        self.metrics.iter_mut().for_each(|meter| meter.reset());
        for batch in batches {
            let mut batch = batch?;
            let time = (place.epoch - 1) as f64 + place.batch as f64 / place.batches as f64;
            for scheduled in &fit.schedules {
                scheduled.apply(&mut self.optimizer, time, self.steps)?;
            }
            place.batch += 1;
            let weight = batch.weight.clone();
            if let Some(weights) = &fit.class_weights {
                class_weights::apply(&mut batch, weights)?;
            }
            if self.steps == 0 && place.batch == 1 && fit.looks_first() && self.custom_step.is_none() {
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
                epoch: place.epoch,
                number: place.batch,
                non_finite,
                watch: fit.checks.anomaly.then(Arc::default),
            };
            let result = match &mut self.custom_step {
                Some(custom) => custom(&mut step)?,
                None => step.run()?,
            };
            let mut flow = Flow::Continue;
            if result.skipped {
                place.skipped += 1;
            } else {
                if !result.loss.is_finite() && non_finite != NonFinite::Ignore {
                    return Err(step.explain(NotFinite(result.loss).into()));
                }
                expect_no_anomaly(step.watch.as_deref()).map_err(|error| step.explain(error))?;
                self.steps += 1;
                sum += result.loss * result.weight;
                total += result.weight;
                samples += batch.len();
                if let Some(prediction) = &result.prediction {
                    for meter in &mut self.metrics {
                        meter.update(prediction, &batch.y, weight.as_ref())?;
                    }
                }
                place.loss = if total > 0.0 { sum / total } else { 0.0 };
                flow = self.tell(watchers, place, None, |c, s| c.on_batch_end(s))?;
            }
            place.interrupted = fit.stop.as_ref().is_some_and(|signal| signal.is_stopped());
            if flow == Flow::Stop || place.interrupted {
                return Ok(None);
            }
        }
        if place.skipped > 0 && place.skipped == place.batch {
            return Err(TrainError::AllSkipped { epoch: place.epoch, steps: place.batch }.into());
        }
        let metrics = self.metrics.iter().map(|meter| (meter.name().to_owned(), meter.value()));
        Ok(Some(Evaluation::new(place.loss, metrics, samples)))
    }

    /// Calls everyone who watches, even after one has asked to stop.
    fn tell(
        &mut self,
        watchers: &mut Watchers<'_>,
        place: &Place,
        record: Option<&EpochRecord>,
        call: impl Fn(&mut dyn Callback, &mut Status<'_>) -> Result<Flow>,
    ) -> Result<Flow> {
        if watchers.is_empty() {
            return Ok(Flow::Continue);
        }
        let &Place { epoch, epochs, batch, batches, loss, skipped, interrupted } = place;
        let rising = &self.rising;
        let (model, optimizer, step) = (&mut self.model, &mut self.optimizer, self.steps);
        let mut status = Status {
            epoch,
            epochs,
            batch,
            batches,
            step,
            loss,
            skipped,
            record,
            model,
            optimizer,
            interrupted,
            resumed: false,
            rising,
        };
        let mut flow = Flow::Continue;
        for watcher in watchers {
            if call(&mut **watcher, &mut status)? == Flow::Stop {
                flow = Flow::Stop;
            }
        }
        Ok(flow)
    }
}

type Watchers<'a> = Vec<Box<dyn Callback + 'a>>;

/// Where in its course the training is.
#[derive(Clone, Copy)]
struct Place {
    epoch: usize,
    epochs: usize,
    batch: usize,
    batches: usize,
    loss: f64,
    skipped: usize,
    interrupted: bool,
}
