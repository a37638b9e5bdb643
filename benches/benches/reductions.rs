//! The group `reductions`: `cargo bench --bench reductions`.
mod suite;

fn main() {
    suite::run("reductions");
}
