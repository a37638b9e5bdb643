//! The sizes of a MobileNetV2.

use serde::{Deserialize, Serialize};

/// The settings of a [`MobileNetV2`](crate::MobileNetV2); how many channels its images have follows from its input.
///
/// ```
/// use plywood_nn::{MobileNetV2, MobileNetV2Config, Parameters};
/// use plywood_tensor::Seed;
///
/// let half = MobileNetV2Config::new(1000).width(0.5);
/// assert_eq!(MobileNetV2::new(3, half, &Seed(7).stream())?.parameter_count(), 1_968_680);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MobileNetV2Config {
    /// How many numbers come out.
    pub classes: usize,
    /// The channels of the first convolution.
    pub first: usize,
    /// Groups of blocks: the expansion, the channels that come out, how many blocks, and the stride of the first of them.
    pub groups: Vec<[usize; 4]>,
    /// The channels of the last convolution.
    pub last: usize,
    /// With what probability features are dropped in training.
    pub dropout: f64,
}

impl MobileNetV2Config {
    /// The network of the paper, for images of about 224 × 224 pixels.
    pub fn new(classes: usize) -> MobileNetV2Config {
        let groups = vec![
            [1, 16, 1, 1],
            [6, 24, 2, 2],
            [6, 32, 3, 2],
            [6, 64, 4, 2],
            [6, 96, 3, 1],
            [6, 160, 3, 2],
            [6, 320, 1, 1],
        ];
        MobileNetV2Config { classes, first: 32, groups, last: 1280, dropout: 0.2 }
    }

    /// As many channels times this factor, in multiples of 8; the last convolution only becomes wider. A factor that is not
    /// above 0 leaves no channels, which is refused when the network is made.
    #[must_use]
    #[doc(alias = "width_mult")]
    pub fn width(mut self, factor: f64) -> MobileNetV2Config {
        self.first = multiple_of_8(self.first as f64 * factor);
        for group in &mut self.groups {
            group[1] = multiple_of_8(group[1] as f64 * factor);
        }
        self.last = multiple_of_8(self.last as f64 * factor.max(1.0));
        self
    }
}

/// The nearest, but at least 8 and not below nine tenths; none of what is no number of channels.
fn multiple_of_8(channels: f64) -> usize {
    if channels.is_nan() || channels <= 0.0 {
        return 0;
    }
    let nearest = (((channels + 4.0) as usize) / 8 * 8).max(8);
    if (nearest as f64) < 0.9 * channels { nearest.saturating_add(8) } else { nearest }
}
