//! What a view may say: one SELECT over its inputs, no more than so long and so deep, with functions from a list.
//!
//! The parser's tree is looked at before anything is planned, because it still knows where each thing stands. The plan
//! is held against the list of functions once more in `scan`: what a planner makes of a construct is the engine's choice.

use crate::functions;
use datafusion::sql::sqlparser::{
    ast::{
        Cte, Expr, ObjectName, ObjectNamePart, Query, Select, SetExpr, Spanned, Statement, TableFactor, Visit as _,
        Visitor,
    },
    dialect::PostgreSqlDialect,
    parser::{Parser, ParserError},
    tokenizer::Span,
};
use shuqiao_plane::source::view::{
    INPUTS_MAX, KEY_COLUMNS_MAX, SQL_BYTES_MAX, SUBJECTS_MAX, SUBJECTS_MIN, ViewCode, ViewRefusal, ViewSpec,
};
use std::{
    collections::{BTreeSet, HashSet},
    ops::ControlFlow,
};

/// Brackets and the like within each other.
const DEPTH_MAX: usize = 40;
/// Expressions of a view.
const EXPRESSIONS_MAX: usize = 2_000;
/// Tables, subqueries and joins of a view: the order of joins is looked for among all of them.
const RELATIONS_MAX: usize = 64;
/// Bytes of an alias of an input.
const ALIAS_BYTES_MAX: usize = 120;

/// The one SELECT of a view whose every part is on the list.
///
/// # Errors
/// Why it cannot be taken, with its place where it has one.
pub(crate) fn checked(view: &ViewSpec) -> Result<Statement, ViewRefusal> {
    check_inputs(view)?;
    if view.sql.len() > SQL_BYTES_MAX {
        return Err(too_complex("bytes", SQL_BYTES_MAX));
    }
    let mut statements = Parser::new(&PostgreSqlDialect {})
        .with_recursion_limit(DEPTH_MAX)
        .try_with_sql(&view.sql)
        .and_then(|mut parser| parser.parse_statements())
        .map_err(syntax)?;
    let statement = match (statements.pop(), statements.len()) {
        (Some(statement @ Statement::Query(_)), 0) => statement,
        (Some(_), 1..) => return Err(ViewRefusal::new(ViewCode::NotSelect).with("what", "several statements")),
        (Some(other), _) => return Err(placed(ViewRefusal::new(ViewCode::NotSelect), other.span())),
        (None, _) => return Err(ViewRefusal::new(ViewCode::NotSelect)),
    };
    let mut check = Check { names: view.inputs.iter().map(|input| input.alias.clone()).collect(), ..Check::default() };
    // Names of common tables count from anywhere in the statement; the planner sees to where they hold.
    let _all = statement.visit(&mut CommonTables(&mut check.names));
    match statement.visit(&mut check) {
        ControlFlow::Break(refusal) => Err(*refusal),
        ControlFlow::Continue(()) => Ok(statement),
    }
}

fn check_inputs(view: &ViewSpec) -> Result<(), ViewRefusal> {
    let input = |name: &str| Err(ViewRefusal::new(ViewCode::Input).with("name", name));
    if view.inputs.is_empty() || view.inputs.len() > INPUTS_MAX {
        return Err(ViewRefusal::new(ViewCode::Input).with("limit", INPUTS_MAX));
    }
    let mut seen = HashSet::new();
    for alias in view.inputs.iter().map(|input| &input.alias) {
        let plain = alias.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && alias.chars().all(|c| c.is_alphanumeric() || c == '_')
            && alias.len() <= ALIAS_BYTES_MAX;
        if !plain || !seen.insert(alias) {
            return input(alias);
        }
    }
    let distinct: BTreeSet<&String> = view.key.iter().collect();
    if distinct.len() < view.key.len() || view.key.len() > KEY_COLUMNS_MAX {
        return Err(ViewRefusal::new(ViewCode::KeyUnknown).with("limit", KEY_COLUMNS_MAX));
    }
    let minimum = view.threshold.as_ref().map(|threshold| threshold.minimum);
    if minimum.is_some_and(|minimum| !(SUBJECTS_MIN..=SUBJECTS_MAX).contains(&minimum)) {
        let limits = ViewRefusal::new(ViewCode::ThresholdMinimum).with("from", SUBJECTS_MIN);
        return Err(limits.with("limit", SUBJECTS_MAX));
    }
    Ok(())
}

fn too_complex(what: &str, limit: usize) -> ViewRefusal {
    ViewRefusal::new(ViewCode::TooComplex).with("what", what).with("limit", limit)
}

fn placed(refusal: ViewRefusal, span: Span) -> ViewRefusal {
    if span.start.line == 0 { refusal } else { refusal.at(span.start.line, span.start.column) }
}

