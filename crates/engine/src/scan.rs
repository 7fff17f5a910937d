//! What is put around a view: names and types as they are published, the conditions, the order by key, the page's
//! beginning and its limit. All of it as a logical plan.

use crate::{
    bounded,
    decimal::{self, Cut},
    failure, functions,
    input::Input,
    session::{Joins, session},
    threshold, types,
};
use datafusion::{
    arrow::{
        array::AsArray as _,
        datatypes::{DataType, Int64Type},
    },
    common::{
        Column,
        tree_node::{TreeNode as _, TreeNodeRecursion},
    },
    execution::SendableRecordBatchStream,
    functions::expr_fn::starts_with,
    functions_aggregate::expr_fn::{count, max, sum},
    logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast, lit},
    physical_plan::execute_stream,
    prelude::SessionContext,
    scalar::ScalarValue,
    sql::{parser::Statement as EngineStatement, sqlparser::ast::Statement},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use shuqiao_plane::{
    source::{
        COLUMNS_MAX, TypedTest,
        view::{Look, RowStream, ViewCode, ViewColumn, ViewLimits, ViewRefusal, ViewScan, ViewSpec, ViewStructure},
    },
    value::Value,
};
use shuqiao_vocabulary::ItemType;
use std::collections::HashSet;

/// Digits that a column of floating point can be compared with exactly.
const FLOAT_DIGITS_MAX: usize = 15;

/// A view that was planned: its plan yields columns of published names and types.
struct Planned {
    session: SessionContext,
    plan: LogicalPlan,
    columns: Vec<ViewColumn>,
    types: Vec<DataType>,
}

fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

async fn planned(
    limits: &ViewLimits,
    view: &ViewSpec,
    statement: &Statement,
    inputs: &[Input],
    joins: Joins,
) -> Result<Planned, ViewRefusal> {
    let session = session(limits, inputs, joins)?;
    let statement = EngineStatement::Statement(Box::new(statement.clone()));
    let plan = session.state().statement_to_plan(statement).await.map_err(failure::of_planning)?;
    check_functions(&plan)?;
    let plan = threshold::held(plan, view)?;
    if plan.schema().fields().len() > COLUMNS_MAX {
        return Err(ViewRefusal::new(ViewCode::TooComplex).with("what", "columns").with("limit", COLUMNS_MAX));
    }
    let (mut seen, mut columns, mut types, mut renamed) = (HashSet::new(), Vec::new(), Vec::new(), Vec::new());
    for (qualifier, field) in plan.schema().iter() {
        let name = field.name();
        if !seen.insert(name.clone()) {
            return Err(ViewRefusal::new(ViewCode::ColumnTwice).with("name", name));
        }
        let unknown = || ViewRefusal::new(ViewCode::ColumnType).with("name", name).with("type", field.data_type());
        let (item_type, data_type) = types::published(field.data_type()).ok_or_else(unknown)?;
        let native_type = types::word(&data_type);
        columns.push(ViewColumn { name: name.clone(), item_type, nullable: field.is_nullable(), native_type });
        let value = Expr::Column(Column::from((qualifier, field)));
        let value = if *field.data_type() == data_type { value } else { cast(value, data_type.clone()) };
        renamed.push(value.alias(name));
        types.push(data_type);
    }
    let plan = LogicalPlanBuilder::from(plan).project(renamed).and_then(LogicalPlanBuilder::build);
    let plan = plan.map_err(failure::of_planning)?;
    Ok(Planned { session, plan, columns, types })
}

/// The functions once more, as the planner understood them.
fn check_functions(plan: &LogicalPlan) -> Result<(), ViewRefusal> {
    let mut refused = None;
    let looked = plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expression| {
            expression.apply(|part| {
                let name = match part {
                    Expr::ScalarFunction(function) => Some(function.name().to_owned()),
                    Expr::AggregateFunction(function) => Some(function.func.name().to_owned()),
                    Expr::WindowFunction(function) => Some(function.fun.name().to_owned()),
                    Expr::Unnest(_) => Some("unnest".to_owned()),
                    _ => None,
                };
                refused = name.filter(|name| !functions::allowed(name));
                Ok(if refused.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
            })
        })
    });
    match (looked, refused) {
        (_, Some(name)) => Err(ViewRefusal::new(ViewCode::Function).with("name", name)),
        (Err(error), None) => Err(failure::of_planning(error)),
        (Ok(_), None) => Ok(()),
    }
}

