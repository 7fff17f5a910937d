//! The task `paper`: one request in, one PDF out.

use crate::{PaperArguments, answer::Failure, form, limits};
use shuqiao_papers::{Fonts, PaperError, prepare, render};

/// The paper that standard input asks for.
pub(crate) fn made(told: &PaperArguments) -> Result<Vec<u8>, Failure> {
    let too_large = |_| Failure::plain("request_too_large").with("max", limits::REQUEST_BYTES_MAX);
    let request = limits::read_request().map_err(too_large)?;
    let paper = form::paper(&request).ok_or_else(|| Failure::plain("request_malformed"))?;
    let mut fonts = Fonts::find(&told.fonts).map_err(failure)?;
    prepare(&paper, &mut fonts).map_err(failure)?;
    limits::close_the_door().map_err(|_| Failure::plain("limits_refused"))?;
    render(&paper, &mut fonts).map_err(failure)
}

fn failure(error: PaperError) -> Failure {
    let failure = Failure::plain(error.code());
    match error {
        // Where fonts were looked for, or which one was named, is the operator's business: it stands in the node's log.
        PaperError::FontMissing { looked } => {
            let looked: Vec<String> = looked.iter().map(|place| place.display().to_string()).collect();
            failure.with("looked", looked.join(" "))
        }
        PaperError::FontUnreadable { path } => failure.with("looked", path.display()),
        PaperError::CharacterMissing { codepoint } => failure.with("character", format!("U+{codepoint:04X}")),
        PaperError::TooLarge { what, max } => failure.with("what", what).with("max", max),
        PaperError::TableUneven => failure,
        PaperError::Layout { reason } => failure.with("reason", reason),
    }
}
