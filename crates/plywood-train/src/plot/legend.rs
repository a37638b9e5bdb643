//! The names of the curves, where they hide least.

use super::draw::{Area, GRID, colour, failed};
use super::{Curve, Panel};
use crate::TrainError;
use plotters::prelude::{Circle, Color, PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{ShapeStyle, TextStyle, WHITE};
use std::ops::Range;

/// How high a line of the legend is, how far it stays from the edge of the panel, and from a line or a mark.
const LINE: i32 = 20;
const MARGIN: i32 = 10;
const CLEARANCE: i32 = 5;
/// Lines are looked at every so many pixels, long ones at so many places.
const PIXELS: f64 = 3.0;
const PLACES: f64 = 512.0;

/// The names of the curves beside a piece of each line. `plotters` guesses the width of text too roughly for a frame
/// that fits.
pub(super) fn legend(
    panel: &Panel,
    area: &Area<'_>,
    [x, y]: [&Range<f64>; 2],
    style: &TextStyle<'_>,
) -> Result<(), TrainError> {
    let (width, height) = area.dim_in_pixel();
    let room = (width as i32, height as i32);
    let letters = panel.curves.iter().map(|curve| curve.name.chars().count()).max().unwrap_or(0);
    let size = (44 + 7 * letters as i32, 12 + LINE * panel.curves.len() as i32);
    let (left, top) = quiet_place(&ink(&panel.curves, [x, y], room), room, size);
    let frame = [(left, top), (left + size.0, top + size.1)];
    area.draw(&Rectangle::new(frame, WHITE.mix(0.85).filled())).map_err(failed)?;
    area.draw(&Rectangle::new(frame, ShapeStyle::from(GRID))).map_err(failed)?;
    let style = style.pos(Pos::new(HPos::Left, VPos::Center));
    for (i, curve) in panel.curves.iter().enumerate() {
        let middle = top + 6 + LINE * i as i32 + LINE / 2;
        let line = vec![(left + 8, middle), (left + 30, middle)];
        if !curve.dots {
            area.draw(&PathElement::new(line, colour(i).stroke_width(2))).map_err(failed)?;
        }
        area.draw(&Circle::new((left + 19, middle), 3, colour(i).filled())).map_err(failed)?;
        area.draw(&Text::new(curve.name.clone(), (left + 38, middle), style.clone())).map_err(failed)?;
    }
    Ok(())
}

/// Where there is something to see, in pixels from the upper left of the panel.
fn ink(curves: &[Curve], [x, y]: [&Range<f64>; 2], (width, height): (i32, i32)) -> Vec<(i32, i32)> {
    let place = |&(px, py): &(f64, f64)| {
        let (across, down) = ((px - x.start) / (x.end - x.start), (y.end - py) / (y.end - y.start));
        (across * f64::from(width), down * f64::from(height))
    };
    let pixel = |(px, py): (f64, f64)| (px.round() as i32, py.round() as i32);
    let mut ink = Vec::new();
    for curve in curves {
        let places: Vec<(f64, f64)> = curve.points.iter().map(place).collect();
        ink.extend(places.iter().copied().map(pixel));
        let lines = if curve.dots { [].windows(2) } else { places.windows(2) };
        for line in lines {
            let (across, down) = (line[1].0 - line[0].0, line[1].1 - line[0].1);
            let count = (across.abs().max(down.abs()) / PIXELS).clamp(1.0, PLACES) as usize;
            let share = |i: usize| i as f64 / count as f64;
            ink.extend(
                (1..count).map(|i| pixel((line[0].0 + across * share(i), line[0].1 + down * share(i)))),
            );
        }
    }
    ink
}

/// The upper left of the place with the least ink in it: a corner, the middle of an edge, or the middle of the panel.
fn quiet_place(ink: &[(i32, i32)], room: (i32, i32), size: (i32, i32)) -> (i32, i32) {
    let last = (room.0 - size.0 - MARGIN, room.1 - size.1 - MARGIN);
    let across = [last.0, MARGIN, (MARGIN + last.0) / 2];
    let down = [MARGIN, last.1, (MARGIN + last.1) / 2];
    let covered = |&(left, top): &(i32, i32)| {
        let within = |place: i32, begin: i32, length: i32| {
            (begin - CLEARANCE..=begin + length + CLEARANCE).contains(&place)
        };
        ink.iter().filter(|&&(x, y)| within(x, left, size.0) && within(y, top, size.1)).count()
    };
    // The upper right is where a reader looks first, then the lower right; the middle comes last.
    let order = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (1, 2), (2, 0), (2, 1), (2, 2)];
    let places = order.map(|(i, j)| (across[i], down[j]));
    places.into_iter().min_by_key(covered).unwrap_or(places[0])
}

#[cfg(test)]
mod tests {
    use super::{Curve, ink, quiet_place};

    type Line<'a> = &'a [(f64, f64)];

    #[test]
    fn the_legend_stands_where_it_hides_least() {
        let (room, size) = ((400, 270), (120, 52));
        let (right, left, top, bottom) = (270, 10, 10, 208);
        let falling: Line = &[(0.0, 1.0), (0.2, 0.2), (1.0, 0.0)];
        let rows: [(&[Line], (i32, i32)); 6] = [
            (&[falling], (right, top)),
            (&[&[(0.0, 0.0), (1.0, 1.0)]], (right, bottom)),
            // Along the upper edge, then along the right one too.
            (&[&[(0.0, 0.9), (1.0, 0.9)]], (right, bottom)),
            (&[&[(0.0, 0.9), (0.9, 0.9), (0.9, 0.0)]], (left, bottom)),
            // Both diagonals: the middle of the right edge is free.
            (&[&[(0.0, 0.0), (1.0, 1.0)], &[(0.0, 1.0), (1.0, 0.0)]], (right, 109)),
            // A line around everything leaves the middle alone.
            (&[&[(0.1, 0.1), (0.1, 0.9), (0.9, 0.9), (0.9, 0.1), (0.1, 0.1)]], (140, 109)),
        ];
        for (lines, place) in rows {
            let curves: Vec<Curve> =
                lines.iter().map(|points| Curve::over("loss", points.iter().copied())).collect();
            let ink = ink(&curves, [&(0.0..1.0), &(0.0..1.0)], room);
            assert_eq!(quiet_place(&ink, room, size), place, "{lines:?}");
        }
        // Points without a line between them cover nothing between them.
        let dots = Curve::over("samples", [(0.0, 0.9), (1.0, 0.9)]).dots();
        assert_eq!(ink(&[dots], [&(0.0..1.0), &(0.0..1.0)], room), [(0, 27), (400, 27)]);
    }
}
