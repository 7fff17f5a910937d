"""The peer's side, and the tables for both: DuckDB and the TPC-H generator, by their packages for Python.

`peer.py tables FOLDER` reads FOLDER/lineitem.parquet and FOLDER/orders.parquet into the SQLite file FOLDER/tpch.db.
`peer.py write FOLDER TABLE FORMAT OUT` writes what the grant gives of a table, and prints `seconds rows`.
"""

import sqlite3
import sys
import time

import duckdb

KEEP_ENDS = (
    "CASE WHEN length({c}) > {n} THEN left({c}, {head}) || repeat('*', length({c}) - {n}) || right({c}, {tail}) "
    "ELSE repeat('*', length({c})) END AS {c}"
)
DAYS = "BETWEEN DATE '1994-01-01' AND DATE '1996-12-31'"
GRANTED = {
    "lineitem": "SELECT l_orderkey, l_linenumber, l_quantity, l_extendedprice, l_shipdate, l_shipmode, "
    + KEEP_ENDS.format(c="l_comment", n=4, head=2, tail=2)
    + f" FROM '{{folder}}/lineitem.parquet' WHERE l_shipdate {DAYS} ORDER BY l_orderkey, l_linenumber",
    "orders": "SELECT o_orderkey, o_totalprice, o_orderdate, o_orderpriority, "
    + KEEP_ENDS.format(c="o_clerk", n=6, head=6, tail=0).replace("right(o_clerk, 0)", "''")
    + f" FROM '{{folder}}/orders.parquet' WHERE o_orderdate {DAYS} ORDER BY o_orderkey",
}
COLUMNS = {
    "lineitem": "l_orderkey INTEGER, l_linenumber INTEGER, l_quantity TEXT, l_extendedprice TEXT, "
    "l_shipdate DATE, l_shipmode TEXT, l_comment TEXT, PRIMARY KEY (l_orderkey, l_linenumber)",
    "orders": "o_orderkey INTEGER PRIMARY KEY, o_totalprice TEXT, o_orderdate DATE, o_orderpriority TEXT, "
    "o_clerk TEXT",
}
FORMATS = {"parquet": "FORMAT parquet, COMPRESSION snappy", "csv": "FORMAT csv, HEADER"}


def tables(folder):
    database = sqlite3.connect(f"{folder}/tpch.db")
    for table, columns in COLUMNS.items():
        database.execute(f"CREATE TABLE {table} ({columns})")
        names = [column.split()[0] for column in columns.split(", PRIMARY")[0].split(", ")]
        # SQLite would make fractions of decimals; text keeps them as they are.
        texts = [f"{name}::text" if "key" not in name and "number" not in name else name for name in names]
        rows = duckdb.connect()
        rows.execute(f"SELECT {', '.join(texts)} FROM '{folder}/{table}.parquet' ORDER BY {', '.join(names[:2])}")
        while chunk := rows.fetchmany(100_000):
            database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", chunk)
    database.commit()


def write(folder, table, form, out):
    begun = time.perf_counter()
    query = GRANTED[table].format(folder=folder)
    rows = duckdb.connect().execute(f"COPY ({query}) TO '{out}' ({FORMATS[form]})").fetchall()[0][0]
    print(time.perf_counter() - begun, rows)


{"tables": tables, "write": write}[sys.argv[1]](*sys.argv[2:])
