"""Reads shared tables as a data officer would: with the client of the protocol's makers and pandas.

The question is a JSON file {"profile": {...}, "tables": ["share.schema.table", ...]}; the answer, on standard output, is
{"listed": [[share, schema, table], ...], "tables": {name: {"columns": {column: type}, "rows": [[...], ...]}}}.
"""

import json
import sys
import tempfile

import delta_sharing

with open(sys.argv[1], encoding="utf-8") as file:
    question = json.load(file)
with tempfile.NamedTemporaryFile("w", suffix=".share", encoding="utf-8") as profile:
    json.dump(question["profile"], profile)
    profile.flush()
    client = delta_sharing.SharingClient(profile.name)
    listed = sorted([table.share, table.schema, table.name] for table in client.list_all_tables())
    tables = {}
    for name in question["tables"]:
        frame = delta_sharing.load_as_pandas(f"{profile.name}#{name}")
        tables[name] = {
            "columns": {str(column): str(kind) for column, kind in frame.dtypes.items()},
            "rows": json.loads(frame.to_json(orient="values", force_ascii=False, date_format="iso")),
        }
print(json.dumps({"listed": listed, "tables": tables}, ensure_ascii=False))
