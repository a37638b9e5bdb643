//! What stands beside a bar.

use crate::number::{Left, Number, Thousands};

/// What stands beside a bar, as far as there is room.
#[derive(Debug)]
pub(super) struct Beside {
    pub(super) loss: f64,
    pub(super) metrics: Vec<(String, f64)>,
    /// Where it has moved.
    pub(super) learning_rate: Option<f64>,
    pub(super) samples_per_second: f64,
    /// In seconds.
    pub(super) left: f64,
}

impl Beside {
    /// Whole parts, of no more columns than there are: a number that is cut off would be another number.
    pub(super) fn text(&self, room: usize) -> String {
        // Each with its rank: what is most worth the room.
        let mut parts = vec![(0, format!("loss {}", Number(self.loss)))];
        let metrics = self.metrics.iter().zip(2..);
        parts.extend(metrics.map(|((name, value), rank)| (rank, format!("{name} {}", Number(*value)))));
        let rank = 2 + self.metrics.len();
        parts.extend(self.learning_rate.map(|rate| (rank + 1, format!("learning rate {}", Number(rate)))));
        parts.push((rank, format!("{} samples/s", Thousands(self.samples_per_second))));
        parts.extend(Left::of(self.left).map(|left| (1, left.to_string())));

        let mut ranked: Vec<usize> = (0..parts.len()).collect();
        ranked.sort_by_key(|&i| parts[i].0);
        let (mut shown, mut used) = (vec![false; parts.len()], 0);
        for i in ranked {
            let width = parts[i].1.chars().count() + if used > 0 { 2 } else { 0 };
            if used + width > room {
                break;
            }
            (shown[i], used) = (true, used + width);
        }
        let shown = parts.iter().zip(shown).filter(|(_, shown)| *shown);
        shown.map(|((_, text), _)| text.as_str()).collect::<Vec<_>>().join("  ")
    }
}

#[cfg(test)]
mod tests {
    use super::Beside;

    #[test]
    fn there_is_as_much_as_there_is_room_for() {
        let metrics = vec![("accuracy".to_owned(), 0.9731), ("roc_auc".to_owned(), 0.9912)];
        let mut beside = Beside {
            loss: 0.1234,
            metrics,
            learning_rate: Some(0.0005),
            samples_per_second: 8120.0,
            left: 125.0,
        };
        for (room, text) in [
            (0, ""),
            (10, ""),
            (11, "loss 0.1234"),
            (22, "loss 0.1234"),
            (23, "loss 0.1234  2 min left"),
            (40, "loss 0.1234  accuracy 0.9731  2 min left"),
            (56, "loss 0.1234  accuracy 0.9731  roc_auc 0.9912  2 min left"),
            (73, "loss 0.1234  accuracy 0.9731  roc_auc 0.9912  8.12k samples/s  2 min left"),
            (
                120,
                "loss 0.1234  accuracy 0.9731  roc_auc 0.9912  learning rate 5.000e-4  8.12k samples/s  2 min left",
            ),
        ] {
            assert_eq!(beside.text(room), text, "{room}");
        }
        (beside.left, beside.learning_rate) = (f64::INFINITY, None);
        assert_eq!(beside.text(60), "loss 0.1234  accuracy 0.9731  roc_auc 0.9912");
        assert_eq!(beside.text(62), "loss 0.1234  accuracy 0.9731  roc_auc 0.9912  8.12k samples/s");
    }
}
