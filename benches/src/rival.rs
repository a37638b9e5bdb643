//! Matrix products by the `gemm` project, which our own are measured against.
#![cfg(not(plywood_f64))] // its single precision alone is built
#![allow(unsafe_code)]

use gemm_common::Parallelism;
use plywood::tensor::Transposed;

/// `C = A B` of dense matrices, `A` and `B` perhaps transposed, on that many threads; `size` is `m, n, k`.
pub(crate) fn product(
    size: [usize; 3],
    a: &[f32],
    b: &[f32],
    transposed: Transposed,
    c: &mut [f32],
    threads: usize,
) {
    let [m, n, k] = size;
    assert!(m > 0 && n > 0 && k > 0 && a.len() == m * k && b.len() == k * n && c.len() == m * n);
    let steps = |rows, columns, flip| if flip { (1, rows) } else { (columns, 1) };
    let (a_row, a_column) = steps(m as isize, k as isize, transposed.left());
    let (b_row, b_column) = steps(k as isize, n as isize, transposed.right());
    let parallelism = if threads == 1 { Parallelism::None } else { Parallelism::Rayon(threads) };
    // The rival's tile stands upright and likes a result by columns: Cᵀ = Bᵀ Aᵀ is C by rows.
    // SAFETY: the lengths were checked, so every element of the three dense matrices is inside its slice, and `c` is
    // borrowed mutably, so it overlaps neither `a` nor `b`.
    unsafe {
        gemm_f32::gemm::f32::get_gemm_fn()(
            n,
            m,
            k,
            c.as_mut_ptr(),
            n as isize,
            1,
            false,
            b.as_ptr(),
            b_row,
            b_column,
            a.as_ptr(),
            a_row,
            a_column,
            0.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::product;
    use crate::data::normal;
    use plywood::tensor::Transposed;

    #[test]
    fn the_rival_computes_the_same_product() {
        let [m, n, k] = [17, 33, 20];
        for transposed in [Transposed::Neither, Transposed::Left, Transposed::Right, Transposed::Both] {
            let a = normal(if transposed.left() { [k, m] } else { [m, k] }, 1).unwrap();
            let b = normal(if transposed.right() { [n, k] } else { [k, n] }, 2).unwrap();
            let mut c = a.matmul_with(&b, transposed).unwrap();
            let expected = c.clone();
            for threads in [1, 2] {
                c.as_mut_slice().fill(0.0);
                product([m, n, k], a.as_slice(), b.as_slice(), transposed, c.as_mut_slice(), threads);
                assert!(c.all_close(&expected, 1e-5, 1e-5), "{transposed:?}");
            }
        }
    }
}
