//! Random tables, grants and queries, and what a naive reader of the same grant and query would be given.

use super::{
    keyed,
    sources::Table,
    told::{Form, Given},
};
use crate::world::{PURPOSE, item, name, terms};
use proptest::{collection::vec, option, prelude::*, sample::subsequence};
use serde_json::{Value as Json, json};
use shuqiao_plane::{book::GrantTerms, value::Value};
use shuqiao_vocabulary::{Condition, Date, ItemType, Literal, Mask, RowFilter, SharingMethod, Test};

pub(crate) const COLUMNS: [(&str, ItemType); 7] = [
    ("k", ItemType::Integer),
    ("a", ItemType::Text),
    ("b", ItemType::Integer),
    ("c", ItemType::Decimal),
    ("d", ItemType::Date),
    ("e", ItemType::Boolean),
    ("f", ItemType::DateTime),
];
pub(crate) const TEXTS: [&str; 15] =
    ["", "a", "a ", "ab", "Ab", "b", "=x", "é", "北", "北京", "北京市", "𠀀", "a'b\"c", "a,b\n", "%_\u{ffff}"];

/// A cell by its place in order: an index into `TEXTS`, a number, hundredths, days or half seconds.
pub(crate) type Cell = Option<i64>;
pub(crate) type Row = Vec<Cell>;

#[derive(Clone, Debug)]
pub(crate) enum Probe {
    Equals(i64),
    OneOf(Vec<i64>),
    Between(Option<i64>, Option<i64>),
    StartsWith(usize),
}

/// How a grant is made narrower.
#[derive(Clone, Debug)]
pub(crate) enum Narrowing {
    /// By a condition on its rows.
    Rows(usize, Probe),
    /// By an item less.
    Without(usize),
    /// By a mask on an item that had none.
    Mask(usize),
}

/// The kinds of masks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hiding {
    /// By what shows or is left of a value.
    Plain,
    /// By a hash under the grant's key.
    Hash,
    /// By another text of the same form.
    Token,
}

/// A table, a grant on it, how the grant becomes narrower, and a query under it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) rows: Vec<Row>,
    granted: Vec<usize>,
    masked: Vec<bool>,
    /// How each column is masked, where it is.
    hiding: Vec<Hiding>,
    pub(crate) filter: Vec<(usize, Probe)>,
    narrowing: Narrowing,
    asked: Vec<usize>,
    conditions: Vec<(usize, Probe)>,
    pub(crate) limit: u32,
}

fn cell(column: usize) -> impl Strategy<Value = i64> {
    match COLUMNS[column].1 {
        ItemType::Text => 0..TEXTS.len() as i64,
        ItemType::Boolean => 0..2,
        ItemType::Integer => -3..4,
        _ => -250..251,
    }
}

fn probe(column: usize) -> BoxedStrategy<(usize, Probe)> {
    let of_value = prop_oneof![cell(column).prop_map(Probe::Equals), vec(cell(column), 1..6).prop_map(Probe::OneOf),];
    let all = match COLUMNS[column].1 {
        ItemType::Boolean => of_value.boxed(),
        ItemType::Text => prop_oneof![
            of_value,
            (option::of(cell(column)), cell(column)).prop_map(|(from, to)| Probe::Between(from, Some(to))),
            (0..TEXTS.len()).prop_map(Probe::StartsWith),
        ]
        .boxed(),
        _ => prop_oneof![
            of_value,
            (cell(column), option::of(cell(column))).prop_map(|(from, to)| Probe::Between(Some(from), to)),
        ]
        .boxed(),
    };
    all.prop_map(move |probe| (column, probe)).boxed()
}

fn any_probe() -> impl Strategy<Value = (usize, Probe)> {
    (0..COLUMNS.len()).prop_flat_map(probe)
}

