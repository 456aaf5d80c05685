"""The file: opened, migrated, handed over, compacted; and what a person reads when that fails."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import WarehouseError
from pipeline.types import Window
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import merge, read
from pipeline.warehouse.engine import Connection, Warehouse
from pipeline.warehouse.migrations import MIGRATIONS, migrate, schema_version
from pipeline.warehouse.publishing import fingerprints
from pipeline.warehouse.runs import begin_run


def feeds(warehouse: Warehouse) -> list[str]:
    with warehouse.begin() as conn:
        return [row["feed_id"] for row in read(conn, "select feed_id from ingest.feeds order by all")]


def states(conn: Connection) -> list[str]:
    """The runs, newest first."""
    runs = read(conn, "select run_id, state from ingest.runs order by started_at desc")
    return [f"{run['run_id']} {run['state']}" for run in runs]


def test_a_new_file_has_every_table_with_its_comments(path: Path, make: Any) -> None:
    with Warehouse(path, "nightly") as warehouse, warehouse.begin() as conn:
        found = read(conn, "select table_name, comment from duckdb_tables() where schema_name = 'ingest'")
        columns = read(
            conn, "select table_name, column_name, comment from duckdb_columns() where schema_name = 'ingest'"
        )
        stamp = read(conn, "select * from ingest.schema_version")

    assert {row["table_name"]: row["comment"] for row in found} == {
        table.name: table.comment for table in tables.metadata.sorted_tables
    }
    assert {(row["table_name"], row["column_name"]): row["comment"] for row in columns} == {
        (table.name, column.name): column.comment for table in tables.metadata.sorted_tables for column in table.columns
    }
    assert stamp == [{"version": tables.SCHEMA_VERSION, "applied_at": make.now}]


def test_an_older_file_is_brought_up_to_date_once(path: Path, make: Any) -> None:
    newest = tables.SCHEMA_VERSION + 2
    migrations = [
        (newest - 1, ["alter table ingest.feeds add column colour varchar"]),
        (newest, ["update ingest.feeds set colour = 'red'"]),
    ]
    with Warehouse(path, "nightly") as warehouse:
        with warehouse.begin() as conn:
            merge(conn, tables.feeds, {"feed_id": ["f"]})
            migrate(conn, make.now, migrations=migrations, version=newest)
        with warehouse.begin() as conn:
            migrate(conn, make.now, migrations=migrations, version=newest)
            assert schema_version(conn) == newest
            assert read(conn, "select colour from ingest.feeds") == [{"colour": "red"}]


def test_a_file_of_the_first_version_gets_the_columns_and_comments_of_a_new_one(path: Path, make: Any) -> None:
    columns = "select table_name, column_name, data_type, comment from duckdb_columns() where schema_name = 'ingest'"
    with Warehouse(path, "nightly") as warehouse, warehouse.begin() as conn:
        new = read(conn, f"{columns} order by table_name, column_name")
        for _, statements in MIGRATIONS:
            for added in (words.split(" add column ") for words in statements if " add column " in words):
                conn.exec_driver_sql(f"{added[0]} drop column {added[1].split()[0]}")
        conn.exec_driver_sql("delete from ingest.schema_version")
        conn.exec_driver_sql("insert into ingest.schema_version values (1, null)")
        migrate(conn, make.now)
        assert read(conn, f"{columns} order by table_name, column_name") == new


def test_a_code_that_stood_for_its_own_label_has_none_any_more(path: Path, make: Any) -> None:
    labels = {"subj:04000000": "04000000", "house:9": "Ships", "tag:ships": "ships"}
    with Warehouse(path, "nightly") as warehouse, warehouse.begin() as conn:
        merge(conn, tables.topics, {"topic_id": list(labels), "label": list(labels.values())})
        [(_, statements)] = MIGRATIONS
        migrate(conn, make.now, migrations=[(99, [one for one in statements if "ingest.topics" in one])], version=99)
        found = read(conn, "select topic_id, label from ingest.topics")
        assert {row["topic_id"]: row["label"] for row in found} == labels | {"subj:04000000": None}


def test_a_file_of_a_newer_dateline_is_refused(path: Path) -> None:
    with duckdb.connect(str(path)) as duck:
        duck.execute("insert into ingest.schema_version values (99, null)")

    with pytest.raises(WarehouseError, match=f"version 99 .* up to {tables.SCHEMA_VERSION}: run the newer Dateline"):
        Warehouse(path, "nightly").__enter__()
    with duckdb.connect(str(path)) as duck:  # let go of, lease and file
        duck.execute("delete from ingest.schema_version where version = 99")
    with Warehouse(path, "nightly"):
        pass


def foreign(path: Path) -> None:
    path.write_text("This is a diary, not a database. " * 500)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("damage", "words"), [(foreign, "it is no DuckDB file"), (cut, "damaged"), (folder, "it is no DuckDB file")]
)
def test_a_file_that_cannot_be_used_is_named_with_the_remedy(
    path: Path, damage: Callable[[Path], None], words: str
) -> None:
    damage(path)

    with pytest.raises(WarehouseError) as caught:
        Warehouse(path, "nightly").__enter__()
    assert str(path) in str(caught.value)
    assert words in str(caught.value)
    assert "dateline backfill --warc" in str(caught.value)


def test_a_file_that_another_program_has_open_is_named(path: Path) -> None:
    code = f"import duckdb; c = duckdb.connect({str(path)!r}); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        with pytest.raises(WarehouseError, match=r"Close what has it open .*analysts open news\.duckdb"):
            Warehouse(path, "nightly").__enter__()
        process.communicate(b"\n")


FULL = """
import resource, signal, sys
from pathlib import Path
from pipeline.errors import WarehouseError
from pipeline.warehouse.engine import Warehouse
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Warehouse(Path(sys.argv[1]), "nightly") as warehouse:
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, -1))
    try:
        with warehouse.begin() as conn:
            conn.exec_driver_sql(
                "create table big as select hash(r) as a, hash(r + 1) as b from range(700000) as t(r)"
            )
    except WarehouseError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
