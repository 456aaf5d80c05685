"""report.html: one file that opens offline, for the morning after: what each source did, what is covered, what rose."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import vl_convert
from jinja2 import Environment, FileSystemLoader, select_autoescape

from pipeline.publish.charts import Day, TopicDay, coverage_calendar, topics_over_time, volume_over_time
from pipeline.types import RunReport, SourceReport

CELLS = 14_000  # of the calendar: more than a page can show helps nobody
CALENDAR_SOURCES = 60
SHOWN_SOURCES = 40  # before the fold; those that ask for a look come first where there are more
SHOWN_TOPICS = 9
SERIES_DAYS = 90  # days with observation; the unobserved ones between them come along, up to MOST_DAYS in all
MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Page:
    """What the page says in words and numbers; the charts come beside it."""

    built_at: datetime
    numbers: tuple[tuple[str, str], ...]
    sources: tuple[SourceReport, ...]
    names: dict[str, str]
    bursts: tuple[tuple[Any, ...], ...]
    stories: tuple[tuple[Any, ...], ...]
    set_aside: tuple[tuple[Any, ...], ...]
    gaps: tuple[tuple[Any, ...], ...]
    hidden_sources: int
    shown: int = SHOWN_SOURCES


def write_report(published: Path, report: RunReport | None, output: Path, now: datetime) -> None:
    """Writes the page from the published file and, where a run has just ended, from its report.

    Without `report` it shows the last run that the published file knows. The page is replaced atomically.
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        sources = report.sources if report else last_run(connection)
        calendar, hidden = read_calendar(connection)
        series = read_series(connection)
        volume = read_volume(connection)
        page = read_page(connection, sources, hidden, now)
    charts = {
        "calendar": coverage_calendar(calendar),
        "volume": volume_over_time(volume),
        "topics": topics_over_time(series),
    }
    html = template().render(
        page=page,
        run_id=report.run_id if report else None,
        charts={name: script_safe(spec) for name, spec in charts.items()},
        library=vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"),
    )
    temporary = output.with_suffix(".html.new")
    temporary.write_text(html, "utf-8")
    temporary.replace(output)


def template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(["j2"]), trim_blocks=True
    )
    return environment.get_template("report.html.j2")


