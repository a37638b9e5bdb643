//! What is in each pixel: a small U-Net on drawn shapes that hide each other.
//!
//! `cargo run --release --example segmentation [-- --epochs N] [-- --samples N]`

use plywood::losses::{Iou, Meter};
use plywood::nn::{UNet, UNetConfig};
use plywood::prelude::*;
use plywood_examples::canvas::Canvas;
use plywood_examples::shapes::{SHAPES, scene};

const SIDE: usize = 48;

fn main() -> Result<()> {
    let train = scenes(plywood_examples::samples(800), Seed(1))?;
    let validation = scenes(120, Seed(2))?;

    let config = UNetConfig { width: 8, depth: 3, ..UNetConfig::new(1 + SHAPES.len()) };
    let model = UNet::new(3, config, &Seed(1).stream())?;
    let mut trainer = Trainer::compile(model, Adam::new(5e-3), CrossEntropy::default()).metric(Iou);
    let fit = Fit::epochs(plywood_examples::epochs(20))
        .batch_size(16)
        .validation(&validation)
        .callback(EarlyStopping::new("validation loss").patience(5).restore_best(true));
    let history = trainer.fit(&train, fit)?;
    history.plot("segmentation.svg")?;
    println!("validation: {}", trainer.evaluate(&validation)?);

    let logits = trainer.predict(&validation)?;
    let mut meter = Meter::new(Iou);
    meter.update(&logits, validation.y(), None)?;
    for (name, iou) in ["ground"].iter().chain(&SHAPES).zip(Iou.of_classes(&meter.state().counts)) {
        println!("{name:9} iou {iou:.3}");
    }
    draw(&validation, &logits.argmax(-1, false)?)
}

/// Pictures of one to three shapes, and what is in each pixel.
fn scenes(count: usize, seed: Seed) -> Result<ArrayDataset> {
    let (mut images, mut masks) = (Vec::new(), Vec::new());
    for i in 0..count {
        let stream = seed.stream().at(i as u64);
        let shapes = 1 + stream.named("count").below(0, 3);
        let kinds: Vec<usize> =
            (0..shapes).map(|shape| stream.named("kind").below(shape as u64, SHAPES.len())).collect();
        let (image, mask) = scene(SIDE, &kinds, &stream)?;
        images.extend_from_slice(image.as_slice());
        masks.extend_from_slice(mask.as_slice());
    }
    let images = Tensor::from_vec(images, [count, SIDE, SIDE, 3])?;
    ArrayDataset::new(images, IntTensor::from_vec(masks, [count, SIDE, SIDE])?)
}

/// A column for each of a few pictures: what there is, what it is, what it was taken for.
fn draw(data: &ArrayDataset, found: &IntTensor) -> Result<()> {
    const STEP: usize = 2 * SIDE + 6;
    let mut canvas = Canvas::new([3 * STEP + 6, 8 * STEP + 6]);
    for i in 0..8 {
        let column = 6 + i * STEP;
        canvas.image([6, column], &data.x().select(0, i)?, 2);
        canvas.image([6 + STEP, column], &colors(&data.y().select(0, i)?)?, 2);
        canvas.image([6 + 2 * STEP, column], &colors(&found.select(0, i)?)?, 2);
    }
    canvas.write("segmentation.png")?;
    println!("images, what is in them and what was found are in segmentation.png");
    Ok(())
}

/// A colour for each class.
fn colors(mask: &IntTensor) -> Result<Tensor> {
    const COLORS: [[Elem; 3]; 5] =
        [[0.1, 0.1, 0.1], [0.9, 0.6, 0.0], [0.35, 0.7, 0.9], [0.0, 0.6, 0.5], [0.8, 0.47, 0.65]];
    let pixels = mask.as_slice().iter().flat_map(|&class| COLORS[class as usize]).collect();
    Tensor::from_vec(pixels, [SIDE, SIDE, 3])
}
