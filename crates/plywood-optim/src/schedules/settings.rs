//! Settings that several schedules have.

use crate::error::expect;
use plywood_tensor::{Result, math};
use std::f64::consts::PI;

/// How long something takes.
pub(super) fn length(owner: &str, got: f64) -> Result<f64> {
    expect(owner, "a finite length above 0", got, got > 0.0 && got.is_finite())?;
    Ok(got)
}

/// What the rate is multiplied with again and again.
pub(super) fn gamma(owner: &str, got: f64) -> Result<f64> {
    expect(owner, "a finite gamma above 0", got, got > 0.0 && got.is_finite())?;
    Ok(got)
}

/// What the rate is multiplied with once.
pub(super) fn factor(owner: &str, got: f64) -> Result<f64> {
    expect(owner, "a finite factor of at least 0", got, got >= 0.0 && got.is_finite())?;
    Ok(got)
}

/// Where a fall from 1 ends.
pub(super) fn floor(owner: &str, got: f64) -> Result<f64> {
    expect(owner, "a floor from 0 to 1", got, (0.0..=1.0).contains(&got))?;
    Ok(got)
}

/// Half a wave from one number to another, as `share` goes from 0 to 1; exact at both ends.
pub(super) fn half_wave(from: f64, to: f64, share: f64) -> f64 {
    let weight = 0.5 * (1.0 + math::cos(PI * share));
    from * weight + to * (1.0 - weight)
}
