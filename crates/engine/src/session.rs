//! The session in which one view is planned and run: its inputs and nothing else, and what it may take.

use crate::input::Input;
use datafusion::{
    catalog::TableProvider,
    common::TableReference,
    execution::{
        SessionStateBuilder,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::FairSpillPool,
        runtime_env::RuntimeEnvBuilder,
    },
    prelude::{SessionConfig, SessionContext},
};
use shuqiao_plane::source::view::{ViewCode, ViewLimits, ViewRefusal};
use std::sync::Arc;

/// Parts in which joins and groups are computed: sort-merge joins, which can put aside, exist from two on.
const PARTITIONS: usize = 2;

/// Rows that operators hand on at a time where memory is short.
const MERGED_BATCH_ROWS: usize = 512;

/// How joins are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joins {
    /// In memory: quick, and refused when it does not fit.
    Hashed,
    /// By sorting both sides, on disk where need be.
    Merged,
}

/// A session over these inputs.
pub(crate) fn session(limits: &ViewLimits, inputs: &[Input], joins: Joins) -> Result<SessionContext, ViewRefusal> {
    let failed = |_| ViewRefusal::new(ViewCode::Failed);
    let memory = usize::try_from(limits.memory_bytes).unwrap_or(usize::MAX);
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![limits.temp_folder.clone()]))
        .with_max_temp_directory_size(limits.temp_bytes);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(memory)))
        .with_disk_manager_builder(disk)
        .build_arc()
        .map_err(failed)?;
    let mut config = SessionConfig::new().with_target_partitions(PARTITIONS).with_information_schema(false);
    // What is merged from disk holds a batch of each run in memory: small ones let more runs fit.
    if joins == Joins::Merged {
        config = config.with_batch_size(MERGED_BATCH_ROWS);
    }
    let options = config.options_mut();
    // Names are written as the source has them; numbers with decimals are exact; errors know their place.
    options.sql_parser.enable_ident_normalization = false;
    options.sql_parser.parse_float_as_decimal = true;
    options.sql_parser.collect_spans = true;
    options.optimizer.prefer_hash_join = joins == Joins::Hashed;
    options.execution.sort_spill_reservation_bytes = (memory / 32).min(10 * 1024 * 1024);
    let state = SessionStateBuilder::new().with_config(config).with_runtime_env(runtime).with_default_features();
    let session = SessionContext::new_with_state(state.build());
    for input in inputs {
        let table: Arc<dyn TableProvider> = Arc::new(input.clone());
        session.register_table(TableReference::bare(input.alias()), table).map_err(failed)?;
    }
    Ok(session)
}
