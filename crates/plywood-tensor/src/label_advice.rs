//! What messages say of labels that were counted from 1.

/// What a message about a label that is no class adds where the label is one too large: that labels count from 0.
///
/// ```
/// use plywood_tensor::label_advice;
///
/// assert_eq!(label_advice(3, 3), "; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes");
/// assert_eq!(label_advice(7, 3), "");
/// ```
pub fn label_advice(label: i64, classes: usize) -> &'static str {
    if usize::try_from(label) == Ok(classes) {
        "; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes"
    } else {
        ""
    }
}
