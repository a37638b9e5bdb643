//! The group `gemm`: `cargo bench --bench gemm`.
mod suite;

fn main() {
    suite::run("gemm");
}
