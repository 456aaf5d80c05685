"""One task for each step and batch. Retries stand where trying again can help: at the files that a step locks, never
around the network, whose retries are the fetcher's own.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from pipeline.steps import (
    boilerplate,
    collect,
    derive,
    folders,
    held,
    history,
    link,
    overruns,
    polls,
    publish,
    retry,
    warc,
)
from pipeline.steps import follow as follow_steps
from pipeline.steps.collect import PageFetched, Polled
from pipeline.steps.link import Linker
from pipeline.steps.polls import Taken
from pipeline.steps.run import Run
from pipeline.types import CaptureRef, Feed, PageDue, RunReport, Window

T = TypeVar("T")

# A task's arguments are open things and refs: nothing to hash, nothing to store.
LIVE: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}


class Batch(Generic[T]):
    """What one task works on, under the name that the UI shows.

    No dataclass and no list: Prefect searches those for futures, field by field, which took a tenth of a whole run.
    """

    __slots__ = ("items", "name", "run")

    def __init__(self, run: Run, name: str, items: Sequence[T] = ()) -> None:
        self.run, self.name, self.items = run, name, items


@task(name="collect feeds", task_run_name="collect {batch.name}", **LIVE)
def collect_feeds(batch: Batch[Feed]) -> Batch[Polled]:
    """Feeds over HTTP, into the archive."""
    return Batch(batch.run, batch.name, collect.collect_feeds(batch.run, batch.items))


@task(name="derive feeds", task_run_name="derive {batch.name}", **LIVE)
def derive_feeds(batch: Batch[Polled]) -> Batch[Taken]:
    """Entries and wire articles of one batch of feeds; the answers that name further documents."""
    return Batch(batch.run, batch.name, polls.derive_feeds(batch.run, batch.items))


@task(name="follow", task_run_name="follow {batch.name}", **LIVE)
def follow(batch: Batch[Feed], taken: Batch[Taken]) -> int:
    """What the feeds' answers name further: the documents of an agency's list, its next page."""
    documents = follow_steps.follow(batch.run, batch.items, taken.items)
    if documents:
        get_run_logger().info("%d documents that feeds named", documents)
    return documents


@task(name="read folder", task_run_name="read folder {batch.name}", **LIVE)
def read_folder(batch: Batch[Feed]) -> int:
    """A drop folder's new files: into the archive, then entries and wire articles, part by part."""
    files = 0
    log = get_run_logger()
    for feed in batch.items:
        for polled in folders.collect_folder(batch.run, feed):
            polls.derive_feeds(batch.run, polled)
            batch.run.warehouse.yield_if_wanted()
            files += sum(1 for one in polled if one.ref)
            log.info("%s: %d files", feed.id, files)
        if batch.run.kind == "backfill":
            folders.note_nothing(batch.run, feed, files)
    return files


@task(name="release embargoes", task_run_name="release embargoes", **LIVE)
def release_embargoes(batch: Batch[None]) -> int:
    """Items whose embargo has passed."""
    released = held.release_embargoes(batch.run)
    if released:
        get_run_logger().info("%d items, whose embargo has passed", released)
    return released


@task(name="retry", task_run_name="retry {batch.name}", **LIVE)
def retry_failures(batch: Batch[None], *, of_other_code: bool) -> int:
    """Items in quarantine whose bytes are in the archive; how many were taken in after all."""
    resolved = retry.retry_failures(batch.run, of_other_code=of_other_code)
    if resolved:
        get_run_logger().info("%d items of the quarantine, which can be read now", resolved)
    return resolved


@task(name="repair overruns", task_run_name="repair overruns", **LIVE)
def repair_overruns(batch: Batch[None]) -> int:
    """What the windows of feeds had moved past, from the sites' own listings; how many entries were new."""
    return overruns.repair_overruns(batch.run)


@task(name="discover", task_run_name="discover {batch.name}", **LIVE)
def discover(batch: Batch[tuple[str, Window]]) -> int:
    """What dated sitemaps and archived feeds name; how many entries were new."""
    return history.discover_past(batch.run, dict(batch.items))


@task(name="collect pages", task_run_name="collect {batch.name}", **LIVE)
def collect_pages(batch: Batch[PageDue]) -> Batch[PageFetched]:
    """One batch of pages, into the archive."""
    return Batch(batch.run, batch.name, collect.collect_pages(batch.run, batch.items))


@task(name="derive pages", task_run_name="derive {batch.name}", **LIVE)
def derive_pages(batch: Batch[PageFetched]) -> int:
    """Articles of one batch of pages."""
    derive.derive_pages(batch.run, batch.items)
    return len(batch.items)


@task(name="derive documents", task_run_name="derive {batch.name}", **LIVE)
def derive_documents(batch: Batch[CaptureRef]) -> None:
    """Entries and wire articles of one batch of a WARC file."""
    warc.derive_documents(batch.run, batch.items)


@task(name="derive archived pages", task_run_name="derive {batch.name}", **LIVE)
def derive_archived_pages(batch: Batch[str]) -> None:
    """Articles of one batch of the pages of WARC files, named by their captures."""
    warc.derive_archived_pages(batch.run, batch.items)


@task(name="learn boilerplate", task_run_name="learn boilerplate", **LIVE)
def learn_boilerplate(batch: Batch[None]) -> int:
    """Lines that recur over a source's pages; how many pages were read again without them, or with them."""
    boilerplate.learn(batch.run)
    pages = boilerplate.apply(batch.run)
    if pages:
        get_run_logger().info("%d pages of the archive were read again", pages)
    return pages


@task(name="link", task_run_name="link {batch.name}", **LIVE)
def link_batch(batch: Batch[Linker]) -> int:
    """Topics and stories of one batch of articles; how many there were."""
    count = sum(link.link_batch(batch.run, linker) for linker in batch.items)
    if count:
        get_run_logger().info("%d articles linked", count)
    return count


@task(name="build models", task_run_name="build models", **LIVE)
def build_models(batch: Batch[None], linked_code: str) -> None:
    """The public tables and their data tests."""
    built = publish.build_models(batch.run, linked_code)
    of_what = "for everything" if built.is_full else "for what was touched"
    log = get_run_logger()
    log.info("%d models %s and %d tests in %.1f s", built.models, of_what, built.tests, built.elapsed_s)
    for warning in built.warnings:
        log.warning("%s", warning)


@task(name="publish", task_run_name="publish the snapshot", retries=2, retry_delay_seconds=5, **LIVE)
def publish_snapshot(batch: Batch[None], linked_code: str) -> RunReport:
    """The snapshot and the report."""
    report = publish.publish(batch.run, linked_code)
    if report.snapshot:
        get_run_logger().info(
            "%s: %d articles, %d stories", report.snapshot.path, report.snapshot.articles, report.snapshot.stories
        )
    return report
