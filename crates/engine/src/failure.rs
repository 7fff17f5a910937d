//! What an engine's errors mean for whoever wrote the view. What an error of a run says may hold values of the data and
//! is dropped; what an error of planning says is about the officer's own words.

use crate::statement;
use datafusion::{
    arrow::error::ArrowError,
    common::{Diagnostic, SchemaError},
    error::DataFusionError,
};
use shuqiao_plane::source::view::{ViewCode, ViewRefusal};

/// Characters of the engine's own words that are passed on.
const REASON_CHARACTERS_MAX: usize = 300;

/// Why a view cannot be planned.
pub(crate) fn of_planning(error: DataFusionError) -> ViewRefusal {
    match error {
        DataFusionError::Diagnostic(diagnostic, inner) => placed(of_planning(*inner), &diagnostic),
        DataFusionError::Context(_, inner) => of_planning(*inner),
        DataFusionError::Collection(errors) => match errors.into_iter().next() {
            Some(first) => of_planning(first),
            None => ViewRefusal::new(ViewCode::Meaning),
        },
        DataFusionError::SQL(error, _) => statement::syntax(*error),
        DataFusionError::SchemaError(error, _) => match *error {
            SchemaError::FieldNotFound { field, .. } | SchemaError::AmbiguousReference { field } => {
                ViewRefusal::new(ViewCode::ColumnUnknown).with("name", field.name())
            }
            SchemaError::DuplicateQualifiedField { name, .. } | SchemaError::DuplicateUnqualifiedField { name } => {
                ViewRefusal::new(ViewCode::ColumnTwice).with("name", name)
            }
        },
        DataFusionError::ResourcesExhausted(_) => ViewRefusal::new(ViewCode::OutOfMemory),
        DataFusionError::External(inner) => of_external(inner),
        other => {
            let text = other.strip_backtrace();
            let line = text.lines().next().unwrap_or_default();
            let reason: String = line.chars().take(REASON_CHARACTERS_MAX).collect();
            ViewRefusal::new(ViewCode::Meaning).with("reason", reason)
        }
    }
}

fn placed(refusal: ViewRefusal, diagnostic: &Diagnostic) -> ViewRefusal {
    match diagnostic.span {
        Some(span) if span.start.line > 0 => refusal.at(span.start.line, span.start.column),
        _ => refusal,
    }
}

/// Why a run ended early.
pub(crate) fn of_run(error: DataFusionError) -> ViewRefusal {
    match error {
        DataFusionError::Diagnostic(_, inner) | DataFusionError::Context(_, inner) => of_run(*inner),
        DataFusionError::Collection(errors) => match errors.into_iter().next() {
            Some(first) => of_run(first),
            None => ViewRefusal::new(ViewCode::Failed),
        },
        DataFusionError::Shared(inner) => of_shared(&inner),
        DataFusionError::External(inner) => of_external(inner),
        DataFusionError::ArrowError(inner, _) => of_arrow(*inner),
        // Nothing but what is put aside is read from or written to a disk here.
        DataFusionError::ResourcesExhausted(_) | DataFusionError::IoError(_) => ViewRefusal::new(ViewCode::OutOfMemory),
        // A cast, a subquery with two rows where there should be one, and the like.
        DataFusionError::Execution(_) => ViewRefusal::new(ViewCode::Value),
        _ => ViewRefusal::new(ViewCode::Failed),
    }
}

/// The same for an error that several parts of a plan hold.
fn of_shared(error: &DataFusionError) -> ViewRefusal {
    match error {
        DataFusionError::Diagnostic(_, inner) | DataFusionError::Context(_, inner) => of_shared(inner),
        DataFusionError::Shared(inner) => of_shared(inner),
        DataFusionError::External(inner) => match inner.downcast_ref::<ViewRefusal>() {
            Some(refusal) => refusal.clone(),
            None => inner.downcast_ref::<DataFusionError>().map_or(ViewRefusal::new(ViewCode::Failed), of_shared),
        },
        DataFusionError::ArrowError(inner, _) => match &**inner {
            ArrowError::ExternalError(inner) => {
                inner.downcast_ref::<ViewRefusal>().cloned().unwrap_or_else(|| ViewRefusal::new(ViewCode::Failed))
            }
            ArrowError::IoError(..) => ViewRefusal::new(ViewCode::OutOfMemory),
            _ => ViewRefusal::new(ViewCode::Value),
        },
        DataFusionError::ResourcesExhausted(_) | DataFusionError::IoError(_) => ViewRefusal::new(ViewCode::OutOfMemory),
        DataFusionError::Execution(_) => ViewRefusal::new(ViewCode::Value),
        _ => ViewRefusal::new(ViewCode::Failed),
    }
}

fn of_external(error: Box<dyn std::error::Error + Send + Sync>) -> ViewRefusal {
    match error.downcast::<ViewRefusal>() {
        Ok(refusal) => *refusal,
        Err(error) => match error.downcast::<DataFusionError>() {
            Ok(inner) => of_run(*inner),
            Err(_) => ViewRefusal::new(ViewCode::Failed),
        },
    }
}

/// Whatever an engine's arithmetic says no to is a value that cannot be had.
fn of_arrow(error: ArrowError) -> ViewRefusal {
    match error {
        ArrowError::ExternalError(inner) => of_external(inner),
        ArrowError::IoError(..) => ViewRefusal::new(ViewCode::OutOfMemory),
        ArrowError::IpcError(_) => ViewRefusal::new(ViewCode::Failed),
        _ => ViewRefusal::new(ViewCode::Value),
    }
}
