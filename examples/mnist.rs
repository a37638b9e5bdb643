//! Handwritten digits by a convolutional network, on augmented images: a learning curve, which digits are taken for which, and a
//! picture of the worst mistakes.
//!
//! `cargo run --release --example mnist [-- --epochs N] [-- --samples N]`

use plywood::augment::{Affine, Pipeline};
use plywood::losses::{ConfusionMatrix, cross_entropy};
use plywood::prelude::*;
use plywood_examples::canvas::Canvas;

fn main() -> Result<()> {
    let (all, test) = datasets::mnist(plywood_examples::data("mnist"))?; // 9000 and 1000 of the 70 000
    let (train, validation) = all.split(0.9, Seed(1))?;
    let samples = plywood_examples::samples(train.len()).min(train.len());
    let train = train.select(&(0..samples).collect::<Vec<_>>())?;

    let model = Sequential::input([28, 28, 1])
        .conv2d(32, 3)
        .batch_norm2d()
        .relu()
        .max_pool2d(2)
        .conv2d(64, 3)
        .batch_norm2d()
        .relu()
        .max_pool2d(2)
        .flatten()
        .dropout(0.3)
        .linear(128)
        .relu()
        .dropout(0.3)
        .linear(10)
        .build(Seed(1))?;
    println!("{}", model.summary()?);

    // Each digit is turned, moved and stretched a little, anew in each epoch.
    let handwriting = Affine::new(10.0)?.translate(0.08, 0.08)?.scale(0.9..=1.1)?.shear(8.0, 0.0)?;
    let pipeline = Pipeline::builder().then(handwriting).build()?;
    let mut trainer = Trainer::compile(model, Adam::new(1e-3), CrossEntropy::default()).metric(Accuracy);
    let fit = Fit::epochs(plywood_examples::epochs(12))
        .batch_size(64)
        .augment(move |x, y, draw| Ok((pipeline.tensor(x, draw)?, y)))
        .workers(1)
        .validation(&validation)
        .callback(EarlyStopping::new("validation loss").patience(4).restore_best(true));
    let history = trainer.fit(&train, fit)?;
    history.plot("mnist.svg")?;
    println!("test: {}", trainer.evaluate(&test)?);

    let logits = trainer.predict(&test)?;
    println!("{}", ConfusionMatrix.of(&logits, test.labels())?); // which digits are taken for which
    let wrong = worst(&logits, test.labels())?;
    draw(&wrong, &test)?;
    println!("{} of {} are wrong; the worst are in mnist_mistakes.png", wrong.len(), test.len());
    Ok(())
}

/// A digit that was taken for another: which one, what it is, what it was taken for.
type Mistake = (usize, i64, i64);

/// All mistakes, the most confident first.
fn worst(logits: &Tensor, labels: &IntTensor) -> Result<Vec<Mistake>> {
    let losses = cross_entropy(&logits.clone().into(), labels)?.values().value().clone();
    let taken = logits.argmax(-1, false)?;
    let pairs = labels.as_slice().iter().zip(taken.as_slice());
    let mut wrong: Vec<Mistake> = pairs
        .enumerate()
        .filter(|(_, (is, taken))| is != taken)
        .map(|(i, (&is, &taken))| (i, is, taken))
        .collect();
    let losses = losses.as_slice();
    wrong.sort_by(|a, b| losses[b.0].total_cmp(&losses[a.0]));
    Ok(wrong)
}

/// The first 24, each with what it is in green and what it was taken for in red.
fn draw(wrong: &[Mistake], data: &impl Dataset<Input = Tensor>) -> Result<()> {
    const COLUMNS: usize = 8;
    const STEP: [usize; 2] = [28 * 3 + 22, 28 * 3 + 8];
    let shown = wrong.len().min(3 * COLUMNS);
    let mut canvas = Canvas::new([shown.div_ceil(COLUMNS) * STEP[0] + 8, COLUMNS * STEP[1] + 8]);
    for (i, &(index, is, taken)) in wrong[..shown].iter().enumerate() {
        let [top, left] = [8 + i / COLUMNS * STEP[0], 8 + i % COLUMNS * STEP[1]];
        canvas.image([top, left], &data.get(index)?.0, 3);
        canvas.text([top + 86, left + 2], &is.to_string(), [120, 220, 120]);
        canvas.text([top + 86, left + 18], &format!("not {taken}"), [240, 120, 110]);
    }
    canvas.write("mnist_mistakes.png")
}
