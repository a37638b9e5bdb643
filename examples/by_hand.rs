//! The quickstart by an explicit loop: all that `Trainer` does, and nothing is hidden.
//!
//! `cargo run --release --example by_hand`

use plywood::losses::binary_cross_entropy;
use plywood::prelude::*;

fn main() -> Result<()> {
    let (train, validation) = datasets::breast_cancer().split(0.8, Seed(7))?;
    let mut model = Sequential::input([30])
        .normalization(&train)
        .linear(128)
        .relu()
        .linear(64)
        .relu()
        .linear(1)
        .sigmoid()
        .build(Seed(7))?;
    let mut optimizer = Optimizer::new(Adam::default());
    let loader = DataLoader::new(&train).batch_size(32).shuffle(true).seed(Seed(7));

    let mut step = 0;
    for epoch in 0..plywood_examples::epochs(10) {
        let (mut total, mut count) = (0.0, 0);
        for batch in loader.epoch(epoch) {
            let batch = batch?;
            let cx = Context::train(Seed(7), step); // step counts through all epochs
            let prediction = model.forward(&cx, &cx.input(batch.x))?;
            let loss = binary_cross_entropy(&prediction, &batch.y)?.mean();
            let gradients = loss.backward()?;
            optimizer.step(&mut model, &gradients)?;
            cx.commit(&mut model)?; // running statistics, if a layer has any
            step += 1;
            total += loss.value().item()? * batch.indices.len() as Elem;
            count += batch.indices.len();
        }
        println!("epoch {:2}  loss {:.4}", epoch + 1, total / count as Elem);
    }

    let cx = Context::eval();
    let prediction = model.forward(&cx, &cx.input(validation.x().clone()))?;
    let right = prediction
        .value()
        .as_slice()
        .iter()
        .zip(validation.y().as_slice())
        .filter(|(p, y)| (**p > 0.5) == (**y == 1));
    println!("validation accuracy {:.4}", right.count() as f64 / validation.y().numel() as f64);
    Ok(())
}
