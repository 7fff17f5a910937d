//! Papers and their files.

use shuqiao_domain::paper::Paper;
use shuqiao_vocabulary::PaperKind;

/// A paper that was made.
#[derive(Clone, Debug)]
pub struct PaperView {
    /// The paper.
    pub paper: Paper,
    /// Name of the organisation in whose name it is.
    pub issuer_name: String,
    /// Index of its making in the record.
    pub record_index: Option<u64>,
}

/// The papers of a thing.
#[derive(Clone, Debug)]
pub struct Papers {
    /// Those that were made, the newest first.
    pub papers: Vec<PaperView>,
    /// Kinds that the reader can have made of it as it stands.
    pub kinds: Vec<PaperKind>,
}

/// The file of a paper.
#[derive(Clone, Debug)]
pub struct PaperFile {
    /// Its number.
    pub number: String,
    /// The PDF.
    pub file: Vec<u8>,
}
