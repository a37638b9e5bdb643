//! Settings that several schedules have.

use crate::error::expect;
use plywood_tensor::Result;

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
