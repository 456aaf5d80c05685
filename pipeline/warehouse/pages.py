"""The queue of pages to fetch: what is due, and what came of it. A place in the queue is an entry that names a page."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from pipeline.types import Entry, PageDue, PageResult, Status, Subject, Window
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import given, read

_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)

# One row per page of a source, with what all entries that name it know. `turn` deals the hosts out one after the other,
# so that a batch asks many hosts at once.
_PAGES_DUE = """
with asked as (
    select distinct source_id, url from ingest.entries where wants_page and next_due_at <= :now {of_sources}
),
pages as (
    select
        source_id,
        url,
        arg_max(entries, (last_seen_at, feed_id, entry_id)) as entry,
        min(next_due_at) as next_due_at,
        max(coalesce(attempts, 0)) as attempts,
        min(page_first_at) as first_at,
        max(page_last_at) as last_at,
        arg_max(page_etag, page_last_at) as etag,
        arg_max(page_last_modified, page_last_at) as last_modified,
        bool_or({in_window}) as is_in_window
    from ingest.entries
    join asked using (source_id, url)
    group by source_id, url
),
hosted as (
    select *, lower(regexp_extract(url, '^[a-z]+://([^/?#]+)', 1, 'i')) as host from pages where is_in_window
),
dealt as (
    select *, row_number() over (partition by host order by next_due_at, url, source_id) as turn from hosted
)
select * from dealt order by turn, host, source_id
"""


def pages_due(
    conn: Connection,
    now: datetime,
    *,
    source_ids: Sequence[str] | None = None,
    window: Window | None = None,
) -> list[PageDue]:
    """The pages to fetch, hosts taking turns. In a window: those that were published or changed within it."""
    parameters: dict[str, Any] = {"now": now}
    in_window, of_sources = "true", ""
    if window is not None and window != Window():
        in_window = (
            "(published_at >= :since and published_at < :until) or (updated_at >= :since and updated_at < :until)"
        )
        parameters |= {"since": window.since or _FIRST, "until": window.until or _LAST}
    if source_ids is not None:
        of_sources = "and source_id in (select unnest(:source_ids))"
        parameters["source_ids"] = list(source_ids)
    sql = _PAGES_DUE.format(in_window=in_window, of_sources=of_sources)
    return [_page_due(row) for row in read(conn, sql, **parameters)]


def _page_due(row: dict[str, Any]) -> PageDue:
    return PageDue(
        source_id=row["source_id"],
        feed_id=row["entry"]["feed_id"],
        entry=_entry(row["entry"]),
        url=row["url"],
        attempts=row["attempts"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        etag=row["etag"],
        last_modified=row["last_modified"],
    )


def entries_of(conn: Connection, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], Entry]:
    """The entries of these feed and entry ids as last delivered, for pages that were fetched on their account.

    They are usable, as they were then: a kill or a withhold that came since is a version of its own, and no page's.
    """
    named = sorted(set(names))
    columns = {"feed_id": [feed_id for feed_id, _ in named], "entry_id": [entry_id for _, entry_id in named]}
    with given(conn, columns, tables.entries) as asked:
        rows = read(conn, f"select entries.* from ingest.entries semi join {asked} using (feed_id, entry_id)")
    return {(row["feed_id"], row["entry_id"]): _when_usable(_entry(row)) for row in rows}


def _when_usable(entry: Entry) -> Entry:
    return entry if entry.status is Status.USABLE else replace(entry, status=Status.USABLE, embargo_until=None)


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        id=row["entry_id"],
        position=row["position"],
        wire_id=row["wire_id"],
        version=row["version"],
        version_at=row["version_at"],
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        authors=tuple(row["authors"] or ()),
        agency=row["agency"],
        language=row["language"],
        section=row["section"],
        subjects=tuple(Subject(**subject) for subject in json.loads(row["subjects"] or "[]")),
        published_at=row["published_at"],
        updated_at=row["updated_at"],
        published_raw=row["published_raw"],
        status=Status(row["status"]),
        embargo_until=row["embargo_until"],
        replaces=row["replaces"] or (),
    )


# A result older than the last attempt on record says when the page was first and last captured, nothing of its state. A
# page that was captured before its entry changed is due from the change on.
_RECORD_PAGES = """
update ingest.entries as stored
set
    page_first_at = case when is_good then least(stored.page_first_at, given.tried_at) else stored.page_first_at end,
    page_last_at = case when is_good then greatest(stored.page_last_at, given.tried_at) else stored.page_last_at end,
    page_capture_id = case when is_newest then coalesce(given.page_capture_id, stored.page_capture_id) -- none: a 304
        else stored.page_capture_id end,
    page_etag = case when is_newest then given.page_etag else stored.page_etag end,
    page_last_modified = case when is_newest then given.page_last_modified else stored.page_last_modified end,
    page_tried_at = greatest(stored.page_tried_at, given.tried_at),
    attempts = case when not is_last then stored.attempts when is_good then 0 else coalesce(stored.attempts, 0) + 1 end,
    state = case when is_last then given.state else stored.state end,
    reason = case when is_last then given.reason else stored.reason end,
    next_due_at = case
        when not is_last then stored.next_due_at
        when stored.changed_at > given.tried_at
            then least(coalesce(given.next_due_at, stored.changed_at), stored.changed_at)
        else given.next_due_at
    end
from (
    select
        queue.feed_id, queue.entry_id, batch.*,
        batch.page_tried_at as tried_at,
        batch.state = 'landed' as is_good,
        is_good and tried_at > coalesce(queue.page_last_at, timestamp '-infinity') as is_newest,
        tried_at > coalesce(queue.page_tried_at, timestamp '-infinity') as is_last
    from ingest.entries as queue
    join {batch} as batch on batch.source_id = queue.source_id and batch.url = queue.url
    where queue.wants_page
) as given
where stored.feed_id = given.feed_id and stored.entry_id = given.entry_id and (is_last or is_good)
"""


def record_pages(conn: Connection, results: Sequence[PageResult]) -> None:
    """Keeps what came of each page, for every entry of its source that names it."""
    for looks in _one_per_page(results):
        columns: dict[str, list[Any]] = {
            "source_id": [look.source_id for look in looks],
            "url": [look.url for look in looks],
            "state": [look.state for look in looks],
            "reason": [look.reason for look in looks],
            "next_due_at": [look.next_due_at for look in looks],
            "page_tried_at": [look.at for look in looks],
            "page_capture_id": [look.capture_id for look in looks],
            "page_etag": [look.etag for look in looks],
            "page_last_modified": [look.last_modified for look in looks],
        }
        with given(conn, columns, tables.entries) as batch:
            conn.exec_driver_sql(_RECORD_PAGES.format(batch=batch))


def _one_per_page(results: Sequence[PageResult]) -> list[list[PageResult]]:
    """The results in order of time, parted so that each part names a page once."""
    parts: list[list[PageResult]] = []
    times: Counter[tuple[str, str]] = Counter()
    for result in sorted(results, key=lambda result: result.at):
        page = (result.source_id, result.url)
        if times[page] == len(parts):
            parts.append([])
        parts[times[page]].append(result)
        times[page] += 1
    return parts
