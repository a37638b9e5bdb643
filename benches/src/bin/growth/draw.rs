//! A panel as a picture.

use plotters::prelude::*;
use plywood::prelude::{Error, Result};
use plywood_benches::Panel;
use std::fmt::Display;

/// A curve with its measured points: size, and share of the limit in per cent.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

const SIZE: (u32, u32) = (720, 440);
const LEGEND_STEP: i32 = 158;
const INK: RGBColor = RGBColor(51, 51, 51);
const GRID: RGBColor = RGBColor(225, 225, 225);
/// Blue and orange for what is done, dark and light for the number of threads: told apart without colour, too.
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(86, 180, 233), RGBColor(240, 170, 80)];

fn failed(error: impl Display) -> Error {
    Error::new(error.to_string())
}

/// The picture as SVG: sizes on a logarithmic axis, shares from 0 to 100 per cent or a little more.
pub(crate) fn draw(panel: &Panel, lines: &[Line]) -> Result<String> {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let place = |size: f64| size.log2() / panel.base.log2();
        let sizes = || lines.iter().flat_map(|line| line.points.iter().map(|&(size, _)| place(size)));
        let (first, last) = (sizes().fold(f64::INFINITY, f64::min), sizes().fold(0.0, f64::max));
        let top = lines.iter().flat_map(|line| line.points.iter().map(|&(_, share)| share));
        let top = (top.fold(100.0, f64::max) / 10.0).ceil() * 10.0 + 5.0;
        let font = |size: i32| ("sans-serif", size).into_font().color(&INK);
        let mut chart = ChartBuilder::on(&root)
            .margin(14)
            .margin_top(70)
            .margin_right(22)
            .x_label_area_size(44)
            .y_label_area_size(56)
            .build_cartesian_2d(first - 0.15..last + 0.15, 0.0..top)
            .map_err(failed)?;
        chart
            .configure_mesh()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(GRID)
            .x_desc(panel.quantity)
            .y_desc("per cent")
            .x_labels((last - first) as usize + 2)
            .y_labels(11)
            .x_label_formatter(&|power| size_label((power * panel.base.log2()).exp2()))
            .y_label_formatter(&|share| format!("{share:.0}"))
            .axis_desc_style(font(15))
            .label_style(font(13))
            .draw()
            .map_err(failed)?;
        for (line, colour) in lines.iter().zip(COLOURS.iter().cycle()) {
            let points = || line.points.iter().map(|&(size, share)| (place(size), share));
            let series = LineSeries::new(points(), colour.stroke_width(2));
            chart.draw_series(series).map_err(failed)?;
            let marks = points().map(|point| Circle::new(point, 3, colour.filled()));
            chart.draw_series(marks).map_err(failed)?;
        }
        // The legend stands above the plot, where no curve can run behind it.
        let mut x = 70;
        for (line, colour) in lines.iter().zip(COLOURS.iter().cycle()) {
            let stroke = PathElement::new([(x, 51), (x + 18, 51)], colour.stroke_width(3));
            root.draw(&stroke).map_err(failed)?;
            root.draw(&Text::new(line.name.clone(), (x + 25, 45), font(13))).map_err(failed)?;
            x += LEGEND_STEP;
        }
        let title = format!("Share of the limit: {}", panel.title);
        root.draw(&Text::new(title, (70, 16), font(17))).map_err(failed)?;
        root.present().map_err(failed)?;
    }
    Ok(text)
}

/// `4096`, `10 K` or `1.5 M`.
fn size_label(size: f64) -> String {
    // A power of ten may come out a little below itself.
    let (number, unit) = match size + 0.5 {
        size if size >= 1e6 => (size / 1e6, " M"),
        size if size >= 1e4 => (size / 1e3, " K"),
        _ => (size, ""),
    };
    if number >= 10.0 || number.fract() < 0.05 {
        format!("{number:.0}{unit}")
    } else {
        format!("{number:.1}{unit}")
    }
}
