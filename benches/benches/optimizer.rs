//! The group `optimizer`: `cargo bench --bench optimizer`.
mod suite;

fn main() {
    suite::run("optimizer");
}
