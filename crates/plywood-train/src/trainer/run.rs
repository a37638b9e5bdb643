//! Epoch after epoch: steps, validation, callbacks.

use super::fit::{Data, Validation};
use super::part::Part;
use super::position::{Course, Position, Tally};
use super::running::Run;
use super::stand::Stand;
use super::step::{NotFinite, expect_no_anomaly, in_data_set};
use super::{Trainer, class_weights};
use crate::callbacks::progress;
use crate::checkpoint::saver::Saver;
use crate::{EpochRecord, Evaluation, Fit, Flow, History, Input, Step, TrainError};
use plywood_data::{Batch, DataLoader, Samples};
use plywood_nn::Module;
use plywood_optim::{Average, NonFinite};
use plywood_tensor::{At, IntTensor, Result, Shape, Tensor};
use std::any::Any;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

impl<M: Module<X::Leaf>, X: Input, Y: Samples> Trainer<M, X, Y> {
    /// Trains as the options say, on a part of the data if some of it shall be held back.
    pub(super) fn run(&mut self, data: &Data<'_, X, Y>, mut fit: Fit<'_, X, Y>) -> Result<History> {
        let policy = self.optimizer.non_finite_policy();
        self.optimizer.set_non_finite(fit.checks.non_finite.unwrap_or(policy));
        let measures = self.optimizer.measures_norm();
        self.optimizer.set_measure_norm(measures || fit.checks.gradient_norms);
        let history = self.train_on_its_part(data, &mut fit);
        // After an error too: what comes next shall not go on with the factor of some step.
        let released = fit.schedules.iter().try_for_each(|scheduled| scheduled.release(&mut self.optimizer));
        self.optimizer.set_non_finite(policy);
        self.optimizer.set_measure_norm(measures);
        let history = history?;
        released.map(|()| history)
    }

    fn train_on_its_part(&mut self, data: &Data<'_, X, Y>, fit: &mut Fit<'_, X, Y>) -> Result<History> {
        match std::mem::replace(&mut fit.validation, Validation::Nothing) {
            Validation::Nothing => self.train(data, None, fit),
            Validation::Data(validation) => self.train(data, Some(&*validation), fit),
            Validation::Split(fraction) => {
                let (train, held) = Part::split(data, fraction, fit.seed)?;
                if let Some(weights) = &mut fit.sampling_weights {
                    *weights = train.weights(weights)?;
                }
                self.train(&train, Some(&held), fit)
            }
        }
    }

    fn train(
        &mut self,
        data: &Data<'_, X, Y>,
        validation: Option<&Data<'_, X, Y>>,
        fit: &mut Fit<'_, X, Y>,
    ) -> Result<History> {
        class_weights::check(fit.class_weights.as_deref().unwrap_or_default())?;
        self.expect_trainable()?;
        if let Some(validation) = validation {
            self.try_out(validation).at("validation data")?;
        }
        let loader = loader(data, fit);
        let mut run = self.begin(data.len(), loader.batches()?, validation.is_some(), fit)?;
        self.batch_size = fit.batch_size;
        let mut flow = self.tell(&mut run, None, &|c, s| c.on_train_begin(s))?;
        run.take_up(self.stand.as_ref().filter(|_| self.goes_on))?;
        // From here on the run is another one than before.
        (self.stand, self.goes_on, self.astray) = (None, false, true);
        self.resumed_from = None;
        self.history.begin_at(run.epoch);
        let mut history = History::default();
        while flow == Flow::Continue && run.epoch < fit.epochs {
            let record;
            (flow, record) = self.one_epoch(&mut run, &loader, validation, fit)?;
            record.into_iter().for_each(|record| history.push(record));
        }
        self.end(&mut run, history.last())?;
        history.restored = self.history.restored.clone();
        Ok(history)
    }

    /// Refuses a model of which nothing is trained; a step of its own may train something else.
    fn expect_trainable(&self) -> Result<()> {
        let parameters = self.model.named_parameters();
        let any = parameters.iter().any(|(_, param)| param.is_trainable());
        if any || parameters.is_empty() || self.custom_step.is_some() {
            return Ok(());
        }
        Err(TrainError::AllFrozen { parameters: parameters.len() }.into())
    }

