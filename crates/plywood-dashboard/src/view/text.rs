//! Pieces of text.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::Span;

/// What is of the training, and what of the validation.
pub(super) const TRAINING: Style = Style::new().cyan();
pub(super) const VALIDATION: Style = Style::new().yellow();
pub(super) const FAINT: Style = Style::new().dark_gray();
pub(super) const PLAIN: Style = Style::new();
/// What went wrong.
pub(super) const BAD: Style = Style::new().light_red();

/// How many columns a text has.
pub(super) fn width(text: &str) -> u16 {
    u16::try_from(Span::raw(text).width()).unwrap_or(u16::MAX)
}

/// Writes a text into so many columns; where it has more, its end is left out and said to be: the column after it.
pub(super) fn put(buffer: &mut Buffer, (x, y): (u16, u16), text: &str, room: u16, style: Style) -> u16 {
    if room == 0 || y >= buffer.area.bottom() {
        return x;
    }
    if width(text) <= room {
        return buffer.set_stringn(x, y, text, room.into(), style).0;
    }
    let (x, y) = buffer.set_stringn(x, y, text, (room - 1).into(), style);
    buffer.set_stringn(x, y, "…", 1, style).0
}

/// Writes a text so that it ends before the column `end`; nothing if it has more columns than there are.
pub(super) fn put_right(buffer: &mut Buffer, (end, y): (u16, u16), text: &str, room: u16, style: Style) {
    let columns = width(text);
    if columns <= room {
        put(buffer, (end - columns, y), text, room, style);
    }
}
