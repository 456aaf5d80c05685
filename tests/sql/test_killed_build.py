"""A build that is killed leaves a warehouse that opens, whatever stands in the write-ahead log."""

import shutil
import signal
import subprocess
import sys

import duckdb

# Comments as dbt's persist_docs writes them, and then the end before a checkpoint.
COMMENTING = """
import os, signal, sys
import duckdb
connection = duckdb.connect(sys.argv[1])
columns = "select schema_name, table_name, column_name from duckdb_columns() where not internal"
for schema, table, column in connection.execute(columns).fetchall():
    if schema in ("main", "meta"):
        connection.execute(f'comment on column "{schema}"."{table}"."{column}" is \\'said again\\'')
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_log_of_a_killed_build_can_be_replayed(nights, tmp_path) -> None:
    warehouse = shutil.copy(nights.warehouse, tmp_path / "warehouse.duckdb")
    ended = subprocess.run([sys.executable, "-c", COMMENTING, warehouse], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert warehouse.with_name("warehouse.duckdb.wal").stat().st_size > 1000
    with duckdb.connect(str(warehouse)) as connection:
        said = "select count(*) from duckdb_columns() where comment = 'said again' and table_name = 'topic_daily'"
        assert connection.execute(said).fetchone()[0] > 5
