//! The group `overhead`: `cargo bench --bench overhead`.
mod suite;

fn main() {
    suite::run("overhead");
}
