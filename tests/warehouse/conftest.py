"""A real DuckDB warehouse, and invented things to put into it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from pipeline.types import (
    Article,
    Block,
    Caption,
    CaptureKind,
    CaptureRef,
    DateCandidate,
    Dropped,
    Entry,
    Feed,
    Revision,
    SeenEntry,
    Status,
    Subject,
    VersionState,
    short_hash,
)
from pipeline.warehouse import tables
from pipeline.warehouse.engine import Warehouse
from pipeline.warehouse.publishing import fingerprints

NOON = datetime(2026, 4, 13, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    """So many hours after the tests' noon."""
    return NOON + timedelta(hours=hours)


FEED = Feed(id="harbour/world", source_id="harbour", url="https://harbour.example/world.rss")
WIRE = Feed(id="tidewire/all", source_id="tidewire", url="https://tidewire.example/all", has_pages=False)


def ref(capture_id: str, captured_at: datetime, **changes: Any) -> CaptureRef:
    standard = CaptureRef(
        id=capture_id,
        kind=CaptureKind.FEED,
        source_id="harbour",
        feed_id="harbour/world",
        entry_id=None,
        url="https://harbour.example/world.rss",
        final_url="https://harbour.example/world.rss",
        status=200,
        content_type="application/rss+xml",
        size_bytes=1000,
        captured_at=captured_at,
        digest=capture_id * 2,
        warc_path="2026/a.warc.gz",
        warc_offset=0,
    )
    return replace(standard, **changes)


def seen(
    hours: float,
    *,
    capture: str | None = None,
    feed: Feed = FEED,
    captured_by: CaptureRef | None = None,
    **of_entry: Any,
) -> SeenEntry:
    """An entry in a capture made so many hours after noon."""
    standard = Entry(id="e1", position=0, url="https://harbour.example/news/1", title="Quay closed")
    by = captured_by or ref(capture or f"c{hours:+07.2f}", at(hours), feed_id=feed.id, source_id=feed.source_id)
    return SeenEntry(feed, by, replace(standard, **of_entry))


def article(hours: float = 0, *, name: str = "a", **changes: Any) -> Article:
    """A version of the article `name`, captured so many hours after noon, from a capture of its own."""
    text = changes.pop("text", f"The harbour of {name} was closed on Monday.")
    wire_version = changes.get("wire_version")
    article_id = short_hash("article", "harbour", name)
    standard = Article(
        article_id=article_id,
        version_id=short_hash("version", article_id, str(wire_version), str(text), str(changes.get("status"))),
        source_id="harbour",
        feed_id="harbour/world",
        entry_id=f"entry-{name}",
        capture_id=f"page-{name}-{hours:+07.2f}",
        position=0,
        captured_at=at(hours),
        url=f"https://harbour.example/news/{name}?utm_source=rss",
        canonical_url=f"https://harbour.example/news/{name}",
        wire_id=None,
        wire_version=wire_version,
        version_at=None,
        status=Status.USABLE,
        title=f"Title of {name}",
        summary=f"Summary of {name}",
        kicker=f"Kicker of {name}",
        text=text,
        language="en",
        authors=("Ada Quay", "Bo Pier"),
        agency=None,
        dateline_place=None,
        published_at=at(-2),
        published_date=at(-2).date(),
        published_kind="jsonld",
        published_confidence=0.9,
        modified_at=None,
        section="World",
        page_kind="article",
        word_count=len((text or "").split()),
        subjects=(Subject(name="ports"), Subject(scheme="medtop", code="20000170", relevance=0.5)),
        note=None,
        embargo_until=None,
        code_version="v1",
        captions=(Caption("The quay on Monday", "Bo Pier"),),
        dropped=(Dropped(3, "Sign up for our letter", "newsletter"),),
        dates=(
            DateCandidate("jsonld", "2026-04-13T10:00:00Z", date(2026, 4, 13), at(-2), 0.9),
            DateCandidate("url", "/2027/04/13/", date(2027, 4, 13), None, 0.4, refused="future"),
        ),
    )
    return replace(standard, **changes)


def kill(hours: float, *, name: str = "a", status: Status = Status.CANCELED, **changes: Any) -> Article:
    """The notice that kills the article `name`."""
    return article(
        hours,
        name=name,
        **{"status": status, "text": None, "note": "Mandatory kill", "dates": (), "dropped": (), "captions": ()}
        | changes,
    )


