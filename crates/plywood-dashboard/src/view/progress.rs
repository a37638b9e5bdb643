//! How much of the epoch and of the run is done.

use super::text::{FAINT, PLAIN, TRAINING, put, put_right, width};
use crate::state::State;
use plywood_train::{Left, Seconds};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A row for the epoch, and one for the run where there is room.
pub(super) fn render(state: &State, area: Rect, buffer: &mut Buffer) {
    let now = &state.now;
    let digits = now.epochs.to_string().len();
    let labels = [format!("epoch {:>digits$}/{}", now.epoch.max(1), now.epochs), "run".to_owned()];
    let of_epoch = now.batch as f64 / now.batches.max(1) as f64;
    let validates = now.epoch > state.done && now.batch >= now.batches && now.batches > 0 && !state.is_over();
    let batches = if validates { "validation".to_owned() } else { format!("{}/{}", now.batch, now.batches) };
    let left = Left::of(now.left).filter(|_| !state.is_over());
    let elapsed = Seconds(state.elapsed);
    let time = left.map_or_else(|| elapsed.to_string(), |left| format!("{elapsed}, {left}"));
    let of_run = now.time() / now.epochs.max(1) as f64;
    let parts = [(of_epoch, batches), (of_run, time)];

    let label = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let right = parts.iter().map(|(_, text)| width(text)).max().unwrap_or(0);
    for (i, (label_text, (fraction, text))) in (0..area.height.min(2)).zip(labels.iter().zip(&parts)) {
        let y = area.y + i;
        let end = put(buffer, (area.x, y), label_text, area.width, PLAIN);
        let room = area.right() - end;
        put_right(buffer, (area.right(), y), text, room.saturating_sub(1), FAINT);
        let bar = area.width.saturating_sub(label + right + 2);
        draw_bar(buffer, Rect::new(area.x + label + 1, y, bar, 1), *fraction);
    }
}

/// A line whose first part is bright; none where it would have next to no columns.
fn draw_bar(buffer: &mut Buffer, area: Rect, fraction: f64) {
    if area.width < 4 {
        return;
    }
    let halves = (fraction.clamp(0.0, 1.0) * f64::from(area.width) * 2.0).round() as u16;
    for i in 0..area.width {
        let (symbol, style) = match halves {
            halves if halves >= 2 * i + 2 => ("━", TRAINING),
            halves if halves > 2 * i => ("╸", TRAINING),
            _ => ("─", FAINT),
        };
        put(buffer, (area.x + i, area.y), symbol, 1, style);
    }
}
