//! The program of the design, as it stands there.

use plywood_data::datasets;
use plywood_losses::{Accuracy, BinaryCrossEntropy};
use plywood_nn::Sequential;
use plywood_optim::Adam;
use plywood_tensor::{Result, Seed};
use plywood_train::{Fit, Progress, Trainer};

#[test]
fn the_program_of_the_design_learns() -> Result<()> {
    let picture = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("north_star.svg");
    let (train, validation) = datasets::breast_cancer().split(0.8, Seed(7))?;
    let model = Sequential::input([30])
        .normalization(&train)
        .linear(128)
        .relu()
        .linear(64)
        .relu()
        .linear(1)
        .sigmoid()
        .build(Seed(7))?;
    let mut trainer = Trainer::compile(model, Adam::default(), BinaryCrossEntropy).metric(Accuracy);
    let fit = Fit::epochs(10).batch_size(32).validation(&validation);
    let history = trainer.fit(&train, fit.progress(Progress::Silent))?;
    history.plot(&picture)?;
    let score = trainer.evaluate(&validation)?;
    assert!(score.get("accuracy") > Some(0.94), "{history}\n{score}");
    Ok(())
}
