//! Moments of a training, and epochs of known outcome, for the tests of callbacks.

use crate::{Callback, EpochRecord, Evaluation, Flow, Status};
use plywood_nn::Linear;
use plywood_optim::{Optimizer, Sgd};
use plywood_tensor::Seed;

/// Ends an epoch whose `loss` is the value, and whose `score` too, of which more is better.
pub(super) fn end_epoch(
    callback: &mut impl Callback,
    optimizer: &mut Optimizer,
    epoch: usize,
    value: f64,
) -> Flow {
    let training = Evaluation::new(value, [("score".to_owned(), value)], 1);
    let record = EpochRecord {
        epoch,
        training,
        validation: None,
        skipped: 0,
        gradient_norm: None,
        learning_rate: 0.1,
        seconds: 0.0,
    };
    at(optimizer, epoch, value, Some(&record), |status| callback.on_epoch_end(status).unwrap())
}

/// A moment of the first epoch, of which one batch of one sample is done.
pub(super) fn in_first_epoch<T>(call: impl FnOnce(&mut Status<'_>) -> T) -> T {
    at(&mut Optimizer::new(Sgd::new(0.1)), 1, 0.0, None, call)
}

fn at<T>(
    optimizer: &mut Optimizer,
    epoch: usize,
    value: f64,
    record: Option<&EpochRecord>,
    call: impl FnOnce(&mut Status<'_>) -> T,
) -> T {
    call(&mut Status {
        epoch,
        epochs: 100,
        batch: 1,
        batches: 1,
        step: 1,
        samples: 1,
        loss: value,
        skipped: 0,
        batch_loss: value,
        gradients: None,
        gradient_norm: None,
        record,
        model: &mut Linear::new(1, 1, &Seed(0).stream()).unwrap(),
        optimizer,
        interrupted: false,
        stopped_by: None,
        restored: None,
        resumed: false,
        rising: &["score".to_owned()],
        quantities: &EpochRecord::names(["score"], false, false),
        metrics: &|| vec![("score".to_owned(), value)],
    })
}
