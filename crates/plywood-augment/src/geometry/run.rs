//! A move carried out.

use super::finish::{Finish, Keep};
use super::inner::{Corners, Inner};
use super::line::{BITS, Line, Lines, ONE};
use super::point::Source;
use super::warp::Warp;
use crate::pixel::Pixel;
use crate::{Border, Color, Interpolation, Projection};
use plywood_tensor::simd;

pub(crate) use super::finish::Levels;

/// A pixel of which up to four channels have a fast way.
pub(crate) trait Fast: Pixel + Corners<1> + Corners<3> + Corners<4> {}
impl<T: Pixel + Corners<1> + Corners<3> + Corners<4>> Fast for T {}

/// The move that moves nothing.
pub(crate) fn identity(size: [usize; 2]) -> Warp {
    Warp::new(Projection::IDENTITY, size)
}

/// Writes the picture that a move makes of one of this height and width.
pub(crate) fn keep<T: Fast>(pixels: &[T], size: [usize; 2], warp: &Warp, out: &mut [T]) {
    run(pixels, size, warp, Keep, out);
}

/// The same with a scale and a shift for each channel.
pub(crate) fn run<T: Fast, F: Finish<T>>(
    pixels: &[T],
    size: [usize; 2],
    warp: &Warp,
    finish: F,
    out: &mut [F::Out],
) {
    let channels = pixels.len() / (size[0] * size[1]);
    let exact = warp.back.is_exact();
    // Where pixels go to whole pixels, all ways to read between them are one.
    let interpolation = if exact { Interpolation::Nearest } else { warp.interpolation };
    let source = Source { pixels, size, channels, interpolation, border: warp.border };
    // The fast ways count numbers in 32 bits.
    match (channels, u32::try_from(pixels.len())) {
        (1, Ok(_)) => rows(&source, warp, finish, out, fast::<T, F, 1>),
        (3, Ok(_)) => rows(&source, warp, finish, out, fast::<T, F, 3>),
        (4, Ok(_)) => rows(&source, warp, finish, out, fast::<T, F, 4>),
        _ => rows(&source, warp, finish, out, slow),
    }
}

