//! A picture with what belongs to it.

use crate::colors::unit;
use crate::error::setting;
use crate::geometry::run::{self, Levels};
use crate::geometry::warp::canvas;
use crate::image::{Pixels, each};
use crate::{AugmentError, Border, Color, Image, Interpolation, Warp};
use plywood_tensor::{Elem, Float, Result, Tensor};

/// A picture with its mask and its boxes, which move together.
///
/// - A mask says something of each pixel, such as its class: an [`Image`] of the same height and width. It is read at the
///   nearest pixel, so that no class appears that was not there, and colours leave it alone.
/// - Boxes are `[N, 4]`: left, top, right, bottom in pixels. A box that is turned becomes the smallest upright one around
///   it; what leaves the picture is cut off. A box that has left it altogether has no area, and keeps its row: see
///   [`Sample::visible`].
///
/// Moves of pixels ([`Sample::warp`]) are not done at once: those in a row are joined and read the picture once, when it is
/// asked for.
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, Sample};
/// use plywood_tensor::{Seed, Tensor};
///
/// let image = Image::from_bytes(&[10, 20, 30, 40, 50, 60], [2, 3, 1])?;
/// let mask = Image::from_bytes(&[0, 0, 1, 0, 0, 1], [2, 3, 1])?;
/// let sample = Sample::new(image).with_mask(mask)?.with_boxes(Tensor::from([[2.0, 0.0, 3.0, 2.0]]))?;
///
/// let mirror = Pipeline::builder().flip_horizontal(1.0).build()?;
/// let mut mirrored = mirror.sample(sample, &Seed(7).stream())?;
/// assert_eq!(mirrored.image()?.as_bytes(), Some(&[30, 20, 10, 60, 50, 40][..]));
/// assert_eq!(mirrored.mask()?.unwrap().as_bytes(), Some(&[1, 0, 0, 1, 0, 0][..]));
/// assert_eq!(mirrored.boxes()?.unwrap(), &Tensor::from([[0.0, 0.0, 1.0, 2.0]]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sample {
    image: Image,
    mask: Option<Image>,
    boxes: Option<Tensor>,
    mask_fill: f64,
    /// What is still to be done to all of them.
    pending: Option<Warp>,
}

impl Sample {
    /// A picture alone.
    pub fn new(image: Image) -> Sample {
        Sample { image, mask: None, boxes: None, mask_fill: 0.0, pending: None }
    }

    /// The same with a mask.
    ///
    /// # Errors
    /// [`AugmentError::Size`] unless it has the height and width of the picture.
    pub fn with_mask(mut self, mask: Image) -> Result<Sample> {
        self.settle()?;
        if mask.size() != self.image.size() {
            let [height, width] = self.image.size();
            let expected = format!("the picture's height and width {height} x {width}");
            return Err(AugmentError::Size { what: "mask", expected, got: mask.size() }.into());
        }
        Ok(Sample { mask: Some(mask), ..self })
    }

    /// The same with boxes `[N, 4]`: left, top, right, bottom in pixels.
    ///
    /// # Errors
    /// [`AugmentError::Shape`] for any other shape, [`AugmentError::Setting`] for numbers that are not finite.
    pub fn with_boxes(mut self, boxes: Tensor) -> Result<Sample> {
        self.settle()?;
        let shape = *boxes.shape();
        if shape.rank() != 2 || shape[1] != 4 {
            return Err(AugmentError::Shape { what: "boxes", expected: "[N, 4]".into(), got: shape }.into());
        }
        if let Some(bad) = boxes.as_slice().iter().find(|x| !x.is_finite()) {
            return Err(setting("boxes", "finite numbers", bad));
        }
        Ok(Sample { boxes: Some(boxes), ..self })
    }

    /// What the mask holds where the picture shows a border of one colour, such as the class that a loss ignores; else 0.
    #[must_use]
    pub fn mask_fill(self, value: f64) -> Sample {
        Sample { mask_fill: value, ..self }
    }

    /// Height and width.
    pub fn size(&self) -> [usize; 2] {
        self.pending.map_or(self.image.size(), |warp| warp.size)
    }

    /// How many channels the picture has.
    pub fn channels(&self) -> usize {
        self.image.channels()
    }