fn row() -> impl Strategy<Value = Row> {
    (1..COLUMNS.len()).map(|column| option::weighted(0.85, cell(column)).boxed()).collect::<Vec<_>>()
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    let columns: Vec<usize> = (0..COLUMNS.len()).collect();
    let granted = subsequence(columns, 1..=COLUMNS.len()).prop_shuffle();
    let hiding = prop_oneof![2 => Just(Hiding::Plain), 1 => Just(Hiding::Hash), 1 => Just(Hiding::Token)];
    let masks = (vec(prop::bool::weighted(0.25), COLUMNS.len()), vec(hiding, COLUMNS.len()));
    let shape = (vec(row(), 0..24), granted, masks);
    let narrowing = prop_oneof![
        2 => any_probe().prop_map(|(column, probe)| Narrowing::Rows(column, probe)),
        1 => (0..COLUMNS.len()).prop_map(Narrowing::Without),
        1 => (0..COLUMNS.len()).prop_map(Narrowing::Mask),
    ];
    let filter = (vec(any_probe(), 0..3), narrowing);
    (shape, filter, vec(any_probe(), 0..4), any::<prop::sample::Index>(), 1_u32..12).prop_map(
        |((rows, granted, (masked, hiding)), (filter, narrowing), conditions, asked, limit)| {
            let rows = (0_i64..).zip(rows).map(|(k, row)| [vec![Some(k)], row].concat()).collect();
            let asked = granted.iter().copied().take(asked.index(granted.len() + 1)).collect();
            let usable = |(column, _): &(usize, Probe)| granted.contains(column) && !masked[*column];
            let conditions = conditions.into_iter().filter(usable).collect();
            Case { rows, granted, masked, hiding, filter, narrowing, asked, conditions, limit }
        },
    )
}

pub(crate) fn date_of(days: i64) -> Date {
    let start: Date = "2000-01-01".parse().unwrap();
    let mut date = start;
    for _ in 0..days.abs() {
        date = if days < 0 { date.yesterday() } else { date.tomorrow() }.unwrap();
    }
    date
}

