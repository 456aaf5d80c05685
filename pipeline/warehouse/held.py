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


_DUE = """
with latest as (
    select
        held.feed_id,
        held.entry_id,
        arg_max_null(embargo_until, (version, version_at, captured_at, position)) as until_at
    from ingest.held join ingest.captures using (capture_id)
    group by held.feed_id, held.entry_id
)
select held.*
from ingest.held
join latest using (feed_id, entry_id)
left join ingest.entries using (feed_id, entry_id)
where held.status = 'embargoed' and held.embargo_until <= :now and latest.until_at <= :now
    and coalesce(entries.status, 'embargoed') not in ('withheld', 'canceled')
order by held.capture_id, held.position
"""


def held_due(conn: Connection, now: datetime) -> list[HeldItem]:
    """The items whose embargo has passed, unless their entry was withheld or canceled since, or a later version of it
    set a later time.
    """
    rows = read(conn, _DUE, now=now)
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
