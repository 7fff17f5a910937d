//! A threshold of distinct subjects: each row of the view is an aggregate over at least so many of them.
//!
//! How it is held: the plan must be one grouping, which the subject's column reaches unchanged, and above it nothing
//! that mixes rows. The grouping gets counts of distinct subjects, and right above it stands a condition on them; so a
//! group that has too few is gone before anything that was asked of the view is looked at. What a caller may ask is put
//! around the whole view and sees groups alone: no condition of a caller can make a group smaller.
//! A shape for which this cannot be said is refused when the view is described (docs/adr/0028 says what is not protected).

use crate::failure;
use datafusion::{
    common::{
        Column, JoinType,
        tree_node::{Transformed, TreeNode as _, TreeNodeRecursion},
    },
    error::Result as Planning,
    functions_aggregate::expr_fn::count_distinct,
    logical_expr::{
        Aggregate, BinaryExpr, Distinct, Expr, ExprSchemable as _, LogicalPlan, LogicalPlanBuilder, Operator,
        expr::AggregateFunction, lit, when,
    },
};
use shuqiao_plane::source::view::{SubjectThreshold, ViewCode, ViewRefusal, ViewSpec};

/// What may be computed over a group. The least, the greatest and the middle value are values of single subjects, and
/// "all" and "any" say the same of each of them.
const AGGREGATES: &[&str] = &[
    "avg",
    "count",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "sum",
    "var",
    "var_pop",
    "var_samp",
    "var_sample",
    "var_population",
];

/// Functions of what is summed up. None of them chooses between rows: who contributes is told from what is empty.
const FUNCTIONS: &[&str] = &["abs", "ceil", "date_part", "datepart", "extract", "floor", "round", "trunc"];

/// What is known of a column below the grouping.
#[derive(Clone, Debug, Default)]
struct Lineage {
    /// It is the subject's column, as its source has it.
    subject: bool,
    /// What it was computed with that may not be summed up.
    chosen_by: Option<String>,
}

/// The plan that holds the view's threshold; the same plan where there is none.
///
/// # Errors
/// `view_threshold_…` where that cannot be guaranteed, with the construct or the column.
pub(crate) fn held(plan: LogicalPlan, view: &ViewSpec) -> Result<LogicalPlan, ViewRefusal> {
    let Some(threshold) = &view.threshold else { return Ok(plan) };
    check_reading(&plan, view, threshold)?;
    let aggregate = grouping(&plan)?;
    let counted = counted(aggregate, threshold)?;
    let placed = plan.transform_down(|node| match node {
        LogicalPlan::Aggregate(_) => Ok(Transformed::new(counted.clone(), true, TreeNodeRecursion::Stop)),
        other => Ok(Transformed::no(other)),
    });
    placed.map(|placed| placed.data).map_err(failure::of_planning)
}

fn shape(what: &str) -> ViewRefusal {
    ViewRefusal::new(ViewCode::ThresholdShape).with("what", what)
}

fn function(name: impl ToString) -> ViewRefusal {
    ViewRefusal::new(ViewCode::ThresholdFunction).with("name", name)
}

fn no_subject(threshold: &SubjectThreshold) -> ViewRefusal {
    let name = format!("{}.{}", threshold.input, threshold.column);
    ViewRefusal::new(ViewCode::ThresholdSubject).with("name", name)
}

