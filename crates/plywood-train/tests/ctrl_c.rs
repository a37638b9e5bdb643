//! Ctrl-C where the program was told to ignore it.
#![cfg(all(feature = "ctrlc", target_os = "linux"))]

use plywood_train::StopSignal;
use std::process::Command;

/// Tells the test that it is the program.
const INSIDE: &str = "PLYWOOD_IGNORES_CTRL_C";

#[test]
fn a_program_that_ignores_ctrl_c_goes_on_ignoring_it() {
    if std::env::var_os(INSIDE).is_some() {
        assert!(!StopSignal::on_ctrl_c().unwrap().is_stopped());
        // The second handler of a program that does not ignore it would be an error.
        assert!(StopSignal::on_ctrl_c().is_ok());
        return;
    }
    // As a shell script does for `program &`.
    let name = "ctrl_c::a_program_that_ignores_ctrl_c_goes_on_ignoring_it";
    let script = format!("trap '' INT; exec \"$0\" --exact {name}");
    let program = std::env::current_exe().unwrap();
    let output = Command::new("sh").arg("-c").arg(script).arg(program).env(INSIDE, "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
