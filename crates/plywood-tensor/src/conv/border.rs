//! A part of a source with all that the results over it are made of, zeros beyond its ends included.

use super::line::Line;
use crate::Element;
use crate::storage::Buffer;
use std::ops::Range;

/// Which results along each axis, of which images.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) images: Range<usize>,
    pub(super) results: [Range<usize>; 3],
}

/// The numbers that the results of a part are made of.
pub(super) struct View<'a, T: Element> {
    /// From one image, plane and row to the next.
    pub(super) steps: [usize; 3],
    source: &'a [T],
    copy: Option<Buffer<T>>,
}

impl<T: Element> View<'_, T> {
    /// All of them, from the first that the first result is made of.
    pub(super) fn numbers(&self) -> &[T] {
        self.copy.as_ref().map_or(self.source, Buffer::as_slice)
    }
}

impl Part {
    /// All results of some images.
    pub(super) fn whole(lines: &[Line; 3], images: Range<usize>) -> Part {
        Part { images, results: lines.each_ref().map(|line| 0..line.count) }
    }

    /// The rows of results: image, plane and row of each.
    pub(super) fn rows(&self) -> impl Iterator<Item = [usize; 3]> {
        let [planes, rows, _] = self.results.clone();
        self.images.clone().flat_map(move |image| {
            let rows = rows.clone();
            planes.clone().flat_map(move |z| rows.clone().map(move |y| [image, z, y]))
        })
    }

    /// Where in the view the numbers begin that a row of results is made of.
    pub(super) fn at<T: Element>(
        &self,
        view: &View<'_, T>,
        [image, z, y]: [usize; 3],
        lines: &[Line; 3],
    ) -> usize {
        let [planes, rows, _] = &self.results;
        (image - self.images.start) * view.steps[0]
            + (z - planes.start) * lines[0].step * view.steps[1]
            + (y - rows.start) * lines[1].step * view.steps[2]
    }

    /// The place in the target of the first result of a row.
    pub(super) fn place(&self, [image, z, y]: [usize; 3], lines: &[Line; 3]) -> usize {
        let [planes, rows, columns] = lines;
        let z = planes.start + z * planes.target_step;
        let y = rows.start + y * rows.target_step;
        let x = columns.start + self.results[2].start * columns.target_step;
        ((image * planes.target + z) * rows.target + y) * columns.target + x
    }

    /// What the results of this part are made of, each place `channels` numbers: in `source` itself if nothing lies beyond its
    /// ends, otherwise copied.
    pub(super) fn view<'a, T: Element>(
        &self,
        lines: &[Line; 3],
        source: &'a [T],
        channels: usize,
    ) -> View<'a, T> {
        let [depth, height, width] = lines.each_ref().map(|line| line.source);
        let first: [isize; 3] = std::array::from_fn(|i| lines[i].first(self.results[i].start));
        if lines.iter().all(Line::is_inside) {
            let [z, y, x] = first.map(|first| first as usize);
            let at = (((self.images.start * depth + z) * height + y) * width + x) * channels;
            let row = width * channels;
            let steps = [depth * height * row, height * row, row];
            return View { steps, source: &source[at..], copy: None };
        }
        let [planes, rows, columns] = std::array::from_fn(|i| lines[i].extent(self.results[i].len()));
        let row = columns * channels;
        let steps = [planes * rows * row, rows * row, row];
        let mut copy = Buffer::recycled(self.images.len() * steps[0]);
        let mut to = copy.get_mut().expect("a new buffer has one owner").chunks_exact_mut(row);
        // The columns that exist, in both.
        let from = first[2].clamp(0, width as isize);
        let until = (first[2] + columns as isize).clamp(from, width as isize);
        // Where the first column lies beyond the last one, there is none, and nothing before it either.
        let [before, after] = [from, until].map(|at| (at - first[2]).max(0) as usize * channels);
        for image in self.images.clone() {
            for z in (first[0]..).take(planes) {
                for y in (first[1]..).take(rows) {
                    let to = to.next().expect("there is a row for each");
                    if !(0..depth as isize).contains(&z)
                        || !(0..height as isize).contains(&y)
                        || before >= after
                    {
                        to.fill(T::default());
                        continue;
                    }
                    let at = ((image * depth + z as usize) * height + y as usize) * width;
                    let from = &source[(at + from as usize) * channels..(at + until as usize) * channels];
                    to[..before].fill(T::default());
                    to[before..after].copy_from_slice(from);
                    to[after..].fill(T::default());
                }
            }
        }
        View { steps, source, copy: Some(copy) }
    }
}