/// Half seconds around the beginning of 2000.
pub(crate) fn moment_of(halves: i64) -> String {
    let half = if halves.rem_euclid(2) == 1 { ".5" } else { "" };
    let seconds = halves.div_euclid(2) + 3_600;
    format!("2000-01-01T{:02}:{:02}:{:02}{half}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn hundredths(value: i64) -> String {
    format!("{}{}.{:02}", if value < 0 { "-" } else { "" }, value.abs() / 100, value.abs() % 100)
}

pub(crate) fn written(column: usize, value: i64) -> String {
    match COLUMNS[column].1 {
        ItemType::Text => TEXTS[value as usize].to_owned(),
        ItemType::Integer => value.to_string(),
        ItemType::Decimal => hundredths(value),
        ItemType::Date => date_of(value).to_string(),
        ItemType::DateTime => moment_of(value),
        ItemType::Boolean => (value == 1).to_string(),
    }
}

fn holds(column: usize, cell: Cell, probe: &Probe) -> bool {
    let is_text = COLUMNS[column].1 == ItemType::Text;
    let rank = |value: i64| if is_text { TEXTS[value as usize].as_bytes().to_vec() } else { Vec::new() };
    let order = |a: i64, b: i64| if is_text { rank(a).cmp(&rank(b)) } else { a.cmp(&b) };
    let Some(value) = cell else { return false };
    match probe {
        Probe::Equals(other) => order(value, *other).is_eq(),
        Probe::OneOf(others) => others.iter().any(|other| order(value, *other).is_eq()),
        Probe::Between(from, to) => {
            from.is_none_or(|from| order(value, from).is_ge()) && to.is_none_or(|to| order(value, to).is_le())
        }
        Probe::StartsWith(prefix) => TEXTS[value as usize].starts_with(TEXTS[*prefix]),
    }
}

fn mask(column: usize, hiding: Hiding) -> Mask {
    match (COLUMNS[column].1, hiding) {
        // How many zeros a decimal ends with is its source's matter, and a hash shows it.
        (ItemType::Decimal, _) => return Mask::Redact,
        (ItemType::Text, Hiding::Token) => return Mask::Token,
        (_, Hiding::Hash | Hiding::Token) => return Mask::KeyedHash,
        (_, Hiding::Plain) => {}
    }
    match COLUMNS[column].1 {
        ItemType::Text | ItemType::Integer => Mask::KeepEnds { head: 1, tail: 0 },
        ItemType::Date | ItemType::DateTime => Mask::YearOnly,
        _ => Mask::Redact,
    }
}

fn delivered(column: usize, cell: Cell, mask: Option<Mask>) -> Option<String> {
    match (mask, cell) {
        (None, cell) => cell.map(|value| written(column, value)),
        (Some(Mask::Redact), _) => Some("***".to_owned()),
        (_, None) => None,
        (Some(Mask::KeyedHash), Some(value)) => Some(keyed::keyed_hash(&written(column, value))),
        (Some(Mask::Token), Some(value)) => Some(keyed::token(&written(column, value))),
        (Some(Mask::YearOnly), Some(value)) => Some(written(column, value)[..4].to_owned()),
        (_, Some(value)) => {
            let text = written(column, value);
            let count = text.chars().count();
            let hide = |(at, c)| if at == 0 && count > 1 { c } else { '*' };
            Some(text.chars().enumerate().map(hide).collect())
        }
    }
}

impl Case {
    /// The case without columns of these types, for forms that have none; `None` when no other is granted.
    pub(crate) fn without(mut self, types: &[ItemType]) -> Option<Self> {
        let has = |column: &usize| !types.contains(&COLUMNS[*column].1);
        let keep = |probes: &mut Vec<(usize, Probe)>| probes.retain(|(column, _)| has(column));
        self.granted.retain(has);
        self.asked.retain(has);
        keep(&mut self.filter);
        keep(&mut self.conditions);
        let (Narrowing::Rows(column, _) | Narrowing::Without(column) | Narrowing::Mask(column)) = &self.narrowing;
        (!self.granted.is_empty() && has(column)).then_some(self)
    }

    /// The same rows under the narrower grant, and as much of the query as it still allows.
    pub(crate) fn narrowed(&self) -> Self {
        let mut narrow = self.clone();
        match self.narrowing.clone() {
            Narrowing::Rows(column, probe) => narrow.filter.push((column, probe)),
            // Of a query for one item nothing would be left.
            Narrowing::Without(column) if narrow.granted.len() > 1 && narrow.asked != [column] => {
                narrow.granted.retain(|granted| *granted != column);
                narrow.asked.retain(|asked| *asked != column);
                narrow.conditions.retain(|(asked, _)| *asked != column);
            }
            Narrowing::Without(_) => {}
            Narrowing::Mask(column) => {
                narrow.masked[column] = true;
                narrow.conditions.retain(|(asked, _)| *asked != column);
            }
        }
        narrow
    }

    /// Why the narrower grant refuses the query as it was, if it does.
    pub(crate) fn refused_by(&self, narrow: &Self) -> Option<&'static str> {
        let names = |column: &usize| self.asked.contains(column) || self.conditions.iter().any(|(c, _)| c == column);
        let probes = |column: &usize| self.conditions.iter().any(|(asked, _)| asked == column);
        let gone = self.granted.iter().filter(|column| !narrow.granted.contains(column)).any(names);
        let hidden = self.granted.iter().any(|column| narrow.masked[*column] && probes(column));
        gone.then_some("item_not_granted").or(hidden.then_some("condition_on_masked_item"))
    }

    /// The case with a query that has the other's conditions.
    pub(crate) fn with_conditions_of(&self, other: &Self) -> Self {
        Self { conditions: other.conditions.clone(), ..self.clone() }
    }

    /// The case with a query for all that is granted.
    pub(crate) fn whole(&self) -> Self {
        Self { asked: Vec::new(), conditions: Vec::new(), ..self.clone() }
    }

    pub(crate) fn is_masked(&self, column: usize) -> bool {
        self.masked[column]
    }

    fn mask(&self, column: usize) -> Option<Mask> {
        self.masked[column].then(|| mask(column, self.hiding[column]))
    }

    /// Why the rows cannot be brought by what changed of their key; `None` when they can.
    pub(crate) fn not_followed(&self) -> Option<&'static str> {
        match (self.granted.contains(&0), self.mask(0)) {
            (true, None) => None,
            // A hash names a row as well as the key does, and does not grow.
            (true, Some(Mask::KeyedHash)) => Some("change_item_unfit"),
            _ => Some("key_not_granted"),
        }
    }

    /// The case with the first half of its rows.
    pub(crate) fn first_half(&self) -> Self {
        let mut half = self.clone();
        let (mut at, middle) = (0, self.rows.len() / 2);
        // The row by which types are found stays, and stays hidden.
        half.rows.retain(|row| {
            at += 1;
            at <= middle || row[0] == Some(-1)
        });
        half
    }

    fn items(&self) -> &[usize] {
        if self.asked.is_empty() { &self.granted } else { &self.asked }
    }

    /// What a naive reader would be given, as this form tells it.
    pub(crate) fn expected(&self, form: Form) -> Given {
        let passes = |row: &&Row| {
            self.filter.iter().chain(&self.conditions).all(|(column, probe)| holds(*column, row[*column], probe))
        };
        let shown = |row: &Row| self.items().iter().map(|c| delivered(*c, row[*c], self.mask(*c))).collect();
        let columns = self.items().iter().map(|column| format!("item_{}", COLUMNS[*column].0)).collect();
        let rows = self.rows.iter().filter(passes).map(shown).collect();
        Given { columns, rows, aside: Vec::new() }.told_as(form, self)
    }

    /// The grant, by every way of sharing.
    pub(crate) fn terms(&self) -> GrantTerms {
        let items = self.granted.iter().map(|column| {
            let (column_name, item_type) = COLUMNS[*column];
            let mut item = item(&format!("item_{column_name}"), item_type);
            item.column = column_name.to_owned();
            item.mask = self.mask(*column);
            item
        });
        let mut grant = terms("t", items.collect(), &["k"]);
        grant.methods =
            vec![SharingMethod::ServiceInterface, SharingMethod::BatchExchange, SharingMethod::FileDownload];
        // Only what is filtered by: a form may lack a type.
        grant.filter_columns = COLUMNS
            .iter()
            .enumerate()
            .filter(|(at, _)| self.filter.iter().any(|(column, _)| column == at))
            .map(|(_, column)| column)
            .map(|(column, item_type)| (name(&format!("filter_{column}")), (*column).to_owned(), *item_type))
            .collect();
        grant.rows = RowFilter(self.filter.iter().map(|(column, probe)| granted_condition(*column, probe)).collect());
        grant
    }

    /// The query, as calls and orders of files are sent it.
    pub(crate) fn body(&self) -> Json {
        let asked: Vec<String> = self.asked.iter().map(|column| format!("item_{}", COLUMNS[*column].0)).collect();
        let conditions: Vec<Json> =
            self.conditions.iter().map(|(column, probe)| asked_condition(*column, probe)).collect();
        json!({"purpose": PURPOSE, "items": asked, "conditions": conditions})
    }

    /// The table, with its columns in order.
    pub(crate) fn table(&self) -> Table {
        let value = |(column, cell): (usize, &Cell)| cell.map_or(Value::Null, |cell| value(column, cell));
        let rows = self.rows.iter().map(|row| row.iter().enumerate().map(value).collect()).collect();
        Table { columns: COLUMNS.to_vec(), rows }
    }

    /// The case without the texts that a kind of source cannot carry.
    pub(crate) fn carried(mut self, carries: impl Fn(i64) -> bool) -> Self {
        for row in &mut self.rows {
            for (column, cell) in row.iter_mut().enumerate() {
                *cell = cell.filter(|value| COLUMNS[column].1 != ItemType::Text || carries(*value));
            }
        }
        self
    }
}

