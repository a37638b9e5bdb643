//! Images per second of one augmentation pipeline, on one thread: the pipeline of `peers/augment_suite.py`.
//!
//! `cargo run --release -p plywood-benches --bin augment -- [--seconds S]`
//!
//! Horizontal flip with p = 0.5, rotation within 15 degrees, bilinear; 32 × 32 pixels: padded random crop; 256 × 256 pixels:
//! random part resized to 224 × 224 without antialias; normalise. *Joined* is what a pipeline does: moves in a row read the
//! picture once. *Separately* reads and writes it at every step, as other libraries do.

use plywood::augment::{CropResized, Image, Pipeline, PipelineBuilder};
use plywood::prelude::*;
use plywood_benches::{Arguments, Sampler};
use std::hint::black_box;

fn main() -> Result<()> {
    let seconds = Arguments::parse("augment [--seconds S]", &[]).seconds.unwrap_or(1.0);
    Threads::new(1)?.install(|| {
        for size in [32, 256] {
            let stream = Seed(1).stream();
            let bytes: Vec<u8> = (0..size * size * 3).map(|i| stream.bits(i as u64) as u8).collect();
            let bytes = Image::from_bytes(&bytes, [size, size, 3])?;
            let floats = Image::try_from(bytes.to_tensor())?;
            report(&format!("augment_{size} joined"), pipeline(size)?.build()?, &bytes, seconds)?;
            report(
                &format!("augment_{size} separately"),
                pipeline(size)?.separately().build()?,
                &bytes,
                seconds,
            )?;
            report(&format!("augment_{size} joined, floats"), pipeline(size)?.build()?, &floats, seconds)?;
        }
        Ok(())
    })
}

fn pipeline(size: usize) -> Result<PipelineBuilder> {
    let builder = Pipeline::builder().flip_horizontal(0.5).rotate(15.0);
    let builder = if size == 32 {
        builder.crop_padded([32, 32], 4)
    } else {
        let part = CropResized::new([224, 224])?.scale(0.25..=1.0)?.ratio(1.0..=1.0)?;
        builder.then(part.antialias(false))
    };
    Ok(builder.normalize([0.5], [0.25]))
}

fn report(name: &str, pipeline: Pipeline, image: &Image, seconds: f64) -> Result<()> {
    let (epoch, mut index) = (Seed(7).stream().at(0), 0);
    let mut result = Ok(());
    let mut one = || {
        index += 1;
        match pipeline.image(image, &epoch.at(index)) {
            Ok(image) => drop(black_box(image)),
            Err(error) => result = Err(error),
        }
    };
    let mut sampler = Sampler::new(&mut one);
    sampler.run(seconds, &mut one);
    let timing = sampler.timing();
    println!(
        "{name:28} plywood {} {:8.0} images/s  median {:8.1} us  best {:8.1} us  n={}",
        env!("CARGO_PKG_VERSION"),
        1e6 / timing.median,
        timing.median,
        timing.best,
        timing.count
    );
    result
}
