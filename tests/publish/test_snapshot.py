"""The published file is replaced whole or not at all."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import PublishError
from pipeline.publish.snapshot import publish_snapshot


@pytest.fixture
def warehouse(tmp_path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    write(path, "run-1")
    return path


def write(path: Path, run_id: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema if not exists meta")
        connection.execute(f"create or replace table meta.snapshot as select '{run_id}' as run_id")


def published_run(path: Path) -> object:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select run_id from meta.snapshot").fetchall()[0][0]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_reader_keeps_what_it_opened_and_the_next_gets_the_new(tmp_path, warehouse):
    news = tmp_path / "published" / "news.duckdb"
    size = publish_snapshot(warehouse, news)
    assert size == news.stat().st_size
    with duckdb.connect(str(news), read_only=True) as reader:
        write(warehouse, "run-2")
        publish_snapshot(warehouse, news)
        assert reader.execute("select run_id from meta.snapshot").fetchall() == [("run-1",)]
    assert published_run(news) == "run-2"
    assert names(news.parent) == {"news.duckdb"}


def test_what_the_write_ahead_log_holds_is_published(tmp_path, warehouse):
    killed = f"""
import duckdb, os
connection = duckdb.connect({str(warehouse)!r})
connection.execute("pragma disable_checkpoint_on_shutdown")
connection.execute("set checkpoint_threshold = '1GB'")
connection.execute("update meta.snapshot set run_id = 'in the log'")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", killed], check=True)
    assert warehouse.with_name("warehouse.duckdb.wal").exists()
    news = tmp_path / "news.duckdb"
    publish_snapshot(warehouse, news)
    assert published_run(news) == "in the log"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda warehouse: warehouse.unlink(), "there is no"),
        (lambda warehouse: warehouse.write_bytes(b"not a database" * 1000), "not a valid"),
        (lambda warehouse: duckdb.connect(str(warehouse)).execute("drop schema meta cascade").close(), "snapshot"),
    ],
    ids=["no warehouse", "a broken warehouse", "a warehouse without the models"],
)
def test_a_failure_leaves_the_last_snapshot_and_nothing_else(tmp_path, warehouse, spoil, reason):
    news = tmp_path / "published" / "news.duckdb"
    publish_snapshot(warehouse, news)
    spoil(warehouse)
    with pytest.raises(PublishError, match=rf"{reason}[\s\S]*The last snapshot stands"):
        publish_snapshot(warehouse, news)
    assert published_run(news) == "run-1"
    assert names(news.parent) == {"news.duckdb"}


def test_the_leavings_of_a_killed_run_are_removed(tmp_path, warehouse):
    leaving = tmp_path / ".news.duckdb.4711.tmp"
    leaving.write_bytes(b"half a copy")
    publish_snapshot(warehouse, tmp_path / "news.duckdb")
    assert names(tmp_path) == {"warehouse.duckdb", "news.duckdb"}
