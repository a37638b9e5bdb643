//! The quality of red wine: gradient descent, stochastic gradient descent and Adam on the same network, in one plot.
//!
//! `cargo run --release --example regression [-- --epochs N]`

use plywood::prelude::*;

fn main() -> Result<()> {
    let (train, test) = datasets::wine_quality().split(0.8, Seed(3))?;
    // Qualities lie around 5.6. Measured from there, the first epochs are not spent on finding that out.
    let centre = train.y().mean().item()?;
    let train = ArrayDataset::new(train.x().clone(), train.y().add_scalar(-centre))?;
    let test = ArrayDataset::new(test.x().clone(), test.y().add_scalar(-centre))?;

    // Gradient descent sees all samples before each step, the other two see 32.
    let whole = train.len();
    let runs: [(&str, Optimizer, usize); 3] = [
        ("gradient descent", Sgd::new(0.1).into(), whole),
        ("SGD", Sgd::new(0.02).into(), 32),
        ("Adam", Adam::new(1e-3).into(), 32),
    ];
    let mut histories = Vec::new();
    for (name, optimizer, batch_size) in runs {
        let model = Sequential::input([11])
            .normalization(&train)
            .linear(64)
            .relu()
            .dropout(0.2)
            .linear(1)
            .build(Seed(3))?;
        let mut trainer = Trainer::compile(model, optimizer, MeanSquaredError)
            .metric(RootMeanSquaredError)
            .metric(RSquared);
        let fit = Fit::epochs(plywood_examples::epochs(40))
            .batch_size(batch_size)
            .validation(&test)
            .progress(Progress::Silent);
        let history = trainer.fit(&train, fit)?;
        println!("{name:17} {}", trainer.evaluate(&test)?);
        histories.push((name, history));
    }

    plot_runs(histories.iter().map(|(name, history)| (*name, history)), "validation loss", "regression.svg")?;
    println!("the three curves are in regression.svg");
    Ok(())
}