/// The subject's table is read once, and no query stands within an expression: either could bring a single subject's
/// data in beside the rows that are counted.
fn check_reading(plan: &LogicalPlan, view: &ViewSpec, threshold: &SubjectThreshold) -> Result<(), ViewRefusal> {
    if view.subject_inputs() != 1 {
        return Err(no_subject(threshold));
    }
    let (mut scans, mut subquery) = (0, false);
    let looked = plan.apply_with_subqueries(|node| {
        scans +=
            usize::from(matches!(node, LogicalPlan::TableScan(scan) if scan.table_name.table() == threshold.input));
        node.apply_expressions(|expression| {
            expression.apply(|part| {
                subquery |= matches!(
                    part,
                    Expr::ScalarSubquery(_) | Expr::InSubquery(_) | Expr::Exists(_) | Expr::SetComparison(_)
                );
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    looked.map_err(failure::of_planning)?;
    match (subquery, scans) {
        (true, _) => Err(shape("(SELECT …)")),
        (false, 1) => Ok(()),
        (false, _) => Err(no_subject(threshold)),
    }
}

/// The one grouping, above which each row is made of one group.
fn grouping(plan: &LogicalPlan) -> Result<&Aggregate, ViewRefusal> {
    match plan {
        LogicalPlan::Aggregate(aggregate) => Ok(aggregate),
        LogicalPlan::Projection(node) => grouping(&node.input),
        LogicalPlan::Filter(node) => grouping(&node.input),
        LogicalPlan::Sort(node) => grouping(&node.input),
        LogicalPlan::Limit(node) => grouping(&node.input),
        LogicalPlan::SubqueryAlias(node) => grouping(&node.input),
        other => {
            let mut groups = false;
            let looked = other.apply(|node| {
                groups |= matches!(node, LogicalPlan::Aggregate(_));
                Ok(TreeNodeRecursion::Continue)
            });
            looked.map_err(failure::of_planning)?;
            Err(if groups { shape(word(other)) } else { ViewRefusal::new(ViewCode::ThresholdNotAggregate) })
        }
    }
}

/// What an officer would call a part of a plan.
fn word(node: &LogicalPlan) -> &'static str {
    match node {
        LogicalPlan::Aggregate(_) => "GROUP BY",
        LogicalPlan::Distinct(_) => "DISTINCT",
        LogicalPlan::Join(_) => "JOIN",
        LogicalPlan::Union(_) => "UNION",
        LogicalPlan::Window(_) => "OVER",
        LogicalPlan::Unnest(_) => "UNNEST",
        LogicalPlan::Subquery(_) => "LATERAL",
        _ => "FROM",
    }
}

/// What is known of the columns of a plan below the grouping, in their order.
fn lineage(plan: &LogicalPlan, threshold: &SubjectThreshold) -> Result<Vec<Lineage>, ViewRefusal> {
    let below = |input: &LogicalPlan| lineage(input, threshold);
    match plan {
        LogicalPlan::TableScan(scan) => {
            let here = scan.table_name.table() == threshold.input;
            let column = |name: &String| Lineage { subject: here && *name == threshold.column, chosen_by: None };
            Ok(scan.projected_schema.fields().iter().map(|field| column(field.name())).collect())
        }
        LogicalPlan::Values(_) | LogicalPlan::EmptyRelation(_) => {
            Ok(vec![Lineage::default(); plan.schema().fields().len()])
        }
        LogicalPlan::Projection(node) => {
            let known = below(&node.input)?;
            node.expr.iter().map(|expression| computed(expression, &node.input, &known)).collect()
        }
        LogicalPlan::Filter(node) => below(&node.input),
        LogicalPlan::Sort(node) => below(&node.input),
        LogicalPlan::Limit(node) => below(&node.input),
        LogicalPlan::SubqueryAlias(node) => below(&node.input),
        LogicalPlan::Distinct(Distinct::All(input)) => below(input),
        LogicalPlan::Join(join) => {
            let (left, right) = (below(&join.left)?, below(&join.right)?);
            match join.join_type {
                JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full => Ok([left, right].concat()),
                JoinType::LeftSemi | JoinType::LeftAnti => Ok(left),
                JoinType::RightSemi | JoinType::RightAnti => Ok(right),
                _ => Err(shape("JOIN")),
            }
        }
        other => Err(shape(word(other))),
    }
}

/// What is known of a column that is computed from these.
fn computed(expression: &Expr, input: &LogicalPlan, known: &[Lineage]) -> Result<Lineage, ViewRefusal> {
    match expression {
        Expr::Alias(alias) => computed(&alias.expr, input, known),
        Expr::Column(column) => Ok(known[place(column, input)?].clone()),
        other => Ok(Lineage { subject: false, chosen_by: choice(other, input, known)? }),
    }
}

fn place(column: &Column, input: &LogicalPlan) -> Result<usize, ViewRefusal> {
    input.schema().index_of_column(column).map_err(failure::of_planning)
}

/// What an expression is computed with that may not be summed up: anything by which it could be nothing for all subjects
/// but one without being empty for them.
fn choice(expression: &Expr, input: &LogicalPlan, known: &[Lineage]) -> Result<Option<String>, ViewRefusal> {
    let of = |inner: &Expr| choice(inner, input, known);
    match expression {
        Expr::Column(column) => Ok(known[place(column, input)?].chosen_by.clone()),
        Expr::Literal(..) => Ok(None),
        Expr::Alias(alias) => of(&alias.expr),
        Expr::Cast(cast) => of(&cast.expr),
        Expr::Negative(inner) => of(inner),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => match op {
            Operator::Plus | Operator::Minus | Operator::Multiply | Operator::Divide => Ok(of(left)?.or(of(right)?)),
            other => Ok(Some(other.to_string())),
        },
        Expr::ScalarFunction(call) if FUNCTIONS.contains(&call.name()) => {
            call.args.iter().try_fold(None, |found: Option<String>, argument| Ok(found.or(of(argument)?)))
        }
        Expr::ScalarFunction(call) => Ok(Some(call.name().to_owned())),
        Expr::Case(_) => Ok(Some("CASE".to_owned())),
        other => Ok(Some(other.variant_name().to_owned())),
    }
}

/// The function of an aggregate's column, when it may be used.
fn usable(expression: &Expr) -> Result<&AggregateFunction, ViewRefusal> {
    match expression {
        Expr::Alias(alias) => usable(&alias.expr),
        Expr::AggregateFunction(call) => {
            let name = call.func.name();
            if !AGGREGATES.contains(&name) {
                Err(function(name))
            } else if call.params.filter.is_some() {
                Err(function("FILTER"))
            } else if call.params.distinct && name != "count" {
                Err(function(format!("{name}(DISTINCT …)")))
            } else {
                Ok(call)
            }
        }
        other => Err(function(other.variant_name())),
    }
}

/// The grouping with its counts and the condition on them, yielding the columns that it yielded before.
fn counted(aggregate: &Aggregate, threshold: &SubjectThreshold) -> Result<LogicalPlan, ViewRefusal> {
    if aggregate.group_expr.iter().any(|group| matches!(group, Expr::GroupingSet(_))) {
        return Err(shape("ROLLUP"));
    }
    let input = &aggregate.input;
    let known = lineage(input, threshold)?;
    let at = known.iter().position(|column| column.subject).ok_or_else(|| no_subject(threshold))?;
    let subject = Expr::Column(Column::from(input.schema().qualified_field(at)));
    // Who is in a group, and who contributes to each of its numbers: those for whom nothing of it is empty.
    let mut contributing: Vec<Option<Expr>> = vec![None];
    for expression in &aggregate.aggr_expr {
        let mut filled: Option<Expr> = None;
        for argument in &usable(expression)?.params.args {
            if let Some(name) = choice(argument, input, &known)? {
                return Err(function(name));
            }
            if argument.nullable(input.schema()).map_err(failure::of_planning)? {
                let this = argument.clone().is_not_null();
                filled = Some(match filled {
                    Some(others) => others.and(this),
                    None => this,
                });
            }
        }
        if !contributing.contains(&filled) {
            contributing.push(filled);
        }
    }
    over(aggregate, contributing, &subject, threshold.minimum).map_err(failure::of_planning)
}

fn over(aggregate: &Aggregate, contributing: Vec<Option<Expr>>, subject: &Expr, minimum: u32) -> Planning<LogicalPlan> {
    let mut computed = aggregate.aggr_expr.clone();
    let mut enough = lit(true);
    for (at, filled) in contributing.into_iter().enumerate() {
        let who = match filled {
            Some(filled) => when(filled, subject.clone()).end()?,
            None => subject.clone(),
        };
        // A name that an officer is not likely to give; given all the same, the plan is refused for having it twice.
        let name = format!("distinct subjects #{at}");
        computed.push(count_distinct(who).alias(&name));
        enough = enough.and(Expr::Column(Column::new_unqualified(name)).gt_eq(lit(i64::from(minimum))));
    }
    let counted = Aggregate::try_new(aggregate.input.clone(), aggregate.group_expr.clone(), computed)?;
    let before = aggregate.schema.iter().map(|named| Expr::Column(Column::from(named)));
    LogicalPlanBuilder::from(LogicalPlan::Aggregate(counted)).filter(enough)?.project(before)?.build()
}
