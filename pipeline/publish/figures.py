"""What the report says in numbers and lists, out of the published file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from pipeline.types import SourceReport


@dataclass(frozen=True, slots=True)
class Totals:
    """What the whole file holds."""

    articles: int
    stories: int
    sources: int
    first_date: date | None
    last_date: date | None


@dataclass(frozen=True, slots=True)
class Burst:
    """What was suddenly news: the topics that one story lifted on one day."""

    topics: str
    day: date
    articles: int
    share: float
    expected_share: float
    score: float
    title: str | None


@dataclass(frozen=True, slots=True)
class CarriedStory:
    """A story that several sources ran."""

    title: str | None
    url: str | None
    sources: int
    day: date | None
    first_source: str
    agency: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of a source that lack something, or may, for one reason; between the first and the last others may lie."""

    source: str
    first_date: date
    last_date: date
    days: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that came to no good end."""

    run_id: str
    kind: str
    state: str
    started_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """What was not taken in for one reason."""

    source: str
    stage: str
    reason: str
    items: int
    since: datetime
    last_at: datetime
    detail: str
    url: str


Connection = duckdb.DuckDBPyConnection


def rows_of(connection: Connection, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """What `sql` answers, `$name` standing for each parameter."""
    return connection.execute(sql, parameters or None).fetchall()


def naive_utc(now: datetime) -> datetime:
    """The instant as the file has its own: without a zone, UTC."""
    return now.astimezone(UTC).replace(tzinfo=None)


def read_totals(connection: Connection) -> Totals:
    [row] = rows_of(
        connection,
        "select count(*), count(distinct story_id), count(distinct source_id), min(published_date), "
        "max(published_date) from articles",
    )
    return Totals(*row)


def read_names(connection: Connection) -> dict[str, str]:
    """The name of each source by its id."""
    return dict(connection.execute("select source_id, name from sources").fetchall())


def read_snapshot(connection: Connection) -> tuple[str, datetime]:
    """The run that made the file, and its instant."""
    [(run_id, built_at)] = rows_of(connection, "select run_id, built_at from meta.snapshot")
    return run_id, built_at.replace(tzinfo=UTC)


def read_run(connection: Connection, run_id: str) -> tuple[SourceReport, ...]:
    """What a finished run did, as it was stored."""
    found = rows_of(
        connection, "select report from ingest.runs where run_id = $run_id and report is not null", run_id=run_id
    )
    if not found:
        return ()
    return tuple(SourceReport(**(one | {"notes": tuple(one["notes"])})) for one in json.loads(found[0][0])["sources"])


def read_bursts(connection: Connection) -> list[Burst]:
    """The strongest bursts of the last seven days; topics that one story lifted on one day are one burst."""
    rows = rows_of(
        connection,
        """
        with strong as (
            select * from topic_trends
            where date > (select max(date) from topic_daily) - 7 and score >= 1
            qualify row_number() over (partition by topic_id order by score desc, date) = 1
        ),
        counts as (
            select tags.topic_id, tags.published_date as date, tags.story_id, count(*) as copies
            from article_topics as tags
            semi join strong on tags.topic_id = strong.topic_id and tags.published_date = strong.date
            group by all
        ),
        carried as (
            select strong.*, counts.story_id
            from strong join counts using (topic_id, date)
            qualify row_number() over (partition by topic_id order by copies desc, story_id) = 1
        )
        select
            string_agg(coalesce(label, topic_id), ', ' order by score desc, topic_id), date, max(carried.articles),
            arg_max(share, (score, topic_id)), arg_max(expected_share, (score, topic_id)), max(score),
            any_value(title)
        from carried
        join topics using (topic_id)
        join stories using (story_id)
        group by story_id, date order by max(score) desc, date, story_id limit 8
        """,
    )
    return [Burst(*row) for row in rows]


def read_carried(connection: Connection) -> list[CarriedStory]:
    """The stories of the last seven days that several sources ran."""
    rows = rows_of(
        connection,
        """
        select stories.title, articles.url, stories.sources, stories.published_date, sources.name, stories.agency
        from stories
        join articles on stories.first_article_id = articles.article_id
        join sources on stories.first_source_id = sources.source_id
        where stories.published_date > (select max(date) from topic_daily) - 7 and stories.sources > 1
        order by stories.sources desc, stories.articles desc, stories.title limit 8
        """,
    )
    return [CarriedStory(*row) for row in rows]


def read_last_polled(connection: Connection) -> date | None:
    """The newest day on which a source was polled, well or not; none where all there is was delivered."""
    day: date | None
    [(day,)] = rows_of(connection, "select max(date) from source_daily where polls > 0")
    return day


def read_gaps(connection: Connection, now: datetime) -> list[Gap]:
    """What the last fortnight lacks, of days that are over by their sources' clocks; the most days first."""
    rows = rows_of(
        connection,
        """
        select name, min(date), max(date), count(*), state, reason
        from source_daily join sources using (source_id)
        where
            state in ('partly', 'failed', 'not_collected')
            and date >= $now::date - 14 and date < timezone(timezone, timezone('UTC', $now))::date
        group by source_id, name, state, reason order by count(*) desc, name, min(date) limit 12
        """,
        now=naive_utc(now),
    )
    return [Gap(*row) for row in rows]


def read_runs(connection: Connection, now: datetime) -> tuple[int, list[UnfinishedRun]]:
    """How many runs the last seven days had, and those of them that came to no good end."""
    rows = rows_of(
        connection,
        """
        select run_id, kind, state, started_at, error from ingest.runs
        where started_at > $now::timestamp - interval 7 days order by started_at desc, run_id
        """,
        now=naive_utc(now),
    )
    return len(rows), [UnfinishedRun(*row) for row in rows if row[2] in ("failed", "abandoned")]


def read_set_aside(connection: Connection) -> list[SetAside]:
    """What waits in quarantine, by source and reason; the most first."""
    rows = rows_of(
        connection,
        """
        select
            coalesce(name, source_id), stage, reason, count(*), min(first_at), max(last_at),
            arg_max(detail, (last_at, failure_id)), arg_max(quarantine.url, (last_at, failure_id))
        from ingest.quarantine left join sources using (source_id)
        where resolved_at is null group by name, source_id, stage, reason order by 4 desc, source_id, reason limit 24
        """,
    )
    return [SetAside(*row) for row in rows]


def in_order(sources: Sequence[SourceReport], shown: int) -> tuple[SourceReport, ...]:
    """By name where a page can show all; else those that ask for a look first, then those that brought most."""
    if len(sources) <= shown:
        return tuple(sources)

    def rank(one: SourceReport) -> tuple[int, int, str]:
        return -(one.failed + one.quarantined + one.recalled + one.overrun), -one.articles_new, one.source_id

    return tuple(sorted(sources, key=rank))
