//! The group `activations`: `cargo bench --bench activations`.
mod suite;

fn main() {
    suite::run("activations");
}
