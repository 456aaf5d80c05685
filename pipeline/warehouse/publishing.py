"""What the next snapshot has to make again, the snapshots that were published, and what tells two warehouses apart."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from pipeline.fingerprints import fingerprint_query
from pipeline.types import Snapshot
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import Columns, columns_of, given_ids, merge, read

UNKNOWN_DAY = date(1, 1, 1)


def touch(conn: Connection, days: Iterable[tuple[str, date | None]]) -> None:
    """Marks the public figures of these articles and days (None: of no known day) as to be made again."""
    marked = [(article_id, day or UNKNOWN_DAY) for article_id, day in days]
    columns: Columns = {"article_id": [article_id for article_id, _ in marked], "date": [day for _, day in marked]}
    merge(conn, tables.touched, columns, update=())


def touch_standing(conn: Connection, article_ids: Iterable[str]) -> None:
    """Marks these articles on the day on which each stands."""
    with given_ids(conn, article_ids) as ids:
        rows = read(
            conn,
            f"select articles.article_id, published_date from ingest.articles join {ids} on id = articles.article_id "
            "left join ingest.article_versions on version_id = current_version_id",
        )
    touch(conn, [(row["article_id"], row["published_date"]) for row in rows])


def clear_touched(conn: Connection) -> None:
    """Nothing is to be made again: all of it is published."""
    conn.exec_driver_sql("delete from ingest.touched")


def record_snapshot(
    conn: Connection, run_id: str, snapshot: Snapshot, *, code_version: str, rules_version: str | None = None
) -> None:
    """Puts the snapshot that is about to be published on record."""
    run: Columns = {"run_id": [run_id], "code_version": [code_version], "rules_version": [rules_version]}
    merge(conn, tables.snapshots, {**columns_of(tables.snapshots, [snapshot]), **run})


def public_counts(conn: Connection) -> tuple[int, int]:
    """Articles that stand, and the stories that they make."""
    counts = read(
        conn,
        "select (select count(*) from ingest.articles where current_version_id is not null) as articles, "
        "(select count(distinct story_id) from ingest.story_members) as stories",
    )[0]
    return counts["articles"], counts["stories"]


def fingerprints(conn: Connection, left_out: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, str]]:
    """Rows and fingerprint of each table named (`schema.table`), without the columns that it is named with.

    The fingerprint is free of the order of rows; two tables with the same one hold the same rows.
    """
    found = {table: conn.exec_driver_sql(fingerprint_query(table, out)).one() for table, out in left_out.items()}
    return {table: (rows, f"{total:x}") for table, (rows, total) in found.items()}
