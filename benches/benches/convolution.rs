//! The group `convolution`: `cargo bench --bench convolution`.
mod suite;

fn main() {
    suite::run("convolution");
}
