//! The numbers, beside their best.

use super::text::{BAD, FAINT, PLAIN, TRAINING, VALIDATION, put, put_right, width};
use crate::quantity::Quantity;
use crate::state::State;
use plywood_train::Number;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// The columns: what is above them, and how many places they have.
const COLUMNS: [(&str, u16); 3] = [("training", 10), ("validation", 12), ("best", 12)];

/// How many rows there are, if there is room.
pub(super) fn rows(state: &State) -> u16 {
    u16::try_from(state.others.len() + 2).unwrap_or(u16::MAX)
}

/// A row with names, one for the loss, and as many others as there is room for, the chosen one among them.
pub(super) fn render(state: &State, area: Rect, buffer: &mut Buffer) {
    // Without room for one of each there is no use in the names of the columns.
    let head = u16::from(area.height > 2);
    let shown = usize::from(area.height.saturating_sub(head + 1)).min(state.others.len());
    let first = (state.chosen + 1).saturating_sub(shown);
    let others = &state.others[first..first + shown];
    let rows = [&state.loss].into_iter().chain(others).take(area.height.into());
    let rows: Vec<&Quantity> = rows.collect();

    let longest = rows.iter().map(|row| width(&row.name)).max().unwrap_or(0);
    // Numbers first, of validation too: a name can be understood by its beginning.
    let numbers = COLUMNS[0].1 + COLUMNS[1].1;
    let name = longest.clamp(8, area.width.saturating_sub(numbers).clamp(8, 40));
    let ends = ends(area, name);
    if head > 0 {
        for ((title, room), end) in COLUMNS.into_iter().zip(ends) {
            put_right(buffer, (end, area.y), title, if end > 0 { room } else { 0 }, FAINT);
        }
    }
    for (y, quantity) in (area.y + head..).zip(rows) {
        let chosen = state.second().is_some_and(|second| std::ptr::eq(second, quantity));
        let style = if chosen { PLAIN.add_modifier(Modifier::BOLD) } else { PLAIN };
        put(buffer, (area.x, y), &quantity.name, name.min(area.width), style);
        let cells = [
            (quantity.training, TRAINING),
            (quantity.validation, VALIDATION),
            (quantity.best.map(|(value, _)| value), PLAIN),
        ];
        for ((cell, end), (_, room)) in cells.into_iter().zip(ends).zip(COLUMNS) {
            if let (Some(value), true) = (cell.0, end > 0) {
                put_right(buffer, (end, y), &Number(value).to_string(), room, colour(value, cell.1));
            }
        }
        if let (Some((_, epoch)), end @ 1..) = (quantity.best, ends[2]) {
            let text = format!("  epoch {epoch}");
            let room = if end + width(&text) <= area.right() { width(&text) } else { 0 };
            put(buffer, (end, y), &text, room, FAINT);
        }
    }
}

/// Where each column ends; 0 where there is no room for it.
fn ends(area: Rect, name: u16) -> [u16; 3] {
    let mut end = area.x + name;
    COLUMNS.map(|(_, room)| {
        end = end.saturating_add(room);
        if end <= area.right() { end } else { 0 }
    })
}

/// What is not finite stands out.
fn colour(value: f64, style: Style) -> Style {
    if value.is_finite() { style } else { BAD }
}
