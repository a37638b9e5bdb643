//! A model at work: judged, or asked.

use super::cause::in_data;
use super::fit::Data;
use super::run::one_of;
use super::step::{in_data_set, losses};
use super::{Inputs, Trainer};
use crate::{Evaluation, Input, TrainError};
use plywood_data::{Batch, DataError, DataLoader, Samples};
use plywood_nn::{Context, Module};
use plywood_optim::NonFinite;
use plywood_tensor::{Error, Float, Result, Shape, Tensor};

impl<M: Module<X::Leaf>, X: Input, Y: Samples> Trainer<M, X, Y> {
    /// The loss and the metrics of a data set, loaded by so many threads, which load so many batches ahead if that is told.
    pub(super) fn score(
        &self,
        data: &Data<'_, X, Y>,
        workers: usize,
        prefetch: Option<usize>,
    ) -> Result<Evaluation> {
        let mut loader = DataLoader::new(data).batch_size(self.batch_size);
        if let Some(batches) = prefetch {
            loader = loader.prefetch(batches);
        }
        std::thread::scope(|scope| self.judge(loader.epoch_in(scope, workers, 0), data.len()))
    }

    /// Judges a few samples: what does not fit shall be known before an epoch was spent on the training.
    pub(super) fn try_out(&self, data: &Data<'_, X, Y>) -> Result<()> {
        const SAMPLES: usize = 8;
        let count = data.len().min(SAMPLES);
        if count == 0 {
            return Err(DataError::Empty.into());
        }
        let indices: Vec<usize> = (0..count).collect();
        self.judge([data.batch(&indices)].into_iter(), count).map(drop)
    }

    fn judge(
        &self,
        batches: impl Iterator<Item = Result<Batch<X, Y>>>,
        samples: usize,
    ) -> Result<Evaluation> {
        let cx = Context::eval();
        let (mut sum, mut total) = (0.0, 0.0);
        let mut meters = self.metrics.clone();
        meters.iter_mut().for_each(|meter| meter.reset());
        for batch in batches {
            let batch = batch?;
            let prediction = self.model.forward(&cx, &batch.x.enter(&cx))?;
            let losses = losses(&*self.loss, &prediction, &batch)?;
            let of_batch = losses.sum().value().item()?.to_f64();
            if !of_batch.is_finite()
                && self.optimizer.non_finite_policy() == NonFinite::Error
                && let Some(cause) = in_data(&batch)
            {
                return Err(TrainError::Judged { loss: of_batch, cause }.into());
            }
            sum += of_batch;
            total += losses.weight_total();
            for meter in &mut meters {
                let updated = meter.update(prediction.value(), &batch.y, batch.weight.as_ref());
                updated.map_err(|error| in_data_set(error, &batch))?;
            }
        }
        let mut loss = if total > 0.0 { sum / total } else { 0.0 };
        for penalty in &self.penalties {
            loss += penalty.penalty(&cx, &self.model)?.value().item()?.to_f64();
        }
        let metrics = meters.iter().map(|meter| (meter.name().to_owned(), meter.value()));
        Ok(Evaluation::new(loss, metrics, samples))
    }

    /// What the model answers, in batches.
    pub(super) fn answer<K>(&self, inputs: &impl Inputs<X, K>) -> Result<Tensor> {
        let (cx, count) = (Context::eval(), inputs.count());
        if count == 0 {
            return Err(DataError::Empty.into());
        }
        let mut answers = Vec::with_capacity(count.div_ceil(self.batch_size));
        for start in (0..count).step_by(self.batch_size) {
            let indices: Vec<usize> = (start..count.min(start + self.batch_size)).collect();
            let x = inputs.inputs(&indices)?;
            let answer = self.model.forward(&cx, &x.enter(&cx)).and_then(|answer| {
                let got = answer.shape().first().copied().unwrap_or(1);
                if answer.shape().rank() == 0 || got != indices.len() {
                    return Err(TrainError::Predictions { samples: indices.len(), got }.into());
                }
                Ok(answer.into_value())
            });
            answers.push(answer.map_err(|error| self.single(&x, count).unwrap_or(error))?);
        }
        Tensor::concat(&answers.iter().collect::<Vec<_>>(), 0)
    }

    /// What to say of inputs of which no batch is answered, if they are a single sample as the model was trained on: its first axis was
    /// taken for that of the batch.
    fn single(&self, x: &X, count: usize) -> Option<Error> {
        let (trained, given) = (self.sample?, one_of(x)?);
        let (first, rest) = trained.get(1..)?.split_first()?;
        let sample = Shape::new(&trained[1..]).ok()?;
        (*first == count && rest == &given[1..]).then(|| TrainError::NoBatch { sample }.into())
    }
}
