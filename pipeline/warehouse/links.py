"""Documents that feeds' answers named and that are still to be had."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from pipeline.types import Link
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given, given_ids, merge, read


def links_due(conn: Connection, feed_ids: Sequence[str], now: datetime) -> list[Link]:
    """The documents of these feeds to ask for again, those that waited longest first."""
    with given_ids(conn, feed_ids) as wanted:
        rows = read(
            conn,
            f"select links.* from ingest.links join {wanted} on id = feed_id where next_due_at <= :now "
            "order by next_due_at, feed_id, url",
            now=now,
        )
    return [Link(**row) for row in rows]


def record_links(conn: Connection, links: Sequence[Link]) -> None:
    """Keeps the documents that wait, as they were left by the last attempt."""
    merge(conn, tables.links, columns_of(tables.links, links))


def strike_links(conn: Connection, documents: Sequence[tuple[str, str]]) -> None:
    """Strikes (feed id, url) off: they came, or were given up."""
    if not documents:
        return
    columns = {"feed_id": [feed_id for feed_id, _ in documents], "url": [url for _, url in documents]}
    with given(conn, columns, tables.links) as done:
        conn.exec_driver_sql(
            f"delete from ingest.links using {done} as done where links.feed_id = done.feed_id and links.url = done.url"
        )
