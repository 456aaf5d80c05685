"""What was made of an article and why: from the article back to the raw records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from pipeline.types import Caption, CaptureRef, DateCandidate, Dropped, StoryMember, Tag
from pipeline.urls import canonical_url
from pipeline.warehouse.arrow import read
from pipeline.warehouse.captures import capture_refs


@dataclass(frozen=True, slots=True)
class ExplainedDate:
    """A date that something says the version has."""

    candidate: DateCandidate
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ExplainedVersion:
    """One version, with the decision on it and what it was made of."""

    version_id: str
    number: int | None
    decision: str | None
    reason: str | None
    is_current: bool
    status: str
    captured_at: datetime
    capture: CaptureRef | None
    position: int
    feed_id: str | None
    entry_id: str | None
    title: str | None
    text: str | None
    word_count: int
    page_kind: str
    language: str | None
    wire_version: int | None
    version_at: datetime | None
    published_at: datetime | None
    published_date: date | None
    published_kind: str | None
    published_confidence: float | None
    code_version: str
    dates: tuple[ExplainedDate, ...]
    dropped: tuple[Dropped, ...]
    captions: tuple[Caption, ...]


@dataclass(frozen=True, slots=True)
class ExplainedArticle:
    """One article with all that is known of it."""

    article_id: str
    source_id: str
    url: str | None
    wire_id: str | None
    status: str
    first_seen_at: datetime
    last_seen_at: datetime
    recalled_at: datetime | None
    recall_note: str | None
    linked_code: str | None
    versions: tuple[ExplainedVersion, ...]  # in order of their numbers
    tags: tuple[Tag, ...]
    story: tuple[StoryMember, ...]  # all members, the article among them


_FIND = """
select article_id from ingest.articles where article_id in (select unnest(:names))
union
select article_id from ingest.article_versions
where list_has_any([version_id, url, canonical_url, wire_id, revision_id], :names)
union
select article_id from ingest.article_versions join ingest.entries using (feed_id, entry_id)
where list_has_any([entries.url, entries.entry_id], :names)
order by article_id
"""


def explain(conn: Connection, url_or_id: str) -> list[ExplainedArticle]:
    """The articles that an article, version, entry or wire id or a URL names; none where nothing goes by that name."""
    names = sorted({url_or_id, canonical_url(url_or_id)})
    rows = read(conn, _FIND, names=names)
    return [_explain(conn, row["article_id"]) for row in rows]


def _explain(conn: Connection, article_id: str) -> ExplainedArticle:
    article = read(conn, "select * from ingest.articles where article_id = :id", id=article_id)[0]
    rows = read(
        conn,
        "select * from ingest.article_versions where article_id = :id order by number, captured_at, version_id",
        id=article_id,
    )
    captures = capture_refs(conn, [row["capture_id"] for row in rows])
    shown = next((row for row in rows if row["version_id"] == article["current_version_id"]), rows[-1] if rows else {})
    return ExplainedArticle(
        article_id=article_id,
        source_id=article["source_id"],
        url=shown.get("canonical_url") or shown.get("url"),
        wire_id=shown.get("wire_id"),
        **_picked(article, "status first_seen_at last_seen_at recalled_at recall_note linked_code"),
        versions=tuple(
            _explain_version(conn, row, captures.get(row["capture_id"]), article["current_version_id"]) for row in rows
        ),
        tags=_tags(conn, article_id),
        story=_story(conn, article_id),
    )


def _picked(row: dict[str, Any], names: str) -> dict[str, Any]:
    return {name: row[name] for name in names.split()}


def _explain_version(
    conn: Connection, row: dict[str, Any], capture: CaptureRef | None, current_version_id: str | None
) -> ExplainedVersion:
    names = (
        "version_id number decision reason status captured_at position feed_id entry_id title text word_count "
        "page_kind language wire_version version_at published_at published_date published_kind published_confidence "
        "code_version"
    )
    version_id = row["version_id"]
    return ExplainedVersion(
        **_picked(row, names),
        is_current=version_id == current_version_id,
        capture=capture,
        dates=tuple(_date(row) for row in _parts(conn, "date_candidates", version_id, _DATE)),
        dropped=tuple(Dropped(**row) for row in _parts(conn, "dropped_blocks", version_id, "position text reason")),
        captions=tuple(Caption(**row) for row in _parts(conn, "captions", version_id, "text credit slug")),
    )


def _parts(conn: Connection, table: str, version_id: str, names: str) -> list[dict[str, Any]]:
    rows = read(conn, f"select * from ingest.{table} where version_id = :id order by position", id=version_id)
    return [_picked(row, names) for row in rows]


_DATE = "kind raw day at confidence refused is_chosen"


def _date(row: dict[str, Any]) -> ExplainedDate:
    is_chosen, raw = row.pop("is_chosen"), row.pop("raw") or ""  # a recalled version's is gone
    return ExplainedDate(DateCandidate(raw=raw, **row), is_chosen)


def _tags(conn: Connection, article_id: str) -> tuple[Tag, ...]:
    rows = read(
        conn,
        "select article_id, topic_id, evidence, detail, confidence, release from ingest.tags "
        "where article_id = :id order by confidence desc, topic_id, evidence",
        id=article_id,
    )
    return tuple(Tag(**row) for row in rows)


def _story(conn: Connection, article_id: str) -> tuple[StoryMember, ...]:
    rows = read(
        conn,
        "select others.* from ingest.story_members as mine join ingest.story_members as others using (story_id) "
        "where mine.article_id = :id order by others.article_id",
        id=article_id,
    )
    return tuple(StoryMember(**row) for row in rows)
