//! The group `softmax_cross_entropy`: `cargo bench --bench softmax_cross_entropy`.
mod suite;

fn main() {
    suite::run("softmax_cross_entropy");
}
