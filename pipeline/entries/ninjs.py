"""ninjs 1.0 to 3.0 (IPTC): one item, an array, a wrapped list, or a line each.

1.x writes `headline`, `body_text`, `subject`; 2.x and 3.x write `headlines`, `bodies`, `subjects` as arrays of objects.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from pipeline.entries.bylines import names_of, place_of
from pipeline.entries.links import web_address
from pipeline.entries.markup import html_blocks, plain_text, tidy
from pipeline.entries.paragraphs import paragraphs
from pipeline.entries.stamps import feed_stamp
from pipeline.entries.subjects import distinct, relevance_of, subject_of
from pipeline.entries.wire import first_stamp, id_without_id, status_of, urgency_of, version_of, with_embargo
from pipeline.types import BadItem, Block, Caption, Entry, FeedDocument, Status, Subject

Json = Mapping[str, object]

_MARKS = frozenset(
    [
        "versioncreated",
        "pubstatus",
        "headline",
        "headlines",
        "body_text",
        "body_html",
        "body_xhtml",
        "bodies",
        "description_text",
    ]
)
_NO_TEXT = frozenset(("picture", "graphic", "video", "audio", "composite", "planning", "event", "component"))
_LISTS = ("items", "item", "results", "_items")  # how agencies wrap their items; the BBC says `item`


def is_ninjs(document: object) -> bool:
    """Whether it is a ninjs item: it has an id and one of the properties that only ninjs has."""
    return isinstance(document, dict) and ("uri" in document or "guid" in document) and not _MARKS.isdisjoint(document)


def ninjs_items(document: object) -> list[object] | None:
    """The items of a document: itself, an array, or a list within an object; None if it is no ninjs."""
    if is_ninjs(document):
        return [document]
    wrapped = [document.get(name) for name in _LISTS] if isinstance(document, dict) else [document]
    return next((found for found in wrapped if isinstance(found, list) and any(map(is_ninjs, found))), None)


def read_ninjs(items: Iterable[object], *, url: str, timezone: str, max_items: int) -> FeedDocument:
    """The text items, in order."""
    entries: list[Entry] = []
    bad_items: list[BadItem] = []
    for position, item in enumerate(items):
        if position >= max_items:
            bad_items.append(BadItem(position, "too_large", f"there are items beyond the limit of {max_items}"))
            break
        found = _read(item, position, url, timezone)
        if isinstance(found, Entry):
            entries.append(found)
        elif found:
            bad_items.append(found)
    return FeedDocument("ninjs", tuple(entries), tuple(bad_items))


def json_lines(text: str) -> Iterator[object]:
    """The values of a JSON-lines file (jsonlines.org); a BadLine where one is no JSON."""
    for line in text.split("\n"):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError) as error:
                yield BadLine(str(error))


class BadLine(str):
    """What is wrong with a line."""

    __slots__ = ()


def _read(item: object, position: int, url: str, timezone: str) -> Entry | BadItem | None:
    """The entry of an item; None for a picture and its like."""
    if isinstance(item, BadLine):
        return BadItem(position, "bad_json", f"the line is no JSON: {item}")
    if not isinstance(item, dict):
        return BadItem(position, "no_object", f"the item is a {type(item).__name__}, not an object")
    if _string(item.get("type")) in _NO_TEXT:
        return None
    entry = _entry(item, position, url, timezone)
    if entry.wire_id is None and entry.title is None and not entry.body:
        return BadItem(position, "no_id", "the item has neither uri, headline nor body")
    return entry


def _entry(item: Json, position: int, url: str, timezone: str) -> Entry:
    wire_id = _string(item.get("uri")) or _string(item.get("guid"))
    title, body = _headline(item), _body(item)
    published_at, published_raw = first_stamp(
        timezone, *(_string(item.get(name)) for name in ("contentcreated", "firstcreated", "versioncreated"))
    )
    version_at = feed_stamp(_string(item.get("versioncreated")), timezone)
    status, embargo_until = _release(item, timezone)
    holder = _string(item.get("copyrightholder"))
    return Entry(
        id=wire_id or id_without_id(title, published_raw, body),
        position=position,
        wire_id=wire_id,
        version=version_of(item.get("version")),
        version_at=version_at,
        url=web_address(item.get("url"), url),
        title=title,
        summary=_string(item.get("description_text"))
        or _text_among(item.get("descriptions"))
        or _string(item.get("description_html")),
        authors=names_of(_string(item.get("byline")) or _string(item.get("by"))),
        agency=_string(item.get("source")) or _string(item.get("provider")) or holder,
        language=_string(item.get("language")),
        section=_string(item.get("section")),
        subjects=_subjects(item),
        published_at=published_at,
        updated_at=version_at,
        published_raw=published_raw,
        status=status,
        embargo_until=embargo_until,
        dateline_place=place_of(_string(item.get("dateline")), _string(item.get("located"))),
        slugline=_string(item.get("slugline")),
        urgency=urgency_of(item.get("urgency"), item.get("priority")),
        note=_string(item.get("ednote")),
        rights=_string(item.get("copyrightnotice")) or holder,
        body=body,
        captions=_captions(item),
    )


def _release(item: Json, timezone: str) -> tuple[Status, datetime | None]:
    """The status and the embargo's end. A stamp that can't be read is an embargo without an end."""
    embargoed = _string(item.get("embargoed"))
    until = feed_stamp(embargoed, timezone)
    return with_embargo(status_of(_string(item.get("pubstatus"))), embargoed is not None, until), until


def _headline(item: Json) -> str | None:
    """`headline`, in 2.x `headlines`, of which the one with the role main comes first; else the `title`."""
    return (
        _string(item.get("headline"))
        or _text_among(item.get("headline"))
        or _text_among(item.get("headlines"))
        or _string(item.get("title"))
    )


def _text_among(values: object) -> str | None:
    """The value of the first object of a list, those with the role main first."""
    rows = sorted(_objects(values), key=lambda row: row.get("role") != "main")
    return next(filter(None, (_string(row.get("value")) for row in rows)), None)


def _body(item: Json) -> tuple[Block, ...]:
    """The text from the richest form that the item has; () for an item of a headline only."""
    for name in ("body_xhtml", "body_html"):
        if (markup := item.get(name)) and isinstance(markup, str):
            return html_blocks(markup)
    if (text := item.get("body_text")) and isinstance(text, str):
        return _text_blocks(text)
    bodies = sorted(_objects(item.get("bodies")), key=lambda body: "html" not in str(body.get("contenttype")))
    for body in bodies:
        if (value := body.get("value")) and isinstance(value, str):
            return html_blocks(value) if "html" in str(body.get("contenttype")) else _text_blocks(value)
    return ()


def _text_blocks(text: str) -> tuple[Block, ...]:
    return tuple(Block(line) for paragraph in paragraphs(text) if (line := tidy(paragraph)))


def _subjects(item: Json) -> tuple[Subject, ...]:
    """Subjects, then keywords. People, organisations and places are no topics."""
    found: list[Subject | None] = []
    for row in (*_objects(item.get("subject")), *_objects(item.get("subjects"))):
        found.append(
            subject_of(
                scheme=_string(row.get("scheme")),
                code=_string(row.get("code")) or _string(row.get("uri")),
                name=_string(row.get("name")) or _string(row.get("literal")),
                relevance=relevance_of(row.get("relevance")),
            )
        )
    words = item.get("keywords")
    return distinct(found + [subject_of(name=_string(word)) for word in (words if isinstance(words, list) else [])])


def _captions(item: Json) -> tuple[Caption, ...]:
    """What the associated pictures say. 1.x keys the associations by name, 3.x lists them."""
    held = item.get("associations")
    rows = _objects(list(held.values())) if isinstance(held, dict) else _objects(held)
    found = []
    for row in rows:
        text = _string(row.get("description_text")) or _text_among(row.get("descriptions")) or _headline(row)
        if _string(row.get("type")) in ("picture", "graphic", "video", None) and text:
            found.append(
                Caption(
                    text, _string(row.get("byline")) or _string(row.get("by")) or _string(row.get("copyrightholder"))
                )
            )
    return tuple(dict.fromkeys(found))


def _objects(values: object) -> list[Json]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _string(value: object) -> str | None:
    """A string without tags on one line, a number as its digits; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return plain_text(value) if isinstance(value, str) else None
