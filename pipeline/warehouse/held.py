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
with recursive waiting as (
    select
        held.*,
        captures.captured_at,
        entries.replaces,
        entries.status as entry_status,
        coalesce(entries.wire_id, held.feed_id || ' ' || held.entry_id) as story
    from ingest.held
    join ingest.captures using (capture_id)
    left join ingest.entries on entries.feed_id = held.feed_id and entries.entry_id = held.entry_id
),
told as (  -- the end that the last version of each entry names
    select
        source_id,
        story,
        any_value(replaces) as replaces,
        arg_max_null(embargo_until, (version, version_at, captured_at, position)) as until_at
    from waiting
    group by source_id, story, feed_id, entry_id
),
replaced as (select source_id, story, unnest(replaces) as earlier from told),
ends as (  -- of a story, its own and those of the revisions that replace it, each of which may have an id of its own
    select source_id, story, until_at from told
    union
    select ends.source_id, replaced.earlier, ends.until_at from ends join replaced using (source_id, story)
)
select waiting.* exclude (captured_at, replaces, entry_status, story)
from waiting
anti join (select * from ends where until_at is null or until_at > :now) as still using (source_id, story)
where waiting.status = 'embargoed' and waiting.embargo_until <= :now
    and coalesce(waiting.entry_status, 'embargoed') not in ('withheld', 'canceled')
order by waiting.capture_id, waiting.position
"""


def held_due(conn: Connection, now: datetime) -> list[HeldItem]:
    """The items whose embargo has passed, unless their entry was withheld or canceled since, or a later version of the
    story that waits too set a later time.
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