def decided(articles: Sequence[Article | VersionState], article_id: str | None = None) -> list[Revision]:
    """A simple decision on all versions: the last stands, a notice recalls, an index page is refused."""
    by_version = {v.version_id: v for v in sorted(articles, key=lambda v: v.captured_at, reverse=True)}
    by_article: dict[str, list[Article | VersionState]] = {}
    for version in by_version.values():
        by_article.setdefault(article_id or version.article_id, []).append(version)  # type: ignore[union-attr]
    return [revision for one, versions in by_article.items() for revision in _decided_one(one, versions)]


def _decided_one(article_id: str, versions: Sequence[Article | VersionState]) -> list[Revision]:
    ordered = sorted(versions, key=lambda v: (v.wire_version or 0, v.captured_at, v.version_id))
    current: str | None = None
    decisions: list[tuple[str, str]] = []
    for version in ordered:
        if version.page_kind == "index":
            decisions.append((version.version_id, "refused"))
        elif version.status is not Status.USABLE:
            decisions.append((version.version_id, "recalled"))
            current = None
        else:
            decisions.append((version.version_id, "changed" if decisions else "new"))
            current = version.version_id
    return [
        Revision(version_id, article_id, number, decision, None, version_id == current)
        for number, (version_id, decision) in enumerate(decisions, 1)
    ]


BLOCKS = (Block("The harbour was closed."),)

# What depends on the path to a state, not on the state: touched is the way to the next snapshot.
LEFT_OUT: dict[str, tuple[str, ...]] = {
    table.fullname: ("run_id",) if "run_id" in table.columns else ()
    for table in tables.metadata.sorted_tables
    if table.name not in ("touched", "schema_version")
}


def filled(conn: Connection) -> list[str]:
    """The private tables that have rows."""
    counts = " union all ".join(
        f"select '{name}' as name, count(*) as n from {name}" for name in [*LEFT_OUT, "ingest.touched"]
    )
    return [name for (name,) in conn.exec_driver_sql(f"select name from ({counts}) where n > 0")]


def state_of(conn: Connection) -> dict[str, tuple[int, str]]:
    """Fingerprints of all private tables that have rows."""
    return fingerprints(conn, {name: LEFT_OUT[name] for name in filled(conn) if name in LEFT_OUT})


def empty(conn: Connection) -> None:
    for name in filled(conn):
        conn.exec_driver_sql(f"delete from {name}")


@dataclass(frozen=True)
class Invented:
    """The makers above, for tests to ask for by one name."""

    at: Callable[[float], datetime] = at
    ref: Callable[..., CaptureRef] = ref
    seen: Callable[..., SeenEntry] = seen
    article: Callable[..., Article] = article
    kill: Callable[..., Article] = kill
    decided: Callable[..., list[Revision]] = decided
    state_of: Callable[[Connection], dict[str, tuple[int, str]]] = state_of
    empty: Callable[[Connection], None] = empty
    feed: Feed = FEED
    wire: Feed = WIRE
    now: datetime = NOON
    body: tuple[Block, ...] = field(default=BLOCKS)


@pytest.fixture(scope="session")
def make() -> Invented:
    return Invented()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse file with its tables and nothing in them."""
    path = tmp_path_factory.mktemp("template") / "warehouse.duckdb"
    with Warehouse(path, "nightly", now=NOON):
        pass
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    """A new warehouse file of the test's own."""
    return Path(shutil.copy(template, tmp_path / "warehouse.duckdb"))


@pytest.fixture(scope="session")
def open_warehouse(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    copy = tmp_path_factory.mktemp("shared") / "warehouse.duckdb"
    shutil.copy(template, copy)
    with Warehouse(copy, "nightly", now=NOON) as warehouse:
        yield warehouse


class _Undone(Exception):
    """Ends a test's transaction."""


@pytest.fixture
def conn(open_warehouse: Warehouse) -> Iterator[Connection]:
    """A transaction in an empty warehouse, undone after the test."""
    try:
        with open_warehouse.begin() as connection:
            yield connection
            raise _Undone
    except _Undone:
        pass
