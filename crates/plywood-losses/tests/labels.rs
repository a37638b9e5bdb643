//! Labels that no class has, such as come out of conversions between integers, are refused with their row by every loss.
#![allow(clippy::unwrap_used)] // a panic is a failed test

use plywood_autograd::Var;
use plywood_losses::{
    BinaryCrossEntropy, BinaryCrossEntropyWithLogits, CrossEntropy, Dice, Focal, Hinge, Jaccard, Loss,
    LossError, NegativeLogLikelihood,
};
use plywood_tensor::{IntTensor, Tensor};

/// −1 as 32 bits without a sign, the largest and the smallest number, and what padding is often marked with.
const WRONG: [i64; 6] = [-1, -100, 3, u32::MAX as i64, i64::MAX, i64::MIN];

#[test]
fn labels_of_no_class_are_refused_with_their_row() {
    let classes: [(&str, Box<dyn Loss<IntTensor>>); 4] = [
        ("cross_entropy", Box::new(CrossEntropy::default())),
        ("nll_loss", Box::new(NegativeLogLikelihood::default())),
        ("focal_loss", Box::new(Focal::new(2.0))),
        ("hinge_loss", Box::new(Hinge)),
    ];
    let binary: [(&str, Box<dyn Loss<IntTensor>>); 3] = [
        ("binary_cross_entropy", Box::new(BinaryCrossEntropy)),
        ("binary_cross_entropy_with_logits", Box::new(BinaryCrossEntropyWithLogits)),
        ("focal_loss", Box::new(Focal::new(2.0))),
    ];
    let overlap: [(&str, Box<dyn Loss<IntTensor>>); 2] =
        [("dice_loss", Box::new(Dice::default())), ("jaccard_loss", Box::new(Jaccard::default()))];
    let several = Var::from(Tensor::full([4, 3], 0.25).unwrap());
    let single = Var::from(Tensor::full([4, 1], 0.25).unwrap());
    let cases = classes.into_iter().chain(overlap).map(|case| (case, &several, 3));
    for ((name, loss), prediction, known) in cases.chain(binary.into_iter().map(|case| (case, &single, 2))) {
        for label in WRONG {
            let labels = IntTensor::from([0, 1, label, 1]);
            let error = loss.losses(prediction, &labels).unwrap_err();
            let Some(&LossError::Label { row, classes, label: got, .. }) = error.source_as() else {
                panic!("{name} of {label}: {error}")
            };
            assert_eq!((row, classes, got), (2, known, label), "{name}");
        }
        // Those of masks know of no label for a whole sample.
        let of_masks = ["dice_loss", "jaccard_loss"].contains(&name);
        assert_eq!(loss.classes(prediction.shape()), (!of_masks).then_some(known), "{name}");
    }
}
