"""`dateline`: the command line.

Exit codes: 0 done, 1 failed, 2 asked for something that isn't there, 75 busy (try later), 130 stopped by hand.
"""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import __version__
from pipeline.captures.history import first_requests
from pipeline.catalogue import (
    export_opml,
    import_opml,
    load_catalogue,
    missing_folders,
    skipped_outlines,
    write_toml,
)
from pipeline.errors import DatelineError, UsageError, WarehouseBusy
from pipeline.publish.query import Answer, as_csv, as_json, as_markdown, ask, fingerprints, plain
from pipeline.settings import PROJECT, Settings, read_settings
from pipeline.terminal import (
    err,
    out,
    show_answer,
    show_explanation,
    show_findings,
    show_pairs,
    show_run,
    showing_progress,
)
from pipeline.types import Window

if TYPE_CHECKING:
    from pipeline.types import RunReport

EXIT_FAILED, EXIT_USAGE, EXIT_BUSY = 1, 2, 75
CATALOGUE = PROJECT / "deployments" / "sources.toml"

app = typer.Typer(
    name="dateline",
    help="Feeds go in; clean, dated, de-duplicated articles and topic series come out, in one DuckDB file.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(help="The catalogue: check it, import it, export it.", no_args_is_help=True)
topics_app = typer.Typer(help="The vocabularies of topics.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")
app.add_typer(topics_app, name="topics")
boilerplate_app = typer.Typer(
    help="Lines that recur over a source's pages and are no text: look at them, correct them.", no_args_is_help=True
)
app.add_typer(boilerplate_app, name="boilerplate")

SourcesOption = Annotated[
    Path | None, typer.Option("--sources", help="The catalogue.", show_default="the shipped one", dir_okay=False)
]


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"


def main() -> None:
    """The entry point: an error of ours is a sentence and an exit code, never a traceback."""
    try:
        app()
    except WarehouseBusy as error:
        err.print(f"[yellow]busy:[/yellow] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_BUSY)
    except UsageError as error:
        err.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_USAGE)
    except DatelineError as error:
        err.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        err.print("Stopped. What was taken in stays in; run it again to go on.")
        sys.exit(130)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    if show:
        out.print(f"dateline {__version__}", highlight=False)
        raise typer.Exit


# ------------------------------------------------------------------------------------------------ runs


@app.command()
def nightly(
    sources: SourcesOption = None,
    sample: Annotated[bool, typer.Option("--sample", help="Run on the bundled sample wire, with its clock.")] = False,
) -> None:
    """Fetch what is due, land articles, build the series, publish news.duckdb and report.html."""
    if sample and sources:
        raise UsageError("Give --sample or --sources, not both.")
    catalogue = sources or CATALOGUE
    if not sample:
        load_catalogue(catalogue, os.environ)  # its errors before a server starts
    settings = prepare(read_settings())
    if sample:
        rehearse(settings)
    else:
        run_nightly(settings, catalogue)
    show_results(settings)


def prepare(settings: Settings, *, has_ui: bool = False) -> Settings:
    """The settings, with the server and the environment that Prefect is to find when it is imported."""
    from flows.home import prepare_prefect

    settings.data.mkdir(parents=True, exist_ok=True)
    prepare_prefect(settings.data, has_ui=has_ui)
    return settings


def run_nightly(
    settings: Settings, sources: Path, *, now: datetime | None = None, proxy: str | None = None
) -> "RunReport":
    """One run of the nightly flow, with its progress and its result on the terminal."""
    from flows.nightly import nightly as flow
    from flows.server import telling_of_server

    before = series_of(settings)
    with showing_progress(), telling_of_server():
        report = flow(sources=str(sources), now=now, proxy=proxy)
    show_run(report)
    show_changes(before, series_of(settings))
    return report


def rehearse(settings: Settings) -> None:
    """The nights of the sample wire that were not run yet; the last one again where all were."""
    from deployments.sample.site import NIGHTS, SampleWire

    done = last_run_at(settings)
    nights = [night for night in NIGHTS if done is None or night > done] or [NIGHTS[-1]]
    with SampleWire() as wire:
        for night in nights:
            wire.set_now(night)
            folders = settings.data / "sample"
            wire.fill_folders(folders)
            catalogue = settings.data / "sample" / "sources.toml"
            wire.write_catalogue(catalogue, folders)
            out.print(f"\n[bold]The sample wire, as of {night:%A %d %B %Y, %H:%M} UTC[/bold]", highlight=False)
            run_nightly(settings, catalogue, now=night, proxy=wire.proxy_url)


def last_run_at(settings: Settings) -> datetime | None:
    """The clock of the last snapshot."""
    if not settings.published_path.exists():
        return None
    rows = ask(settings.published_path, "select built_at from meta.snapshot").rows
    return rows[0][0].replace(tzinfo=UTC) if rows else None


def series_of(settings: Settings) -> dict[str, tuple[int, int]]:
    """Rows and a fingerprint of each public table whose sameness a second run is to show."""
    return fingerprints(settings.published_path) if settings.published_path.exists() else {}


def show_changes(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> None:
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
select t.label as topic, sum(d.articles)::int as articles, sum(d.stories)::int as stories,
       min(d.date) as first_day, max(d.date) as last_day
from topic_daily as d join topics as t using (topic_id)
where d.date > (select max(date) from topic_daily) - 7
group by all order by articles desc, topic limit 8"""


def show_results(settings: Settings) -> None:
    """The top topics, where the files are, and a query ready to paste."""
    topics = ask(settings.published_path, TOP_TOPICS)
    if topics.rows:
        show_answer(topics, title="Top topics of the last seven days")
    query = "select date, articles, stories, share from topic_daily where topic_id = 'medtop:16000000' order by date"
    top = ask(
        settings.published_path, "select topic_id from topic_daily group by 1 order by sum(articles) desc, 1 limit 1"
    )
    if top.rows:
        query = (
            f"select date, articles, stories, share from topic_daily where topic_id = '{top.rows[0][0]}' order by date"
        )
    show_pairs(
        [
            ("published", str(settings.published_path)),
            ("report", settings.report_path.as_uri()),
            ("try", f'dateline query "{query}"'),
        ]
    )


@app.command()
def backfill(
    folder: Annotated[
        Path | None, typer.Option(help="A folder of wire files or feeds.", exists=True, file_okay=False)
    ] = None,
    warc: Annotated[
        list[Path] | None, typer.Option(help="WARC files, one or more.", exists=True, dir_okay=False)
    ] = None,
    more: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="More files for --warc.", exists=True, dir_okay=False),
    ] = None,
    sources: SourcesOption = None,
    since: Annotated[datetime | None, typer.Option(help="First day (UTC).", formats=["%Y-%m-%d"])] = None,
    until: Annotated[datetime | None, typer.Option(help="First day after (UTC).", formats=["%Y-%m-%d"])] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would read, and stop.")] = False,
) -> None:
    """Take in the past: a drop folder, WARC files, or what the sources' own dated listings name.

    It can be stopped at any moment and run again; it yields to a nightly run and goes on after it.
    """
    if folder and warc:
        raise UsageError("Give --folder or --warc, not both.")
    if more and not warc:
        raise UsageError(f"What is {more[0]} for? WARC files follow --warc, a folder follows --folder.")
    warc = [*(warc or []), *(more or [])]
    settings = read_settings()
    since, until = (at.replace(tzinfo=UTC) if at else None for at in (since, until))
    if dry_run:
        show_plan(plan_backfill(settings, folder, warc, sources or CATALOGUE, Window(since, until)))
        return
    if not (folder or warc or since):
        raise UsageError("A backfill of the sources' listings needs --since DATE (and --until DATE).")
    prepare(settings)
    from flows.backfill import backfill as flow
    from flows.server import telling_of_server

    before = series_of(settings)
    with showing_progress(), telling_of_server():
        report = flow(
            folder=str(folder.absolute()) if folder else None,
            warc=[str(path.absolute()) for path in warc],
            sources=str(sources) if sources else None,
            since=since,
            until=until,
        )
    show_run(report)
    show_changes(before, series_of(settings))
    show_results(settings)


@app.command()
def retry(sources: SourcesOption = None) -> None:
    """Read again what could not be read and lies in quarantine, with the code that is here now.

    For after a parser was mended: the bytes are in the archive, and nothing is fetched.
    """
    load_catalogue(sources or CATALOGUE, os.environ)
    settings = prepare(read_settings())
    from flows.retry import retry as flow
    from flows.server import telling_of_server

    before = series_of(settings)
    with showing_progress(), telling_of_server():
        report = flow(sources=str(sources) if sources else None)
    show_run(report)
    show_changes(before, series_of(settings))


def show_plan(plan: Sequence[tuple[str, str]]) -> None:
    show_pairs(plan)
    out.print("Nothing was read. Leave --dry-run out to go on.")


def plan_backfill(
    settings: Settings, folder: Path | None, warc: Sequence[Path], sources: Path, window: Window
) -> list[tuple[str, str]]:
    """What a backfill would read, without a fetch and without a write."""
    plan = [("window", f"{window.since or 'the beginning'} to {window.until or 'now'}")]
    if folder:
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        plan.append(("folder", f"{folder}: {len(files):,} files, {size / 1e6:,.1f} MB"))
    elif warc:
        plan += [("warc", f"{path}: {path.stat().st_size / 1e6:,.1f} MB") for path in warc]
    else:
        plan += [
            ("ask", f"{source.id}: {request.url}")
            for source in load_catalogue(sources, os.environ)
            for request in first_requests(source, window)
        ]
    return [*plan, ("into", str(settings.warehouse_path))]


@app.command()
def serve(
    sources: SourcesOption = None,
    cron: Annotated[str, typer.Option(help="When the nightly run starts.")] = "15 2 * * *",
    timezone: Annotated[str, typer.Option(help="The time zone of --cron.")] = "UTC",
) -> None:
    """Run the nightly flow by the clock on this machine, with Prefect's UI, until stopped."""
    load_catalogue(sources or CATALOGUE, os.environ)
    prepare(read_settings(), has_ui=True)
    from flows.serving import deployments, serve_schedule

    served = deployments(cron, timezone, str((sources or CATALOGUE).absolute()))
    ui = os.environ["PREFECT_API_URL"].removesuffix("/api")
    out.print(f"Nightly at '{cron}' {timezone}. The UI is at {ui}. Ctrl-C stops it.", highlight=False)
    serve_schedule(served)


# ------------------------------------------------------------------------------------------------ looking


@app.command()
def status() -> None:
    """What stands: the last snapshot, the last runs, who is behind, what is set aside."""
    settings = read_settings()
    snapshot = ask(settings.published_path, "from meta.snapshot")
    show_pairs(
        [
            (column.replace("_", " "), plain(value))
            for column, value in zip(snapshot.columns, snapshot.rows[0], strict=True)
        ]
    )
    for title, sql in STATUS:
        show_answer(ask(settings.published_path, sql), title=title)


STATUS = (
    (
        "Last runs",
        """select run_id, kind, state, started_at, finished_at, error
           from ingest.runs order by started_at desc, run_id limit 5""",
    ),
    (
        "Freshness",
        """select source_id, last_polled_at, last_good_poll_at, last_published_at, failing_feeds
           from meta.freshness order by last_published_at nulls first""",
    ),
    (
        "Set aside",
        """select source_id, stage, reason, count(*) as items, max(last_at) as last_at
           from ingest.quarantine where resolved_at is null group by all order by items desc, source_id limit 20""",
    ),
)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="SQL, in DuckDB's dialect.")],
    format: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.TABLE,
) -> None:
    """Ask the published file. It is opened read-only; a run that publishes meanwhile does not disturb it."""
    answer = ask(read_settings().published_path, sql)
    if format is Format.TABLE:
        show_answer(answer)
        return
    printers = {Format.CSV: as_csv, Format.JSON: as_json, Format.MARKDOWN: as_markdown}
    typer.echo(printers[format](answer), nl=format is not Format.CSV)


