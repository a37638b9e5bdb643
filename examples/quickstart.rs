//! A binary classifier on real data, in one screen: define, compile, fit, evaluate.
//!
//! `cargo run --release --example quickstart`

use plywood::prelude::*;

fn main() -> Result<()> {
    let (train, validation) = datasets::breast_cancer().split(0.8, Seed(7))?; // stratified
    let model = Sequential::input([30])
        .normalization(&train) // mean and variance of the training part, saved with the model
        .linear(128)
        .relu()
        .linear(64)
        .relu()
        .linear(1)
        .sigmoid()
        .build(Seed(7))?; // shapes are checked here, by layer path
    println!("{}", model.summary()?);

    let mut trainer = Trainer::compile(model, Adam::default(), BinaryCrossEntropy).metric(Accuracy);
    let history = trainer.fit(&train, Fit::epochs(10).batch_size(32).validation(&validation))?;

    history.plot("history.svg")?;
    println!("validation: {}", trainer.evaluate(&validation)?);
    println!("weights:    {:016x}", weights_hash(trainer.model()));
    Ok(())
}