/// What the parser says, with the place that stands at the end of its sentence.
pub(crate) fn syntax(error: ParserError) -> ViewRefusal {
    let text = match error {
        ParserError::RecursionLimitExceeded => return too_complex("depth", DEPTH_MAX),
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text,
    };
    let refusal = ViewRefusal::new(ViewCode::Syntax);
    let Some((sentence, place)) = text.rsplit_once(" at Line: ") else {
        return refusal.with("reason", text);
    };
    let numbers = place.split_once(", Column: ").and_then(|(l, c)| Some((l.parse().ok()?, c.parse().ok()?)));
    let refusal = refusal.with("reason", sentence);
    match numbers {
        Some((line, column)) => refusal.at(line, column),
        None => refusal,
    }
}

struct CommonTables<'a>(&'a mut HashSet<String>);

impl Visitor for CommonTables<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let tables = query.with.iter().flat_map(|with| &with.cte_tables);
        self.0.extend(tables.map(|Cte { alias, .. }| alias.name.value.clone()));
        ControlFlow::Continue(())
    }
}

#[derive(Default)]
struct Check {
    names: HashSet<String>,
    expressions: usize,
    relations: usize,
}

type Verdict = ControlFlow<Box<ViewRefusal>>;

fn refuse(refusal: ViewRefusal, span: Span) -> Verdict {
    ControlFlow::Break(Box::new(placed(refusal, span)))
}

fn construct(what: &str, span: Span) -> Verdict {
    refuse(ViewRefusal::new(ViewCode::Construct).with("what", what), span)
}

impl Check {
    fn count(&mut self) -> Verdict {
        if self.expressions > EXPRESSIONS_MAX {
            return refuse(too_complex("expressions", EXPRESSIONS_MAX), Span::empty());
        }
        if self.relations > RELATIONS_MAX {
            return refuse(too_complex("tables", RELATIONS_MAX), Span::empty());
        }
        ControlFlow::Continue(())
    }
}

impl Visitor for Check {
    type Break = Box<ViewRefusal>;

    fn pre_visit_statement(&mut self, statement: &Statement) -> Verdict {
        match statement {
            Statement::Query(_) => ControlFlow::Continue(()),
            other => refuse(ViewRefusal::new(ViewCode::NotSelect), other.span()),
        }
    }

    fn pre_visit_query(&mut self, query: &Query) -> Verdict {
        self.relations += 1;
        self.count()?;
        let odd = [
            ("WITH RECURSIVE", query.with.as_ref().is_some_and(|with| with.recursive)),
            ("FOR", !query.locks.is_empty() || query.for_clause.is_some()),
            ("SETTINGS", query.settings.is_some()),
            ("FORMAT", query.format_clause.is_some()),
            ("|>", !query.pipe_operators.is_empty()),
        ];
        match odd.into_iter().find(|(_, used)| *used) {
            Some((what, _)) => construct(what, query.span()),
            None => only_selects(&query.body),
        }
    }

    fn pre_visit_select(&mut self, select: &Select) -> Verdict {
        let odd = [
            ("INTO", select.into.is_some()),
            ("LATERAL VIEW", !select.lateral_views.is_empty()),
            ("CONNECT BY", !select.connect_by.is_empty()),
            ("PREWHERE", select.prewhere.is_some()),
        ];
        match odd.into_iter().find(|(_, used)| *used) {
            Some((what, _)) => construct(what, select.span()),
            None => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> Verdict {
        self.relations += 1;
        self.count()?;
        match factor {
            TableFactor::Table { args: None, version: None, sample: None, .. }
            | TableFactor::Derived { .. }
            | TableFactor::NestedJoin { .. } => ControlFlow::Continue(()),
            other => construct("table function", other.span()),
        }
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> Verdict {
        match relation.0.as_slice() {
            [ObjectNamePart::Identifier(name)] if self.names.contains(&name.value) => ControlFlow::Continue(()),
            _ => refuse(ViewRefusal::new(ViewCode::TableUnknown).with("name", relation), relation.span()),
        }
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> Verdict {
        self.expressions += 1;
        self.count()?;
        match expression {
            Expr::Function(function) => match function.name.0.as_slice() {
                [ObjectNamePart::Identifier(name)] if functions::allowed(&name.value) => ControlFlow::Continue(()),
                _ => {
                    let refusal = ViewRefusal::new(ViewCode::Function).with("name", &function.name);
                    refuse(refusal, function.name.span())
                }
            },
            Expr::Value(value) if matches!(value.value, datafusion::sql::sqlparser::ast::Value::Placeholder(_)) => {
                construct("placeholder", value.span)
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

fn only_selects(body: &SetExpr) -> Verdict {
    match body {
        SetExpr::Select(_) | SetExpr::Query(_) | SetExpr::Values(_) => ControlFlow::Continue(()),
        SetExpr::SetOperation { left, right, .. } => {
            only_selects(left)?;
            only_selects(right)
        }
        other => refuse(ViewRefusal::new(ViewCode::NotSelect), other.span()),
    }
}