/// Runs a plan, once its joins are known to be bounded.
async fn run(session: &SessionContext, plan: &LogicalPlan) -> Result<SendableRecordBatchStream, ViewRefusal> {
    let physical = session.state().create_physical_plan(plan).await.map_err(failure::of_planning)?;
    bounded::check(&physical)?;
    execute_stream(physical, session.task_ctx()).map_err(failure::of_run)
}

/// What a view is.
pub(crate) async fn describe(
    limits: &ViewLimits,
    view: &ViewSpec,
    statement: &Statement,
    inputs: &[Input],
    look: Look,
) -> Result<ViewStructure, ViewRefusal> {
    let found = planned(limits, view, statement, inputs, Joins::Hashed).await?;
    for name in &view.key {
        if !found.columns.iter().any(|column| column.name == *name) {
            return Err(ViewRefusal::new(ViewCode::KeyUnknown).with("name", name));
        }
    }
    if look == Look::Shape {
        // That a call would be refused for its joins is known without reading a row.
        let physical = found.session.state().create_physical_plan(&found.plan).await;
        bounded::check(&physical.map_err(failure::of_planning)?)?;
        return Ok(ViewStructure { columns: found.columns, rows: None });
    }
    let counted = match counted(&found, view).await {
        Err(ViewRefusal { code: ViewCode::OutOfMemory, .. }) => {
            let found = planned(limits, view, statement, inputs, Joins::Merged).await?;
            counted(&found, view).await?
        }
        other => other?,
    };
    Ok(ViewStructure { columns: found.columns, rows: Some(counted) })
}

/// How many rows there are, and whether the key names each of them.
async fn counted(found: &Planned, view: &ViewSpec) -> Result<u64, ViewRefusal> {
    const EACH: &str = "rows of one key";
    let key: Vec<Expr> = view.key.iter().map(|name| column(name)).collect();
    let number = |name: String, of: Expr| of.alias(name);
    let builder = LogicalPlanBuilder::from(found.plan.clone());
    let built = if key.is_empty() {
        builder.aggregate(Vec::<Expr>::new(), [number("0".to_owned(), count(lit(1)))])
    } else {
        let mut totals = vec![number("0".to_owned(), sum(column(EACH))), number("1".to_owned(), max(column(EACH)))];
        totals.push(number("2".to_owned(), count(lit(1))));
        totals.extend(key.iter().enumerate().map(|(at, part)| number(format!("{}", at + 3), count(part.clone()))));
        builder
            .aggregate(key, [count(lit(1)).alias(EACH)])
            .and_then(|grouped| grouped.aggregate(Vec::<Expr>::new(), totals))
    };
    let plan = built.and_then(LogicalPlanBuilder::build).map_err(failure::of_planning)?;
    let mut stream = run(&found.session, &plan).await?;
    let mut numbers = Vec::new();
    while let Some(batch) = stream.try_next().await.map_err(failure::of_run)? {
        for at in 0..if batch.num_rows() > 0 { batch.num_columns() } else { 0 } {
            let array = batch.column(at).as_primitive::<Int64Type>();
            numbers.push(if array.is_empty() || array.values().is_empty() { 0 } else { array.value(0) });
        }
    }
    let rows = numbers.first().copied().unwrap_or_default();
    if let [_, most, keys, filled @ ..] = numbers.as_slice()
        && (*most > 1 || filled.iter().any(|filled| filled < keys))
    {
        return Err(ViewRefusal::new(ViewCode::KeyNotUnique).with("name", view.key.join(", ")));
    }
    computed(found).await?;
    Ok(u64::try_from(rows).unwrap_or_default())
}

