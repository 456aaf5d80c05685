"""A backfill: a window of the past, out of a drop folder, WARC files, or the sites' own listings."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from prefect import flow, runtime

from flows import path, tasks
from flows.log import telling
from flows.nightly import edge_settings, in_utc
from flows.server import end_with_schedule
from flows.tasks import Batch
from pipeline.catalogue import folder_source, load_catalogue
from pipeline.errors import UsageError
from pipeline.settings import CATALOGUE
from pipeline.steps.run import Run, open_run
from pipeline.steps.warc import collect_warc
from pipeline.types import CaptureKind, RunReport, Source, Window

WARC_BATCH = 96


def run_name() -> str:
    """ "backfill of reuters21578, 1987-02-01 to 1987-11-01"."""
    asked = runtime.flow_run.parameters
    files = [Path(name).name for name in asked.get("warc") or ()]
    what = Path(asked["folder"]).name if asked.get("folder") else ", ".join(files[:3]) or "the sources' listings"
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    since, until = (str(asked.get(name) or otherwise)[:10] for name, otherwise in (("since", "…"), ("until", "…")))
    return f"backfill of {what}{more}, {since} to {until}"


@flow(name="backfill", flow_run_name=run_name, description=__doc__)
def backfill(
    folder: str | None = None,
    warc: Sequence[str] = (),
    sources: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    now: datetime | None = None,
    proxy: str | None = None,
) -> RunReport:
    """The same path as a nightly run; only where the captures come from differs.

    It may be stopped at any moment and run again: what is in stays in, and nothing is taken in twice. It yields to a
    nightly run between batches and goes on after it. Raises `UsageError` where it is not told of which past: all that
    all sites ever listed is nobody's wish.
    """
    if not (folder or warc or since):
        raise UsageError("Give a folder, WARC files, or since (and until) for what the sources' sites list.")
    end_with_schedule()
    settings = edge_settings(now, proxy)
    known = load_catalogue(Path(sources) if sources else CATALOGUE, os.environ)
    catalogue = (folder_source(Path(folder), known),) if folder else known
    window = Window(in_utc(since), in_utc(until))
    with telling(), open_run(settings, "backfill", catalogue, window=window) as run:
        if folder:
            path.read_feeds(run)
            path.land_pages(run)
        elif warc:
            take_in_warc(run, [Path(name) for name in warc])
        else:
            take_in_history(run, catalogue)
        path.learn_boilerplate(run)
        linked_code = path.link_articles(run)
        report = path.publish(run, linked_code)
    return path.answered(report)


def take_in_warc(run: Run, files: Sequence[Path]) -> None:
    """The captures of WARC files, batch by batch: first the documents of all of them, which say of the pages what the
    pages themselves don't, then the pages.
    """
    pages: list[str] = []
    with path.Stage(run, "files", len(files)) as stage:
        for file in files:
            for number, refs in enumerate(collect_warc(run, file, WARC_BATCH), 1):
                pages += [ref.id for ref in refs if ref.kind is CaptureKind.PAGE]
                if documents := [ref for ref in refs if ref.kind is not CaptureKind.PAGE]:
                    tasks.derive_documents(Batch(run, f"{file.name}, batch {number}", documents))
                run.warehouse.yield_if_wanted()
            stage.advance(1)
    with path.Stage(run, "pages", len(pages)) as stage:
        for number, ids in enumerate(path.batches(pages, WARC_BATCH), 1):
            tasks.derive_archived_pages(Batch(run, f"pages, batch {number}", ids))
            run.warehouse.yield_if_wanted()
            stage.advance(len(ids))


def take_in_history(run: Run, catalogue: Sequence[Source]) -> None:
    """What the sites' dated listings name for the window, and then those pages."""
    with path.Stage(run, "listings", 0):
        tasks.discover(Batch(run, f"{len(catalogue)} sources", [(source.id, run.window) for source in catalogue]))
    run.warehouse.yield_if_wanted()
    path.land_pages(run)
