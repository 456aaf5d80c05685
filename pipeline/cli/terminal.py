"""What a person at a terminal sees: bars while a run goes on, tables when it is done; plain lines elsewhere."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.publish.query import Answer, plain
from pipeline.steps.check import Finding
from pipeline.types import RunReport, SourceReport
from pipeline.warehouse.explain import ExplainedArticle, ExplainedVersion

SHOWN_SOURCES = 30  # of a run with hundreds: those with something to say; report.html has them all
NAMED_FEEDS = 3  # of those of which a note says the same
PIPED_WIDTH = 160  # of a table in a file or a pipe, where nobody folds lines


def console(*, stderr: bool = False) -> Console:
    terminal = Console(stderr=stderr, emoji=False)  # a headline's `:100:` stays as it is
    return terminal if terminal.is_terminal else Console(stderr=stderr, emoji=False, width=PIPED_WIDTH)


out = console()
err = console(stderr=True)


class ProgressBars(logging.Handler):
    """Shows the progress of a run as bars on a terminal and as plain lines elsewhere."""

    def __init__(self, bars: Progress | None) -> None:
        super().__init__()
        self._bars, self._tasks = bars, dict[str, TaskID]()
        self._said: dict[str, int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        stage, done, total = record.__dict__["stage"], record.__dict__["done"], record.__dict__["total"]
        if self._bars:
            task = self._tasks.get(stage)
            if task is None:
                task = self._tasks[stage] = self._bars.add_task(stage, total=total)
            self._bars.update(task, completed=done, total=total)
        elif (tenth := 10 * done // max(total, 1)) > self._said.get(stage, 0):
            self._said[stage] = tenth
            err.print(f"{stage}: {done:,} of {total:,}", highlight=False)


class Warnings(logging.Handler):
    """Shows what the steps warn of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        err.print(f"[yellow]![/yellow] {escape(record.getMessage())}", highlight=False, soft_wrap=True)


@contextmanager
def showing_warnings() -> Iterator[None]:
    """While it is open, what the steps warn of is shown on standard error."""
    log, handler = logging.getLogger("dateline"), Warnings()
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


@contextmanager
def showing_progress() -> Iterator[None]:
    """While it is open, the progress that the steps tell is shown on standard error."""
    log = logging.getLogger("dateline.progress")
    level, propagates = log.level, log.propagate
    log.setLevel(logging.INFO)
    log.propagate = False  # what the bars show, no log needs to say again
    bars = Progress(
        TextColumn("{task.description:<9}"),
        BarColumn(bar_width=36),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
    )
    handler = ProgressBars(bars if err.is_terminal else None)
    log.addHandler(handler)
    try:
        if err.is_terminal:
            with bars:
                yield
        else:
            yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagates


COLUMNS = (
    ("polled", "polled"),
    ("not_modified", "304"),
    ("failed", "failed"),
    ("entries_new", "entries"),
    ("articles_new", "new"),
    ("articles_changed", "changed"),
    ("recalled", "recalled"),
    ("refused", "refused"),
    ("held", "held"),
    ("quarantined", "set aside"),
)


def show_run(report: RunReport) -> None:
    """What each source did, in one look."""
    out.print(report.run_id, style="italic", highlight=False)
    if report.sources:
        out.print(source_table(report))
    else:
        out.print("No source had anything for this run.")
    for note in gathered([note for one in report.sources for note in one.notes]):
        out.print(f"[yellow]![/yellow] {escape(note)}", highlight=False)


def source_table(report: RunReport) -> Table:
    """A row for each source that has something to say, and one for all of them where there are more."""
    shown = [(name, head) for name, head in COLUMNS if any(getattr(one, name) for one in report.sources)]
    table = Table(header_style="bold", box=SIMPLE_HEAD)
    table.add_column("source", no_wrap=True)
    for _, head in shown:
        table.add_column(head, justify="right")
    loudest = sorted(report.sources, key=_to_say, reverse=True)[:SHOWN_SOURCES]
    for one in sorted(loudest, key=lambda one: one.source_id):
        table.add_row(one.source_id, *(_count(one, name) for name, _ in shown))
    if hidden := len(report.sources) - len(loudest):
        totals = [sum(getattr(one, name) for one in report.sources) for name, _ in shown]
        table.add_section()
        table.add_row(f"all, with {hidden:,} more", *(f"{total:,}" if total else "" for total in totals), style="bold")
    return table


def gathered(notes: Sequence[str]) -> list[str]:
    """Notes on feeds (`harbourwire/all: Its host is not known.`), those that say the same of several feeds as one."""
    feeds: dict[str, list[str]] = {}
    for note in notes:
        feed, parted, text = note.partition(": ")
        feeds.setdefault(text if parted else note, []).append(feed if parted else "")
    return [f"{_named(of_note)}: {text}" if any(of_note) else text for text, of_note in feeds.items()]


