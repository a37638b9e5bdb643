//! The terminal: the lower rows of it, and how they are given back.

mod escape;
mod process;

use crate::drawer::Surface;
use crate::keys::Raised;
use crate::state::State;
use crate::view;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{self, Event, KeyEvent};
use ratatui::crossterm::terminal::{disable_raw_mode, size};
use ratatui::layout::{Rect, Size};
use std::io::{self, IsTerminal, StdoutLock, Write};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

/// The lower rows of the terminal.
///
/// The rows above are a region of their own, in which lines scroll (`DECSTBM`): what the program prints goes there, and into the
/// history of the terminal, as if there were no dashboard. The cursor stays there too, so nothing has to know where it is.
#[derive(Debug)]
pub(crate) struct Screen {
    /// What is drawn there, while it is taken.
    drawn: Option<Drawn>,
    /// Whether there are keys to listen to.
    keys: bool,
    /// Nobody sees it any more.
    lost: bool,
}

#[derive(Debug)]
struct Drawn {
    size: Size,
    buffer: Buffer,
}

/// Whether a screen is taken. There is one terminal: this is what a panic must know to give it back, from any thread.
///
/// Whoever locks it has locked standard output before, as a thread may have that panics.
static TAKEN: Mutex<bool> = Mutex::new(false);
/// There is one screen.
static OPEN: Mutex<bool> = Mutex::new(false);

fn lock(mutex: &'static Mutex<bool>) -> MutexGuard<'static, bool> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Screen {
    /// Whether there is a terminal that a user looks at.
    pub(crate) fn is_possible() -> bool {
        let rows = || size().is_ok_and(|(columns, rows)| columns > 0 && view::rows(rows) > 0);
        let listens = || process::understands_escapes() && process::is_in_foreground();
        io::stdout().is_terminal() && listens() && rows() && !*lock(&OPEN)
    }

    /// The screen, if there is one and nobody else has it.
    pub(crate) fn open() -> Option<Screen> {
        if !Screen::is_possible() || std::mem::replace(&mut *lock(&OPEN), true) {
            return None;
        }
        Some(Screen { drawn: None, keys: true, lost: false })
    }

    /// Takes the lower rows.
    fn take(&mut self, size: Size) -> io::Result<()> {
        give_back_when_anyone_panics();
        let rows = view::rows(size.height);
        let mut out = io::stdout().lock();
        let mut taken = lock(&TAKEN);
        // Keys are read one by one, and not shown. Where that cannot be, there are none.
        self.keys = self.keys && process::read_keys().is_ok();
        *taken = true;
        show(&mut out, &escape::take(size.height, rows))?;
        let area = Rect::new(0, size.height - rows, size.width, rows);
        self.drawn = Some(Drawn { size, buffer: Buffer::empty(area) });
        Ok(())
    }

    /// Whether the picture could be drawn.
    fn try_draw(&mut self, state: &State) -> io::Result<()> {
        let size: Size = size()?.into();
        if size.width == 0 || view::rows(size.height) == 0 {
            self.give_back("");
            return Ok(());
        }
        if self.drawn.as_ref().is_none_or(|drawn| drawn.size != size) {
            self.take(size)?;
        }
        let Some(drawn) = &mut self.drawn else { return Ok(()) };
        let mut next = Buffer::empty(drawn.buffer.area);
        view::render(state, next.area, &mut next);
        let bytes = escape::frame(&drawn.buffer, &next)?;
        let mut out = io::stdout().lock();
        let taken = lock(&TAKEN);
        // After a panic, wherever it was, the terminal belongs to whoever reports it.
        if *taken {
            show(&mut out, &bytes)?;
        } else {
            self.lost = true;
        }
        drawn.buffer = next;
        Ok(())
    }

    /// Gives the lower rows back, with this below what was printed.
    fn give_back(&mut self, text: &str) {
        self.drawn = None;
        let mut out = io::stdout().lock();
        let mut taken = lock(&TAKEN);
        if std::mem::take(&mut *taken) {
            let _ = disable_raw_mode();
            let _ = show(&mut out, &[escape::give_back(), text.as_bytes()].concat());
        }
    }
}

impl Surface for Screen {
    fn draw(&mut self, state: &State) {
        if self.lost {
            return;
        }
        if !process::is_in_foreground() {
            // The terminal is somebody else's, who has it as it was: there is nothing to give back.
            (self.drawn, *lock(&TAKEN)) = (None, false);
            return;
        }
        self.lost = self.try_draw(state).is_err() || self.lost;
    }

    fn key(&mut self, wait: Duration) -> Option<KeyEvent> {
        if !self.keys || self.drawn.is_none() || self.lost || !process::is_in_foreground() {
            std::thread::sleep(wait);
            return None;
        }
        match event::poll(wait).and_then(|some| if some { event::read().map(Some) } else { Ok(None) }) {
            Ok(Some(Event::Key(key))) => Some(key),
            Ok(_) => None,
            Err(_) => {
                self.keys = false;
                None
            }
        }
    }

    fn forget(&mut self) {
        self.drawn = None;
    }

    fn raise(&mut self, signal: Raised, state: &State) {
        // A program that ends by it leaves what there was to see; if it goes on, that is taken back.
        let rows = self.drawn.as_ref().map_or(0, |drawn| drawn.size.height);
        let fits = |text: &String| text.lines().count() < rows.into();
        let text = Some(last(state)).filter(|text| signal != Raised::Suspend && fits(text));
        let text = text.unwrap_or_default();
        self.give_back(&text);
        process::raise(signal);
        // Whoever handles it has some time before the terminal is taken again.
        std::thread::sleep(Duration::from_millis(50));
        let _ = show(&mut io::stdout().lock(), &escape::take_back(text.lines().count()));
    }

    fn close(&mut self, state: &State) {
        if self.lost || !process::is_in_foreground() {
            return;
        }
        let text = last(state);
        if self.drawn.is_some() {
            self.give_back(&text);
        } else {
            // It was over before anything was drawn.
            let _ = show(&mut io::stdout().lock(), text.as_bytes());
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.give_back("");
        *lock(&OPEN) = false;
    }
}

/// The last picture, as text.
fn last(state: &State) -> String {
    escape::lines(&view::last(state, size().map_or(80, |(columns, _)| columns)))
}

/// All at once, so that nothing that others print comes in between.
fn show(out: &mut StdoutLock<'_>, bytes: &[u8]) -> io::Result<()> {
    out.write_all(bytes)?;
    out.flush()
}

/// Before a panic is reported, the terminal is as it was; the picture stays above the report.
fn give_back_when_anyone_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let mut out = io::stdout().lock();
            if std::mem::take(&mut *lock(&TAKEN)) {
                let _ = disable_raw_mode();
                let _ = show(&mut out, escape::give_back_below());
            }
            drop(out);
            report(info);
        }));
    });
}