@app.command()
def explain(what: Annotated[str, typer.Argument(help="A URL, an article id, a version id or a wire id.")]) -> None:
    """What was made of an article and why: dates, lines dropped, topics' evidence, story, WARC record."""
    from pipeline.steps.look import explain_article

    found = explain_article(read_settings().published_path, what)
    if not found:
        raise UsageError(f"Nothing goes by {what}. `dateline query` finds articles: select url, title from articles …")
    for article in found:
        show_explanation(article)


@app.command()
def report() -> None:
    """Write report.html again from the published file, and say where it is."""
    from pipeline.publish.report import write_report

    settings = read_settings()
    if not settings.published_path.exists():
        raise UsageError(f"There is no published file {settings.published_path} yet. Run `dateline nightly` first.")
    write_report(settings.published_path, None, settings.report_path, settings.clock())
    out.print(settings.report_path.as_uri(), soft_wrap=True)


# ------------------------------------------------------------------------------------------------ catalogue


@sources_app.command("check")
def check_sources(
    sources: SourcesOption = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Fetch each feed once and say what it found.")] = False,
) -> None:
    """Say whether the catalogue can be used; with --fetch, also what each feed answers and what to correct."""
    path = sources or CATALOGUE
    catalogue = load_catalogue(path, os.environ)
    feeds = sum(len(source.feeds) for source in catalogue)
    out.print(f"{path}: {len(catalogue)} sources, {feeds} feeds, no errors.", soft_wrap=True, highlight=False)
    for problem in missing_folders(catalogue):
        err.print(problem, soft_wrap=True, highlight=False)
    if fetch:
        from pipeline.steps.check import check_feeds

        found = check_feeds(read_settings(), catalogue)
        show_findings(found)
        if any(finding.corrections for finding in found):
            raise typer.Exit(EXIT_FAILED)


