//! Changes of colours by a given amount; the transforms draw the amount.

pub(crate) mod brightness;
pub(crate) mod contrast;
pub(crate) mod hue;
pub(crate) mod levels;
pub(crate) mod posterize;
pub(crate) mod saturation;
pub(crate) mod sharpness;
pub(crate) mod solarize;
pub(crate) mod unit;
