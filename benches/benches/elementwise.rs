//! The group `elementwise`: `cargo bench --bench elementwise`.
mod suite;

fn main() {
    suite::run("elementwise");
}