@sources_app.command("import")
def import_sources(
    opml: Annotated[str, typer.Argument(help="An OPML file, or its http address.")],
    output: Annotated[Path, typer.Option("--output", help="The catalogue to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite the catalogue.")] = False,
) -> None:
    """Make a catalogue of an OPML list of feeds."""
    if output.exists() and not force:
        raise UsageError(f"{output} exists. Give another --output, or --force.")
    body = read_opml(opml)
    catalogue = import_opml(body)
    output.write_text(write_toml(catalogue), "utf-8")
    for skipped in skipped_outlines(body):
        err.print(skipped, soft_wrap=True, highlight=False)
    say = f"{output}: {len(catalogue)} sources. Look at it with `dateline sources check --sources {output}`."
    out.print(say, soft_wrap=True, highlight=False)


def read_opml(opml: str) -> bytes:
    """The list's bytes, from a file or an address."""
    if opml.startswith(("http://", "https://")):
        from pipeline.steps.look import fetch_once

        return fetch_once(read_settings(), opml)
    if not Path(opml).is_file():
        raise UsageError(f"There is no file {opml}.")
    return Path(opml).read_bytes()


@sources_app.command("export")
def export_sources(
    sources: SourcesOption = None,
    output: Annotated[Path | None, typer.Option("--output", help="The OPML file to write.")] = None,
) -> None:
    """Write the catalogue's feeds as OPML, keys left out."""
    body = export_opml(load_catalogue(sources or CATALOGUE, os.environ))
    if output:
        output.write_bytes(body)
    else:
        typer.echo(body.decode())


