//! How much memory is taken.
#![allow(clippy::unwrap_used)] // a panic is a failed test

#[path = "../../plywood-nn/tests/mutate/memory.rs"]
mod memory;
#[path = "common/shifts.rs"]
mod shifts;

use plywood_autograd::Param;
use plywood_data::ArrayDataset;
use plywood_losses::MeanSquaredError;
use plywood_optim::Sgd;
use plywood_tensor::{Seed, Tensor};
use plywood_train::{Audit, Trainer};
use shifts::Shifts;

/// All results are kept on the way through the model, and are gone on the way back.
#[test]
fn a_look_takes_no_more_memory_than_its_results() {
    let _alone = memory::alone();
    let (rows, results) = (256, 8);
    let x = Tensor::normal([rows, 4096], 0.0, 1.0, &Seed(1).stream()).unwrap();
    let result = size_of_val(x.as_slice());
    let y = Tensor::normal([rows, 1], 0.0, 1.0, &Seed(2).stream()).unwrap();
    let data = ArrayDataset::new(x, y).unwrap();
    let shifts = Shifts(Param::new(Tensor::zeros([1, 4096]).unwrap()), results);
    let trainer = Trainer::compile(shifts, Sgd::new(0.1), MeanSquaredError);
    plywood_tensor::trim_pool();
    let peak = memory::peak(|| drop(trainer.audit(&data, Audit::new().batch_size(rows)).unwrap()));
    // The batch, the results, and small things.
    let most = (results + 1) * result + result / 2;
    assert!(peak <= most, "{:.2} times a result, instead of {}", peak as f64 / result as f64, results + 1);
}
