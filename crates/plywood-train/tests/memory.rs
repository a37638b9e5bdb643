//! How much memory is taken.
#![allow(clippy::unwrap_used)] // a panic is a failed test

#[path = "../../plywood-nn/tests/mutate/memory.rs"]
mod memory;
#[path = "common/shifts.rs"]
mod shifts;

use plywood_autograd::Param;
use plywood_data::ArrayDataset;
use plywood_losses::MeanSquaredError;
use plywood_nn::{Parameters, Sequential, StateDict};
use plywood_optim::{Adam, OptimizerState, Sgd};
use plywood_tensor::{Elem, Result, Seed, Tensor, Threads};
use plywood_train::{Audit, Callback, Checkpoints, Fit, Flow, Progress, Status, Trainer};
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

/// Counts the memory of the step after the first save, during which what was saved is held: as by a thread that has not written it yet.
#[derive(Default)]
struct AfterTheSave {
    held: Option<(StateDict, OptimizerState)>,
    most: Option<usize>,
}

impl Callback for AfterTheSave {
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        match status.step {
            5 => {
                self.held = Some((status.model.state_dict(), status.optimizer.state_dict()));
                memory::begin();
            }
            6 => {
                self.most = Some(memory::most());
                self.held = None;
            }
            _ => {}
        }
        Ok(Flow::Continue)
    }
}

/// The step after a save copies all that it changes: the memory for that is there by then.
#[test]
fn the_first_save_in_the_background_asks_for_no_memory() {
    let _alone = memory::alone();
    let folder = std::env::temp_dir().join(format!("plywood-memory-{}", std::process::id()));
    let model = Sequential::input([64]).linear(20_000).linear(1).build(Seed(1)).unwrap();
    let state = 3 * model.parameter_count() * size_of::<Elem>();
    let x = Tensor::normal([40, 64], 0.0, 1.0, &Seed(2).stream()).unwrap();
    let data = ArrayDataset::new(x, Tensor::ones([40, 1]).unwrap()).unwrap();
    let mut after = AfterTheSave::default();
    let checkpoints = Checkpoints::new(&folder).every_steps(5).in_background();
    // One thread, whose memory is counted.
    let threads = Threads::new(1).unwrap();
    threads.install(|| {
        let mut trainer = Trainer::compile(model, Adam::new(1e-3), MeanSquaredError);
        let fit = Fit::epochs(1).batch_size(4).progress(Progress::Silent);
        trainer.fit(&data, fit.checkpoints(checkpoints).callback(&mut after)).unwrap();
    });
    std::fs::remove_dir_all(&folder).unwrap();
    let most = after.most.unwrap();
    assert!(most < state / 20, "{most} bytes of {state}");
}
