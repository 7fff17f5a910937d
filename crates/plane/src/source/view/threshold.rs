//! A view that sums up under a threshold: whose data its rows are, and how many of them each group must have.

use super::ViewSpec;
use serde::{Deserialize, Serialize};

/// The fewest subjects that a threshold may ask for; with one there would be nothing to protect.
pub const SUBJECTS_MIN: u32 = 2;
/// The most that it may ask for.
pub const SUBJECTS_MAX: u32 = 10_000;

/// The threshold of a view: each of its rows is an aggregate over at least so many distinct subjects. What has fewer is
/// never delivered, whatever a caller asks (docs/adr/0028).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectThreshold {
    /// The input, by its alias, whose rows are about the subjects.
    pub input: String,
    /// The column there that names the subject of a row: a person's identity number, an enterprise's credit code. Rows
    /// where it is empty count for nobody.
    pub column: String,
    /// Distinct subjects at least, [`SUBJECTS_MIN`] to [`SUBJECTS_MAX`].
    pub minimum: u32,
}

impl ViewSpec {
    /// How many inputs are the table that the threshold's subjects stand in; 0 without a threshold, or when it names no
    /// input. More than one means that a SELECT could bring the same data in beside the count.
    pub fn subject_inputs(&self) -> usize {
        let Some(threshold) = &self.threshold else { return 0 };
        let Some(named) = self.inputs.iter().find(|input| input.alias == threshold.input) else { return 0 };
        let same = self.inputs.iter().filter(|input| input.location == named.location && input.table == named.table);
        same.count()
    }
}
