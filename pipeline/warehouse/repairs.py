"""Overruns and their repair: what a feed's window had moved past is asked of the site's own dated listings."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from pipeline.types import Window
from pipeline.warehouse.arrow import given_ids, naive_utc, read

# What is missing lies between the good poll before the overrun and the oldest entry that the overrun still shows.
_OVERRUNS = """
with good as (
    select *, lag(polled_at) over (partition by feed_id order by polled_at) as before_at
    from ingest.polls where outcome <> 'failed'
)
select source_id, min(before_at) as since_at, max(coalesce(window_since, polled_at)) as until_at
from good where is_overrun and repaired_at is null and before_at is not null
group by source_id order by source_id
"""


def overruns_due(conn: Connection) -> dict[str, Window]:
    """The window that the unrepaired overruns of each source have left open, by source."""
    return {row["source_id"]: Window(row["since_at"], row["until_at"]) for row in read(conn, _OVERRUNS)}


def mark_repaired(conn: Connection, source_ids: Sequence[str], now: datetime) -> None:
    """The listings of these sources were asked."""
    with given_ids(conn, source_ids) as ids:
        conn.exec_driver_sql(
            f"update ingest.polls set repaired_at = ? where is_overrun and repaired_at is null "
            f"and source_id in (select id from {ids})",
            (naive_utc(now),),
        )