    pub(crate) fn is_bytes(&self) -> bool {
        matches!(self.image.pixels(), Pixels::Bytes(_))
    }

    /// Fails unless the numbers of the picture lie from 0 to 1. Moves bring in no others, so they need not be done for this.
    pub(crate) fn check_levels(&self, transform: &'static str) -> Result<()> {
        unit::check(transform, self.image.pixels())
    }

    /// The picture, after all moves.
    ///
    /// # Errors
    /// If memory for it cannot be had.
    pub fn image(&mut self) -> Result<&Image> {
        self.settle()?;
        Ok(&self.image)
    }

    /// The mask, after all moves, if there is one.
    ///
    /// # Errors
    /// As [`Sample::image`].
    pub fn mask(&mut self) -> Result<Option<&Image>> {
        self.settle()?;
        Ok(self.mask.as_ref())
    }

    /// The boxes, after all moves, if there are any.
    ///
    /// # Errors
    /// As [`Sample::image`].
    pub fn boxes(&mut self) -> Result<Option<&Tensor>> {
        self.settle()?;
        Ok(self.boxes.as_ref())
    }

    /// The rows of the boxes that have an area left.
    ///
    /// # Errors
    /// As [`Sample::image`].
    pub fn visible(&mut self) -> Result<Vec<usize>> {
        let boxes = self.boxes()?.map_or(&[][..], Tensor::as_slice);
        let areas = boxes.chunks_exact(4).enumerate();
        Ok(areas.filter(|(_, b)| b[2] > b[0] && b[3] > b[1]).map(|(row, _)| row).collect())
    }

    /// Takes it apart.
    ///
    /// # Errors
    /// As [`Sample::image`].
    pub fn into_parts(mut self) -> Result<(Image, Option<Image>, Option<Tensor>)> {
        self.settle()?;
        Ok((self.image, self.mask, self.boxes))
    }

    /// Moves the pixels of picture and mask, and the boxes.
    ///
    /// ```
    /// use plywood_augment::{Image, Projection, Sample, Warp};
    /// use plywood_tensor::Tensor;
    ///
    /// let image = Image::from_bytes(&[1, 2, 3, 4], [1, 4, 1])?;
    /// let mut sample = Sample::new(image).with_boxes(Tensor::from([[2.0, 0.0, 3.0, 1.0]]))?;
    /// let right = Projection::translation(1.0, 0.0); // from the new picture back to the old one
    /// sample.warp(Warp::new(right, [1, 4]))?;
    /// assert_eq!(sample.image()?.as_bytes(), Some(&[2, 3, 4, 0][..]));
    /// assert_eq!(sample.boxes()?, Some(&Tensor::from([[1.0, 0.0, 2.0, 1.0]])));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// Boxes need a map whose horizon does not cross the old picture. A [`Projection`](crate::Projection) may have one that does:
    /// it takes places on the horizon to infinity and those behind it to the other side, where no box can hold them.
    ///
    /// # Errors
    /// [`AugmentError::Setting`] for a height or width of 0; [`AugmentError::Singular`] if boxes cannot follow.
    pub fn warp(&mut self, next: Warp) -> Result<()> {
        crate::error::positive_size("warp", next.size)?;
        let Some(pending) = self.pending else {
            self.pending = Some(next);
            return Ok(());
        };
        let joined = pending.then(&next, self.image.size());
        if joined.is_none() {
            self.settle()?;
        }
        self.pending = Some(joined.unwrap_or(next));
        Ok(())
    }

    /// Changes the colours of the picture and leaves mask and boxes alone.
    ///
    /// # Errors
    /// Those of `change`; [`AugmentError::Size`] if it changes the height or width.
    pub fn change_image(&mut self, change: impl FnOnce(&Image) -> Result<Image>) -> Result<()> {
        self.settle()?;
        let image = change(&self.image)?;
        if image.size() != self.image.size() {
            let [height, width] = self.image.size();
            let expected = format!("a picture of the same height and width {height} x {width}");
            return Err(AugmentError::Size { what: "change_image", expected, got: image.size() }.into());
        }
        self.image = image;
        Ok(())
    }

