"""Sources, feeds and what is known of them: state, polls, dated listings."""

from collections.abc import Sequence

from sqlalchemy import Connection

from pipeline.types import FeedState, Listing, Poll, Source
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given_ids, merge, read

_STATE = (
    "feed_id, etag, last_modified, moved_to, last_polled_at, last_ok_at, next_due_at, "
    "coalesce(failures_in_row, 0) as failures_in_row, coalesce(window_ids, []) as window_ids, last_digest, "
    "cursor"
)
# What was learned at one address says nothing of another.
_OF_THE_ADDRESS = ("etag", "last_modified", "moved_to", "next_due_at", "cursor")


def sync_catalogue(conn: Connection, sources: Sequence[Source]) -> None:
    """Takes the catalogue over. Feeds keep their state; sources and feeds that left the catalogue stay on record."""
    merge(conn, tables.sources, _source_columns(sources))
    feeds = [feed for source in sources for feed in source.feeds]
    columns = columns_of(tables.feeds, feeds)
    update = {name: f"given.{name}" for name in ("source_id", "url", "delivery")}
    update |= {
        name: f"case when stored.url is null or stored.url = given.url then stored.{name} end"
        for name in _OF_THE_ADDRESS
    }
    merge(conn, tables.feeds, {**columns, "feed_id": [feed.id for feed in feeds]}, update=update)


def add_sources(conn: Connection, sources: Sequence[Source]) -> None:
    """Puts sources on record that no catalogue has named so far; those that one has stay as it named them."""
    merge(conn, tables.sources, _source_columns(sources), update=())


def _source_columns(sources: Sequence[Source]) -> dict[str, Sequence[object]]:
    return {**columns_of(tables.sources, sources), "source_id": [source.id for source in sources]}


def feed_states(conn: Connection, feed_ids: Sequence[str] | None = None) -> dict[str, FeedState]:
    """What is known of these feeds (None: of all), by id."""
    if feed_ids is None:
        rows = read(conn, f"select {_STATE} from ingest.feeds")
    else:
        with given_ids(conn, feed_ids) as wanted:
            rows = read(conn, f"select {_STATE} from ingest.feeds join {wanted} on id = feed_id")
    return {row["feed_id"]: FeedState(**row) for row in rows}


_WORTH = "case {row}outcome when 'ok' then 2 when 'not_modified' then 1 else 0 end"


def record_polls(conn: Connection, run_id: str, polls: Sequence[Poll], states: Sequence[FeedState]) -> None:
    """Keeps what each poll found, and the state that it left its feed in unless a later poll has left another.

    Of several at one instant (a rehearsal whose clock stands still, run again) the one that saw most is the evidence.
    """
    columns = columns_of(tables.polls, polls)
    best = "select * from {batch} qualify row_number() over (partition by {keys} order by %s desc) = 1"
    merge(
        conn,
        tables.polls,
        {**columns, "run_id": [run_id] * len(polls)},
        using=best % _WORTH.format(row=""),
        when=f"{_WORTH.format(row='given.')} > {_WORTH.format(row='stored.')}",
    )
    later = "stored.last_polled_at is null or given.last_polled_at >= stored.last_polled_at"
    merge(conn, tables.feeds, columns_of(tables.feeds, states), when=later)


def record_listings(conn: Connection, listings: Sequence[Listing]) -> None:
    """Keeps how many items each dated listing has for each day, as last read."""
    columns = columns_of(tables.listings, listings)
    last = (
        "select * from {batch} qualify row_number() over (partition by {keys} order by listed_at desc, items desc) = 1"
    )
    merge(
        conn,
        tables.listings,
        {**columns, "date": [listing.day for listing in listings]},
        using=last,
        when="given.listed_at >= stored.listed_at",
    )
