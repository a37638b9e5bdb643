//! What losses refuse, word for word.

use plywood_autograd::Var;
use plywood_tensor::{Elem, Float, IntTensor, Tensor};

#[test]
fn errors_say_exactly_this() {
    use crate::*;
    let shape = |dims: &[usize]| Var::from(Tensor::zeros(dims).unwrap());
    let real = |dims: &[usize]| Tensor::zeros(dims).unwrap();
    let ints = |labels: &[i64]| IntTensor::from_slice(labels, [labels.len()]).unwrap();
    let smoothed = CrossEntropy::default().label_smoothing(-0.5);
    let weighted = CrossEntropy::default().class_weights(Tensor::from([1.0, 2.0]));
    let negative = CrossEntropy::default().class_weights(Tensor::from([1.0, 2.0, -1.0]));
    let ignoring = CrossEntropy::default().ignore_index(-100);
    let one = Elem::of(1.0);
    let rows = [
        (
            mse_loss(&shape(&[32, 1]), &real(&[32])),
            "mse_loss: expected a target of the prediction's shape [32, 1], got [32]; reshape the target to [32, 1]",
        ),
        (
            mse_loss(&shape(&[32]), &real(&[32, 1])),
            "mse_loss: expected a target of the prediction's shape [32], got [32, 1]; reshape the target to [32]",
        ),
        (
            l1_loss(&shape(&[32, 2]), &real(&[32])),
            "l1_loss: expected a target of the prediction's shape [32, 2], got [32]; the model has 2 outputs for each target: end it in one",
        ),
        (huber_loss(&shape(&[2]), &real(&[2]), 0.0), "huber_loss: expected a delta above 0, got 0"),
        (
            binary_cross_entropy(&shape(&[4, 1]), &real(&[4])),
            "binary_cross_entropy: expected a target of the prediction's shape [4, 1], got [4]; reshape the target to [4, 1]",
        ),
        (
            binary_cross_entropy(&shape(&[4, 1]), &ints(&[0, 1, 0])),
            "binary_cross_entropy: expected labels of shape [4] for a prediction of shape [4, 1], got [3]",
        ),
        (
            binary_cross_entropy(&shape(&[4, 2]), &ints(&[0, 1, 0, 1])),
            "binary_cross_entropy: expected labels of shape [4, 2] for a prediction of shape [4, 2], got [4]; for one of 2 classes take cross_entropy, for 0 or 1 a model with one output",
        ),
        (
            binary_cross_entropy(&shape(&[3]), &ints(&[0, 1, 2])),
            "binary_cross_entropy: row 2: expected a label in 0..2, got 2; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        ),
        (
            binary_cross_entropy(&Tensor::from([[0.5], [2.5]]).into(), &ints(&[0, 1])),
            "binary_cross_entropy: row 1: expected a probability between 0 and 1 (of logits, take binary_cross_entropy_with_logits), got 2.5",
        ),
        (
            binary_cross_entropy(&shape(&[1]), &Tensor::from([255.0])),
            "binary_cross_entropy: row 0: expected a target between 0 and 1, got 255",
        ),
        (
            binary_cross_entropy_with_logits(&shape(&[2]), &ints(&[0, -1])),
            "binary_cross_entropy_with_logits: row 1: expected a label in 0..2, got -1",
        ),
        (
            BinaryCrossEntropyWithLogits.positive_weight(-1.0).losses(&shape(&[1]), &ints(&[0])),
            "binary_cross_entropy_with_logits: expected positive weights that are finite and not negative, got -1 at index 0",
        ),
        (
            BinaryCrossEntropyWithLogits
                .positive_weight(Tensor::from([1.0, 2.0]))
                .losses(&shape(&[4, 3]), &real(&[4, 3])),
            "binary_cross_entropy_with_logits: expected positive weights of shape [3], got [2]",
        ),
        (
            cross_entropy(&shape(&[5, 10]), &ints(&[0, 1, 2, 12, 3])),
            "cross_entropy: row 3: expected a label in 0..10, got 12",
        ),
        (
            cross_entropy(&shape(&[2, 3]), &ints(&[-100, 0])),
            "cross_entropy: row 0: expected a label in 0..3, got -100",
        ),
        (
            ignoring.losses(&shape(&[2, 3]), &ints(&[-100, -1])),
            "cross_entropy: row 1: expected a label in 0..3, got -1",
        ),
        (
            cross_entropy(&shape(&[2, 3]), &ints(&[0])),
            "cross_entropy: expected labels of shape [2] for a prediction of shape [2, 3], got [1]",
        ),
        (
            cross_entropy(&shape(&[2, 1]), &ints(&[0, 1])),
            "cross_entropy: expected a prediction with a score for each of at least two classes, got [2, 1]; with one output take \
             binary_cross_entropy_with_logits, or binary_cross_entropy behind a sigmoid",
        ),
        (
            cross_entropy(&shape(&[2, 1]), &real(&[2, 1])),
            "cross_entropy: expected a prediction with a score for each of at least two classes, got [2, 1]; with one output take \
             binary_cross_entropy_with_logits, or binary_cross_entropy behind a sigmoid",
        ),
        (
            cross_entropy(&shape(&[2, 4, 4, 3]), &ints(&[0, 2])),
            "cross_entropy: expected labels of shape [2, 4, 4] for a prediction of shape [2, 4, 4, 3], got [2]; \
             flatten or pool before the last linear layer, to have one answer for each sample",
        ),
        (
            cross_entropy(&shape(&[2, 3]), &real(&[2])),
            "cross_entropy: expected a target of the prediction's shape [2, 3], got [2]; class labels are integers: to_int makes them",
        ),
        (
            cross_entropy(&shape(&[2, 3]), &ints(&[1, 3])),
            "cross_entropy: row 1: expected a label in 0..3, got 3; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        ),
        (
            cross_entropy(&shape(&[]), &ints(&[0])),
            "cross_entropy: expected a prediction of shape [.., classes], got []",
        ),
        (
            cross_entropy(&shape(&[2, 3]), &real(&[3])),
            "cross_entropy: expected a target of the prediction's shape [2, 3], got [3]",
        ),
        (
            smoothed.losses(&shape(&[1, 3]), &ints(&[0])),
            "cross_entropy: expected a label smoothing between 0 and 1, got -0.5",
        ),
        (
            weighted.losses(&shape(&[1, 3]), &ints(&[0])),
            "cross_entropy: expected class weights of shape [3], got [2]",
        ),
        (
            negative.losses(&shape(&[1, 3]), &ints(&[0])),
            "cross_entropy: expected class weights that are finite and not negative, got -1 at index 2",
        ),
        (
            ignoring.losses(&shape(&[1, 3]), &real(&[1, 3])),
            "cross_entropy: expected class labels where one is ignored, not a distribution, got ignore_index(-100)",
        ),
        (nll_loss(&shape(&[1, 2]), &ints(&[5])), "nll_loss: row 0: expected a label in 0..2, got 5"),
        (kl_div(&shape(&[3]), &real(&[3])), "kl_div: expected a prediction of shape [.., classes], got [3]"),
        (
            kl_div(&shape(&[1, 2]), &Tensor::from([[one, -one]])),
            "kl_div: row 0: expected a target of at least 0, got -1",
        ),
        (
            hinge_loss(&shape(&[2]), &Tensor::from([1.0, 0.0])),
            "hinge_loss: row 1: expected a side of -1 or 1, got 0",
        ),
        (
            cosine_distance(&shape(&[3]), &real(&[3])),
            "cosine_distance: expected a prediction of shape [.., D], got [3]",
        ),
        (focal_loss(&shape(&[1]), &ints(&[0]), -1.0), "focal_loss: expected a gamma of at least 0, got -1"),
        (
            Focal::new(2.0).alpha(1.5).losses(&shape(&[1]), &ints(&[0])),
            "focal_loss: expected an alpha between 0 and 1, got 1.5",
        ),
        (
            Focal::new(2.0).alpha(0.5).losses(&shape(&[1, 3]), &ints(&[0])),
            "focal_loss: expected alpha only for one score a label, got 0.5",
        ),
        (
            Dice::new(0.0).losses(&shape(&[1, 2]), &IntTensor::zeros([1, 2]).unwrap()),
            "dice_loss: expected a finite smoothing above 0, got 0.0",
        ),
        (
            dice_loss(&shape(&[2, 3]), &ints(&[0, 3])),
            "dice_loss: row 1: expected a label in 0..3, got 3; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        ),
        (
            Jaccard::new(-1.0).losses(&shape(&[1, 2]), &ints(&[0])),
            "jaccard_loss: expected a finite smoothing above 0, got -1.0",
        ),
        (
            BoundaryWeighted::between(-1.0, 5.0).losses(&shape(&[1, 2]), &ints(&[0])),
            "boundary_weighted: expected a finite weight of at least 0, got -1",
        ),
        (
            BoundaryWeighted::edges(10.0, 0.0).losses(&shape(&[1, 2]), &ints(&[0])),
            "boundary_weighted: expected a finite width above 0, got 0",
        ),
        (
            BoundaryWeighted::edges(10.0, 5.0).losses(&shape(&[1, 2]), &ints(&[0])),
            "boundary_weighted: expected a prediction of shape [N, H, W, ..], got [1]",
        ),
        (
            ssim_loss(&shape(&[1, 10, 12, 1]), &real(&[1, 10, 12, 1])),
            "ssim_loss: expected a prediction of shape [N, H, W, C] of at least 11 by 11, got [1, 10, 12, 1]",
        ),
        (
            ssim_loss(&shape(&[12, 12]), &real(&[12, 12])),
            "ssim_loss: expected a prediction of shape [N, H, W, C] of at least 11 by 11, got [12, 12]",
        ),
        (
            Ssim::new(0.0).losses(&shape(&[1, 12, 12, 1]), &real(&[1, 12, 12, 1])),
            "ssim_loss: expected a range above 0 whose fourth power is above 0 and finite, got 0.0",
        ),
    ];
    for (result, text) in rows {
        assert_eq!(result.map(|losses| losses.len()).unwrap_err().to_string(), text);
    }
}

/// A setting that is lost when it is rounded to the width of the elements is refused as a 0 is.
#[test]
fn settings_are_those_that_are_computed_with() {
    use crate::{Dice, Jaccard, Loss, Ssim};
    let (x, labels) = (Tensor::zeros([1, 2]).unwrap().into(), IntTensor::zeros([1, 2]).unwrap());
    let image = Tensor::zeros([1, 12, 12, 1]).unwrap();
    for small in [1e-10, 1e-25, 1e-50, 1e-170] {
        let smooth = Elem::of(small) > 0.0;
        assert_eq!(Dice::new(small).losses(&x, &labels).is_ok(), smooth, "{small:?}");
        assert_eq!(Jaccard::new(small).losses(&x, &labels).is_ok(), smooth, "{small:?}");
        let [c1, c2] = [0.01, 0.03].map(|share| Elem::of((share * small) * (share * small)));
        let losses = Ssim::new(small).losses(&image.clone().into(), &image);
        assert_eq!(losses.is_ok(), c1 * c2 > 0.0, "{small:?}");
        assert!(losses.is_err() || losses.unwrap().mean().value().item().unwrap().is_finite(), "{small:?}");
    }
}

#[test]
fn errors_can_be_asked_for_by_type() {
    let error =
        crate::cross_entropy(&Tensor::zeros([1, 2]).unwrap().into(), &IntTensor::from([7])).unwrap_err();
    let expected = crate::LossError::Label { op: "cross_entropy", row: 0, classes: 2, label: 7 };
    assert_eq!(error.source_as::<crate::LossError>(), Some(&expected));
}
