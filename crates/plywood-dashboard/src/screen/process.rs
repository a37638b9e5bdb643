//! The process and its terminal, where the system has such things.

use crate::keys::Raised;
use std::io;

/// Whether the terminal takes its keys to this process, not to the shell that has sent it to the background.
#[cfg(unix)]
pub(super) fn is_in_foreground() -> bool {
    let group = rustix::termios::tcgetpgrp(rustix::stdio::stdout());
    group.is_ok_and(|group| group == rustix::process::getpgrp())
}

#[cfg(not(unix))]
pub(super) fn is_in_foreground() -> bool {
    true
}

/// Whether the terminal draws as it is told by escape sequences; old consoles of Windows do not.
pub(super) fn understands_escapes() -> bool {
    #[cfg(windows)]
    return ratatui::crossterm::ansi_support::supports_ansi();
    #[cfg(not(windows))]
    std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Keys are read one by one, and not shown; lines that the program prints still begin at the left.
#[cfg(unix)]
pub(super) fn read_keys() -> io::Result<()> {
    use ratatui::crossterm::terminal::{disable_raw_mode, enable_raw_mode};
    use rustix::termios::{OptionalActions, OutputModes, tcgetattr, tcsetattr};
    // A shell may have changed the modes since they were set.
    disable_raw_mode()?;
    enable_raw_mode()?;
    let mut modes = tcgetattr(rustix::stdio::stdout())?;
    modes.output_modes |= OutputModes::OPOST;
    Ok(tcsetattr(rustix::stdio::stdout(), OptionalActions::Now, &modes)?)
}

/// Elsewhere keys are read without that, and Ctrl-C stays with the system.
#[cfg(not(unix))]
pub(super) fn read_keys() -> io::Result<()> {
    Ok(())
}

/// Sends the signal that the terminal would have sent, to all to whom it would have sent it.
///
/// It cannot send it by itself: a program that does not handle it ends there and then, and would leave the terminal as it is.
#[cfg(unix)]
pub(super) fn raise(signal: Raised) {
    use rustix::process::{Signal, kill_current_process_group};
    let signal = match signal {
        Raised::Interrupt => Signal::INT,
        Raised::Quit => Signal::QUIT,
        Raised::Suspend => Signal::TSTP,
    };
    let _ = kill_current_process_group(signal);
}

/// There the terminal does it by itself.
#[cfg(not(unix))]
pub(super) fn raise(_: Raised) {}
