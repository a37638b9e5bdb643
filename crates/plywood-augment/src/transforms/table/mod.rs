//! The table of transforms: rows from each transform's file, the same checks for every row.

mod golden;
mod row;
mod run;

pub(super) use row::Row;

/// Every row, from the files of the transforms.
fn rows() -> Vec<Row> {
    let rows = [
        super::affine::rows(),
        super::auto_contrast::rows(),
        super::color_jitter::rows(),
        super::crop_center::rows(),
        super::crop_random::rows(),
        super::crop_resized::rows(),
        super::cutout::rows(),
        super::equalize::rows(),
        super::erase::rows(),
        super::flip_horizontal::rows(),
        super::flip_vertical::rows(),
        super::gaussian_blur::rows(),
        super::gaussian_noise::rows(),
        super::grayscale::rows(),
        super::invert::rows(),
        super::normalize::rows(),
        super::one_of::rows(),
        super::pad::rows(),
        super::perspective::rows(),
        super::posterize::rows(),
        super::rand_augment::rows(),
        super::random_apply::rows(),
        super::resize::rows(),
        super::rotate::rows(),
        super::rotate90::rows(),
        super::sharpness::rows(),
        super::solarize::rows(),
        super::to_float::rows(),
        super::trivial_augment::rows(),
    ];
    rows.into_iter().flatten().collect()
}
