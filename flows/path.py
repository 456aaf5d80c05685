"""The stretches of the path that the nightly run and a backfill share: tasks over batches, with progress."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID

from prefect.artifacts import create_markdown_artifact, create_progress_artifact, update_progress_artifact
from prefect.futures import PrefectFuture

from flows import tasks
from flows.log import report_markdown, tell_difference
from flows.tasks import Batch
from pipeline.errors import NothingCollected
from pipeline.steps import collect, link
from pipeline.steps.run import Run
from pipeline.types import Delivery, RunReport, SourceReport

T = TypeVar("T")

FEED_BATCH = 256
PAGE_BATCH = 256


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Stage:
    """One stage of a run: how far it is, for the terminal and as an artifact for the Prefect UI; and for the run's log,
    what each source did in it.
    """

    def __init__(self, run: Run, name: str, total: int) -> None:
        self._run, self._name, self._total, self._done = run, name, total, 0
        self._artifact: UUID | None = None
        self._before: Sequence[SourceReport] = ()

    def __enter__(self) -> Self:
        self._before = self._run.tally.reports()
        if self._total:
            key = f"{self._run.kind}-{self._name}"
            made = create_progress_artifact(0.0, key=key, description=f"{self._name} of {self._run.id}")
            self._artifact = made if isinstance(made, UUID) else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tell_difference(self._before, self._run.tally.reports())

    def advance(self, count: int) -> None:
        self._done += count
        self._run.progress(self._name, self._done, self._total)
        if self._artifact:
            update_progress_artifact(self._artifact, progress=100.0 * self._done / self._total)


def read_feeds(run: Run) -> None:
    """Every feed that is due: over HTTP in batches, drop folders one by one."""
    due = collect.due_feeds(run)
    web = [feed for feed in due if feed.delivery is Delivery.HTTP]
    folders = [feed for feed in due if feed.delivery is Delivery.FOLDER]
    with Stage(run, "feeds", len(due)) as stage:
        for number, batch in enumerate(batches(web, FEED_BATCH), 1):
            name = f"feeds, batch {number}"
            feeds_of = Batch(run, name, batch)
            tasks.follow(feeds_of, tasks.derive_feeds(tasks.collect_feeds(feeds_of)))
            stage.advance(len(batch))
        for feed in folders:
            tasks.read_folder(Batch(run, feed.id, [feed]))
            stage.advance(1)


def land_pages(run: Run) -> None:
    """Every page that is due. While one batch is fetched the one before is derived; no more than that waits in between,
    so memory stays flat however many pages are due.
    """
    due = collect.due_pages(run)
    deriving: PrefectFuture[int] | None = None
    waiting = 0
    with Stage(run, "pages", len(due)) as stage:
        for number, batch in enumerate(batches(due, PAGE_BATCH), 1):
            fetched = tasks.collect_pages(Batch(run, f"pages, batch {number}", batch))
            if deriving:
                deriving.result()
                stage.advance(waiting)
            deriving, waiting = tasks.derive_pages.submit(fetched), len(batch)
        if deriving:
            deriving.result()
            stage.advance(waiting)


def learn_boilerplate(run: Run) -> None:
    """What recurs over each source's pages; then the stored texts without it."""
    with Stage(run, "boilerplate", 0):
        tasks.learn_boilerplate(Batch(run, "sources"))


def link_articles(run: Run) -> str:
    """Topics and stories of every article that asks for them; the code, rules and vocabulary that made them."""
    linker = link.open_linker(run)
    number = 1
    while tasks.link_batch(Batch(run, f"batch {number}", [linker])):
        number += 1
    return linker.code


def answered(report: RunReport) -> RunReport:
    """The report of a run that is over. Raises `NothingCollected` where all that it asked failed: whoever watches, by
    Prefect's states or by exit codes, is to tell an outage from a quiet night.
    """
    if report.is_outage:
        asked, failing = (sum(getattr(one, name) for one in report.sources) for name in ("polled", "failing"))
        later = f", and {failing} that failed before are not asked again as yet" if failing else ""
        raise NothingCollected(
            f"Nothing came in: {asked} asked, {asked} failed{later}. Is this machine online, are the proxy and the "
            "folders there, and can their files be read? What stood before stands and was published.",
            report,
        )
    return report


def publish(run: Run, linked_code: str) -> RunReport:
    """The public tables, tested, and then the snapshot."""
    run.progress("models", 0, 1)
    tasks.build_models(Batch(run, "models"), linked_code)
    run.progress("models", 1, 1)
    report = tasks.publish_snapshot(Batch(run, "snapshot"), linked_code)
    create_markdown_artifact(report_markdown(report), key=f"{run.kind}-report", description="What each source did")
    return report
