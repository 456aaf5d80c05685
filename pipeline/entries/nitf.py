"""NITF 3.x: one story a file, and the inline body of many NewsML-G2 items."""

import re
from collections.abc import Iterable
from datetime import datetime

from pipeline.entries.bylines import names_of, place_of
from pipeline.entries.markup import plain_text, read_blocks, read_captions, spaced_text, tidy
from pipeline.entries.stamps import feed_stamp
from pipeline.entries.subjects import distinct, subject_of
from pipeline.entries.wire import first_stamp, id_without_id, status_of, urgency_of, version_of, with_embargo
from pipeline.entries.xml import LANG, Element, attribute, child, children, descendants
from pipeline.types import BadItem, Block, Entry, FeedDocument, Status, Subject

_EMBARGO = re.compile(r"\bembargo", re.IGNORECASE)


def read_nitf(root: Element, *, timezone: str) -> FeedDocument | BadItem:
    """The story of a NITF file."""
    docdata, head = child(root, "head", "docdata"), child(root, "body", "body.head")
    title, body = nitf_headline(root), nitf_body(root)
    if docdata is None and title is None and not body:
        return BadItem(-1, "empty", "the NITF file has neither docdata, headline nor text; ask the agency what it is")
    key = child(docdata, "du-key")
    # NTB repeats the id with the revision behind it in doc-id; where du-key has a version it is the story's own key.
    story = attribute(key, "key") if attribute(key, "version") else None
    wire_id = story or attribute(child(docdata, "doc-id"), "id-string")
    published_at, published_raw = first_stamp(timezone, *_norms(docdata, "date.release", "date.issue"))
    status, embargo_until = _release(docdata, timezone)
    entry = Entry(
        id=wire_id or id_without_id(title, published_raw, body),
        position=0,
        wire_id=wire_id,
        version=version_of(attribute(key, "version")),
        version_at=feed_stamp(next(iter(_norms(docdata, "date.issue")), None), timezone),
        title=title,
        summary=spaced_text(child(head, "abstract")),
        authors=nitf_authors(root),
        agency=spaced_text(child(head, "distributor")) or attribute(child(docdata, "doc.copyright"), "holder"),
        language=attribute(root, "baselang") or attribute(root, LANG),
        section=attribute(child(root, "head", "pubdata"), "position.section"),
        subjects=_subjects(root, docdata),
        published_at=published_at,
        published_raw=published_raw,
        status=status,
        embargo_until=embargo_until,
        dateline_place=nitf_place(root),
        slugline=tidy(attribute(child(docdata, "fixture"), "fix-id")) or _slug(root),
        urgency=urgency_of(
            attribute(child(docdata, "urgency"), "ed-urg"), attribute(child(root, "head", "urgency"), "ed-urg")
        ),
        note=tidy(attribute(child(docdata, "ed-msg"), "info")) or spaced_text(child(head, "note")),
        rights=attribute(child(docdata, "doc.copyright"), "holder")
        or spaced_text(child(head, "rights", "rights.owner")),
        body=body,
        captions=read_captions(root),
    )
    return FeedDocument("nitf", (entry,), language=entry.language)


def nitf_headline(root: Element) -> str | None:
    """hl1, else the title of the head. AP's inline NITF calls the hedline a headline."""
    heads = descendants(root, "hl1")
    title = spaced_text(heads[0]) if heads else None
    return title or plain_text(spaced_text(child(root, "head", "title")))


def nitf_body(root: Element) -> tuple[Block, ...]:
    """The blocks of body.content and the tagline of body.end."""
    content, end = child(root, "body", "body.content"), child(root, "body", "body.end")
    tagline = child(end, "tagline")
    return tuple(block for element in (content, tagline) if element is not None for block in read_blocks(element))


def nitf_authors(root: Element) -> tuple[str, ...]:
    """The people of the bylines; `byttl`, a title or an office, is no name."""
    found: list[str] = []
    for byline in descendants(root, "byline"):
        people = [spaced_text(person) for person in descendants(byline, "person")]
        text = " ".join(filter(None, (byline.text, *(below.tail for below in byline))))
        for name in people or [text if children(byline, "byttl") else spaced_text(byline)]:
            found.extend(names_of(name))
    return tuple(dict.fromkeys(found))


def nitf_place(root: Element) -> str | None:
    """The city of the dateline, else what its text begins with."""
    dateline = child(root, "body", "body.head", "dateline")
    if dateline is None:
        return None
    location = child(dateline, "location")
    city = spaced_text(child(location, "city"))
    return city or place_of(spaced_text(location) or tidy(dateline.text))


def _release(docdata: Element | None, timezone: str) -> tuple[Status, datetime | None]:
    """The status and the embargo's end.

    `date.release` is when a document may be released; it holds a story back where it lies after the issue, or where the
    status or the message to editors says embargo.
    """
    status = status_of(attribute(docdata, "management-status"))
    issued = feed_stamp(next(iter(_norms(docdata, "date.issue")), None), timezone)
    released = feed_stamp(next(iter(_norms(docdata, "date.release")), None), timezone)
    is_stated = status is Status.EMBARGOED or bool(_EMBARGO.search(attribute(child(docdata, "ed-msg"), "info") or ""))
    is_later = bool(issued and released and released > issued)
    until = released if is_stated or is_later else None
    return with_embargo(status, is_stated, until), until


def _norms(docdata: Element | None, *names: str) -> list[str]:
    """The `norm` of these date elements, in the order of the names."""
    found = (attribute(child(docdata, name), "norm") for name in names)
    return [norm for norm in found if norm]


def _subjects(root: Element, docdata: Element | None) -> tuple[Subject, ...]:
    """Subject codes of the tobject, then the keywords. EFE puts codes of its own beside IPTC's."""
    found: list[Subject | None] = []
    for subject in descendants(root, "tobject.subject"):
        owner = attribute(subject, "tobject.subject.ipr")
        code = attribute(subject, "tobject.subject.refnum")
        parts = (attribute(subject, f"tobject.subject.{part}") for part in ("detail", "matter", "type"))
        name = next(filter(None, parts), None)
        found.append(subject_of(scheme=owner if code and owner not in (None, "IPTC") else None, code=code, name=name))
    return distinct(found + [subject_of(name=keyword) for keyword in _keywords(docdata)])


def _keywords(docdata: Element | None) -> Iterable[str | None]:
    lists = children(docdata, "key-list")
    return (attribute(word, "key") or spaced_text(word) for keys in lists for word in children(keys, "keyword"))


def _slug(root: Element) -> str | None:
    metas = {meta.get("name"): attribute(meta, "content") for meta in descendants(root, "meta")}
    return tidy(metas.get("anpa-keyword") or metas.get("NTBStikkord"))
