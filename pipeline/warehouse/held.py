"""Items whose text is held (embargoed, withheld): their place in the archive, nothing of their content."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pipeline.types import HeldItem, Status
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given, merge, read
from pipeline.warehouse.captures import capture_refs


def record_held(conn: Connection, items: Sequence[HeldItem]) -> None:
    """Keeps where the text of held items waits in the archive."""
    merge(conn, tables.held, _held_columns(items))


def _held_columns(items: Sequence[HeldItem]) -> dict[str, list[Any]]:
    return {**columns_of(tables.held, items), "capture_id": [item.ref.id for item in items]}


def held_due(conn: Connection, now: datetime) -> list[HeldItem]:
    """The items whose embargo has passed, unless their entry was withheld or canceled since."""
    rows = read(
        conn,
        """
        select held.*
        from ingest.held
        left join ingest.entries on entries.feed_id = held.feed_id and entries.entry_id = held.entry_id
        where held.status = 'embargoed' and held.embargo_until <= :now
            and coalesce(entries.status, 'embargoed') not in ('withheld', 'canceled')
        order by held.capture_id, held.position
        """,
        now=now,
    )
    refs = capture_refs(conn, [row["capture_id"] for row in rows])
    return [
        HeldItem(ref=refs[row.pop("capture_id")], **row | {"status": Status(row["status"])})
        for row in rows
        if row["capture_id"] in refs
    ]


def release_held(conn: Connection, items: Sequence[HeldItem]) -> None:
    """Strikes items off once they were taken in."""
    if not items:
        return
    with given(conn, _held_columns(items), tables.held) as released:
        conn.exec_driver_sql(
            f"delete from ingest.held using {released} as released "
            "where held.capture_id = released.capture_id and held.position = released.position"
        )
