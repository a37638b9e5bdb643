//! The transforms of pictures, one to a file.

// In reading order: pixels moved, pixels hidden, colours, levels, blur and noise, numbers, choices.
pub(crate) mod flip_horizontal;
pub(crate) mod flip_vertical;
pub(crate) mod rotate90;

pub(crate) mod crop_center;
pub(crate) mod crop_random;
pub(crate) mod crop_resized;
pub(crate) mod pad;
pub(crate) mod resize;

pub(crate) mod affine;
pub(crate) mod perspective;
pub(crate) mod rotate;

pub(crate) mod cutout;
pub(crate) mod erase;

pub(crate) mod color_jitter;
pub(crate) mod grayscale;
pub(crate) mod invert;

pub(crate) mod auto_contrast;
pub(crate) mod equalize;
pub(crate) mod posterize;
pub(crate) mod solarize;

pub(crate) mod gaussian_blur;
pub(crate) mod gaussian_noise;
pub(crate) mod sharpness;

pub(crate) mod normalize;
pub(crate) mod to_float;

pub(crate) mod one_of;
pub(crate) mod rand_augment;
pub(crate) mod random_apply;
pub(crate) mod trivial_augment;

#[cfg(test)]
mod table;