/// Makes every row; those parts that lie inside the source by `inside`.
fn rows<T: Pixel, F: Finish<T>>(
    source: &Source<'_, T>,
    warp: &Warp,
    finish: F,
    out: &mut [F::Out],
    inside: impl Fn(&Source<'_, T>, Line, F, &mut [F::Out]),
) {
    let (width, channels) = (warp.size[1], source.channels);
    // A place on the edge between two pixels belongs to the second one, also where rounding put it a hair before.
    let shift = if source.interpolation == Interpolation::Nearest { 1.0 / 65_536.0 } else { -0.5 };
    let lines = Lines::new(&warp.back, warp.size, shift);
    let (all_y, all_x) = (source.inside(source.size[0]), source.inside(source.size[1]));
    for (y, row) in out.chunks_exact_mut(width * channels).enumerate() {
        let [start, end] = visible(warp, y);
        if let Some((_, color)) = warp.clip {
            fill::<T, F>(color, channels, finish, &mut row[..start * channels]);
            fill::<T, F>(color, channels, finish, &mut row[end * channels..]);
        }
        let Some(lines) = lines else {
            for x in start..end {
                let fixed = |x: f64| ((x + shift) * ONE as f64) as i64;
                let [sx, sy] = warp.back.map([x as f64 + 0.5, y as f64 + 0.5]).map(fixed);
                let out = &mut row[x * channels..(x + 1) * channels];
                if (all_x.0..all_x.1).contains(&sx) && (all_y.0..all_y.1).contains(&sy) {
                    inside(source, Line { x: sx, y: sy, dx: 0, dy: 0 }, finish, out);
                } else {
                    source.point((sx, sy), finish, out);
                }
            }
            continue;
        };
        let line = lines.row(y);
        let [first, last] = along(source, &line, [start, end], finish, row);
        if first < last {
            let (x, y) = line.at(first);
            let out = &mut row[first * channels..last * channels];
            inside(source, Line { x, y, ..line }, finish, out);
        }
    }
}

/// The pixels of row `y` that show something of the source, as far as a clip tells.
fn visible(warp: &Warp, y: usize) -> [usize; 2] {
    let width = warp.size[1];
    let Some(([left, top, right, bottom], _)) = warp.clip else { return [0, width] };
    let middle = y as f64 + 0.5;
    if !(top..bottom).contains(&middle) {
        return [0, 0];
    }
    // Pixels whose centres lie inside; a cast stops at 0.
    let first = |edge: f64| ((edge - 0.5).ceil() as usize).min(width);
    let (first, last) = (first(left), first(right));
    if first < last { [first, last] } else { [0, 0] }
}

/// Of pixels `[start, end)` of a row, which lie on a line of the source, makes those for which something beyond the edge
/// is read, and returns the others.
fn along<T: Pixel, F: Finish<T>>(
    source: &Source<'_, T>,
    line: &Line,
    [start, end]: [usize; 2],
    finish: F,
    row: &mut [F::Out],
) -> [usize; 2] {
    let ([height, width], channels) = (source.size, source.channels);
    let mut touched = [start, end];
    if let Border::Constant(color) = source.border {
        touched = line.between(touched, source.touching(width), source.touching(height));
        fill::<T, F>(color, channels, finish, &mut row[start * channels..touched[0] * channels]);
        fill::<T, F>(color, channels, finish, &mut row[touched[1] * channels..end * channels]);
    }
    let inside = line.between(touched, source.inside(width), source.inside(height));
    for x in (touched[0]..inside[0]).chain(inside[1]..touched[1]) {
        source.point(line.at(x), finish, &mut row[x * channels..(x + 1) * channels]);
    }
    inside
}

/// Pixels inside the source, as fast as may be.
fn fast<T: Corners<C>, F: Finish<T>, const C: usize>(
    source: &Source<'_, T>,
    line: Line,
    finish: F,
    out: &mut [F::Out],
) {
    match source.interpolation {
        Interpolation::Nearest => nearest::<T, F, C>(source, line, finish, out),
        // One alone does not fill a vector.
        Interpolation::Bilinear if out.len() == C => {
            source.inner_point::<F, C>((line.x, line.y), finish, out);
        }
        Interpolation::Bilinear => {
            let (pixels, width) = (source.pixels, source.size[1]);
            simd::run(Inner { pixels, width, line, finish, out });
        }
        Interpolation::Bicubic => {
            for (i, pixel) in out.chunks_exact_mut(C).enumerate() {
                source.inner_point::<F, C>(line.at(i), finish, pixel);
            }
        }
    }
}

/// Pixels anywhere, one by one.
fn slow<T: Pixel, F: Finish<T>>(source: &Source<'_, T>, line: Line, finish: F, out: &mut [F::Out]) {
    for (i, pixel) in out.chunks_exact_mut(source.channels).enumerate() {
        source.point(line.at(i), finish, pixel);
    }
}

fn nearest<T: Pixel, F: Finish<T>, const C: usize>(
    source: &Source<'_, T>,
    line: Line,
    finish: F,
    out: &mut [F::Out],
) {
    let width = source.size[1];
    let place = |(x, y): (i64, i64)| ((y >> BITS) as usize * width + (x >> BITS) as usize) * C;
    let (first, count) = (place((line.x, line.y)), out.len() / C);
    let each = |out: &mut [F::Out], pixel: &[T]| {
        for c in 0..C {
            out[c] = finish.pixel(pixel[c], c);
        }
    };
    let out = out.chunks_exact_mut(C);
    match (line.dx, line.dy) {
        // A row as it stands, or in the mirror.
        (ONE, 0) => {
            let pixels = source.pixels[first..first + count * C].chunks_exact(C);
            simd::dispatch(|| out.zip(pixels).for_each(|(out, pixel)| each(out, pixel)));
        }
        (step, 0) if step == -ONE => {
            let pixels = source.pixels[first + C - count * C..first + C].chunks_exact(C).rev();
            simd::dispatch(|| out.zip(pixels).for_each(|(out, pixel)| each(out, pixel)));
        }
        _ => {
            for (i, out) in out.enumerate() {
                let start = place(line.at(i));
                each(out, &source.pixels[start..start + C]);
            }
        }
    }
}

/// Pixels of one colour.
fn fill<T: Pixel, F: Finish<T>>(color: Color, channels: usize, finish: F, out: &mut [F::Out]) {
    for pixel in out.chunks_exact_mut(channels) {
        for (c, out) in pixel.iter_mut().enumerate() {
            *out = finish.pixel(color.level::<T>(c), c);
        }
    }
}
