//! Moves of pixels, and how one follows another.

use crate::{Border, Color, Interpolation, Projection};

/// A move of pixels: which place of the old picture is seen at each place of the new one.
///
/// Give it to [`Sample::warp`](crate::Sample::warp). Moves wait until the pixels are asked for. These are joined into one, which reads
/// the picture once:
///
/// - a mirror or a quarter of a turn with any move behind it;
/// - any move with a mirror, a quarter of a turn or a crop behind it, or with a frame of one colour, the same for each frame;
/// - two that interpolate in the same way, such as a rotation and a resized part, if both show the same colour beyond the
///   edge, or the second one cuts an upright part out of what the first one shows; they blur once instead of twice.
///
/// Others are done one after the other: a crop or a frame with a rotation behind it, or a frame that mirrors the picture.
///
/// # Example
/// ```
/// use plywood_augment::{Image, Interpolation, Projection, Sample, Warp};
///
/// let mut sample = Sample::new(Image::from_bytes(&[1, 2, 3, 4], [1, 4, 1])?);
/// let twice = Projection::scale(0.5, 1.0); // from the new picture back to the old one
/// sample.warp(Warp::new(twice, [1, 8]).interpolation(Interpolation::Nearest))?;
/// assert_eq!(sample.image()?.as_bytes(), Some(&[1, 1, 2, 2, 3, 3, 4, 4][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Warp {
    /// From places of the new picture to places of the old one.
    pub(crate) back: Projection,
    pub(crate) size: [usize; 2],
    pub(crate) interpolation: Interpolation,
    pub(crate) border: Border,
    /// The part `[left, top, right, bottom]` of the new picture that is read, and what is seen beyond.
    pub(crate) clip: Option<([f64; 4], Color)>,
}

impl Warp {
    /// A move by a map from places of the new picture, of this height and width, back to places of the old one.
    ///
    /// Bilinear, and black beyond the edge, unless told.
    #[must_use]
    pub fn new(back: Projection, size: [usize; 2]) -> Warp {
        let (interpolation, border) = (Interpolation::Bilinear, Border::Constant(Color::BLACK));
        Warp { back, size, interpolation, border, clip: None }
    }

    /// How to read between pixels.
    #[must_use]
    pub fn interpolation(self, interpolation: Interpolation) -> Warp {
        Warp { interpolation, ..self }
    }

    /// What is seen beyond the edge.
    #[must_use]
    pub fn border(self, border: Border) -> Warp {
        Warp { border, ..self }
    }

    /// `[left, top, right, bottom]` of the new picture.
    pub(crate) fn canvas(&self) -> [f64; 4] {
        canvas(self.size)
    }

    /// Whether it takes the whole of a picture and only turns or mirrors it.
    fn is_permutation(&self, source: [usize; 2]) -> bool {
        self.clip.is_none() && self.back.is_exact() && self.back.hull(self.canvas()) == canvas(source)
    }

    /// Whether it does nothing at all.
    pub(crate) fn is_identity(&self, source: [usize; 2]) -> bool {
        self.clip.is_none() && self.back == Projection::IDENTITY && self.size == source
    }

    /// This move of a picture of size `source`, then the next, as one; `None` if they must stay two.
    pub(crate) fn then(&self, next: &Warp, source: [usize; 2]) -> Option<Warp> {
        let back = next.back.then(&self.back);
        let whole = self.is_permutation(source);
        if whole {
            return Some(Warp { back, ..*next });
        }
        let middle = self.canvas();
        let [left, top, right, bottom] = next.back.hull(next.canvas());
        // Rounding may put a corner a hair outside.
        let hair = 1e-9 * (middle[2] + middle[3]);
        let inside = next.back.is_affine()
            && left >= -hair
            && top >= -hair
            && right <= middle[2] + hair
            && bottom <= middle[3] + hair;
        let moved = Warp { back, size: next.size, clip: None, ..*self };
        if next.back.is_exact() {
            let forth = next.back.inverse().ok()?;
            let old = self.clip.map(|(clip, color)| (forth.hull(clip), color));
            if inside {
                return Some(Warp { clip: old, ..moved });
            }
            // Beyond the picture in between lies its border, even where the first one would have more to show.
            let Border::Constant(color) = next.border else { return None };
            let own = forth.hull(middle);
            return match old {
                Some((_, other)) if other != color => None,
                Some((clip, _)) => Some(Warp { clip: Some((meet(own, clip), color)), ..moved }),
                None => Some(Warp { clip: Some((own, color)), ..moved }),
            };
        }
        if self.back.is_exact() || self.interpolation != next.interpolation || next.clip.is_some() {
            return None;
        }
        if inside && next.back.keeps_rectangles() {
            let forth = next.back.inverse().ok()?;
            return Some(Warp { clip: self.clip.map(|(clip, color)| (forth.hull(clip), color)), ..moved });
        }
        let constant = matches!(self.border, Border::Constant(_)) && self.border == next.border;
        (constant && self.clip.is_none() && back.is_affine()).then_some(moved)
    }
}

/// `[left, top, right, bottom]` of a picture.
pub(crate) fn canvas(size: [usize; 2]) -> [f64; 4] {
    [0.0, 0.0, size[1] as f64, size[0] as f64]
}

/// What two rectangles have in common.
fn meet(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]
}
