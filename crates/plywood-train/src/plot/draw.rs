//! From panels to SVG, by `plotters`.

use super::axis::Axis;
use super::legend::legend;
use super::{Across, Panel};
use crate::TrainError;
use crate::train_error::EVERYTHING;
use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::prelude::{
    Circle, Color, DrawingArea, IntoDrawingArea, IntoFont, PathElement, RGBColor, SVGBackend, Text,
};
use plotters::series::LineSeries;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{RGBAColor, WHITE};
use std::fmt::Display;
use std::ops::Range;

/// Colours that differ for colour-blind eyes too (Okabe and Ito, 2008), the strongest contrasts first.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(60, 60, 60),
];
const INK: RGBColor = RGBColor(51, 51, 51);
const AXIS: RGBColor = RGBColor(150, 150, 150);
pub(super) const GRID: RGBColor = RGBColor(230, 230, 230);
const FONT: &str = "Helvetica, Arial, sans-serif";

/// The size of a panel, and how many stand in a row.
const PANEL: (u32, u32) = (480, 340);
const COLUMNS: usize = 2;
/// Lines of more points than this have no marks on them.
const MARKS: usize = 40;

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

pub(super) fn svg(panels: &[Panel]) -> Result<String, TrainError> {
    if panels.is_empty() {
        return Err(TrainError::EmptyPlot { panel: EVERYTHING.into() });
    }
    let columns = panels.len().min(COLUMNS);
    let rows = panels.len().div_ceil(columns);
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, (PANEL.0 * columns as u32, PANEL.1 * rows as u32))
            .into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        for (panel, area) in panels.iter().zip(root.split_evenly((rows, columns))) {
            draw(panel, &area)?;
        }
        root.present().map_err(failed)?;
    }
    Ok(text)
}

pub(super) fn failed(error: impl Display) -> TrainError {
    TrainError::Plot { reason: error.to_string() }
}

fn draw(panel: &Panel, area: &Area<'_>) -> Result<(), TrainError> {
    let points = || panel.curves.iter().flat_map(|curve| curve.points.iter().copied());
    if points().next().is_none() {
        return Err(TrainError::EmptyPlot { panel: panel.name.clone() });
    }
    let x = range(points().map(|(x, _)| x), 0.03);
    let y = range(points().map(|(_, y)| y), 0.06);

    let (below, name) = match &panel.across {
        Across::Epochs => (Axis::new(x.clone(), 10, true), "epoch"),
        Across::Rates => (Axis::of_powers(x.clone(), 10), "learning rate"),
        Across::Values(name) => {
            // What is counted has no ticks between two numbers.
            (Axis::new(x.clone(), 7, points().all(|(x, _)| x.fract() == 0.0)), name.as_str())
        }
    };

    let font = |size: u32| (FONT, size).into_font().color(&INK);
    let mut chart = ChartBuilder::on(area)
        .margin(14)
        .margin_top(16)
        .margin_right(20)
        .x_label_area_size(42)
        .y_label_area_size(64)
        .build_cartesian_2d(below, Axis::new(y.clone(), 6, false))
        .map_err(failed)?;
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .light_line_style(RGBAColor(0, 0, 0, 0.0))
        .axis_style(AXIS)
        .x_desc(name)
        .y_desc(panel.name.clone())
        .axis_desc_style(font(16))
        .label_style(font(14))
        .draw()
        .map_err(failed)?;
    if let Some(epoch) = panel.marked {
        let line = vec![(epoch as f64, y.start), (epoch as f64, y.end)];
        chart.draw_series([PathElement::new(line, AXIS.stroke_width(1))]).map_err(failed)?;
        let top = chart.backend_coord(&(epoch as f64, y.end));
        let text = font(13).pos(Pos::new(HPos::Center, VPos::Bottom));
        area.draw(&Text::new(
            "best",
            (top.0 - area.get_base_pixel().0, top.1 - area.get_base_pixel().1 - 2),
            text,
        ))
        .map_err(failed)?;
    }
    for (i, curve) in panel.curves.iter().enumerate() {
        let colour = colour(i);
        if curve.dots {
            let dots = curve.points.iter().map(|&point| Circle::new(point, 3, colour.mix(0.35).filled()));
            chart.draw_series(dots).map_err(failed)?;
            continue;
        }
        chart
            .draw_series(LineSeries::new(curve.points.iter().copied(), colour.stroke_width(2)))
            .map_err(failed)?;
        if curve.points.len() <= MARKS {
            let marks = curve.points.iter().map(|&point| Circle::new(point, 3, colour.filled()));
            chart.draw_series(marks).map_err(failed)?;
        }
    }
    // What stands beside the axis already needs no legend.
    if let [curve] = &panel.curves[..]
        && curve.name == panel.name
    {
        return Ok(());
    }
    legend(panel, &chart.plotting_area().strip_coord_spec(), [&x, &y], &font(14))
}

pub(super) fn colour(index: usize) -> RGBColor {
    COLOURS[index % COLOURS.len()]
}

/// From the smallest to the largest, and a little beyond on either side.
fn range(values: impl Iterator<Item = f64>, margin: f64) -> Range<f64> {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let largest = low.abs().max(high.abs());
    let margin = match (high > low, largest > 0.0) {
        (true, _) => (high - low) * margin,
        (false, true) => largest * 0.5,
        (false, false) => 1.0,
    };
    // Closer than that, numbers between them become scarce, and those that are next to 0 have none.
    let margin = margin.max(largest * 1e-12).max(1e-300);
    low - margin..high + margin
}
