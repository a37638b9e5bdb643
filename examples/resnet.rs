//! A residual network on a folder of images, a folder within it for each class: first it is filled with drawn shapes, then read as
//! your own photographs would be.
//!
//! `cargo run --release --features images --example resnet [-- --epochs N] [-- --samples N]`

use plywood::augment::Pipeline;
use plywood::data::ImageFolder;
use plywood::nn::{ResNet, ResNetConfig, summary};
use plywood::prelude::*;
use plywood_examples::canvas::Canvas;
use plywood_examples::shapes::{SHAPES, scene};
use std::path::Path;

const SIDE: usize = 32;

fn main() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("plywood-shapes-{}", std::process::id()));
    std::fs::create_dir(&folder)?; // an error if there is one of that name
    println!("drawing into {}", folder.display());
    let learnt = fill(&folder, plywood_examples::samples(1600)).and_then(|()| learn(&folder));
    std::fs::remove_dir_all(folder)?; // which is this run's own
    learnt
}

/// From the folder to a network and its weights in a file.
fn learn(folder: &Path) -> Result<()> {
    let images = ImageFolder::open(folder).read()?;
    println!("{images}");
    let (train, validation) = images.split(0.8, Seed(1))?;
    // Photographs have all sizes; the crop below brings those to one that are trained on.
    let validation = validation.resized([SIDE, SIDE])?;

    let config = ResNetConfig { width: 8, ..ResNetConfig::resnet20(SHAPES.len()) };
    let model = ResNet::new(3, config, &Seed(1).stream())?;
    let table = summary(&model, [1, SIDE, SIDE, 3])?;
    println!(
        "{}: {} parameters, {} multiply-adds",
        model.describe(),
        table.parameters(),
        table.multiply_adds()
    );

    let pipeline = Pipeline::builder().flip_horizontal(0.5).crop_padded([SIDE, SIDE], 3).build()?;
    let mut trainer = Trainer::compile(model, AdamW::new(5e-3), CrossEntropy::default()).metric(Accuracy);
    let epochs = plywood_examples::epochs(12);
    let fit = Fit::epochs(epochs)
        .batch_size(32)
        .schedule(schedules::OneCycle::new(epochs as f64)?) // up to that rate and far below where it began
        .augment(move |x, y, draw| Ok((pipeline.tensor(x, draw)?, y)))
        .workers(1) // which decodes the files, too
        .validation(&validation)
        .callback(EarlyStopping::new("validation loss").patience(6).restore_best(true));
    let history = trainer.fit(&train, fit)?;
    history.plot("resnet.svg")?;
    println!("validation: {}", trainer.evaluate(&validation)?);

    // The weights, under the names that torchvision's network has.
    trainer.model().state_dict().save_safetensors("resnet.safetensors")
}

/// So many pictures, each in the folder of what it shows.
fn fill(folder: &Path, count: usize) -> Result<()> {
    for (kind, name) in SHAPES.iter().enumerate() {
        std::fs::create_dir_all(folder.join(name))?;
        for i in (kind..count).step_by(SHAPES.len()) {
            let (image, _) = scene(SIDE, &[kind], &Seed(3).stream().at(i as u64))?;
            let mut canvas = Canvas::new([SIDE, SIDE]);
            canvas.image([0, 0], &image, 1);
            canvas.write(folder.join(name).join(format!("{i:04}.png")))?;
        }
    }
    Ok(())
}