@topics_app.command("import")
def import_topics(
    file: Annotated[Path, typer.Argument(help="IPTC Media Topics in JSON (SKOS), as the IPTC offers it.")],
) -> None:
    """Take a vocabulary in: labels, hierarchy and older codes; the next run tags by it."""
    from pipeline.steps.look import import_vocabulary

    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    count = import_vocabulary(read_settings(), file.read_bytes())
    out.print(f"{count:,} topics of {file.name}. The next run tags all articles by them.", highlight=False)


# ------------------------------------------------------------------------------------------------ boilerplate

SourceOption = Annotated[str, typer.Option("--source", help="Id of the source.")]
LineArgument = Annotated[str, typer.Argument(help="The line as it stands on the page, or the beginning of its id.")]
NEXT_RUN = "The next run makes the source's texts accordingly."


@boilerplate_app.command("list")
def list_boilerplate(
    source: SourceOption,
    all_lines: Annotated[
        bool, typer.Option("--all", help="Also the lines that recur and are text all the same.")
    ] = False,
) -> None:
    """Show the lines that are left out of a source's texts, and why."""
    from pipeline.steps.boilerplate import lines_of

    lines = lines_of(read_settings(), source)
    shown = [line for line in lines if all_lines or line.place or line.said]
    rows = tuple(
        (line.line_id[:8], line.text, line.place or "text", line.said, line.stories, line.days, line.reason)
        for line in shown
    )
    show_answer(Answer(("id", "line", "left out", "said", "stories", "days", "evidence"), rows), title=source)
    if hidden := len(lines) - len(shown):
        out.print(f"{hidden} more lines recur and are text; --all shows them.", highlight=False)


@boilerplate_app.command("keep")
def keep_line(line: LineArgument, source: SourceOption) -> None:
    """Say that a line is text, however often it recurs."""
    from pipeline.steps.boilerplate import say

    out.print(
        f"Kept from now on: {say(read_settings(), source, line, 'keep')}\n{NEXT_RUN}", markup=False, soft_wrap=True
    )


@boilerplate_app.command("drop")
def drop_line(line: LineArgument, source: SourceOption) -> None:
    """Say that a line is no text, wherever it stands."""
    from pipeline.steps.boilerplate import say

    out.print(
        f"Left out from now on: {say(read_settings(), source, line, 'drop')}\n{NEXT_RUN}", markup=False, soft_wrap=True
    )


@boilerplate_app.command("undo")
def undo_line(line: LineArgument, source: SourceOption) -> None:
    """Take back what was said of a line: the evidence decides again."""
    from pipeline.steps.boilerplate import unsay

    out.print(f"Left to the evidence: {unsay(read_settings(), source, line)}\n{NEXT_RUN}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
