"""A backfill: what was asked for, what it would read, and the flow."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pipeline.captures.history import first_requests
from pipeline.catalogue import load_catalogue
from pipeline.cli.results import show_flow, show_results
from pipeline.cli.runs import prepare
from pipeline.cli.sample import catalogue_of, warn_of_sample
from pipeline.cli.sources import SourcesOption
from pipeline.cli.terminal import out, show_pairs
from pipeline.errors import UsageError
from pipeline.settings import Settings, read_settings
from pipeline.types import Window


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
    if more and not warc:
        raise UsageError(f"What is {more[0]} for? WARC files follow --warc, a folder follows --folder.")
    warc = [*(warc or []), *(more or [])]
    check_asked(folder, warc, since, until)
    settings = read_settings()
    since, until = (at.replace(tzinfo=UTC) if at else None for at in (since, until))
    catalogue = catalogue_of(settings, sources)
    warn_of_sample(settings)
    if dry_run:
        show_plan(plan_backfill(settings, folder, warc, catalogue, Window(since, until)))
        return
    if not (folder or warc or since):
        raise UsageError("A backfill of the sources' listings needs --since DATE (and --until DATE).")
    load_catalogue(catalogue, os.environ)  # its errors before a server starts
    prepare(settings)
    from flows.backfill import backfill as flow

    asked = partial(
        flow,
        folder=str(folder.absolute()) if folder else None,
        warc=[str(path.absolute()) for path in warc],
        sources=str(catalogue),
        since=since,
        until=until,
    )
    show_flow(settings, asked)
    show_results(settings)


def check_asked(folder: Path | None, warc: Sequence[Path], since: datetime | None, until: datetime | None) -> None:
    """Raises `UsageError` where the past that is asked for can't be."""
    if folder and warc:
        raise UsageError("Give --folder or --warc, not both.")
    if folder and not any(path.is_file() for path in folder.rglob("*")):
        raise UsageError(f"There is no file in the folder {folder}.")
    if since and until and until <= since:
        raise UsageError(f"--until {until:%Y-%m-%d} is not after --since {since:%Y-%m-%d}; it is the first day after.")


def show_plan(plan: Sequence[tuple[str, str]]) -> None:
    show_pairs(plan)
    out.print("Nothing was read. Leave --dry-run out to go on.")


def kilobytes(path: Path) -> int:
    return -(-path.stat().st_size // 1000)


def plan_backfill(
    settings: Settings, folder: Path | None, warc: Sequence[Path], sources: Path, window: Window
) -> list[tuple[str, str]]:
    """What a backfill would read, without a fetch and without a write."""
    plan = [("window", f"{window.since or 'the beginning'} to {window.until or 'now'}")]
    if folder:
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        plan.append(("folder", f"{folder}: {len(files):,} files, {sum(map(kilobytes, files)):,} kB"))
    elif warc:
        plan += [("warc", f"{path}: {kilobytes(path):,} kB") for path in warc]
    else:
        plan += [
            ("ask", f"{source.id}: {request.url}")
            for source in load_catalogue(sources, os.environ)
            for request in first_requests(source)
        ]
    return [*plan, ("into", str(settings.warehouse_path))]
