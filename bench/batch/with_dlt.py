"""The same table with dlt: `with_dlt.py SOURCE_URL TARGET_URL`. Its Arrow backend, which is its quickest; one table, replaced."""

import os
import sys
import tempfile

# Nothing of the run is told to anybody, and nothing stays.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"

import dlt  # noqa: E402
from dlt.sources.sql_database import sql_table  # noqa: E402

source, target = sys.argv[1:3]
# It asks for a password, and for the dialect's long name; the server asks for neither.
source = source.replace("postgres://", "postgresql+psycopg2://", 1)
target = target.replace("postgres://", "postgresql://", 1).replace("@", ":none@", 1)
with tempfile.TemporaryDirectory() as folder:
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=folder,
        destination=dlt.destinations.postgres(target),
        dataset_name="public",
    )
    rows = sql_table(credentials=source, schema="public", table="t", backend="pyarrow", chunk_size=50_000)
    pipeline.run(rows, table_name="received", write_disposition="replace")
