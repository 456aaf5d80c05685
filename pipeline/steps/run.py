"""What the steps of one run share: its clock and catalogue, and the warehouse, the archive, the web and the workers."""

import json
import logging
import secrets as randomness
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime

from pipeline import __version__
from pipeline.captures.warc import Archive, ArchiveWriter
from pipeline.captures.web import Web, user_agent
from pipeline.settings import Settings
from pipeline.types import Feed, RunReport, Source, SourceReport, Window
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import runs as run_verbs
from pipeline.warehouse.engine import Warehouse
from pipeline.workers import Workers

log = logging.getLogger("dateline")
progress_log = logging.getLogger("dateline.progress")

PAGE_LIMIT_S = 20.0
DOCUMENT_LIMIT_S = 600.0  # a wire file may hold ten thousand items
WORKER_MEMORY_BYTES = 2 * 1024**3
WARMED = ("pipeline.steps.work",)


@dataclass(slots=True)
class Tally:
    """What a run did, counted by source as it happens, from any thread."""

    _counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, source_id: str, what: str, count: int = 1) -> None:
        """`what` is a field of `SourceReport`."""
        with self._lock:
            self._counts[source_id][what] += count

    def note(self, source_id: str, sentence: str) -> None:
        with self._lock:
            if sentence not in self._notes[source_id]:
                self._notes[source_id].append(sentence)

    def reports(self) -> tuple[SourceReport, ...]:
        with self._lock:
            names = sorted({*self._counts, *self._notes})
            return tuple(
                SourceReport(source_id=name, notes=tuple(self._notes[name]), **self._counts[name]) for name in names
            )


@dataclass(slots=True)
class Run:
    """One run, open. Its tasks share it; it never travels to another process."""

    id: str
    kind: str
    settings: Settings
    started_at: datetime
    sources: dict[str, Source]
    feeds: dict[str, Feed]
    window: Window
    warehouse: Warehouse
    archive: Archive
    writer: ArchiveWriter
    web: Web
    workers: Workers
    tally: Tally = field(default_factory=Tally)

    @property
    def now(self) -> datetime:
        return self.settings.clock()

    def source(self, source_id: str) -> Source:
        """The catalogue's source of that id; one that only a WARC file knows is a publisher of that host."""
        known = self.sources.get(source_id)
        return known or Source(id=source_id, name=source_id, kind="publisher")

    def progress(self, stage: str, done: int, total: int) -> None:
        """Says how far a stage is; who listens (bars, lines, an artifact) is the edge's affair."""
        progress_log.info("%s %d of %d", stage, done, total, extra={"stage": stage, "done": done, "total": total})

    def report(self) -> RunReport:
        return RunReport(
            run_id=self.id,
            kind=self.kind,
            started_at=self.started_at,
            finished_at=self.now,
            window=self.window,
            sources=self.tally.reports(),
        )


def report_json(report: RunReport) -> str:
    """The report as JSON, times in ISO 8601."""
    return json.dumps(asdict(report), default=lambda value: value.isoformat(), ensure_ascii=False)


def new_run_id(kind: str, now: datetime) -> str:
    """Unique, sortable, readable: nightly-20260413T020000Z-3f9a."""
    return f"{kind}-{now:%Y%m%dT%H%M%SZ}-{randomness.token_hex(2)}"


def failure_told(error: BaseException) -> str:
    """Why a run ended, for `ingest.runs`: of a message the first line, for the rest may show rows of articles, and
    analysts see this table.
    """
    if not isinstance(error, Exception):  # Ctrl-C, Prefect's cancellation, a signal
        return f"stopped from outside ({type(error).__name__})"
    return ": ".join(filter(None, [type(error).__name__, str(error).partition("\n")[0]]))


@contextmanager
def open_run(
    settings: Settings, kind: str, sources: Sequence[Source], *, window: Window | None = None
) -> Iterator[Run]:
    """A run with everything open. However it ends, its row in `ingest.runs` says so, unless its process is killed:
    then the next run marks it as abandoned. Raises `WarehouseBusy` while another nightly run goes on.
    """
    started_at = settings.clock()
    settings.data.mkdir(parents=True, exist_ok=True)
    run_id = new_run_id(kind, started_at)
    archive = Archive(settings.archive_path)
    with ExitStack() as stack:
        warehouse = stack.enter_context(Warehouse(settings.warehouse_path, kind, now=started_at))
        run = Run(
            id=run_id,
            kind=kind,
            settings=settings,
            started_at=started_at,
            sources={source.id: source for source in sources},
            feeds={feed.id: feed for source in sources for feed in source.feeds},
            window=window or Window(),
            warehouse=warehouse,
            archive=archive,
            writer=stack.enter_context(archive.writer(run_id)),
            web=stack.enter_context(
                Web(user_agent=user_agent(settings.contact), clock=settings.clock, proxy=settings.proxy)
            ),
            workers=stack.enter_context(Workers(settings.workers, PAGE_LIMIT_S, WORKER_MEMORY_BYTES, warm=WARMED)),
        )
        with warehouse.begin() as conn:
            run_verbs.begin_run(conn, run_id, kind, started_at, run.window, __version__)
            feed_verbs.sync_catalogue(conn, list(run.sources.values()))
        try:
            yield run
        except BaseException as error:
            warehouse.reopen()
            with warehouse.begin() as conn:
                told = failure_told(error)
                run_verbs.finish_run(conn, run_id, state="failed", now=run.now, error=told)
            raise