/// Computes each value once: what cannot be is said to the officer who writes the view, not first to a caller.
async fn computed(found: &Planned) -> Result<(), ViewRefusal> {
    let most = found.columns.iter().enumerate().map(|(at, known)| max(column(&known.name)).alias(at.to_string()));
    let plan = LogicalPlanBuilder::from(found.plan.clone()).aggregate(Vec::<Expr>::new(), most);
    let plan = plan.and_then(LogicalPlanBuilder::build).map_err(failure::of_planning)?;
    let mut stream = run(&found.session, &plan).await?;
    while stream.try_next().await.map_err(failure::of_run)?.is_some() {}
    Ok(())
}

/// The rows that are asked for, in order of the key.
pub(crate) async fn rows(
    limits: &ViewLimits,
    view: &ViewSpec,
    statement: &Statement,
    inputs: &[Input],
    scan: &ViewScan,
) -> Result<RowStream, ViewRefusal> {
    match started(limits, view, statement, inputs, scan, Joins::Hashed).await {
        // What did not fit into memory is done again, slower, with both sides of each join sorted on disk. The rows
        // come in order of the key, so nothing has left yet when memory runs out.
        Err(ViewRefusal { code: ViewCode::OutOfMemory, .. }) => {
            started(limits, view, statement, inputs, scan, Joins::Merged).await
        }
        other => other,
    }
}

async fn started(
    limits: &ViewLimits,
    view: &ViewSpec,
    statement: &Statement,
    inputs: &[Input],
    scan: &ViewScan,
    joins: Joins,
) -> Result<RowStream, ViewRefusal> {
    let Planned { session, plan, columns, types } = planned(limits, view, statement, inputs, joins).await?;
    let type_of = |name: &str, wanted: ItemType| {
        let at = columns.iter().position(|column| column.name == name && column.item_type == wanted);
        at.map(|at| types[at].clone()).ok_or_else(|| ViewRefusal::new(ViewCode::Changed).with("name", name))
    };
    let mut builder = LogicalPlanBuilder::from(plan);
    let filtered = |builder: LogicalPlanBuilder, by: Expr| builder.filter(by).map_err(failure::of_planning);
    for condition in &scan.conditions {
        let data_type = type_of(&condition.column, condition.item_type)?;
        builder = filtered(builder, test(&condition.column, &data_type, &condition.test)?)?;
    }
    let mut key = Vec::with_capacity(scan.key.len());
    for (name, item_type) in &scan.key {
        key.push((name.as_str(), type_of(name, *item_type)?));
    }
    if let Some(after) = &scan.after {
        builder = filtered(builder, later(&key, after)?)?;
    }
    let order = key.iter().map(|(name, _)| column(name).sort(true, false)).collect::<Vec<_>>();
    let limit = scan.limit as usize;
    let ordered =
        if order.is_empty() { builder.limit(0, Some(limit)) } else { builder.sort_with_limit(order, Some(limit)) };
    // A column that is granted under two names is fetched once.
    let mut names: Vec<&str> = Vec::new();
    let mut places = Vec::with_capacity(scan.columns.len());
    for (name, item_type) in &scan.columns {
        type_of(name, *item_type)?;
        let place = names.iter().position(|known| known == name).unwrap_or(names.len());
        if place == names.len() {
            names.push(name);
        }
        places.push(place);
    }
    let plan = ordered.and_then(|b| b.project(names.into_iter().map(column))).and_then(LogicalPlanBuilder::build);
    let mut batches = run(&session, &plan.map_err(failure::of_planning)?).await?;
    let first = batches.try_next().await.map_err(failure::of_run)?;
    let all = stream::iter(first.map(Ok)).chain(batches);
    let pages = all.map(move |batch| types::rows(&batch.map_err(failure::of_run)?, &places));
    Ok(pages.boxed())
}