fn value(column: usize, cell: i64) -> Value {
    match COLUMNS[column].1 {
        ItemType::Text => Value::Text(TEXTS[cell as usize].to_owned()),
        ItemType::Integer => Value::Integer(cell),
        ItemType::Decimal => Value::Decimal(hundredths(cell)),
        ItemType::Date => Value::Date(date_of(cell)),
        ItemType::DateTime => Value::DateTime(946_684_800_000_000 + (cell + 7_200) * 500_000),
        ItemType::Boolean => Value::Boolean(cell == 1),
    }
}

fn literal(column: usize, value: i64) -> Literal {
    match COLUMNS[column].1 {
        ItemType::Integer => Literal::Integer(value),
        ItemType::Boolean => Literal::Boolean(value == 1),
        ItemType::Date => Literal::Date(date_of(value)),
        _ => Literal::Text(written(column, value)),
    }
}

fn granted_condition(column: usize, probe: &Probe) -> Condition {
    let literal = |value: &i64| literal(column, *value);
    let test = match probe {
        Probe::Equals(value) => Test::Equals(literal(value)),
        Probe::OneOf(values) => Test::OneOf(values.iter().map(literal).collect()),
        Probe::Between(from, to) => Test::Between { from: from.as_ref().map(literal), to: to.as_ref().map(literal) },
        Probe::StartsWith(prefix) => Test::StartsWith(TEXTS[*prefix].to_owned()),
    };
    Condition { item: name(&format!("filter_{}", COLUMNS[column].0)), test }
}

fn asked_condition(column: usize, probe: &Probe) -> Json {
    let literal = |value: &i64| match COLUMNS[column].1 {
        ItemType::Integer => json!(value),
        ItemType::Boolean => json!(*value == 1),
        _ => json!(written(column, *value)),
    };
    let item = format!("item_{}", COLUMNS[column].0);
    match probe {
        Probe::Equals(value) => json!({"item": item, "eq": literal(value)}),
        Probe::OneOf(values) => json!({"item": item, "in": values.iter().map(literal).collect::<Vec<_>>()}),
        Probe::Between(from, to) => {
            json!({"item": item, "range": {"from": from.as_ref().map(literal), "to": to.as_ref().map(literal)}})
        }
        Probe::StartsWith(prefix) => json!({"item": item, "prefix": TEXTS[*prefix]}),
    }
}
