"""Quarantine: what could not be fetched or read, with its reason, until it was taken in after all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pipeline.types import Failure, Stage
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given, given_ids, merge, naive_utc, read

# A failure's last words count, and each instant once: one that lies between the first and the last on record is known.
_PER_FAILURE = """
select batch.* replace (
    min(batch.last_at) over (partition by {keys}) as first_at,
    count(distinct batch.last_at) filter (
        where stored.last_at is null or batch.last_at > stored.last_at or batch.last_at < stored.first_at
    ) over (partition by {keys}) as times
)
from {batch} as batch
left join ingest.quarantine as stored using (failure_id)
qualify row_number() over (partition by {keys} order by batch.last_at desc, batch.detail) = 1
"""
_IS_LATER = "given.last_at > stored.last_at"


def record_failures(conn: Connection, failures: Sequence[Failure], code_version: str) -> None:
    """Keeps the failures. One that comes again after it was resolved is open again."""
    at = [failure.at for failure in failures]
    columns: dict[str, list[Any]] = columns_of(tables.quarantine, failures) | {
        "failure_id": [failure.id for failure in failures],
        "first_at": at,
        "last_at": at,
        "times": [1] * len(failures),
        "code_version": [code_version] * len(failures),
    }
    update = {
        name: f"case when {_IS_LATER} then given.{name} else stored.{name} end" for name in ("detail", "code_version")
    }
    update |= {
        "first_at": "least(stored.first_at, given.first_at)",
        "last_at": "greatest(stored.last_at, given.last_at)",
        "times": "stored.times + given.times",
        "resolved_at": "case when given.last_at > stored.resolved_at then null else stored.resolved_at end",
    }
    merge(conn, tables.quarantine, columns, using=_PER_FAILURE, update=update)


def resolve_failures(
    conn: Connection, items: Iterable[tuple[str, str]], now: datetime, *, stage: Stage | None = None
) -> None:
    """Closes the failures of these (source id, url), which were taken in after all; of one stage alone where given."""
    pairs = sorted(set(items))
    columns = {"source_id": [source_id for source_id, _ in pairs], "url": [url for _, url in pairs]}
    with given(conn, columns, tables.quarantine) as landed:
        conn.exec_driver_sql(
            "update ingest.quarantine set resolved_at = ? where resolved_at is null and last_at <= ? "
            f"and stage = coalesce(?, stage) and (source_id, url) in (select (source_id, url) from {landed})",
            (naive_utc(now), naive_utc(now), stage),
        )


def resolve(conn: Connection, failure_ids: Iterable[str], now: datetime) -> None:
    """Closes these failures: their items were taken in after all."""
    with given_ids(conn, failure_ids) as ids:
        conn.exec_driver_sql(
            "update ingest.quarantine set resolved_at = ? where resolved_at is null "
            f"and failure_id in (select id from {ids})",
            (naive_utc(now),),
        )


_UNREAD = """
select quarantine.* from ingest.quarantine
join ingest.captures using (capture_id)
where resolved_at is null and stage in ('parse', 'extract') and captures.kind in ('feed', 'file', 'page')
    and (cast(:but_of_code as varchar) is null or quarantine.code_version is distinct from :but_of_code)
order by captures.captured_at, capture_id, failure_id
"""


def unread_failures(conn: Connection, but_of_code: str | None = None) -> dict[str, Failure]:
    """The failures that stand of items whose bytes are in the archive and could not be read, by the id that they are
    stored under (an earlier code's may differ); without those that this version of the code, where one is named, has
    seen fail.
    """
    return {row["failure_id"]: _failure(row) for row in read(conn, _UNREAD, but_of_code=but_of_code)}


def _failure(row: Mapping[str, Any]) -> Failure:
    return Failure(
        stage=Stage(row["stage"]),
        reason=row["reason"],
        detail=row["detail"],
        url=row["url"],
        source_id=row["source_id"],
        at=row["last_at"],
        feed_id=row["feed_id"],
        entry_id=row["entry_id"],
        capture_id=row["capture_id"],
    )