/// `(a, b) > (x, y)`, part by part.
fn later(key: &[(&str, DataType)], after: &[Value]) -> Result<Expr, ViewRefusal> {
    let changed = || ViewRefusal::new(ViewCode::Changed);
    let mut all = lit(false);
    for ((name, data_type), value) in key.iter().zip(after).rev() {
        let value = lit(scalar(value, data_type).ok_or_else(changed)?);
        let same = column(name).eq(value.clone());
        all = column(name).gt(value).or(same.and(all));
    }
    if key.len() == after.len() { Ok(all) } else { Err(changed()) }
}

/// The test on a column. Null satisfies none.
fn test(name: &str, data_type: &DataType, test: &TypedTest) -> Result<Expr, ViewRefusal> {
    let too_fine = || ViewRefusal::new(ViewCode::LiteralTooFine).with("name", name);
    let of = |value: &Value| match (data_type, value) {
        (DataType::Float64, Value::Decimal(text)) if decimal::significant_digits(text) > FLOAT_DIGITS_MAX => {
            Err(too_fine())
        }
        _ => scalar(value, data_type).map(lit).ok_or_else(|| ViewRefusal::new(ViewCode::Changed).with("name", name)),
    };
    let held = |value: &Value| !matches!(cut(value, data_type), Some(Cut::Above(_) | Cut::Beyond(_)));
    Ok(match test {
        TypedTest::Equals(value) if held(value) => column(name).eq(of(value)?),
        TypedTest::Equals(_) => lit(false),
        TypedTest::OneOf(values) => {
            let values = values.iter().filter(|value| held(value)).map(of).collect::<Result<Vec<_>, _>>()?;
            if values.is_empty() { lit(false) } else { column(name).in_list(values, false) }
        }
        TypedTest::Between { from, to } => {
            let mut all = column(name).is_not_null();
            if let Some(from) = from {
                all = all.and(match cut(from, data_type) {
                    Some(Cut::Above(units)) => column(name).gt(lit(decimal_of(units, data_type))),
                    Some(Cut::Beyond(positive)) => lit(!positive),
                    _ => column(name).gt_eq(of(from)?),
                });
            }
            if let Some(to) = to {
                all = all.and(match cut(to, data_type) {
                    Some(Cut::Above(units)) => column(name).lt_eq(lit(decimal_of(units, data_type))),
                    Some(Cut::Beyond(positive)) => lit(positive),
                    _ => column(name).lt_eq(of(to)?),
                });
            }
            all
        }
        TypedTest::StartsWith(prefix) => starts_with(column(name), lit(prefix.clone())),
    })
}

/// A decimal of a condition against the scale of its column; `None` when it is none.
fn cut(value: &Value, data_type: &DataType) -> Option<Cut> {
    match (value, data_type) {
        (Value::Decimal(text), DataType::Decimal128(_, scale)) => decimal::cut(text, u8::try_from(*scale).ok()?),
        _ => None,
    }
}

/// As many digits as there can be, so that a number longer than the column's is compared and not cut.
fn decimal_of(units: i128, data_type: &DataType) -> ScalarValue {
    let scale = if let DataType::Decimal128(_, scale) = data_type { *scale } else { 0 };
    ScalarValue::Decimal128(Some(units), 38, scale)
}

fn scalar(value: &Value, data_type: &DataType) -> Option<ScalarValue> {
    Some(match (value, data_type) {
        (Value::Text(text), DataType::Utf8) => ScalarValue::Utf8(Some(text.clone())),
        (Value::Integer(number), DataType::Int64) => ScalarValue::Int64(Some(*number)),
        (Value::Boolean(yes), DataType::Boolean) => ScalarValue::Boolean(Some(*yes)),
        (Value::Date(date), DataType::Date32) => ScalarValue::Date32(Some(types::days(*date))),
        (Value::DateTime(at), DataType::Timestamp(..)) => ScalarValue::TimestampMicrosecond(Some(*at), None),
        (Value::Decimal(text), DataType::Float64) => ScalarValue::Float64(Some(text.parse().ok()?)),
        (Value::Decimal(_), DataType::Decimal128(..)) => match cut(value, data_type)? {
            Cut::Exact(units) => decimal_of(units, data_type),
            _ => return None,
        },
        _ => return None,
    })
}