    /// The same in the memory of the picture.
    pub(crate) fn pixels_mut(&mut self) -> Result<&mut Pixels> {
        self.settle()?;
        Ok(self.image.pixels_mut())
    }

    /// Changes picture, mask and boxes to others of a new size.
    pub(crate) fn replace(
        &mut self,
        image: impl FnOnce(&Image) -> Result<Image>,
        mask_and_boxes: Warp,
    ) -> Result<()> {
        self.settle()?;
        let resized = image(&self.image)?;
        self.settle_with(resized, &mask_and_boxes)
    }

    /// Does what is pending, and makes the picture one of floats: `scale x + shift` for each channel, in the same pass.
    pub(crate) fn scale_levels(&mut self, levels: &Levels) -> Result<()> {
        let warp = self.pending.unwrap_or_else(|| run::identity(self.image.size()));
        let [height, width] = warp.size;
        let mut floats = Tensor::zeros([height, width, self.image.channels()])?;
        each!(self.image.pixels(), source => {
            let size = self.image.size();
            run::run(source.as_slice(), size, &warp, levels.by_channel(), floats.as_mut_slice());
        });
        self.settle_with(Image::try_from(floats)?, &warp)
    }

    /// Does what is pending. What fails stays pending, and fails again the next time.
    pub(crate) fn settle(&mut self) -> Result<()> {
        let Some(warp) = self.pending else { return Ok(()) };
        if warp.is_identity(self.image.size()) {
            self.pending = None;
            return Ok(());
        }
        let image = warped(&self.image, &warp)?;
        self.settle_with(image, &warp)
    }

    /// Takes the moved picture, and moves mask and boxes; all or nothing.
    fn settle_with(&mut self, image: Image, warp: &Warp) -> Result<()> {
        // Where nothing moved, boxes stay as they are, even beyond the edge.
        if !warp.is_identity(self.image.size()) {
            self.settle_mask_and_boxes(warp)?;
        }
        (self.image, self.pending) = (image, None);
        Ok(())
    }

    fn settle_mask_and_boxes(&mut self, warp: &Warp) -> Result<()> {
        // This can fail, so it comes before any change.
        let forth = self.boxes.as_ref().map(|_| warp.back.inverse()).transpose()?;
        if let Some(mask) = &self.mask {
            // Fills are given on a scale from 0 to 1, but the value of a mask is meant as it stands.
            let fill = Color::from(match mask.pixels() {
                Pixels::Bytes(_) => self.mask_fill / 255.0,
                Pixels::Floats(_) => self.mask_fill,
            });
            let border =
                if matches!(warp.border, Border::Constant(_)) { Border::Constant(fill) } else { warp.border };
            let clip = warp.clip.map(|(clip, _)| (clip, fill));
            let warp = Warp { interpolation: Interpolation::Nearest, border, clip, ..*warp };
            self.mask = Some(warped(mask, &warp)?);
        }
        if let (Some(boxes), Some(forth)) = (&mut self.boxes, forth) {
            let [left, top, right, bottom] = warp.clip.map_or(canvas(warp.size), |(clip, _)| clip);
            let [width, height] = [warp.size[1] as f64, warp.size[0] as f64];
            for row in boxes.as_mut_slice().chunks_exact_mut(4) {
                let hull = forth.hull([row[0], row[1], row[2], row[3]].map(Float::to_f64));
                let bounds = [(left, right, width), (top, bottom, height)];
                for (i, x) in row.iter_mut().enumerate() {
                    let (least, most, side) = bounds[i % 2];
                    *x = Elem::of(hull[i].max(least.max(0.0)).min(most.min(side)));
                }
            }
        }
        Ok(())
    }
}

fn warped(image: &Image, warp: &Warp) -> Result<Image> {
    let mut out = image.blank_like(warp.size)?;
    match (image.pixels(), out.pixels_mut()) {
        (Pixels::Bytes(from), Pixels::Bytes(to)) => {
            run::keep(from.as_slice(), image.size(), warp, to.as_mut_slice());
        }
        (Pixels::Floats(from), Pixels::Floats(to)) => {
            run::keep(from.as_slice(), image.size(), warp, to.as_mut_slice());
        }
        _ => unreachable!("a blank picture is of the kind that was asked for"),
    }
    Ok(out)
}
