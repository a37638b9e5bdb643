//! The group `steps`: `cargo bench --bench steps`.
mod suite;

fn main() {
    suite::run("steps");
}
