//! What is done with a number that was read before it is written.

use crate::pixel::Pixel;
use plywood_tensor::Elem;

/// What is done with a number that was read before it is written.
pub(crate) trait Finish<T: Pixel>: Copy {
    /// What is written.
    type Out: Pixel;
    /// A mean of pixels of this channel.
    fn mean(self, x: Elem, channel: usize) -> Self::Out;
    /// A pixel as it stands.
    fn pixel(self, x: T, channel: usize) -> Self::Out;
}

/// Nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keep;

impl<T: Pixel> Finish<T> for Keep {
    type Out = T;
    #[inline(always)]
    fn mean(self, x: Elem, _: usize) -> T {
        T::of_elem(x)
    }
    #[inline(always)]
    fn pixel(self, x: T, _: usize) -> T {
        x
    }
}

/// `scale x + shift` for each channel, or for all of them if there is one of each.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Levels {
    pub(crate) scale: Vec<Elem>,
    pub(crate) shift: Vec<Elem>,
}

/// [`Levels`], written for each channel where there are at most four.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale<'a> {
    first: [(Elem, Elem); 4],
    levels: &'a Levels,
}

impl Levels {
    fn of(&self, channel: usize) -> (Elem, Elem) {
        let one = |of: &[Elem]| if of.len() == 1 { of[0] } else { of[channel.min(of.len() - 1)] };
        (one(&self.scale), one(&self.shift))
    }

    pub(crate) fn by_channel(&self) -> Scale<'_> {
        Scale { first: [0, 1, 2, 3].map(|c| self.of(c)), levels: self }
    }
}

impl<T: Pixel> Finish<T> for Scale<'_> {
    type Out = Elem;
    #[inline(always)]
    fn mean(self, x: Elem, channel: usize) -> Elem {
        let (scale, shift) = if channel < 4 { self.first[channel] } else { self.levels.of(channel) };
        x * scale + shift
    }
    #[inline(always)]
    fn pixel(self, x: T, channel: usize) -> Elem {
        Finish::<T>::mean(self, x.to_elem(), channel)
    }
}
