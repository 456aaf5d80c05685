"""One task for each step and batch. Retries stand where trying again can help: at the files that a step locks, never
around the network, whose retries are the fetcher's own.
"""

from collections.abc import Sequence
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from pipeline.steps import collect, derive, history, link, publish
from pipeline.steps.collect import PageFetched, Polled
from pipeline.steps.link import Linker
from pipeline.steps.run import Run
from pipeline.types import CaptureRef, Feed, PageDue, RunReport, Window

# A task's arguments are open things and refs: nothing to hash, nothing to store.
LIVE: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}


@task(name="collect feeds", task_run_name="collect {name}", **LIVE)
def collect_feeds(run: Run, feeds: Sequence[Feed], name: str) -> list[Polled]:
    """Feeds over HTTP, into the archive."""
    return collect.collect_feeds(run, feeds)


@task(name="derive feeds", task_run_name="derive {name}", **LIVE)
def derive_feeds(run: Run, polled: Sequence[Polled], name: str) -> None:
    """Entries and wire articles of one batch of feeds."""
    derive.derive_feeds(run, polled)


@task(name="read folder", task_run_name="read folder {name}", **LIVE)
def read_folder(run: Run, feed: Feed, name: str) -> int:
    """A drop folder's new files: into the archive, then entries and wire articles, batch by batch."""
    files = 0
    for batch in collect.collect_folder(run, feed):
        derive.derive_feeds(run, batch)
        files += len(batch)
    return files


@task(name="release embargoes", **LIVE)
def release_embargoes(run: Run) -> int:
    """Items whose embargo has passed."""
    return derive.release_embargoes(run)


@task(name="repair overruns", **LIVE)
def repair_overruns(run: Run) -> int:
    """What the windows of feeds had moved past, from the sites' own dated listings; how many entries were new."""
    windows = derive.overruns_due(run)
    new = history.discover(run, windows) if windows else 0
    derive.mark_repaired(run, windows)
    return new


@task(name="discover", task_run_name="discover {name}", **LIVE)
def discover(run: Run, windows: dict[str, Window], name: str) -> int:
    """What dated sitemaps and archived feeds name."""
    return history.discover(run, windows)


@task(name="collect pages", task_run_name="collect {name}", **LIVE)
def collect_pages(run: Run, pages: Sequence[PageDue], name: str) -> list[PageFetched]:
    """One batch of pages, into the archive."""
    return collect.collect_pages(run, pages)


@task(name="derive pages", task_run_name="derive {name}", **LIVE)
def derive_pages(run: Run, pages: Sequence[PageFetched], name: str) -> int:
    """Articles of one batch of pages."""
    derive.derive_pages(run, pages)
    return len(pages)


@task(name="derive captures", task_run_name="derive {name}", **LIVE)
def derive_captures(run: Run, refs: Sequence[CaptureRef], name: str) -> None:
    """Entries and articles of one batch of a WARC file."""
    history.derive_captures(run, refs)


@task(name="link", task_run_name="link {name}", **LIVE)
def link_batch(run: Run, linker: Linker, name: str) -> int:
    """Topics and stories of one batch of articles."""
    return link.link_batch(run, linker)


@task(name="build models", retries=1, retry_delay_seconds=5, **LIVE)
def build_models(run: Run, linked_code: str) -> None:
    """The public tables and their data tests."""
    publish.build_models(run, linked_code)


@task(name="publish", retries=2, retry_delay_seconds=5, **LIVE)
def publish_snapshot(run: Run, linked_code: str) -> RunReport:
    """The snapshot and the report."""
    return publish.publish(run, linked_code)
