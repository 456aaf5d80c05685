"""Entries as last delivered; the queue of their pages is `pages`, what waits of them `held`.

The captures may come again, and in any order. One thing is not told apart: an entry that goes back to an
earlier title and time of change, out of order, counts as changed when it first had them.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pipeline.types import SeenEntry, Status
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, merge
from pipeline.warehouse.recalls import wipe_entries

_HELD = (Status.EMBARGOED, Status.WITHHELD)

# One row per entry of the batch: its last delivery (row_number 1), with the batch's first and last sight of it, and the
# first of the deliveries that say the same as the last one.
_LAST_DELIVERY = """
select * replace (
    min(last_seen_at) over (partition by {keys}) as first_seen_at,
    min(last_seen_at) over (partition by {keys}, title, updated_at, status) as changed_at,
    case when state = 'pending' then min(last_seen_at) over (partition by {keys}) end as next_due_at
)
from {batch}
qualify row_number() over (partition by {keys} order by last_seen_at desc, capture_id desc, position desc) = 1
"""

_IS_LATER = (
    "row(given.last_seen_at, given.capture_id, given.position) "
    "> row(stored.last_seen_at, stored.capture_id, stored.position)"
)
# The status too, for a recall takes the title from the row.
_SAYS_THE_SAME = (
    "row(given.title, given.updated_at, given.status) is not distinct from "
    "row(stored.title, stored.updated_at, stored.status)"
)
_FIRST_SEEN = "least(stored.first_seen_at, given.first_seen_at)"
# A page that was never asked for is due from the first sight of its entry on; one that was captured before its entry
# changed, from the change on.
_NEXT_DUE = f"""
case when {_IS_LATER} then
    case when given.state <> 'pending' then null
         when stored.page_tried_at is null then {_FIRST_SEEN}
         when stored.state = 'held' then given.changed_at
         when not ({_SAYS_THE_SAME}) and given.changed_at > stored.page_last_at
             then least(coalesce(stored.next_due_at, given.changed_at), given.changed_at)
         else stored.next_due_at end
when stored.state = 'pending' and stored.page_tried_at is null then {_FIRST_SEEN}
else stored.next_due_at end
"""
_STATE = f"""
case when not {_IS_LATER} then stored.state
     when given.state = 'pending' and stored.page_tried_at is not null and stored.state <> 'held' then stored.state
     else given.state end
"""


def record_entries(conn: Connection, seen: Sequence[SeenEntry]) -> dict[str, int]:
    """Takes entries over as last delivered; how many of them are new, by feed.

    Their pages are due from the first sight on, and again when title or time of change differ from what they were when
    the page was captured. Of recalled articles nothing is kept that a feed says, also where it says it again.
    """
    columns = _columns(seen)
    latest = [name for name in columns if name not in ("feed_id", "entry_id", "source_id")]
    update = {name: f"case when {_IS_LATER} then given.{name} else stored.{name} end" for name in latest}
    update |= {
        "first_seen_at": _FIRST_SEEN,
        "changed_at": f"case when {_SAYS_THE_SAME} then least(stored.changed_at, given.changed_at) "
        f"when {_IS_LATER} then given.changed_at else stored.changed_at end",
        "next_due_at": _NEXT_DUE,
        "state": _STATE,
    }
    rows = merge(conn, tables.entries, columns, using=_LAST_DELIVERY, update=update, returning="merge_action, feed_id")
    wipe_entries(conn)
    return dict(Counter(row["feed_id"] for row in rows if row["merge_action"] == "INSERT"))


def _columns(seen: Sequence[SeenEntry]) -> dict[str, list[Any]]:
    columns = columns_of(tables.entries, [one.entry for one in seen])
    captured = [one.ref.captured_at for one in seen]
    wanted = [wants_page(one) for one in seen]
    unset: list[datetime | None] = [None] * len(seen)
    is_told = [one.entry.status == Status.USABLE for one in seen]
    return columns | {
        "title": [one.entry.title if told else None for one, told in zip(seen, is_told, strict=True)],
        "summary": [one.entry.summary if told else None for one, told in zip(seen, is_told, strict=True)],
        "feed_id": [one.feed.id for one in seen],
        "entry_id": [one.entry.id for one in seen],
        "source_id": [one.feed.source_id for one in seen],
        "capture_id": [one.ref.id for one in seen],
        "first_seen_at": captured,
        "last_seen_at": captured,
        "changed_at": unset,
        "next_due_at": unset,
        "has_body": [one.entry.body is not None for one in seen],
        "wants_page": wanted,
        "state": [_state(one, wants=wants) for one, wants in zip(seen, wanted, strict=True)],
    }


def wants_page(seen: SeenEntry) -> bool:
    """Whether the page that the entry names is to be fetched."""
    entry = seen.entry
    return entry.url is not None and entry.body is None and seen.feed.has_pages and entry.status == Status.USABLE


def _state(seen: SeenEntry, *, wants: bool) -> str:
    if seen.entry.status in _HELD:
        return "held"
    return "pending" if wants else "landed"
