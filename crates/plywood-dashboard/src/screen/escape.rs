//! What is written to the terminal, as bytes.

use ratatui::backend::{Backend, CrosstermBackend, IntoCrossterm};
use ratatui::buffer::Buffer;
use ratatui::crossterm::Command;
use ratatui::crossterm::style::{Color, ResetColor, SetForegroundColor};
use ratatui::text::Span;
use std::io;

/// Makes room for `rows` rows below the cursor, and lets lines scroll only above them.
///
/// The cursor stays where it is, as seen from the text. Where rows were taken before, at another size, they are cleared.
pub(super) fn take(height: u16, rows: u16) -> Vec<u8> {
    let mut text = String::from("\x1b7\x1b[r\x1b8\x1b[J");
    // A line feed that keeps the column, for text that goes on.
    text.extend(std::iter::repeat_n("\x1bD", rows.into()));
    text += &format!("\x1b[{rows}A\x1b7\x1b[1;{}r\x1b8", height - rows);
    text.into_bytes()
}

/// Draws what has changed, shown at once where the terminal knows how.
pub(super) fn frame(before: &Buffer, after: &Buffer) -> io::Result<Vec<u8>> {
    let changed = before.diff(after);
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let mut bytes = b"\x1b[?2026h\x1b[?25l\x1b7".to_vec();
    CrosstermBackend::new(&mut bytes).draw(changed.into_iter())?;
    bytes.extend_from_slice(b"\x1b8\x1b[?25h\x1b[?2026l");
    Ok(bytes)
}

/// Lines scroll everywhere again, and the rows below the cursor are cleared.
pub(super) fn give_back() -> &'static [u8] {
    b"\x1b7\x1b[r\x1b8\x1b[J\x1b[?25h"
}

/// Lines scroll everywhere again, from below the picture.
pub(super) fn give_back_below() -> &'static [u8] {
    b"\x1b[0m\x1b[r\x1b[999;1H\n\x1b[?25h"
}

/// Clears so many lines above the cursor, and what is below.
pub(super) fn take_back(lines: usize) -> Vec<u8> {
    if lines == 0 { Vec::new() } else { format!("\x1b[{lines}A\x1b[J").into_bytes() }
}

/// A picture as lines of text, in its colours, without what is empty at their ends.
pub(super) fn lines(buffer: &Buffer) -> String {
    let mut text = String::new();
    let push = |text: &mut String, colour| SetForegroundColor(colour).write_ansi(text);
    for row in buffer.content.chunks(usize::from(buffer.area.width).max(1)) {
        let used = row.iter().rposition(|cell| cell.symbol() != " ").map_or(0, |last| last + 1);
        let mut colour = Color::Reset;
        let mut covered = 0;
        for cell in &row[..used] {
            // A wide letter has the place of the next one too.
            if covered > 0 {
                covered -= 1;
                continue;
            }
            covered = Span::raw(cell.symbol()).width().saturating_sub(1);
            let own: Color = cell.fg.into_crossterm();
            if own != colour && cell.symbol() != " " {
                let _ = push(&mut text, own);
                colour = own;
            }
            text += cell.symbol();
        }
        if colour != Color::Reset {
            let _ = ResetColor.write_ansi(&mut text);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{frame, give_back, lines, take};
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    #[test]
    fn rows_are_taken_and_given_back() {
        assert_eq!(take(24, 3), b"\x1b7\x1b[r\x1b8\x1b[J\x1bD\x1bD\x1bD\x1b[3A\x1b7\x1b[1;21r\x1b8");
        assert_eq!(give_back(), b"\x1b7\x1b[r\x1b8\x1b[J\x1b[?25h");
    }

    #[test]
    fn only_what_has_changed_is_drawn() {
        let area = Rect::new(0, 21, 5, 2);
        let (before, mut after) = (Buffer::empty(area), Buffer::empty(area));
        assert_eq!(frame(&before, &after).unwrap(), b"");
        after.set_string(1, 22, "ab", Style::new());
        let text = String::from_utf8(frame(&before, &after).unwrap()).unwrap();
        // Row 23 and column 2, as terminals count; the cursor goes back to where it was.
        assert!(text.starts_with("\x1b[?2026h\x1b[?25l\x1b7\x1b[23;2Hab"), "{text:?}");
        assert!(text.ends_with("\x1b8\x1b[?25h\x1b[?2026l"), "{text:?}");
    }

    #[test]
    fn the_last_picture_is_text() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 3));
        buffer.set_string(0, 0, "one", Style::new());
        buffer.set_string(1, 2, "two", Style::new().fg(Color::Cyan));
        let text = lines(&buffer);
        // Colours are left out where the user wants none (`NO_COLOR`).
        let plain = text.replace("\x1b[38;5;6m", "").replace("\x1b[0m", "");
        assert_eq!(plain, "one\n\n two\n");
    }
}
