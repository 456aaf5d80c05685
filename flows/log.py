"""What a run tells in Prefect's UI: its log, source by source, and its report."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from prefect import get_run_logger
from prefect.exceptions import MissingContextError

from pipeline.types import RunReport, SourceReport

WORDS = {
    "polled": "polled",
    "not_modified": "not modified",
    "not_due": "not due",
    "failed": "failed",
    "overrun": "overrun",
    "entries_new": "new entries",
    "pages": "pages",
    "articles_new": "new articles",
    "articles_changed": "changed",
    "recalled": "recalled",
    "refused": "refused",
    "held": "held",
    "quarantined": "set aside",
}

MANY = 100  # sources: nobody reads as many lines, and the report has them all


class _RunLog(logging.Handler):
    """Hands what the steps say to the log of the task that they run in, or else of the flow."""

    def __init__(self) -> None:
        super().__init__()
        self._flow_log = get_run_logger()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            log = get_run_logger()
        except MissingContextError:  # a thread that is not Prefect's
            log = self._flow_log
        log.log(record.levelno, "%s", record.getMessage())


@contextmanager
def telling() -> Iterator[None]:
    """While it is open, what the steps say from INFO on stands in the run's log."""
    steps = logging.getLogger("dateline")
    level, propagates = steps.level, steps.propagate
    handler = _RunLog()
    steps.addHandler(handler)
    steps.setLevel(min(level or logging.INFO, logging.INFO))
    steps.propagate = False  # Prefect's own loggers bring it to the console
    try:
        yield
    finally:
        steps.removeHandler(handler)
        steps.setLevel(level)
        steps.propagate = propagates


def tell_difference(before: Sequence[SourceReport], after: Sequence[SourceReport]) -> None:
    """A line for each source on what it did in between, or one for all where they are many, and their notes."""
    log = get_run_logger()
    for line in told(before, after):
        log.info("%s", line)
    known = {report.source_id: report for report in before}
    for report in after:
        earlier = known.get(report.source_id)
        for note in report.notes[len(earlier.notes) if earlier else 0 :]:
            log.warning("%s", note)


def told(before: Sequence[SourceReport], after: Sequence[SourceReport]) -> list[str]:
    known = {report.source_id: report for report in before}
    changes = [(known.get(report.source_id, SourceReport(report.source_id)), report) for report in after]
    lines = [f"{later.source_id}: {did}" for earlier, later in changes if (did := difference(earlier, later))]
    return lines if len(lines) <= MANY else [f"{len(lines):,} sources: {difference(_sum(before), _sum(after))}"]


def _sum(reports: Sequence[SourceReport]) -> SourceReport:
    return SourceReport("all", **{name: sum(getattr(one, name) for one in reports) for name in WORDS})


def difference(earlier: SourceReport, later: SourceReport) -> str:
    """What a source did between two reports: "polled 2, failed 1, new entries 5"."""
    counts = [(getattr(later, name) - getattr(earlier, name), words) for name, words in WORDS.items()]
    return ", ".join(f"{words} {count:,}" for count, words in counts if count)


def report_markdown(report: RunReport) -> str:
    """What the run did: what asks for a look first, then all sources, with the columns that say something."""
    shown = [name for name in WORDS if any(getattr(one, name) for one in report.sources)]
    totals = [sum(getattr(one, name) for one in report.sources) for name in shown]
    rows = [[one.source_id, *(_count(getattr(one, name)) for name in shown)] for one in report.sources]
    notes = [f"- {note}" for one in report.sources for note in one.notes]
    snapshot = report.snapshot
    return "\n".join(
        [
            f"# {report.run_id}",
            "",
            f"{snapshot.articles:,} articles, {snapshot.stories:,} stories in `{snapshot.path}`" if snapshot else "",
            "",
            *(["## To look at", "", *notes, ""] if notes else []),
            "## Sources",
            "",
            _row(["source", *(WORDS[name] for name in shown)]),
            _row(["---", *("--:" for _ in shown)]),
            *map(_row, rows),
            _row(["**all**", *(f"**{total:,}**" for total in totals)]),
        ]
    )


def _count(count: int) -> str:
    return f"{count:,}" if count else ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
