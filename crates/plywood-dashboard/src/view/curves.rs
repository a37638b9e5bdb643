//! The pictures: the loss, and another quantity.

use super::SMALLEST;
use super::text::{BAD, FAINT, PLAIN, TRAINING, VALIDATION, put, width};
use crate::quantity::Quantity;
use crate::state::State;
use plywood_train::Number;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::symbols::Marker;
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Widget};

/// From so many points on, the first tenth of the time does not set the scale.
const MANY: usize = 20;

/// Two pictures side by side, or one above the other, or the loss alone.
pub(super) fn render(state: &State, area: Rect, buffer: &mut Buffer) {
    let (wide, high) = SMALLEST;
    let [first, second] = if area.width >= 2 * wide + 2 {
        Layout::horizontal([Constraint::Fill(1); 2]).spacing(2).areas(area)
    } else if area.height >= 2 * high {
        Layout::vertical([Constraint::Fill(1); 2]).areas(area)
    } else {
        [area, Rect::ZERO]
    };
    picture(&state.loss, state.logarithmic, first, buffer);
    if let Some(quantity) = state.second() {
        picture(quantity, state.logarithmic, second, buffer);
    }
}

/// A quantity: its name and latest values, and its curves below.
fn picture(quantity: &Quantity, logarithmic: bool, area: Rect, buffer: &mut Buffer) {
    if area.height < 3 || area.width < 8 {
        return;
    }
    let training = quantity.training_curve.points();
    let validation = quantity.validation_curve.points();
    let all = || training.iter().chain(&validation);
    let logarithmic = logarithmic && all().all(|point| point.1 > 0.0);
    title(quantity, logarithmic, area, buffer);
    let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let Some(x) = span(all().map(|point| point.0)) else {
        put(buffer, (area.x, area.y + 1), "nothing yet", area.width, FAINT);
        return;
    };
    // The fall at the beginning would leave next to no room for what follows: once there is enough of that, it fills the picture.
    let begin = if training.len() < MANY { x.0 } else { x.0 + (x.1 - x.0) / 10.0 };
    let y = span(all().filter(|point| point.0 >= begin).map(|point| point.1)).unwrap_or_default();
    let y = if logarithmic { y } else { widened(y) };
    let scale = Scale { x: widened(x), y, logarithmic };
    let [training, validation] = [training, validation].map(|points| scale.apply(&points));
    // Epochs as dots while they are few, many as a curve.
    let few = validation.len() <= usize::from(area.width / 3);
    let (marker, kind) =
        if few { (Marker::Dot, GraphType::Scatter) } else { (Marker::Braille, GraphType::Line) };
    let curves = vec![
        Dataset::default()
            .marker(Marker::Braille)
            .graph_type(GraphType::Line)
            .style(TRAINING)
            .data(&training),
        Dataset::default().marker(marker).graph_type(kind).style(VALIDATION).data(&validation),
    ];
    let x_labels = [x.0, x.1].map(epochs);
    let y_labels = [scale.y.0, scale.middle(), scale.y.1].map(|value| Number(value).to_string());
    // The axis of a picture that is low has room for its ends alone.
    let y_labels: Vec<String> =
        if below.height < 6 { vec![y_labels[0].clone(), y_labels[2].clone()] } else { y_labels.into() };
    Chart::new(curves)
        .x_axis(Axis::default().bounds([0.0, 1.0]).labels(x_labels).style(FAINT))
        .y_axis(Axis::default().bounds([0.0, 1.0]).labels(y_labels).style(FAINT))
        .legend_position(None)
        .render(below, buffer);
}

/// The name, and the values in the colours and with the signs of their curves.
fn title(quantity: &Quantity, logarithmic: bool, area: Rect, buffer: &mut Buffer) {
    let value = |sign: &str, value: Option<f64>, style| {
        let style = if value.is_some_and(|value| !value.is_finite()) { BAD } else { style };
        (value.map(|value| format!("  {sign} {}", Number(value))).unwrap_or_default(), style)
    };
    let parts = [
        value("─", quantity.training, TRAINING),
        value("•", quantity.validation, VALIDATION),
        (if logarithmic { "  log" } else { "" }.to_owned(), FAINT),
    ];
    let needed: u16 = parts.iter().map(|(text, _)| width(text)).sum();
    let name = area.width.saturating_sub(needed).max(area.width.min(8));
    let mut x = put(buffer, (area.x, area.y), &quantity.name, name, PLAIN.add_modifier(Modifier::BOLD));
    for (text, style) in parts {
        // Not a part of a number: that would be another number.
        if x + width(&text) <= area.right() {
            x = put(buffer, (x, area.y), &text, area.right() - x, style);
        }
    }
}

/// Time, in epochs.
fn epochs(time: f64) -> String {
    let text = format!("{time:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// The least and the largest.
fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span, value| {
        let (low, high) = span.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

/// A span that is not a point.
fn widened((low, high): (f64, f64)) -> (f64, f64) {
    if low < high {
        return (low, high);
    }
    let more = if low == 0.0 { 1.0 } else { low.abs() / 10.0 };
    ((low - more).max(f64::MIN), (high + more).min(f64::MAX))
}

/// Where values lie in a picture that reaches from 0 to 1: whatever they are, what is drawn are small numbers.
struct Scale {
    x: (f64, f64),
    y: (f64, f64),
    logarithmic: bool,
}

impl Scale {
    fn apply(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let part = |(low, high): (f64, f64), value: f64| {
            // Halves, as the difference of the largest numbers would be infinite.
            let part = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
            if part.is_finite() { part } else { 0.5 }
        };
        let (low, high) = self.y;
        let y = |value: f64| match self.logarithmic {
            true => part((low.log10(), high.log10()), value.log10()),
            false => part(self.y, value),
        };
        points.iter().map(|&(time, value)| (part(self.x, time), y(value))).collect()
    }

    /// The value in the middle of the picture.
    fn middle(&self) -> f64 {
        let (low, high) = self.y;
        if self.logarithmic { low.sqrt() * high.sqrt() } else { low / 2.0 + high / 2.0 }
    }
}