"""


def test_a_file_that_cannot_grow_stops_the_run_and_stays_whole(path: Path) -> None:
    command = [sys.executable, "-c", FULL, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)

    assert str(path) in said.stdout
    with Warehouse(path, "nightly") as warehouse:
        assert feeds(warehouse) == []


def test_the_file_is_free_for_a_child_process_until_it_is_opened_again(path: Path) -> None:
    child = (
        f"import duckdb; duckdb.connect({str(path)!r}).execute(\"insert into ingest.feeds (feed_id) values ('child')\")"
    )
    with Warehouse(path, "nightly") as warehouse:
        with warehouse.begin() as conn:
            merge(conn, tables.feeds, {"feed_id": ["parent"]})
        warehouse.dispose()
        assert not path.with_name(path.name + ".wal").exists()
        subprocess.run([sys.executable, "-c", child], check=True)
        with pytest.raises(WarehouseError, match="call reopen"), warehouse.begin():
            pass
        warehouse.reopen()
        warehouse.reopen()
        assert feeds(warehouse) == ["child", "parent"]


def test_an_error_undoes_the_whole_transaction(path: Path) -> None:
    def write_and_fail() -> None:
        with warehouse.begin() as conn:
            merge(conn, tables.feeds, {"feed_id": ["f"]})
            raise ZeroDivisionError

    with Warehouse(path, "nightly") as warehouse:
        with pytest.raises(ZeroDivisionError):
            write_and_fail()
        assert feeds(warehouse) == []


def test_threads_take_turns(path: Path) -> None:
    def write(number: int) -> None:
        for part in range(5):
            with warehouse.begin() as conn:
                merge(conn, tables.feeds, {"feed_id": [f"{number}-{part}", "shared"], "url": [None, f"{number}"]})

    with Warehouse(path, "nightly") as warehouse:
        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(feeds(warehouse)) == 21


def test_a_backfill_hands_the_warehouse_to_a_nightly_run_and_goes_on(path: Path, make: Any) -> None:
    seen: list[str] = []

    def nightly() -> None:
        with Warehouse(path, "nightly") as warehouse, warehouse.begin() as conn:
            begin_run(conn, "n1", "nightly", make.now, Window(), "v1")
            seen.extend(states(conn))
            merge(conn, tables.feeds, {"feed_id": ["by night"]})

    with Warehouse(path, "backfill") as warehouse:
        with warehouse.begin() as conn:
            begin_run(conn, "b1", "backfill", make.at(-1), Window(), "v1")
        assert not warehouse.yield_if_wanted()
        thread = threading.Thread(target=nightly)
        thread.start()
        while not warehouse.yield_if_wanted():
            time.sleep(0.01)
        thread.join()
        assert seen == ["n1 running", "b1 waiting"]
        assert feeds(warehouse) == ["by night"]
        with warehouse.begin() as conn:
            assert states(conn) == ["n1 running", "b1 running"]


PUBLIC = """
create schema staging;
create table main.articles (article_id varchar not null, title varchar);
comment on table main.articles is 'One row per article.';
comment on column main.articles.title is 'Its title';
insert into main.articles values ('a', 'Quay closed');
create view staging.stg_articles as select * from ingest.articles;
comment on view staging.stg_articles is 'Staged.';
create macro main.search(query) as table select * from main.articles where title ilike '%' || query || '%';
"""

CATALOGUE = {
    "tables": "select schema_name, table_name, comment from duckdb_tables() order by all",
    "views": "select schema_name, view_name, comment from duckdb_views() where not internal order by all",
    "columns": "select schema_name, table_name, column_name, data_type, is_nullable, comment from duckdb_columns() "
    "where not internal order by all",
    "macros": "select schema_name, function_name, macro_definition from duckdb_functions() "
    "where not internal order by all",
}


def test_compaction_leaves_nothing_of_what_was_deleted_and_everything_else(path: Path, make: Any) -> None:
    marker = "the minister's unpublished affair with a lighthouse"
    path.with_name(path.name + ".compacting").write_text("of a run that was killed")
    with Warehouse(path, "nightly") as warehouse:
        with warehouse.begin() as conn:
            merge(conn, tables.feeds, {"feed_id": ["f"], "window_ids": [("1", "2")], "next_due_at": [make.now]})
            merge(conn, tables.article_versions, {"version_id": ["v"], "text": [marker]})
            for statement in PUBLIC.strip().split(";\n"):
                conn.exec_driver_sql(statement.strip(";"))
        warehouse.dispose()
        assert marker.encode() in path.read_bytes()
        warehouse.reopen()
        with warehouse.begin() as conn:
            conn.exec_driver_sql("update ingest.article_versions set text = null")
            before = {name: read(conn, sql) for name, sql in CATALOGUE.items()}
            whole = fingerprints(conn, {"ingest.feeds": (), "ingest.article_versions": (), "main.articles": ()})

        warehouse.compact()
        with warehouse.begin() as conn:
            assert {name: read(conn, sql) for name, sql in CATALOGUE.items()} == before
            assert fingerprints(conn, dict.fromkeys(whole, ())) == whole
            assert read(conn, "select title from search('quay')") == [{"title": "Quay closed"}]
    assert marker.encode() not in path.read_bytes()
    assert sorted(file.name for file in path.parent.iterdir()) == ["warehouse.duckdb", "warehouse.lease"]


def test_a_compaction_that_has_no_room_leaves_the_warehouse_as_it_was(path: Path) -> None:
    with Warehouse(path, "nightly") as warehouse:
        with warehouse.begin() as conn:
            merge(conn, tables.feeds, {"feed_id": ["f"]})
        path.with_name(path.name + ".compacting.wal").mkdir()
        with pytest.raises(WarehouseError):
            warehouse.compact()
        assert feeds(warehouse) == ["f"]
