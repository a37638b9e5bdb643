//! How a picture is read between its pixels.

/// How a picture is read between its pixels. Masks are always read at the nearest one.
///
/// # Example
/// ```
/// use plywood_augment::{Image, Interpolation, Pipeline, Resize};
/// use plywood_tensor::Seed;
///
/// let image = Image::from_bytes(&[0, 100], [1, 2, 1])?;
/// for (interpolation, expected) in [(Interpolation::Nearest, [0, 0, 100, 100]), (Interpolation::Bilinear, [0, 25, 75, 100])] {
///     let larger = Pipeline::builder().then(Resize::new([1, 4])?.interpolation(interpolation)).build()?;
///     assert_eq!(larger.image(&image, &Seed(7).stream())?.as_bytes(), Some(&expected[..]));
/// }
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `InterpolationMode`. `Bicubic` is Keys' kernel with the constant −0.75 of PyTorch and OpenCV, and −0.5, that
/// of Pillow, in a [`Resize`](crate::Resize) with antialias. Keys, *Cubic convolution interpolation for digital image
/// processing*, 1981.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interpolation {
    /// The pixel in which the place lies.
    Nearest,
    /// A mean of the four pixels around it.
    #[default]
    Bilinear,
    /// A weighted sum of the sixteen pixels around it.
    Bicubic,
}

/// Keys' kernel at a distance from the place, with the constant `a`.
#[inline(always)]
pub(crate) fn cubic(distance: f64, a: f64) -> f64 {
    let x = distance.abs();
    if x <= 1.0 {
        ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        ((x - 5.0) * x + 8.0) * x * a - 4.0 * a
    } else {
        0.0
    }
}