def _named(feeds: Sequence[str]) -> str:
    more = len(feeds) - NAMED_FEEDS
    return ", ".join(feeds[:NAMED_FEEDS]) + (f" and {more:,} more" if more > 0 else "")


def _to_say(report: SourceReport) -> tuple[int, int]:
    """What asks for a look comes before what went well, and much before little."""
    return report.failed + report.quarantined + report.recalled + report.overrun, report.articles_new


def _count(report: SourceReport, name: str) -> str:
    """A count; nothing for none, red for what asks for a look."""
    count = getattr(report, name)
    if not count:
        return ""
    return f"[red]{count:,}[/red]" if name in ("failed", "quarantined") else f"{count:,}"


def show_answer(answer: Answer, title: str | None = None) -> None:
    """The rows of a query as a table."""
    numeric = {
        index for index in range(len(answer.columns)) if any(isinstance(row[index], int | float) for row in answer.rows)
    }
    table = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    for index, column in enumerate(answer.columns):
        table.add_column(column, justify="right" if index in numeric else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(escape(plain(value)) for value in row))
    out.print(table)


def show_findings(found: Sequence[Finding]) -> None:
    """What each feed answered, and the corrections to paste."""
    for finding in found:
        mark = "[red]✗[/red]" if finding.corrections else "[green]✓[/green]"
        out.print(f"{mark} {escape(finding.feed_id)}: {escape(finding.answered)}", highlight=False, soft_wrap=True)
        for correction in finding.corrections:
            out.print(f"    {escape(correction)}", highlight=False, soft_wrap=True)


def show_explanation(article: ExplainedArticle) -> None:
    """An article from its text back to the raw record."""
    current = next((version for version in article.versions if version.is_current), None)
    out.rule(f"[bold]{escape((current.title if current else None) or article.article_id)}[/bold]", align="left")
    facts = [
        ("article", article.article_id),
        ("source", article.source_id),
        ("url", article.url),
        ("wire id", article.wire_id),
        ("status", article.status),
        ("first seen", f"{article.first_seen_at:%Y-%m-%d %H:%M} UTC"),
        (
            "recalled",
            f"{article.recalled_at:%Y-%m-%d %H:%M} UTC: {article.recall_note}" if article.recalled_at else None,
        ),
        ("linked by", article.linked_code),
    ]
    show_pairs([(name, value) for name, value in facts if value])
    show_answer(
        Answer(
            ("topic", "evidence", "confidence", "because of"),
            tuple((tag.topic_id, tag.evidence, tag.confidence, tag.detail) for tag in article.tags),
        ),
        title="Topics",
    )
    if len(article.story) > 1:
        rows = tuple((member.article_id, member.similarity) for member in article.story)
        show_answer(Answer(("article", "similarity"), rows), title=f"Story {article.story[0].story_id}")
    for version in article.versions:
        show_version(version)


def show_version(version: ExplainedVersion) -> None:
    """One version: the decision on it, its dates, what was left out, and where its bytes lie."""
    current = ", the one that stands" if version.is_current else ""
    out.print(f"\n[bold]Version {version.number}[/bold]: {version.decision}{current}", highlight=False)
    capture = version.capture
    record = (
        f"archive/{capture.warc_path} at byte {capture.warc_offset:,}, sha256 {capture.digest[:16]}…"
        if capture
        else None
    )
    facts = [
        ("version", version.version_id),
        ("why", version.reason),
        ("kind of page", version.page_kind),
        ("words", f"{version.word_count:,}"),
        ("language", version.language),
        ("captured", f"{version.captured_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("record", record),
        ("made by", version.code_version),
        ("text", f"{version.text[:280]}…" if version.text else None),
    ]
    show_pairs([(name, value) for name, value in facts if value])
    dates = tuple(
        (
            "chosen" if date.is_chosen else "",
            date.candidate.kind,
            date.candidate.raw,
            date.candidate.at or date.candidate.day,
            date.candidate.confidence,
            date.candidate.refused,
        )
        for date in version.dates
    )
    if dates:
        show_answer(Answer(("", "from", "as written", "read as", "confidence", "refused"), dates), title="Dates")
    if version.dropped:
        rows = tuple((dropped.reason, dropped.text) for dropped in version.dropped)
        show_answer(Answer(("reason", "line"), rows), title="Left out")
    if version.captions:
        captions = tuple((caption.slug, caption.text, caption.credit) for caption in version.captions)
        show_answer(Answer(("slug", "caption", "credit"), captions), title="Captions")


def show_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Names and what they are, one a line."""
    width = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        out.print(f"[dim]{name:>{width}}[/dim]  {escape(value)}", highlight=False, soft_wrap=True)
