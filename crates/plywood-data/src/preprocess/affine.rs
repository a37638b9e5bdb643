//! Each feature shifted and scaled: what the scalers have in common.

use crate::DataError;
use plywood_tensor::{Elem, Float, Result, Tensor, par};
use serde::{Deserialize, Serialize};

/// `(x − shift) / scale + origin` of each feature; computed in double precision, since shifts can be large.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Affine {
    /// Where `shift` goes.
    origin: f64,
    pub(super) features: Vec<Feature>,
}

/// What happens to one feature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Feature {
    pub(super) shift: f64,
    pub(super) scale: f64,
}

impl Feature {
    /// A feature whose numbers spread over 0 is not scaled.
    pub(super) fn new(shift: f64, spread: f64) -> Feature {
        Feature { shift, scale: if spread == 0.0 { 1.0 } else { spread } }
    }
}

impl Affine {
    /// Each feature as `fit` finds it from the column's numbers.
    pub(super) fn fit(
        op: &'static str,
        x: &Tensor,
        origin: f64,
        fit: impl Fn(Column<'_>) -> Feature,
    ) -> Result<Affine> {
        let got = *x.shape();
        let [_, .., width] = got[..] else { return Err(DataError::Rank { op, got }.into()) };
        if x.numel() == 0 {
            return Err(DataError::Empty.into());
        }
        if let Some(at) = x.as_slice().iter().position(|x| !x.is_finite()) {
            let got = x.as_slice()[at].to_f64();
            return Err(DataError::NotFinite { op, row: at / width, feature: at % width, got }.into());
        }
        let features = (0..width).map(|feature| fit(Column { x: x.as_slice(), feature, width })).collect();
        Ok(Affine { origin, features })
    }

    pub(super) fn apply(&self, op: &'static str, x: &Tensor) -> Result<Tensor> {
        self.each(op, x, |x, feature| (x - feature.shift) / feature.scale + self.origin)
    }

    pub(super) fn inverse(&self, op: &'static str, x: &Tensor) -> Result<Tensor> {
        self.each(op, x, |x, feature| (x - self.origin) * feature.scale + feature.shift)
    }

    fn each(&self, op: &'static str, x: &Tensor, f: impl Fn(f64, Feature) -> f64 + Sync) -> Result<Tensor> {
        let width = self.features.len();
        if x.shape().last() != Some(&width) {
            return Err(DataError::Features { op, features: width, got: *x.shape() }.into());
        }
        let mut out = x.clone();
        let steps = out.numel();
        let chunk = (par::CHUNK / width.max(1)).max(1) * width.max(1);
        par::chunks(out.as_mut_slice(), chunk, steps, |_, out| {
            for row in out.chunks_exact_mut(width.max(1)) {
                for (x, &feature) in row.iter_mut().zip(&self.features) {
                    *x = Elem::of(f(x.to_f64(), feature));
                }
            }
        });
        Ok(out)
    }
}

/// The numbers of one feature.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    x: &'a [Elem],
    feature: usize,
    width: usize,
}

impl Column<'_> {
    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> {
        self.x.iter().skip(self.feature).step_by(self.width).map(|x| x.to_f64())
    }

    /// The smallest and the largest.
    pub(super) fn range(&self) -> (f64, f64) {
        self.numbers().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    }

    pub(super) fn mean_of(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.numbers().map(f).sum::<f64>() / (self.x.len() / self.width) as f64
    }
}
