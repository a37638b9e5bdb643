//! How long the steps of Muon are.

/// What [`Muon`](crate::Muon) multiplies its learning rate with for a matrix of `A` rows and `B` columns.
///
/// PyTorch: `adjust_lr_fn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[doc(alias = "adjust_lr_fn")]
pub enum MuonScale {
    /// `√max(1, A / B)`, the author's; PyTorch's `"original"`.
    #[default]
    Original,
    /// `0.2 √max(A, B)`, with which learning rate and weight decay of AdamW serve unchanged; PyTorch's `"match_rms_adamw"`.
    MatchAdamW,
    /// `√(A / B)`; PyTorch's `"spectral_unclamped"`.
    Spectral,
}

impl MuonScale {
    /// The factor for a matrix of this many rows and columns.
    pub(super) fn factor(self, rows: usize, columns: usize) -> f64 {
        let (rows, columns) = (rows as f64, columns as f64);
        match self {
            MuonScale::Original => (rows / columns).max(1.0).sqrt(),
            MuonScale::MatchAdamW => 0.2 * rows.max(columns).sqrt(),
            MuonScale::Spectral => (rows / columns).sqrt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_those_of_pytorch() {
        use MuonScale::{MatchAdamW, Original, Spectral};
        for (scale, expected) in [(Original, [2.0, 1.0]), (MatchAdamW, [0.8, 0.8]), (Spectral, [2.0, 0.5])] {
            assert_eq!([scale.factor(16, 4), scale.factor(4, 16)], expected, "{scale:?}");
        }
    }
}
