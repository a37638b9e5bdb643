//! A training that one watches live in the terminal, and ends by a key or by Ctrl-C.
//!
//! `cargo run --release --example dashboard --features dashboard [-- --epochs N]`
//!
//! Where standard output is no terminal, there is a line for each epoch instead: `… | cat`.

use plywood::dashboard::Dashboard;
use plywood::losses::TopKAccuracy;
use plywood::prelude::*;
use plywood::train::StopSignal;

fn main() -> Result<()> {
    let (all, test) = datasets::mnist(plywood_examples::data("mnist"))?;
    let (train, validation) = all.split(0.9, Seed(1))?;
    let model = Sequential::input([28, 28, 1])
        .flatten()
        .linear(256)
        .relu()
        .dropout(0.4)
        .linear(128)
        .relu()
        .dropout(0.4)
        .linear(10)
        .build(Seed(1))?;
    let epochs = plywood_examples::epochs(60);
    let mut trainer = Trainer::compile(model, Adam::new(1e-3), CrossEntropy::default())
        .metric(Accuracy)
        .metric(TopKAccuracy::new(2));

    // Ctrl-C and `q` are the same signal: the training ends after the batch, and the rest of the program runs.
    let signal = StopSignal::on_ctrl_c()?;
    let fit = Fit::epochs(epochs)
        .validation(&validation)
        .schedule(schedules::Cosine::new(epochs as f64)?)
        .stop_signal(&signal)
        .callback(Dashboard::new().stop_signal(&signal));
    trainer.fit(&train, fit)?;
    println!("test: {}", trainer.evaluate(&test)?);
    Ok(())
}
