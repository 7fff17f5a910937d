//! The inputs of a view as tables of the engine: read page by page through the plane's own scans.

use crate::{pushdown, types};
use async_trait::async_trait;
use datafusion::{
    arrow::datatypes::{Field, Schema, SchemaRef},
    catalog::{Session, TableProvider},
    common::{Statistics, stats::Precision, tree_node::TreeNodeRecursion},
    error::{DataFusionError, Result},
    execution::{SendableRecordBatchStream, TaskContext},
    logical_expr::{Expr, TableProviderFilterPushDown, TableType},
    physical_expr::{EquivalenceProperties, PhysicalExpr},
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
        execution_plan::{Boundedness, EmissionType, ReplaceChildrenOptions},
        statistics::StatisticsArgs,
        stream::RecordBatchStreamAdapter,
    },
};
use futures_util::stream;
use shuqiao_plane::source::{
    InputTable, SourceError, Sources, TypedTest,
    view::{ViewCode, ViewInput, ViewRefusal, ViewSpec},
};
use std::{fmt, sync::Arc};

/// An input that was opened.
#[derive(Clone)]
pub(crate) struct Input {
    alias: Arc<str>,
    table: InputTable,
    schema: SchemaRef,
}

/// Opens the inputs of a view.
///
/// # Errors
/// `view_input_failed` with the input and what is wrong with its source.
pub(crate) async fn opened(sources: &Sources, view: &ViewSpec) -> std::result::Result<Vec<Input>, ViewRefusal> {
    let mut inputs = Vec::with_capacity(view.inputs.len());
    for ViewInput { alias, location, table } in &view.inputs {
        let table = sources.input(location, table).await.map_err(|error| failed(alias, &error))?;
        let field = |c: &shuqiao_plane::source::ColumnStructure| Field::new(&c.name, types::of_column(c), c.nullable);
        let schema = Arc::new(Schema::new(table.columns().iter().map(field).collect::<Vec<_>>()));
        inputs.push(Input { alias: alias.as_str().into(), table, schema });
    }
    Ok(inputs)
}

/// An error of a source says names, never values.
fn failed(alias: &str, error: &SourceError) -> ViewRefusal {
    match error {
        SourceError::View(refusal) => (**refusal).clone(),
        error => ViewRefusal::new(ViewCode::InputFailed).with("name", alias).with("reason", error),
    }
}

impl Input {
    /// What the SELECT calls it.
    pub(crate) fn alias(&self) -> &str {
        &self.alias
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Input({})", self.alias)
    }
}

#[async_trait]
impl TableProvider for Input {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn statistics(&self) -> Option<Statistics> {
        Some(rows_of(&self.schema, self.table.rows_estimate()))
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // Never exact: a filter that is left to a scan alone may be written anew by a later pass, into a form that the
        // scan does not know, and would then be tested by nobody.
        let how = |filter: &&Expr| match pushdown::pushed(filter, self.table.columns()) {
            Some(_) => TableProviderFilterPushDown::Inexact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(how).collect())
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let columns = projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        let schema = Arc::new(self.schema.project(&columns)?);
        let tests = filters.iter().filter_map(|filter| pushdown::pushed(filter, self.table.columns()));
        let conditions: Vec<(usize, TypedTest)> = tests.collect();
        // One part: the pages of a table come one after the other.
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema.clone()),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Arc::new(InputScanExec {
            input: self.clone(),
            columns,
            conditions,
            limit: limit.map(|rows| rows as u64),
            schema,
            properties: Arc::new(properties),
        }))
    }
}

fn rows_of(schema: &SchemaRef, rows: Option<u64>) -> Statistics {
    let mut statistics = Statistics::new_unknown(schema);
    if let Some(rows) = rows.and_then(|rows| usize::try_from(rows).ok()) {
        statistics.num_rows = Precision::Inexact(rows);
    }
    statistics
}

/// The scan of one input within a plan.
#[derive(Debug)]
pub(crate) struct InputScanExec {
    input: Input,
    columns: Vec<usize>,
    conditions: Vec<(usize, TypedTest)>,
    limit: Option<u64>,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

impl InputScanExec {
    /// About how many rows it yields at most.
    pub(crate) fn rows_estimate(&self) -> Option<u64> {
        match (self.input.table.rows_estimate(), self.limit) {
            (Some(rows), Some(limit)) => Some(rows.min(limit)),
            (rows, limit) => rows.or(limit),
        }
    }
}

/// Only the input's name: conditions hold values.
impl DisplayAs for InputScanExec {
    fn fmt_as(&self, _form: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InputScanExec: {}", self.input.alias)
    }
}

impl ExecutionPlan for InputScanExec {
    fn name(&self) -> &str {
        "InputScanExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        _children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(self: Arc<Self>, _children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, _partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let scan = self.input.table.scan(&self.columns, self.conditions.clone(), self.limit);
        let rows = context.session_config().batch_size();
        let (alias, schema) = (self.input.alias.clone(), self.schema.clone());
        let pages = stream::try_unfold((scan, None), move |(mut scan, held)| {
            let (alias, schema) = (alias.clone(), schema.clone());
            async move {
                let external = |refusal: ViewRefusal| DataFusionError::External(Box::new(refusal));
                // A page is handed on in batches of the size that the operators above were made for.
                let page = match held {
                    Some(page) => page,
                    None => match scan.next_page().await.map_err(|error| external(failed(&alias, &error)))? {
                        Some(page) => types::batch(&schema, &page).map_err(external)?,
                        None => return Ok(None),
                    },
                };
                let now = page.num_rows().min(rows);
                let rest = (page.num_rows() > now).then(|| page.slice(now, page.num_rows() - now));
                Ok(Some((page.slice(0, now), (scan, rest))))
            }
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), pages)))
    }

    fn statistics_from_inputs(&self, _inputs: &[Arc<Statistics>], _args: &StatisticsArgs) -> Result<Arc<Statistics>> {
        Ok(Arc::new(rows_of(&self.schema, self.rows_estimate())))
    }
}
