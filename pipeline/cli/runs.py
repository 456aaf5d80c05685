"""The runs of every day: the nightly flow, by hand or by the clock, and what lies in quarantine read again."""

import os
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pipeline.catalogue import load_catalogue
from pipeline.cli.results import show_flow, show_results
from pipeline.cli.sample import catalogue_of, refuse_other_news, refuse_sample, rehearse
from pipeline.cli.sources import SourcesOption
from pipeline.cli.terminal import out
from pipeline.errors import SettingsError, UsageError
from pipeline.settings import CATALOGUE, Settings, read_settings


def nightly(
    sources: SourcesOption = None,
    sample: Annotated[bool, typer.Option("--sample", help="Run on the bundled sample wire, with its clock.")] = False,
) -> None:
    """Fetch what is due, land articles, build the series, publish news.duckdb and report.html."""
    if sample and sources:
        raise UsageError("Give --sample or --sources, not both.")
    settings = read_settings()
    if sample:
        refuse_other_news(settings)
        rehearse(settings, partial(run_nightly, prepare(settings)))
    else:
        refuse_sample(settings)
        load_catalogue(sources or CATALOGUE, os.environ)  # its errors before a server starts
        run_nightly(prepare(settings), sources or CATALOGUE)
    show_results(settings)


def retry(sources: SourcesOption = None) -> None:
    """Read again what could not be read and lies in quarantine, with the code that is here now.

    For after a parser was mended: the bytes are in the archive, and nothing is fetched.
    """
    settings = read_settings()
    if not settings.warehouse_path.is_file():
        raise UsageError(f"There is no warehouse {settings.warehouse_path} yet. Run `dateline nightly` first.")
    catalogue = catalogue_of(settings, sources)
    load_catalogue(catalogue, os.environ)
    prepare(settings)
    from flows.retry import retry as flow

    show_flow(settings, partial(flow, sources=str(catalogue)))


def serve(
    sources: SourcesOption = None,
    cron: Annotated[str, typer.Option(help="When the nightly run starts.")] = "15 2 * * *",
    timezone: Annotated[str, typer.Option(help="The time zone of --cron.")] = "UTC",
) -> None:
    """Run the nightly flow by the clock on this machine, with Prefect's UI, until stopped."""
    settings = read_settings()
    refuse_sample(settings)
    load_catalogue(sources or CATALOGUE, os.environ)
    prepare(settings, has_ui=True)
    from flows.serving import deployments, serve_schedule

    served = deployments(cron, timezone, str((sources or CATALOGUE).absolute()))
    ui = os.environ["PREFECT_API_URL"].removesuffix("/api")
    out.print(f"Nightly at '{cron}' {timezone}. The UI is at {ui}. Ctrl-C stops it.", highlight=False)
    serve_schedule(served)


def prepare(settings: Settings, *, has_ui: bool = False) -> Settings:
    """The settings, with the server and the environment that Prefect is to find when it is imported."""
    from flows.home import prepare_prefect

    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The data folder {settings.data} can't be made ({error.strerror}). Set DATELINE_DATA to one that can."
        ) from error
    prepare_prefect(settings.data, has_ui=has_ui)
    return settings


def run_nightly(settings: Settings, sources: Path, now: datetime | None = None, proxy: str | None = None) -> None:
    """One run of the nightly flow, with its progress and its result on the terminal."""
    from flows.nightly import nightly as flow

    show_flow(settings, partial(flow, sources=str(sources), now=now, proxy=proxy))
