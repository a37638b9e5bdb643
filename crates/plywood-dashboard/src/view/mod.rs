//! How it looks: pure functions of what is shown and of the size.

mod curves;
mod footer;
mod numbers;
mod progress;
#[cfg(test)]
mod tests;
mod text;

use crate::state::State;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// More rows than this would only make the pictures larger.
const MOST: u16 = 32;
/// A picture that is smaller shows nothing.
const SMALLEST: (u16, u16) = (24, 6);

/// How many rows of a terminal are taken; the others are for what the program prints.
pub(crate) fn rows(height: u16) -> u16 {
    // A region in which lines scroll has two rows at least.
    height.saturating_sub((height / 5).max(2)).min(MOST)
}

/// The whole picture.
pub(crate) fn render(state: &State, area: Rect, buffer: &mut Buffer) {
    let [progress, pictures, numbers, footer] = heights(state, area);
    let [progress, pictures, numbers, footer] = stacked(area, [progress, pictures, numbers, footer]);
    progress::render(state, progress, buffer);
    curves::render(state, pictures, buffer);
    numbers::render(state, numbers, buffer);
    footer::render(state, footer, buffer);
}

/// What is left when a training is over: the picture, not higher than it need be.
pub(crate) fn last(state: &State, width: u16) -> Buffer {
    const HEIGHT: u16 = 16;
    let rows = HEIGHT + numbers::rows(state);
    let area = Rect::new(0, 0, width, rows);
    let mut buffer = Buffer::empty(area);
    render(state, area, &mut buffer);
    buffer
}

/// How many rows each part has: progress, pictures, numbers, footer. What matters most comes first.
fn heights(state: &State, area: Rect) -> [u16; 4] {
    let mut left = area.height;
    let mut take = |wanted: u16| {
        let taken = wanted.min(left);
        left -= taken;
        taken
    };
    let progress = take(if area.height < 4 { 1 } else { 2 });
    let footer = take(u16::from(area.height > 2));
    // Pictures get most of a large terminal, however many metrics there are.
    let (wide, high) = SMALLEST;
    let all = numbers::rows(state);
    let room = area.height.saturating_sub(progress + footer);
    let pictures = area.width >= wide && room >= high + 2;
    let numbers = take(if pictures { all.min((room - high).max(room / 3)).min(room - high) } else { all });
    [progress, if pictures { take(u16::MAX) } else { 0 }, numbers, footer]
}

/// Areas of these heights, one below the other.
fn stacked<const N: usize>(area: Rect, heights: [u16; N]) -> [Rect; N] {
    let mut y = area.y;
    heights.map(|height| {
        let part = Rect { y, height, ..area };
        y += height;
        part
    })
}
