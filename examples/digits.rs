//! Handwritten digits: ten classes, with dropout, an L2 penalty and early stopping.
//!
//! `cargo run --release --example digits [-- --epochs N]`

use plywood::prelude::*;

fn main() -> Result<()> {
    let (train, test) = datasets::digits().split(0.8, Seed(1))?;
    let (train, validation) = train.split(0.85, Seed(1))?;
    let model = Sequential::input([64])
        .normalization(&train)
        .linear(256)
        .relu()
        .dropout(0.3)
        .linear(128)
        .relu()
        .dropout(0.3)
        .linear(10)
        .build(Seed(1))?;
    let mut trainer = Trainer::compile(model, Adam::default(), CrossEntropy::default())
        .metric(Accuracy)
        .penalty(L2(1e-4).on("*.weight"));

    let fit = Fit::epochs(plywood_examples::epochs(60))
        .batch_size(32)
        .validation(&validation)
        .callback(EarlyStopping::new("validation loss").patience(8).restore_best(true));
    let history = trainer.fit(&train, fit)?;

    history.plot("digits.svg")?;
    println!("test: {}", trainer.evaluate(&test)?);
    Ok(())
}
