//! Distributions whose variance is `gain² / fan`: those of Xavier, He and LeCun.

use crate::Fan;
use plywood_tensor::{Result, Shape, Stream, Tensor};

pub(super) fn uniform(shape: &Shape, gain: f64, fan: Fan, stream: &Stream) -> Result<Tensor> {
    // U(−a, a) has the variance a² / 3.
    let bound = deviation(shape, gain, fan)?.abs() * 3.0_f64.sqrt();
    Tensor::uniform(shape, -bound, bound, stream)
}

pub(super) fn normal(shape: &Shape, gain: f64, fan: Fan, stream: &Stream) -> Result<Tensor> {
    Tensor::normal(shape, 0.0, deviation(shape, gain, fan)?, stream)
}

fn deviation(shape: &Shape, gain: f64, fan: Fan) -> Result<f64> {
    // A fan of 0 belongs to a weight without elements.
    Ok(gain / fan.of(shape)?.max(1.0).sqrt())
}
