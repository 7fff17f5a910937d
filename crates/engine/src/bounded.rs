//! Joins of everything with everything: refused before they run, unless one side is known to be small.
//!
//! A join on equal values costs about what its two sides and its answer cost; one on anything else costs their product.
//! That a side is small is known from what the plan says (one row of totals, a limit) or what the source says of a table.

use crate::input::InputScanExec;
use datafusion::physical_plan::{
    ExecutionPlan,
    aggregates::AggregateExec,
    empty::EmptyExec,
    execution_plan::CardinalityEffect,
    joins::{CrossJoinExec, NestedLoopJoinExec},
    placeholder_row::PlaceholderRowExec,
    union::UnionExec,
};
use shuqiao_plane::source::view::{ViewCode, ViewRefusal};
use std::sync::Arc;

/// Rows of a side that counts as small.
const SMALL_ROWS_MAX: u64 = 1_000;

/// Refuses a plan with a join that has no small side.
///
/// # Errors
/// `view_join_unbounded`.
pub(crate) fn check(plan: &Arc<dyn ExecutionPlan>) -> Result<(), ViewRefusal> {
    let sides = if let Some(join) = plan.downcast_ref::<CrossJoinExec>() {
        Some((join.left(), join.right()))
    } else {
        plan.downcast_ref::<NestedLoopJoinExec>().map(|join| (join.left(), join.right()))
    };
    if let Some((left, right)) = sides {
        let small = |side| rows_at_most(side).is_some_and(|rows| rows <= SMALL_ROWS_MAX);
        if !small(left) && !small(right) {
            return Err(ViewRefusal::new(ViewCode::JoinUnbounded).with("limit", SMALL_ROWS_MAX));
        }
    }
    plan.children().into_iter().try_for_each(check)
}

fn rows_at_most(plan: &Arc<dyn ExecutionPlan>) -> Option<u64> {
    let own = if let Some(input) = plan.downcast_ref::<InputScanExec>() {
        input.rows_estimate()
    } else if let Some(aggregate) = plan.downcast_ref::<AggregateExec>() {
        let parts = plan.properties().partitioning.partition_count() as u64;
        if aggregate.group_expr().is_empty() { Some(parts) } else { rows_at_most(aggregate.input()) }
    } else if plan.downcast_ref::<PlaceholderRowExec>().is_some() || plan.downcast_ref::<EmptyExec>().is_some() {
        Some(1)
    } else {
        of_children(plan)
    };
    let limit = plan.fetch().map(|rows| rows as u64);
    match (own, limit) {
        (Some(own), Some(limit)) => Some(own.min(limit)),
        (own, limit) => own.or(limit),
    }
}

fn of_children(plan: &Arc<dyn ExecutionPlan>) -> Option<u64> {
    let children = plan.children().into_iter().map(rows_at_most).collect::<Option<Vec<_>>>()?;
    match (children.as_slice(), plan.cardinality_effect()) {
        ([rows], CardinalityEffect::Equal | CardinalityEffect::LowerEqual) => Some(*rows),
        (several, _) if plan.downcast_ref::<UnionExec>().is_some() => Some(several.iter().sum()),
        ([left, right], _) => left.checked_mul(*right),
        _ => None,
    }
}