    /// A training at its beginning, or where it goes on.
    fn begin<'f>(
        &mut self,
        samples: usize,
        batches: usize,
        validated: bool,
        fit: &mut Fit<'f, X, Y>,
    ) -> Result<Run<'f>> {
        let course = Course::of(fit, samples, batches, &self.metrics);
        let resumed = self.stand.as_ref().filter(|_| self.goes_on).map(|stand| &stand.position);
        if let Some(position) = resumed {
            position.course.expect(&course)?;
        }
        let metrics = self.metrics.iter().map(|meter| meter.name());
        // Only a custom step knows whether it will tell a norm.
        let normed = self.optimizer.reports_norm() || self.custom_step.is_some();
        let quantities = EpochRecord::names(metrics, validated, normed);
        let twice = quantities.iter().enumerate().find(|(i, name)| quantities[..*i].contains(name));
        if let Some((_, name)) = twice {
            return Err(TrainError::SameName { name: name.clone() }.into());
        }
        let saver = fit.checkpoints.take();
        saver.as_ref().map_or(Ok(()), |checkpoints| checkpoints.expect(&quantities))?;
        let saver =
            saver.map(|checkpoints| Saver::start(checkpoints, self.steps, &self.damaged)).transpose()?;
        self.not_removed.clear();
        let stands = resumed.map_or((fit.initial_epoch, 0), |position| (position.epochs, position.batch));
        // What was read there needs not be written again.
        let here = |path: &PathBuf| saver.as_ref().is_some_and(|saver| saver.checkpoints.are_in(path));
        let saved = self.resumed_from.as_ref().filter(|path| resumed.is_some() && here(path)).map(|_| stands);
        let mut watchers = progress::watchers(fit.progress, &fit.callbacks);
        watchers.append(&mut fit.callbacks);
        Ok(Run {
            epoch: resumed.map_or(fit.initial_epoch, |position| position.epochs),
            epochs: fit.epochs,
            batch: resumed.map_or(0, |position| position.batch.min(batches)),
            batches,
            tally: resumed.map(|position| position.tally.clone()).unwrap_or_default(),
            interrupted: false,
            stopped_by: None,
            restored: None,
            resumed: resumed.is_some(),
            unweighted: true,
            within: resumed.is_some_and(|position| position.batch > 0),
            stands,
            saved,
            course,
            quantities,
            average: fit.average.take(),
            saver,
            progress: fit.progress,
            watchers,
            gradients: None,
            gradient_norm: None,
        })
    }

    /// An epoch, or what is left of it: whether training goes on, and what it brought if it was completed.
    fn one_epoch<'d>(
        &mut self,
        run: &mut Run<'_>,
        loader: &DataLoader<&'d Data<'d, X, Y>>,
        validation: Option<&Data<'_, X, Y>>,
        fit: &Fit<'_, X, Y>,
    ) -> Result<(Flow, Option<EpochRecord>)> {
        let start = Instant::now();
        run.epoch += 1;
        if std::mem::take(&mut run.within) {
            for (meter, state) in self.metrics.iter_mut().zip(run.tally.metrics.drain(..)) {
                meter.load_state(state)?;
            }
        } else {
            (run.batch, run.tally) = (0, Tally::default());
            self.metrics.iter_mut().for_each(|meter| meter.reset());
            if self.tell(run, None, &|c, s| c.on_epoch_begin(s))? == Flow::Stop {
                run.epoch -= 1;
                self.save(run, run.epoch, 0, None)?;
                return Ok((Flow::Stop, None));
            }
        }
        let before = run.tally.seconds;
        let training = std::thread::scope(|scope| {
            let batches = loader.epoch_in(scope, fit.workers, run.epoch - 1).skip(run.batch);
            self.epoch(batches, fit, run, start)
        });
        run.tally.seconds = before + start.elapsed().as_secs_f64();
        let Some(training) = training? else {
            self.save(run, run.epoch - 1, run.batch, None)?;
            return Ok((Flow::Stop, None));
        };
        // It is the mean that is judged, and that callbacks see.
        run.swap(&mut self.model)?;
        let ended = self.end_epoch(run, training, validation, fit, before + start.elapsed().as_secs_f64());
        run.swap(&mut self.model)?;
        let (record, flow) = ended?;
        run.stands = (run.epoch, 0);
        let last = flow == Flow::Stop || run.epoch == fit.epochs;
        if last || run.saver.as_ref().is_some_and(|saver| saver.checkpoints.due_after(run.epoch)) {
            self.save(run, run.epoch, 0, Some(&record))?;
        }
        Ok((flow, Some(record)))
    }

    /// The end of the training, by itself or by a stop.
    fn end(&mut self, run: &mut Run<'_>, last: Option<&EpochRecord>) -> Result<()> {
        let (epochs, batch) = run.stands;
        let of_stand = last.filter(|record| batch == 0 && record.epoch == epochs);
        // Before the model gets its mean, or the best weights of a callback: with those, no run goes on as it would have.
        let stand = self.stand_at(run, epochs, batch, of_stand)?;
        let weights = Some(self.model.state_dict());
        if !run.interrupted {
            run.swap(&mut self.model)?;
        }
        self.tell(run, last, &|c, s| c.on_train_end(s).map(|()| Flow::Continue))?;
        if let Some(restored) = run.restored.clone() {
            self.tell(run, last, &|c, s| c.on_restored(s, &restored).map(|()| Flow::Continue))?;
        }
        self.history.restored = run.restored.clone();
        self.stand = Some(Stand { weights, ..stand });
        self.astray = false;
        self.finish_saving(run)
    }

    /// Validates, and tells everyone who watches.
    fn end_epoch(
        &mut self,
        run: &mut Run<'_>,
        training: Evaluation,
        validation: Option<&Data<'_, X, Y>>,
        fit: &Fit<'_, X, Y>,
        seconds: f64,
    ) -> Result<(EpochRecord, Flow)> {
        let validation_start = Instant::now();
        let score = |data| self.score(data, fit.workers, fit.prefetch).at("validation data");
        let validation = validation.map(score).transpose()?;
        let record = EpochRecord {
            epoch: run.epoch,
            training,
            validation,
            skipped: run.tally.skipped,
            // The names of quantities are the same in each epoch, also in one without a step.
            gradient_norm: run.tally.mean_norm().or(self.optimizer.reports_norm().then_some(f64::NAN)),
            learning_rate: run.tally.learning_rate,
            seconds: seconds + validation_start.elapsed().as_secs_f64(),
        };
        let flow = self.tell(run, Some(&record), &|c, s| c.on_epoch_end(s))?;
        self.history.push(record.clone());
        Ok((record, flow))
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
            let wants_gradients = self.wants_gradients(run)?;
            run.batch += 1;
            if run.batch == 1 || self.sample.is_none() {
                self.sample = one_of(&batch.x);
            }
            let weight = batch.weight.clone();
            if let Some(weights) = &fit.class_weights {
                if std::mem::take(&mut run.unweighted) {
                    self.check_class_weights(&batch, weights)?;
                }
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
                wants_gradients,
                watch: fit.checks.anomaly.then(Arc::default),
            };
            let steps = step.optimizer.steps();
            let result = match &mut self.custom_step {
                Some(custom) => custom(&mut step)?,
                None => step.run()?,
            };
            run.tally.learning_rate = step.optimizer.current_learning_rate();
            let mut flow = Flow::Continue;
            if result.skipped {
                run.tally.skipped = run.tally.skipped.saturating_add(1);
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
                run.tally.batch_loss = result.loss;
                run.tally.sum += result.loss * result.weight;
                run.tally.total += result.weight;
                run.tally.samples = run.tally.samples.saturating_add(batch.len());
                if let Some(prediction) = &result.prediction {
                    for meter in &mut self.metrics {
                        let updated = meter.update(prediction, &batch.y, weight.as_ref());
                        updated.map_err(|error| in_data_set(error, &batch))?;
                    }
                }
                run.tally.count_norm(result.gradient_norm);
                (run.gradients, run.gradient_norm) = (result.gradients, result.gradient_norm);
                flow = self.tell(run, None, &|c, s| c.on_batch_end(s))?;
                run.gradients = None;
            }
            run.interrupted = fit.stop.as_ref().is_some_and(|signal| signal.is_stopped());
            if flow == Flow::Stop || run.interrupted {
                return Ok(None);
            }
            self.make_ready_to_save(run);
            let due = run.saver.as_ref().is_some_and(|saver| saver.checkpoints.due(self.steps));
            // After the last batch the validation is waited for.
            if due && !result.skipped && run.batch < run.batches {
                run.tally.seconds = before + start.elapsed().as_secs_f64();
                self.save(run, run.epoch - 1, run.batch, None)?;
            }
        }
        if run.batch > 0 && run.tally.skipped == run.batch {
            return Err(TrainError::AllSkipped { epoch: run.epoch, steps: run.batch }.into());
        }
        let metrics = self.metrics.iter().map(|meter| (meter.name().to_owned(), meter.value()));
        Ok(Some(Evaluation::new(run.tally.loss(), metrics, run.tally.samples)))
    }

    /// Where the run stands, with what everyone who watches remembers of what happened before.
    pub(super) fn stand_at(
        &self,
        run: &Run<'_>,
        epochs: usize,
        batch: usize,
        record: Option<&EpochRecord>,
    ) -> Result<Stand> {
        let metrics = self.metrics.iter().map(|meter| meter.state().clone()).collect();
        let tally = if batch == 0 { Tally::default() } else { Tally { metrics, ..run.tally.clone() } };
        let callbacks = run.watchers.iter().filter_map(|watcher| watcher.state().transpose());
        let monitored = run.saver.as_ref().map(|saver| saver.checkpoints.monitored(record, &self.rising));
        Ok(Stand {
            position: Position { epochs, batch, tally, course: run.course.clone() },
            weights: None,
            callbacks: callbacks.collect::<Result<_>>()?,
            average: run.average.as_ref().map(Average::state_dict),
            monitored: monitored.transpose()?.flatten(),
        })
    }
}

/// The shape of one sample of a batch, where that is known.
pub(super) fn one_of<X: 'static>(x: &X) -> Option<Shape> {
    let x = x as &dyn Any;
    let floats = x.downcast_ref::<Tensor>().map(|x| *x.shape());
    floats.or_else(|| x.downcast_ref::<IntTensor>().map(|x| *x.shape()))?.with(0, 1).ok()
}

/// The batches of a training.
fn loader<'d, X: Samples, Y: Samples>(
    data: &'d Data<'d, X, Y>,
    fit: &mut Fit<'_, X, Y>,
) -> DataLoader<&'d Data<'d, X, Y>> {
    let mut loader = DataLoader::new(data)
        .batch_size(fit.batch_size)
        .shuffle(fit.shuffle)
        .drop_last(fit.drop_last)
        .seed(fit.seed);
    if let Some(weights) = &fit.sampling_weights {
        loader = loader.weights(weights.clone());
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
    loader
}
