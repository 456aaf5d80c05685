"""The rows of the report's charts, out of the published file."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.publish.charts import Day, SeriesDay
from pipeline.publish.figures import Connection, naive_utc, rows_of

CELLS = 14_000  # of the calendar: more than a page can show helps nobody
CALENDAR_SOURCES = 60
SHOWN_TOPICS = 9
SERIES_DAYS = 90  # days with observation; the unobserved ones between them come along, up to MOST_DAYS in all
MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Topic:
    """One of the biggest topics of the last days."""

    name: str
    stories: int
    days: tuple[SeriesDay, ...]


# The first day that is not over by the clock of each source: its figures still grow, and must not look poor.
_FIRST_UNFINISHED = """
select coalesce(min(timezone(timezone, timezone('UTC', $now))::date), $now::date)
from sources where articles > 0
"""


def read_calendar(connection: Connection, now: datetime) -> tuple[list[Day], int]:
    """The last days of the coverage calendar, as many as the page can show, and how many sources it leaves out.

    A day that is not over by its source's clock has a state of its own.
    """
    ids = rows_of(
        connection,
        "select source_id from sources where articles > 0 or source_id in (select source_id from source_daily) "
        "order by articles desc, source_id",
    )
    shown = [source_id for (source_id,) in ids[:CALENDAR_SOURCES]]
    rows = rows_of(
        connection,
        """
        select
            name, date,
            if(date >= timezone(timezone, timezone('UTC', $now))::date, 'not_over', state),
            daily.articles, reason
        from source_daily as daily join sources using (source_id)
        where list_contains($shown, source_id) and date > (select max(date) from source_daily) - least($days, 400)
        order by lower(name), date
        """,
        now=naive_utc(now),
        shown=shown,
        days=max(14, CELLS // max(len(shown), 1)),
    )
    return [Day(*row) for row in rows], len(ids) - len(shown)


_SPAN = """
    span as (
        select
            greatest(min(date), max(date) - $most_days) as first_date,
            max(date) as last_date,
        from (select distinct date from topic_daily order by date desc limit $series_days)
    ),
    days as (
        select unnest(generate_series(first_date, last_date, interval 1 day))::date as date from span
    ),
    observed as (
        select distinct date from source_daily where state in ('observed', 'silent', 'partly')
    )
"""


def read_volume(connection: Connection, now: datetime) -> list[SeriesDay]:
    """Articles and stories of each of the last days: null where nothing was observed, zero where nothing came."""
    rows = rows_of(
        connection,
        f"""
        with {_SPAN},
        counts as (
            select published_date as date, count(*) as articles, count(distinct story_id) as stories
            from articles where published_date between (select first_date from span) and (select last_date from span)
            group by all
        )
        select
            days.date,
            if(observed.date is null, null, coalesce(counts.articles, 0)),
            if(observed.date is null, null, coalesce(counts.stories, 0)),
            null,
            days.date < ({_FIRST_UNFINISHED})
        from days
        left join observed on days.date = observed.date
        left join counts on days.date = counts.date
        order by days.date
        """,
        now=naive_utc(now),
        most_days=MOST_DAYS,
        series_days=SERIES_DAYS,
    )
    return [SeriesDay(*row) for row in rows]


def read_topics(connection: Connection, now: datetime) -> list[Topic]:
    """The biggest topics of the last days, without publishers' own tags and codes that another topic stands for."""
    rows = rows_of(
        connection,
        f"""
        with {_SPAN},
        recent as (
            select * from topic_daily where date >= (select first_date from span)
        ),
        top as (
            select topics.topic_id, coalesce(label, topics.topic_id) as name, sum(stories) as stories
            from recent join topics on recent.topic_id = topics.topic_id
            where vocabulary <> 'tag' and mapped_to_id is null
            group by all order by stories desc, topics.topic_id limit $shown
        )
        select
            top.name, top.stories, days.date,
            if(observed.date is null, null, coalesce(recent.articles, 0)),
            if(observed.date is null, null, coalesce(recent.stories, 0)),
            if(observed.date is null, null, coalesce(recent.share, 0)),
            days.date < ({_FIRST_UNFINISHED})
        from top cross join days
        left join observed on days.date = observed.date
        left join recent on days.date = recent.date and top.topic_id = recent.topic_id
        order by top.stories desc, top.topic_id, days.date
        """,
        now=naive_utc(now),
        most_days=MOST_DAYS,
        series_days=SERIES_DAYS,
        shown=SHOWN_TOPICS,
    )
    length = len({row[2] for row in rows})
    found = [rows[start : start + length] for start in range(0, len(rows), max(length, 1))]
    return [Topic(days[0][0], int(days[0][1]), tuple(SeriesDay(*day[2:]) for day in days)) for days in found]
