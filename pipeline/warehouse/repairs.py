"""Overruns and their repair: what a feed's window had moved past is asked of the site's own listings."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from pipeline.types import Overrun, Repair
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given, given_ids, read

# What is missing lies between the good poll before the overrun and the oldest entry that the overrun still shows.
_OVERRUNS = """
with good as (
    select *, lag(polled_at) over (partition by feed_id order by polled_at) as since_at
    from ingest.polls where outcome <> 'failed'
)
select
    feed_id,
    source_id,
    polled_at,
    since_at,
    greatest(coalesce(window_since, polled_at), since_at) as until_at,
    coalesce(repair_attempts, 0) as attempts
from good
where is_overrun and repaired_at is null and since_at is not null
    and (repair_attempts is null or repair_due_at <= :now)
order by source_id, feed_id, polled_at
"""


def overruns_due(conn: Connection, now: datetime) -> list[Overrun]:
    """The overruns to repair now: those that no attempt was made at, and those whose next one is due."""
    return [Overrun(**row) for row in read(conn, _OVERRUNS, now=now)]


def listed_days(conn: Connection, source_ids: Collection[str]) -> dict[str, set[date]]:
    """The days of each of these sources that a dated listing has whole."""
    days: dict[str, set[date]] = {source_id: set() for source_id in source_ids}
    with given_ids(conn, source_ids) as ids:
        for row in read(conn, f"select distinct source_id, date from ingest.listings join {ids} on id = source_id"):
            days[row["source_id"]].add(row["date"])
    return days


def record_repairs(conn: Connection, repairs: Sequence[Repair]) -> None:
    """Keeps what each attempt came to."""
    if not repairs:
        return
    with given(conn, columns_of(tables.polls, repairs), tables.polls) as attempts:
        conn.exec_driver_sql(
            "update ingest.polls as stored set repaired_at = given.repaired_at, "
            "repair_attempts = given.repair_attempts, repair_due_at = given.repair_due_at "
            f"from {attempts} as given where stored.feed_id = given.feed_id and stored.polled_at = given.polled_at"
        )
