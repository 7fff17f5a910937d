//! Checkpoints: what a log says about itself at one size (`c2sp.org/tlog-checkpoint`). This is the body; `crypto` signs
//! it as a note.

use crate::{Hash, NOTE_BYTES_MAX, SIZE_MAX, encoding};

/// The head of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log it is; also the name of the key that signs. One line, not empty, without control characters.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root at that size.
    pub root: Hash,
}

/// Text that is not the body of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Larger than any checkpoint need be.
    #[error("the checkpoint is longer than {NOTE_BYTES_MAX} bytes")]
    TooLong,
    /// Fewer than three lines, an empty line, or no newline at the end.
    #[error("a checkpoint has an origin line, a size line and a root line, each ended by a newline")]
    Lines,
    /// The first line holds control characters.
    #[error("the first line of the checkpoint, the origin, is not plain text")]
    Origin,
    /// The second line is not a size.
    #[error("the second line of the checkpoint, the size, is not a plain decimal of at most {SIZE_MAX}")]
    Size,
    /// The third line is not a root.
    #[error("the third line of the checkpoint, the root, is not 32 bytes in base64")]
    Root,
}

impl Checkpoint {
    /// The body, to be signed as it is.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, encoding::base64(&self.root))
    }

    /// Reads a body. Extension lines are allowed by the specification; they are passed over.
    ///
    /// # Errors
    /// When it is not the body of a checkpoint.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        if text.len() > NOTE_BYTES_MAX {
            return Err(CheckpointError::TooLong);
        }
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty()).ok_or(CheckpointError::Lines);
        let (origin, size, root) = (line()?, line()?, line()?);
        if lines.any(str::is_empty) {
            return Err(CheckpointError::Lines);
        }
        if origin.chars().any(char::is_control) {
            return Err(CheckpointError::Origin);
        }
        let size = encoding::decimal(size).filter(|size| *size <= SIZE_MAX).ok_or(CheckpointError::Size)?;
        let root = encoding::hash_from_base64(root).ok_or(CheckpointError::Root)?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn the_example_of_the_specification_reads_and_prints() {
        let checkpoint = Checkpoint::parse(EXAMPLE).expect("the specification's own example");
        assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
        assert_eq!(checkpoint.size, 20_852_163);
        assert_eq!(checkpoint.to_text(), EXAMPLE);
        assert_eq!(Checkpoint::parse(&format!("{EXAMPLE}an extension\n")), Ok(checkpoint));
    }

    #[test]
    fn anything_else_is_named() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        let cases = [
            (String::new(), CheckpointError::Lines),
            ("a\n1\n".to_owned(), CheckpointError::Lines),
            (format!("a\n1\n{root}"), CheckpointError::Lines),
            (format!("\n1\n{root}\n"), CheckpointError::Lines),
            (format!("a\n1\n{root}\n\n"), CheckpointError::Lines),
            (format!("a\n1\n{root}\nx\n\ny\n"), CheckpointError::Lines),
            (format!("a\r\n1\n{root}\n"), CheckpointError::Origin),
            (format!("a\n01\n{root}\n"), CheckpointError::Size),
            (format!("a\n9223372036854775808\n{root}\n"), CheckpointError::Size),
            (format!("a\n1\n{root} \n"), CheckpointError::Root),
            ("a\n1\nAAAA\n".to_owned(), CheckpointError::Root),
            ("x".repeat(NOTE_BYTES_MAX + 1), CheckpointError::TooLong),
        ];
        for (text, error) in cases {
            assert_eq!(Checkpoint::parse(&text), Err(error), "{text:.40}");
        }
    }
}
