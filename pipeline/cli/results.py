"""What a run shows: its progress, what each source did, what that changed, and where the results lie."""

from collections.abc import Callable

import typer

from pipeline.cli.exits import EXIT_STOPPED
from pipeline.cli.terminal import err, out, show_answer, show_pairs, show_run, showing_progress, showing_warnings
from pipeline.errors import NothingCollected, PublishError
from pipeline.publish.query import Answer, ask, fingerprints
from pipeline.settings import Settings
from pipeline.types import RunReport


def show_flow(settings: Settings, flow: Callable[[], RunReport]) -> None:
    """Runs a flow with its progress on the terminal, then says what it did and what that changed."""
    from flows.server import telling_of_server

    before = series_of(settings)
    try:
        with showing_progress(), showing_warnings(), telling_of_server():
            report = flow()
    except NothingCollected as error:
        if isinstance(error.report, RunReport):
            show_outcome(settings, error.report, before)
        raise
    except KeyboardInterrupt:
        err.print("Stopped. What was taken in stays in; run it again to go on.")
        raise typer.Exit(EXIT_STOPPED) from None
    show_outcome(settings, report, before)


Series = dict[str, tuple[int, int]]  # rows and a fingerprint of each public table


def show_outcome(settings: Settings, report: RunReport, before: Series) -> None:
    show_run(report)
    show_changes(before, series_of(settings))


def series_of(settings: Settings) -> Series:
    """The tables whose sameness a second run is to show; none where nothing can be compared."""
    try:
        return fingerprints(settings.published_path) if settings.published_path.exists() else {}
    except PublishError:  # it is damaged, and no reason for a run not to replace it
        return {}


def show_changes(before: Series, after: Series) -> None:
    """What the run changed in what analysts see, table by table."""
    if not before:
        return
    changed = [name for name in after if before.get(name) != after[name]]
    rows = tuple(
        (name, before.get(name, (0, 0))[0], count, "changed" if name in changed else "the same, row by row")
        for name, (count, _) in after.items()
    )
    show_answer(
        Answer(("table", "rows before", "rows now", "content"), rows), title="Compared with the snapshot before"
    )
    out.print("Something changed." if changed else "Nothing changed: no article, no version, no series.")


TOP_TOPICS = """\
select coalesce(t.label, t.topic_id) as topic, sum(d.articles)::int as articles, sum(d.stories)::int as stories,
       min(d.date) as first_day, max(d.date) as last_day
from topic_daily as d join topics as t using (topic_id)
where d.date > (select max(date) from topic_daily) - 7 and t.mapped_to_id is null
group by t.topic_id, t.label order by articles desc, topic limit 8"""

TOP_TOPIC_ID = "select topic_id from topic_daily group by 1 order by sum(articles) desc, 1 limit 1"


def show_results(settings: Settings) -> None:
    """The top topics, where the files are, and a query ready to paste."""
    topics = ask(settings.published_path, TOP_TOPICS)
    if topics.rows:
        show_answer(topics, title="Top topics of the last seven days")
    top = ask(settings.published_path, TOP_TOPIC_ID).rows
    query = "select published_at, source_id, title from articles order by published_at desc limit 10"
    if top:
        topic_id = str(top[0][0]).replace("'", "''")
        query = f"select date, articles, stories, share from topic_daily where topic_id = '{topic_id}' order by date"
    show_pairs(
        [
            ("published", str(settings.published_path)),
            ("report", settings.report_path.as_uri()),
            ("try", f'dateline query "{query}"'),
        ]
    )
