"""Looking at what stands, without a run and beside one: the published file is opened read-only."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from pipeline.cli.terminal import out, show_answer, show_explanation, show_pairs
from pipeline.errors import PublishError, UsageError
from pipeline.publish.query import as_csv, as_json, as_markdown, ask, plain
from pipeline.settings import Settings, read_settings

RUNS = """select run_id, kind, state, started_at, finished_at, error
          from ingest.runs order by started_at desc, run_id limit 5"""
SHOWN = 20  # rows of a table of the status
STATUS = (
    (
        "Freshness: who fails first, then who has been silent for longest",
        f"""select source_id, last_polled_at, last_good_poll_at, last_published_at, failing_feeds
           from meta.freshness
           order by failing_feeds > 0 or last_good_poll_at is null desc, last_published_at nulls first, source_id
           limit {SHOWN}""",
        "meta.freshness",
    ),
    (
        "Set aside",
        f"""select source_id, stage, reason, count(*) as items, max(last_at) as last_at
           from ingest.quarantine where resolved_at is null
           group by all order by items desc, source_id limit {SHOWN}""",
        "ingest.quarantine where resolved_at is null",
    ),
)


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"


def status() -> None:
    """What stands: the last snapshot, the last runs, who is behind, what is set aside."""
    settings = read_settings()
    show_runs(settings)
    snapshot = ask(settings.published_path, "from meta.snapshot")
    show_pairs(
        [
            (column.replace("_", " "), plain(value))
            for column, value in zip(snapshot.columns, snapshot.rows[0], strict=True)
        ]
    )
    for title, sql, table in STATUS:
        shown = ask(settings.published_path, sql)
        show_answer(shown, title=title)
        if len(shown.rows) == SHOWN:
            out.print(f"The first {SHOWN}; all of them: from {table}", highlight=False)


def show_runs(settings: Settings) -> None:
    """The last runs, those that failed or were stopped included: the published file knows of none after itself."""
    if not settings.warehouse_path.is_file():
        return
    try:
        show_answer(ask(settings.warehouse_path, RUNS), title="Last runs")
    except PublishError:
        out.print(
            "The warehouse can't be opened: a run has it until it ends, or another program. What follows is older."
        )


def query(
    sql: Annotated[str, typer.Argument(help="SQL, in DuckDB's dialect; `-` reads it from standard input.")],
    format: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.TABLE,
) -> None:
    """Ask the published file. It is opened read-only; a run that publishes meanwhile does not disturb it."""
    answer = ask(read_settings().published_path, sys.stdin.read() if sql == "-" else sql)
    if format is Format.TABLE:
        show_answer(answer)
        return
    printers = {Format.CSV: as_csv, Format.JSON: as_json, Format.MARKDOWN: as_markdown}
    typer.echo(printers[format](answer), nl=format is not Format.CSV)


def explain(what: Annotated[str, typer.Argument(help="A URL, an article id, a version id or a wire id.")]) -> None:
    """What was made of an article and why: dates, lines dropped, topics' evidence, story, WARC record."""
    from pipeline.steps.look import explain_article

    found = explain_article(read_settings().published_path, what)
    if not found:
        raise UsageError(f"Nothing goes by {what}. `dateline query` finds articles: select url, title from articles …")
    for article in found:
        show_explanation(article)


def report() -> None:
    """Write report.html again, as of the published file, and say where it is."""
    from pipeline.publish.report import write_report

    settings = read_settings()
    if not settings.published_path.exists():
        raise UsageError(f"There is no published file {settings.published_path} yet. Run `dateline nightly` first.")
    write_report(settings.published_path, None, settings.report_path, settings.clock())
    out.print(settings.report_path.as_uri(), soft_wrap=True)
