//! What keys do.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// The end of the training.
    Stop,
    /// Another metric.
    Next,
    Previous,
    /// Logarithmic pictures, or not.
    Logarithm,
    /// The whole picture once more.
    Redraw,
    /// What the terminal would have done by itself.
    Raise(Raised),
}

/// The signals that a terminal sends when a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Raised {
    Interrupt,
    Quit,
    Suspend,
}

impl Action {
    pub(crate) fn of(key: KeyEvent) -> Option<Action> {
        // Windows tells when a key is let go, too.
        if key.kind == KeyEventKind::Release {
            return None;
        }
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return match key.code {
                KeyCode::Char('c') => Some(Action::Raise(Raised::Interrupt)),
                // The byte of Ctrl-\ is that of Ctrl-4.
                KeyCode::Char('\\' | '4') => Some(Action::Raise(Raised::Quit)),
                KeyCode::Char('z') => Some(Action::Raise(Raised::Suspend)),
                KeyCode::Char('l') => Some(Action::Redraw),
                _ => None,
            };
        }
        match key.code {
            KeyCode::Char('q') => Some(Action::Stop),
            KeyCode::Tab | KeyCode::Right | KeyCode::Down => Some(Action::Next),
            KeyCode::BackTab | KeyCode::Left | KeyCode::Up => Some(Action::Previous),
            KeyCode::Char('l') => Some(Action::Logarithm),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Raised};
    use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

    #[test]
    fn keys_ask_for_actions() {
        let (none, control) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
        for (code, modifiers, action) in [
            (KeyCode::Char('q'), none, Some(Action::Stop)),
            (KeyCode::Char('q'), control, None),
            (KeyCode::Tab, none, Some(Action::Next)),
            (KeyCode::Right, none, Some(Action::Next)),
            (KeyCode::BackTab, KeyModifiers::SHIFT, Some(Action::Previous)),
            (KeyCode::Up, none, Some(Action::Previous)),
            (KeyCode::Char('l'), none, Some(Action::Logarithm)),
            (KeyCode::Char('l'), control, Some(Action::Redraw)),
            (KeyCode::Char('c'), none, None),
            (KeyCode::Char('c'), control, Some(Action::Raise(Raised::Interrupt))),
            (KeyCode::Char('4'), control, Some(Action::Raise(Raised::Quit))),
            (KeyCode::Char('z'), control, Some(Action::Raise(Raised::Suspend))),
            (KeyCode::Enter, none, None),
        ] {
            assert_eq!(Action::of(KeyEvent::new(code, modifiers)), action, "{code:?} {modifiers:?}");
        }
        let up = KeyEvent { kind: KeyEventKind::Release, ..KeyEvent::new(KeyCode::Char('q'), none) };
        assert_eq!(Action::of(up), None);
    }
}
