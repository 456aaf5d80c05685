"""Sets in and out: types, times, characters, and what one MERGE writes."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from pipeline.types import Subject
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import given_ids, merge, read, to_arrow

KEY = {"feed_id": ["f"]}


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        to_arrow(tables.feeds, {**KEY, "next_due_at": [datetime(2026, 4, 13)]})  # noqa: DTZ001


def test_a_time_goes_in_by_any_clock_and_comes_back_in_utc(conn: Connection) -> None:
    there = datetime(2026, 4, 13, 14, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    merge(conn, tables.feeds, {**KEY, "next_due_at": [there]})

    back = read(conn, "select next_due_at from ingest.feeds where next_due_at = :there", there=there)[0]["next_due_at"]
    assert back == there
    assert back.tzinfo is UTC


VALUES = {
    "half a surrogate pair": ("article_versions", "title", "Quay \ud83d closed", "Quay ? closed"),
    "a NUL": ("article_versions", "title", "Quay\x00closed", "Quay\x00closed"),
    "an emoji": ("article_versions", "title", "Quay 🚢 closed", "Quay 🚢 closed"),
    "an empty list": ("article_versions", "authors", (), ()),
    "a list with half a pair": ("article_versions", "authors", ("Ada \ud83d",), ("Ada ?",)),
    "no list": ("article_versions", "authors", None, None),
    "subjects": (
        "article_versions",
        "subjects",
        (Subject("Häfen", "medtop", "2", 0.5),),
        '[{"name":"Häfen","scheme":"medtop","code":"2","relevance":0.5,"kind":"topic"}]',
    ),
    "no subjects": ("article_versions", "subjects", (), "[]"),
    "the largest version": ("article_versions", "wire_version", 2**63 - 1, 2**63 - 1),
    "a version of thirty digits": ("article_versions", "wire_version", 10**30, None),
}


@pytest.mark.parametrize("case", VALUES)
def test_values_come_back(conn: Connection, case: str) -> None:
    table, column, value, expected = VALUES[case]
    merge(conn, tables.metadata.tables[f"ingest.{table}"], {"version_id": ["v"], column: [value]})

    assert read(conn, f"select {column} from ingest.{table}")[0][column] == expected


def test_nothing_at_all_is_no_write(conn: Connection) -> None:
    assert merge(conn, tables.feeds, {}, returning="feed_id") == []
    assert merge(conn, tables.feeds, {"feed_id": []}, returning="feed_id") == []
    merge(conn, tables.feeds, {"feed_id": ["f"]})
    with given_ids(conn, []) as name:
        assert read(conn, f"select feeds.* from ingest.feeds join {name} on id = feed_id") == []


def test_a_row_that_is_as_it_should_be_is_not_written(conn: Connection) -> None:
    def write(url: str) -> list[tuple[str, str]]:
        columns: dict[str, list[Any]] = {"feed_id": ["f", "g"], "url": [url, "u"], "window_ids": [("1",), None]}
        rows = merge(conn, tables.feeds, columns, returning="merge_action, feed_id")
        return sorted((row["merge_action"], row["feed_id"]) for row in rows)

    assert write("u") == [("INSERT", "f"), ("INSERT", "g")]
    assert write("u") == []
    assert write("v") == [("UPDATE", "f")]


def test_one_key_twice_in_a_batch_is_one_row(conn: Connection) -> None:
    rows = merge(conn, tables.feeds, {"feed_id": ["f", "f"], "url": ["u", "u"]}, returning="feed_id")

    assert len(rows) == 1


def test_a_key_may_be_deleted_and_written_again_within_one_transaction(path: Any) -> None:
    from pipeline.warehouse.engine import Warehouse

    with Warehouse(path, "nightly") as warehouse:
        with warehouse.begin() as conn:
            merge(conn, tables.feeds, {"feed_id": ["f", "g"], "url": ["u", "u"]})
        with warehouse.begin() as conn:
            conn.exec_driver_sql("delete from ingest.feeds where feed_id = 'f'")
            for url in ("v", "w"):
                merge(conn, tables.feeds, {"feed_id": ["f", "g"], "url": [url, url], "window_ids": [("1",), ("2",)]})
        with warehouse.begin() as conn:
            assert conn.exec_driver_sql("select feed_id, url from ingest.feeds order by 1").fetchall() == [
                ("f", "w"),
                ("g", "w"),
            ]


def test_an_error_of_sql_surfaces_and_leaves_the_connection_usable(open_warehouse: Any) -> None:
    with pytest.raises(DBAPIError), open_warehouse.begin() as conn, given_ids(conn, ["a"]) as name:
        read(conn, f"select nonsense from {name}")
    with open_warehouse.begin() as conn, given_ids(conn, ["b"]) as name:
        assert read(conn, f"select id from {name}") == [{"id": "b"}]
