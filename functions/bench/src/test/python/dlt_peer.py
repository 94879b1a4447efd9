"""Reads account_move_line of a PostgreSQL into Parquet files with dlt, and prints the seconds and the rows.

usage: dlt_peer.py postgresql+psycopg2://user@host:port/database FOLDER    (pip install "dlt[parquet,filesystem,sql_database]" psycopg2-binary)
"""

import os
import resource
import sys
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["DATA_WRITER__DISABLE_COMPRESSION"] = "true"

import dlt
from dlt.sources.sql_database import sql_table

address, folder = sys.argv[1:]
started = time.monotonic()
pipeline = dlt.pipeline(
    "peer",
    pipelines_dir=folder + "/work",
    destination=dlt.destinations.filesystem("file://" + folder + "/out"),
    dataset_name="bronze",
)
rows = sql_table(credentials=address, table="account_move_line", backend="pyarrow", chunk_size=100_000)
pipeline.run(rows, loader_file_format="parquet")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(f"DLT {time.monotonic() - started:.2f} s, peak {peak} MB, {pipeline.last_trace.last_normalize_info.row_counts}")
