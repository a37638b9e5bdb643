//! The last row: speed and keys, or how it ended.

use super::text::{BAD, FAINT, PLAIN, put, put_right, width};
use crate::state::{Phase, State};
use plywood_train::{Seconds, Thousands};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// More of them where there is more room.
const KEYS: [&str; 4] = ["q stop · tab metric · l log", "q stop · tab metric", "q stop", ""];

/// What is said at the left, and the keys at the right.
pub(super) fn render(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let (parts, style) = match state.phase {
        Phase::Running => (facts(state), PLAIN),
        Phase::Stopping => (vec!["stops after this batch".to_owned()], BAD),
        phase => (ending(state, phase), if phase == Phase::Failed { BAD } else { PLAIN }),
    };
    let keys = KEYS.into_iter().filter(|_| state.phase == Phase::Running);
    // Some of the facts and all keys, rather than the other way round.
    let needed = parts.first().map_or(0, |part| width(part)) + 2;
    let room = area.width.saturating_sub(needed);
    let keys = keys.into_iter().find(|keys| width(keys) <= room).unwrap_or_default();
    let room = area.width - width(keys).min(area.width);
    let mut text = String::new();
    for part in parts {
        let longer = if text.is_empty() { part } else { format!("{text} · {part}") };
        if !text.is_empty() && width(&longer) + 2 > room {
            break;
        }
        text = longer;
    }
    put(buffer, (area.x, area.y), &text, room, style);
    put_right(buffer, (area.right(), area.y), keys, area.width, FAINT);
}

/// While it runs.
fn facts(state: &State) -> Vec<String> {
    let now = &state.now;
    let mut facts = Vec::new();
    if now.samples_per_second.is_finite() && now.step > 0 {
        facts.push(format!("{} samples/s", Thousands(now.samples_per_second)));
    }
    facts.push(format!("step {}", now.step));
    facts.extend(memory(state));
    match now.skipped {
        0 => {}
        1 => facts.push("1 step skipped".to_owned()),
        many => facts.push(format!("{many} steps skipped")),
    }
    facts
}

/// When it is over.
fn ending(state: &State, phase: Phase) -> Vec<String> {
    let now = &state.now;
    let how = match phase {
        Phase::StoppedByKey => "stopped by a key",
        Phase::Interrupted => "stopped by a signal",
        Phase::Stopped => "stopped early",
        Phase::Failed => "failed",
        Phase::Running | Phase::Stopping | Phase::Complete => "complete",
    };
    let epochs = match phase {
        Phase::Failed => format!("in epoch {} of {}", now.epoch.max(1), now.epochs),
        _ => format!("{} of {} epochs", state.done, now.epochs),
    };
    let mut parts =
        vec![how.to_owned(), epochs, format!("step {}", now.step), Seconds(state.elapsed).to_string()];
    parts.extend(memory(state));
    parts
}

fn memory(state: &State) -> Option<String> {
    state.memory.map(|bytes| format!("{} MB", bytes / 1_000_000))
}
