//! The operations that random policies choose from.

use crate::colors::brightness::brightness;
use crate::colors::contrast::contrast;
use crate::colors::levels::colored;
use crate::colors::posterize::posterize;
use crate::colors::saturation::saturation;
use crate::colors::sharpness::sharpness;
use crate::colors::solarize::solarize;
use crate::transforms::auto_contrast::auto_contrast;
use crate::transforms::equalize::equalize;
use crate::{Border, Interpolation, Projection, Sample, Warp};
use plywood_tensor::{At, Result};

/// How far an operation may go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reach {
    /// Tangent of the slant.
    pub(crate) shear: f64,
    /// Pixels, and shares of a side on top.
    pub(crate) translate: [f64; 2],
    pub(crate) degrees: f64,
    /// Away from the factor 1.
    pub(crate) factor: f64,
    /// How many bits are taken away.
    pub(crate) bits: f64,
}

/// How pixels are moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Manner {
    pub(crate) reach: Reach,
    pub(crate) interpolation: Interpolation,
    pub(crate) border: Border,
}

/// What an operation is told: how far, and a share of it from 0 to 1, negative the other way.
pub(crate) struct Strength<'a> {
    /// Whose operation it is, for errors.
    pub(crate) transform: &'static str,
    pub(crate) manner: &'a Manner,
    pub(crate) share: f64,
}

/// An operation of a policy.
pub(crate) type Operation = fn(&mut Sample, &Strength<'_>) -> Result<()>;

/// Refuses a picture that only some of the operations can take, whichever is drawn.
pub(crate) fn check(transform: &'static str, sample: &Sample) -> Result<()> {
    colored(transform, sample.channels())?;
    sample.check_levels(transform)
}

/// All of them, in torchvision's order.
pub(crate) const OPERATIONS: [Operation; 14] = [
    |_, _| Ok(()),
    |sample, s| {
        shift(sample, s, Projection::affine([1.0, s.share * s.manner.reach.shear, 0.0], [0.0, 1.0, 0.0]))
    },
    |sample, s| {
        shift(sample, s, Projection::affine([1.0, 0.0, 0.0], [s.share * s.manner.reach.shear, 1.0, 0.0]))
    },
    |sample, s| {
        let x = s.pixels(sample.size()[1]);
        shift(sample, s, Projection::translation(x, 0.0))
    },
    |sample, s| {
        let y = s.pixels(sample.size()[0]);
        shift(sample, s, Projection::translation(0.0, y))
    },
    |sample, s| {
        let centre = [sample.size()[1] as f64 / 2.0, sample.size()[0] as f64 / 2.0];
        shift(sample, s, Projection::rotation(s.share * s.manner.reach.degrees).about(centre))
    },
    |sample, s| {
        brightness(sample.pixels_mut()?, s.factor());
        Ok(())
    },
    |sample, s| {
        let channels = sample.channels();
        saturation(s.transform, sample.pixels_mut()?, channels, s.factor())
    },
    |sample, s| {
        let channels = sample.channels();
        contrast(s.transform, sample.pixels_mut()?, channels, s.factor())
    },
    |sample, s| {
        sharpness(sample.pixels_mut()?, s.factor());
        Ok(())
    },
    |sample, s| {
        posterize(sample.pixels_mut()?, 8 - (s.share.abs() * s.manner.reach.bits).round() as u32);
        Ok(())
    },
    |sample, s| {
        solarize(sample.pixels_mut()?, 1.0 - s.share.abs());
        Ok(())
    },
    |sample, _| {
        auto_contrast(sample.pixels_mut()?);
        Ok(())
    },
    |sample, _| {
        let channels = sample.channels();
        equalize(sample.pixels_mut()?, channels);
        Ok(())
    },
];

impl Strength<'_> {
    fn factor(&self) -> f64 {
        1.0 + self.share * self.manner.reach.factor
    }

    /// How far along a side of this length, in whole pixels.
    fn pixels(&self, side: usize) -> f64 {
        let [pixels, share] = self.manner.reach.translate;
        (self.share * (pixels + share * side as f64)).trunc()
    }
}

/// Moves pixels; the map goes from the old picture to the new one.
fn shift(sample: &mut Sample, strength: &Strength<'_>, forth: Projection) -> Result<()> {
    let manner = strength.manner;
    let warp = Warp::new(forth.inverse().at(strength.transform)?, sample.size());
    sample.warp(warp.interpolation(manner.interpolation).border(manner.border))
}
