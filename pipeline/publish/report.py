"""report.html: one file that opens offline, for the morning after: what asks for a look, what each source did, what is
covered, what rose.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import vl_convert
from jinja2 import Environment, FileSystemLoader, Template, select_autoescape

from pipeline.errors import PublishError
from pipeline.publish import figures, series
from pipeline.publish.charts import STATES, coverage_calendar, series_over_time
from pipeline.publish.query import opened
from pipeline.types import RunReport, SourceReport

SHOWN_SOURCES = 40  # before the fold; those that ask for a look come first where there are more
UNPOLLED_DAYS = 2  # more of them without a poll ask for a look


@dataclass(frozen=True, slots=True)
class Page:
    """What the page says in words and numbers; the charts come beside it."""

    built_at: datetime  # the page's now, by which a day is over or not
    written_at: datetime | None  # where that is later than a day after
    run_id: str
    totals: figures.Totals
    sources: tuple[SourceReport, ...]
    names: dict[str, str]
    hidden_sources: int
    topics: tuple[series.Topic, ...]
    bursts: tuple[figures.Burst, ...]
    carried: tuple[figures.CarriedStory, ...]
    last_polled: date | None
    gaps: tuple[figures.Gap, ...]
    runs: int
    unfinished_runs: tuple[figures.UnfinishedRun, ...]
    set_aside: tuple[figures.SetAside, ...]
    shown: int = SHOWN_SOURCES

    @property
    def unpolled_since(self) -> date | None:
        """The day of the last poll, where too many went by without one."""
        if self.last_polled and (self.built_at.date() - self.last_polled).days > UNPOLLED_DAYS:
            return self.last_polled
        return None


def write_report(published: Path, report: RunReport | None, output: Path, now: datetime) -> None:
    """Writes the page from the published file and, where a run has just ended, from its report.

    Without `report` it is as of the snapshot and shows the run that made it, whatever the clock says. The page is
    replaced atomically. Raises `PublishError` where the file is another release's, without a column that it shows.
    """
    with opened(published) as connection:
        try:
            page, charts = _read_page(connection, report, now)
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise PublishError(
                f"{published} was published by another release; the next nightly run makes it again.\n{error}"
            ) from error
    html = template().render(
        page=page,
        states=STATES,
        to_look_into=list(to_look_into(page)),
        what_to_do=what_to_do,
        charts={name: script_safe(spec) for name, spec in charts.items()},
        library=vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"),
    )
    temporary = output.with_suffix(".html.new")
    temporary.write_text(html, "utf-8")
    temporary.replace(output)


def template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(["j2"]), trim_blocks=True
    )
    return environment.get_template("report.html.j2")


def script_safe(spec: dict[str, Any]) -> str:
    """JSON that may stand inside a script element: a title with `</script>` in it ends nothing."""
    return json.dumps(spec, default=str, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _read_page(
    connection: duckdb.DuckDBPyConnection, report: RunReport | None, now: datetime
) -> tuple[Page, dict[str, dict[str, Any]]]:
    """The page, and its charts by the ids of the elements that they go into."""
    run_id, built_at = (report.run_id, now) if report else figures.read_snapshot(connection)
    sources = report.sources if report else figures.read_run(connection, run_id)
    calendar, hidden = series.read_calendar(connection, built_at)
    volume = series.read_volume(connection, built_at)
    topics = series.read_topics(connection, built_at)
    runs, unfinished = figures.read_runs(connection, built_at)
    page = Page(
        built_at=built_at,
        written_at=now if now - built_at > timedelta(days=1) else None,
        run_id=run_id,
        totals=figures.read_totals(connection),
        sources=figures.in_order(sources, SHOWN_SOURCES),
        names=figures.read_names(connection),
        hidden_sources=hidden,
        topics=tuple(topics),
        bursts=tuple(figures.read_bursts(connection)),
        carried=tuple(figures.read_carried(connection)),
        last_polled=figures.read_last_polled(connection),
        gaps=tuple(figures.read_gaps(connection, built_at)),
        runs=runs,
        unfinished_runs=tuple(unfinished),
        set_aside=tuple(figures.read_set_aside(connection)),
    )
    charts = {"calendar": coverage_calendar(calendar), "volume": series_over_time(volume, height=150, labels=14)}
    for number, topic in enumerate(topics):
        charts[f"topic-{number}"] = series_over_time(topic.days, height=84, labels=5)
    return page, charts


def to_look_into(page: Page) -> Iterator[tuple[str, str]]:
    """What asks for a look, each with the part of the page that has it: a quiet night has none."""

    def named(sources: Sequence[SourceReport]) -> str:
        names = [page.names.get(one.source_id, one.source_id) for one in sources]
        return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")

    for run in page.unfinished_runs[:3]:
        why = run.error.splitlines()[0].rstrip(":") if run.error else "its process was gone before its end"
        yield f"The run {run.run_id} {'failed' if run.state == 'failed' else 'was abandoned'}: {why}", "runs"
    if page.unpolled_since:
        yield f"Nothing has been polled since {page.unpolled_since:%d %B %Y}.", "gaps"
    if failed := [one for one in page.sources if one.failed]:
        yield f"Feeds did not answer: {named(failed)}.", "sources"
    if overrun := [one for one in page.sources if one.overrun]:
        yield f"Feeds had moved past what was seen last, items may be missing: {named(overrun)}.", "sources"
    if recalled := sum(one.recalled for one in page.sources):
        yield f"{recalled} {'story was' if recalled == 1 else 'stories were'} taken back by the agency.", "sources"
    if waiting := sum(one.items for one in page.set_aside):
        yield f"{waiting:,} {'item is' if waiting == 1 else 'items are'} set aside.", "set-aside"


def what_to_do(one: figures.SetAside) -> str:
    """What becomes of an item that is set aside, and what a person can do for it."""
    if one.stage != "fetch":
        return "Its bytes are kept: dateline retry takes it in, once the reader can read it."
    if one.reason == "missing_key":
        return "Set the variable in the environment of the run; nothing else waits for it."
    if one.reason == "robots_disallowed":
        return "Nothing: the site does not want it fetched. It is asked again in case that changes."
    return (
        "Nothing at first: it is asked again by itself. dateline sources check --fetch proposes corrections of feeds."
    )
