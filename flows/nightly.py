"""The nightly run."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, runtime

from flows import path, tasks
from flows.log import telling
from flows.server import end_with_schedule
from flows.tasks import Batch
from pipeline.catalogue import load_catalogue
from pipeline.settings import CATALOGUE, Settings, read_settings
from pipeline.steps.run import open_run
from pipeline.types import RunReport


def edge_settings(now: datetime | None, proxy: str | None) -> Settings:
    """The environment's settings, with what the run's parameters say instead."""
    settings = read_settings(os.environ)
    return replace(settings, now=in_utc(now) or settings.now, proxy=proxy or settings.proxy)


def in_utc(at: datetime | None) -> datetime | None:
    """A run's parameter; Prefect's UI and command line give dates and times without a zone, which are UTC."""
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def run_name() -> str:
    """ "nightly 2026-04-13 02:00", by the run's own clock."""
    parameters = runtime.flow_run.parameters
    now = edge_settings(parameters.get("now"), None).clock()
    return f"{runtime.flow_run.flow_name} {now:%Y-%m-%d %H:%M}"


@flow(name="nightly", flow_run_name=run_name, description=__doc__)
def nightly(sources: str | None = None, now: datetime | None = None, proxy: str | None = None) -> RunReport:
    """Feeds, then the pages that their entries name; topics and stories; the public tables and the snapshot.

    `sources` is the catalogue (default: the shipped one), `now` the clock that the run believes in, `proxy` the web
    that it sees; the environment says the rest. Raises `WarehouseBusy` while another nightly run goes on.
    """
    end_with_schedule()
    settings = edge_settings(now, proxy)
    catalogue = load_catalogue(Path(sources) if sources else CATALOGUE, os.environ)
    with telling(), open_run(settings, "nightly", catalogue) as run:
        path.read_feeds(run)
        tasks.retry_failures(Batch(run, "what other code could not read"), of_other_code=True)
        tasks.release_embargoes(Batch(run, "embargoes"))
        with path.Stage(run, "listings", 0):
            tasks.repair_overruns(Batch(run, "overruns"))
        path.land_pages(run)
        path.learn_boilerplate(run)
        linked_code = path.link_articles(run)
        report = path.publish(run, linked_code)
    return path.answered(report)