def script_safe(spec: dict[str, Any]) -> str:
    """JSON that may stand inside a script element: a title with `</script>` in it ends nothing."""
    return json.dumps(spec, default=str, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def last_run(connection: duckdb.DuckDBPyConnection) -> tuple[SourceReport, ...]:
    """What the last finished run did, as it was stored."""
    row = connection.execute(
        "select report from ingest.runs where report is not null order by started_at desc, run_id desc limit 1"
    ).fetchone()
    if not row:
        return ()
    return tuple(SourceReport(**(one | {"notes": tuple(one["notes"])})) for one in json.loads(row[0])["sources"])


def read_calendar(connection: duckdb.DuckDBPyConnection) -> tuple[list[Day], int]:
    """The last days of the coverage calendar, as many as the page can show, and how many sources it leaves out."""
    names = connection.execute(
        "select source_id from sources where articles > 0 or source_id in (select source_id from source_daily) "
        "order by articles desc, source_id"
    ).fetchall()
    shown = [name for (name,) in names[:CALENDAR_SOURCES]]
    days = max(14, CELLS // max(len(shown), 1))
    rows = connection.execute(
        """select name, date, state, d.articles, reason
           from source_daily as d join sources as s using (source_id)
           where list_contains(?, source_id) and date > (select max(date) from source_daily) - least(?, 400)
           order by lower(name), date""",
        [shown, days],
    ).fetchall()
    return [Day(*row) for row in rows], len(names) - len(shown)


def first_day(connection: duckdb.DuckDBPyConnection) -> date | None:
    """The first of the days that the series show."""
    row = connection.execute(
        """select greatest(min(date), max(date) - ?)
           from (select distinct date from topic_daily order by date desc limit ?)""",
        [MOST_DAYS, SERIES_DAYS],
    ).fetchone()
    return row[0] if row else None


def read_series(connection: duckdb.DuckDBPyConnection) -> list[TopicDay]:
    """The biggest topics of the last days, dense over them: null where nothing was observed, zero where it was."""
    rows = connection.execute(
        """
        with recent as (select * from topic_daily where date >= ?),
        top as (
            select topic_id, sum(stories) as weight from recent
            where topic_id not like 'tag:%' group by all order by weight desc, topic_id limit ?
        ),
        observed as (select date, max(observed_articles) as observed_articles from recent group by all),
        span as (
            select unnest(generate_series(min(date), max(date), interval 1 day))::date as date from observed
        )
        select t.label, s.date,
               if(o.date is null, null, coalesce(r.articles, 0)), if(o.date is null, null, coalesce(r.stories, 0)),
               if(o.date is null, null, coalesce(r.share, 0))
        from top join topics as t using (topic_id) cross join span as s
        left join observed as o on o.date = s.date
        left join recent as r on r.date = s.date and r.topic_id = top.topic_id
        order by top.weight desc, t.label, s.date
        """,
        [first_day(connection), SHOWN_TOPICS],
    ).fetchall()
    return [TopicDay(*row) for row in rows]


def read_volume(connection: duckdb.DuckDBPyConnection) -> list[TopicDay]:
    """Articles and stories of each observed day of the last days."""
    rows = connection.execute(
        """select published_date, count(*), count(distinct story_id) from articles
           where published_date between ? and (select max(date) from topic_daily)
           group by all order by all""",
        [first_day(connection)],
    ).fetchall()
    return [TopicDay("all", day, articles, stories, None) for day, articles, stories in rows]


def in_order(sources: Sequence[SourceReport]) -> tuple[SourceReport, ...]:
    """By name where a page can show all; else those that ask for a look first, then those that brought most."""
    if len(sources) <= SHOWN_SOURCES:
        return tuple(sources)

    def rank(one: SourceReport) -> tuple[int, int, str]:
        return -(one.failed + one.quarantined + one.recalled + one.overrun), -one.articles_new, one.source_id

    return tuple(sorted(sources, key=rank))


def read_page(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[SourceReport], hidden: int, now: datetime
) -> Page:
    """The numbers and lists of the page."""

    def rows(sql: str) -> tuple[tuple[Any, ...], ...]:
        return tuple(connection.execute(sql).fetchall())

    (totals,) = rows(
        """select count(*), count(distinct story_id), count(distinct source_id),
                  min(published_date), max(published_date)
           from articles"""
    )
    articles, stories, publishers, first, last = totals
    numbers = (
        (f"{articles:,}", "articles"),
        (f"{stories:,}", "stories"),
        (f"{publishers:,}", "sources"),
        (f"{first:%d %b %Y} – {last:%d %b %Y}" if first else "none", "days of publication"),
        (f"{sum(one.quarantined for one in sources):,}", "set aside in this run"),
    )
    return Page(
        built_at=now,
        numbers=numbers,
        sources=in_order(sources),
        names=dict(rows("select source_id, name from sources")),
        bursts=rows(
            """select t.label, b.date, b.articles, b.share, b.expected_share, b.score
               from topic_trends as b join topics as t using (topic_id)
               where b.date > (select max(date) from topic_daily) - 7 and b.score >= 1
               qualify row_number() over (partition by topic_id order by score desc) = 1
               order by b.score desc limit 8"""
        ),
        stories=rows(
            """select title, sources, articles, published_date, agency from stories
               where published_date > (select max(date) from topic_daily) - 7 and sources > 1
               order by sources desc, articles desc, title limit 8"""
        ),
        set_aside=rows(
            """select source_id, stage, reason, count(*), any_value(detail) from ingest.quarantine
               where resolved_at is null group by all order by 4 desc, 1, 3 limit 24"""
        ),
        gaps=rows("select * from meta.gaps limit 12"),
        hidden_sources=hidden,
    )
