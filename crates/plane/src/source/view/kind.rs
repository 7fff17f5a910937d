//! A view as a kind of source: one table, described and scanned by the engine behind the port.

use super::{Look, VIEW_TABLE, ViewCode, ViewCondition, ViewEngine, ViewRefusal, ViewScan, ViewSpec, ViewStructure};
use crate::{
    source::{
        ColumnStructure, OpenSource, SourceError, Structure, TableStructure,
        describe::{Described, FileIdentity, Native, PhysicalColumn, PhysicalTable},
        kind::Source,
        sql::{Dialect, ScanRequest},
        sqlite::GATHERED_BYTES_MAX,
    },
    value::Value,
};
use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use shuqiao_vocabulary::ItemType;
use std::{collections::HashMap, sync::Arc, time::Duration};

/// What a view is, is asked again after this long. That its rows are what was published is checked with every answer.
const VIEW_FRESH: Duration = Duration::from_secs(30);

/// A provider's view.
pub(crate) struct ViewSource {
    view: ViewSpec,
    inputs: Vec<Arc<OpenSource>>,
    engine: Option<Arc<dyn ViewEngine>>,
}

impl ViewSource {
    /// The view over these opened inputs; nothing is planned yet.
    pub(crate) fn new(view: ViewSpec, inputs: Vec<Arc<OpenSource>>, engine: Option<Arc<dyn ViewEngine>>) -> Self {
        Self { view, inputs, engine }
    }

    fn engine(&self) -> Result<&Arc<dyn ViewEngine>, SourceError> {
        self.engine.as_ref().ok_or_else(|| ViewRefusal::new(ViewCode::EngineMissing).into())
    }

    async fn look(&self, look: Look) -> Result<Structure, SourceError> {
        let engine = self.engine()?;
        // Files are read in here, with the patience that takes; the engine finds their snapshots.
        for input in &self.inputs {
            input.current().await?;
        }
        Ok(self.structure(engine.describe(&self.view, look).await?))
    }

    fn structure(&self, found: ViewStructure) -> Structure {
        let column = |column: super::ViewColumn| ColumnStructure {
            name: column.name,
            item_type: column.item_type,
            nullable: column.nullable,
            native_type: column.native_type,
        };
        let table = TableStructure {
            name: VIEW_TABLE.to_owned(),
            rows_estimate: found.rows,
            columns: found.columns.into_iter().map(column).collect(),
            key: self.view.key.clone(),
        };
        Structure::of(vec![table], None).under(self.view.threshold.clone())
    }
}

#[async_trait]
impl Source for ViewSource {
    fn fresh(&self) -> Duration {
        VIEW_FRESH
    }

    async fn describe(&self, known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError> {
        let structure = self.look(Look::Shape).await?;
        if let Some(known) = known.as_ref().filter(|known| known.structure.digest == structure.digest) {
            return Ok(known.clone());
        }
        let physical = |column: &ColumnStructure| {
            let physical =
                PhysicalColumn { quoted: String::new(), native: Native::Declared, item_type: column.item_type };
            (column.name.clone(), physical)
        };
        let columns: HashMap<_, _> = structure.tables.iter().flat_map(|t| &t.columns).map(physical).collect();
        let table = PhysicalTable { quoted: String::new(), columns };
        Ok(Arc::new(Described {
            structure,
            tables: HashMap::from([(VIEW_TABLE.to_owned(), table)]),
            dialect: Dialect::NUMBERED,
            edition: Described::next_edition(known.as_deref()),
            file: None,
            identity: FileIdentity::default(),
            schema_version: 0,
        }))
    }

    async fn examine(&self, _described: &Described) -> Result<Structure, SourceError> {
        self.look(Look::Rows).await
    }

    async fn probe(&self, _described: &Described) -> Result<(), SourceError> {
        self.look(Look::Shape).await.map(|_| ())
    }

    async fn scan(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        let named = |at: &usize| -> (String, ItemType) {
            let column = &request.plan.columns[*at];
            (column.name.clone(), column.item_type)
        };
        let condition = |condition: &crate::source::TypedCondition| {
            let (column, item_type) = named(&condition.column);
            ViewCondition { column, item_type, test: condition.test.clone() }
        };
        let scan = ViewScan {
            columns: request.columns.iter().map(named).collect(),
            conditions: request.conditions.iter().map(condition).collect(),
            key: request.plan.key.iter().map(named).collect(),
            after: request.after.map(<[Value]>::to_vec),
            limit: request.limit,
        };
        let mut stream = self.engine()?.scan(&self.view, &scan).await?;
        let (mut rows, mut weight) = (Vec::new(), 0);
        while let Some(page) = stream.try_next().await? {
            weight += page.iter().flatten().map(Value::weight).sum::<usize>();
            if weight > GATHERED_BYTES_MAX {
                return Err(SourceError::TooLarge);
            }
            rows.extend(page);
        }
        Ok(rows)
    }
}
