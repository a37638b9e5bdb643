//! Epochs of known outcome, for the tests of callbacks.

use crate::{Callback, EpochRecord, Evaluation, Flow, Status};
use plywood_nn::Linear;
use plywood_optim::Optimizer;
use plywood_tensor::Seed;

/// Ends an epoch whose `loss` is the value, and whose `score` too, of which more is better.
pub(super) fn end_epoch(
    callback: &mut impl Callback,
    optimizer: &mut Optimizer,
    epoch: usize,
    value: f64,
) -> Flow {
    let mut model = Linear::new(1, 1, &Seed(0).stream()).unwrap();
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
    let mut status = Status {
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
        record: Some(&record),
        model: &mut model,
        optimizer,
        interrupted: false,
        resumed: false,
        rising: &["score".to_owned()],
        metrics: &|| vec![("score".to_owned(), value)],
    };
    callback.on_epoch_end(&mut status).unwrap()
}
