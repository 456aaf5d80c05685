"""NewsML-G2: a newsItem, or a newsMessage of them → one entry per text item.

Pictures, graphics, videos and packages are passed over: they are no articles, and nothing is wrong with them.
"""

from datetime import datetime

from pipeline.entries.bylines import names_of, place_of
from pipeline.entries.markup import html_blocks, plain_text, read_blocks, read_captions, spaced_text, tidy
from pipeline.entries.nitf import nitf_authors, nitf_body, nitf_headline
from pipeline.entries.paragraphs import paragraphs
from pipeline.entries.stamps import feed_stamp
from pipeline.entries.subjects import distinct, relevance_of, subject_of
from pipeline.entries.wire import first_stamp, status_of, urgency_of, version_of, with_embargo
from pipeline.entries.xml import LANG, Element, attribute, child, children, descendants, name_of
from pipeline.types import BadItem, Block, Entry, FeedDocument, Status, Subject

# The type of a subject without its alias (cpnat:person); Reuters' cptType:5 is a place.
_NO_TOPICS = frozenset(("person", "organisation", "geoarea", "poi", "event", "5"))


def read_newsml_g2(root: Element, *, timezone: str, max_items: int) -> FeedDocument:
    """The text items of a message, in order; an item without a guid is a bad item."""
    items = [root] if name_of(root) == "newsitem" else descendants(root, "newsitem")
    entries: list[Entry] = []
    bad_items: list[BadItem] = []
    for position, item in enumerate(items[:max_items]):
        if not _is_text(item):
            continue
        if attribute(item, "guid"):
            entries.append(_entry(item, position, timezone))
        else:
            bad_items.append(BadItem(position, "no_id", "the newsItem has no guid, which NewsML-G2 requires"))
    if len(items) > max_items:
        bad_items.append(
            BadItem(max_items, "too_large", f"{len(items) - max_items} items beyond the limit of {max_items}")
        )
    title = spaced_text(child(root, "header", "origin")) or spaced_text(child(root, "header", "sender"))
    return FeedDocument("newsml_g2", tuple(entries), tuple(bad_items), title=title)


def _is_text(item: Element) -> bool:
    """By itemClass (ninat:text, icls:text); an item that doesn't tell is text when its content is inline."""
    item_class = attribute(child(item, "itemmeta", "itemclass"), "qcode")
    if item_class:
        return item_class.rpartition(":")[2] == "text"
    return any(child(item, "contentset", name) is not None for name in ("inlinexml", "inlinedata"))


def _entry(item: Element, position: int, timezone: str) -> Entry:
    meta, content = child(item, "itemmeta"), child(item, "contentmeta")
    inline = _inline(item)
    published_at, published_raw = first_stamp(
        timezone, spaced_text(child(content, "contentcreated")), spaced_text(child(meta, "firstcreated"))
    )
    version_at = feed_stamp(spaced_text(child(meta, "versioncreated")), timezone)
    status, embargo_until = _release(meta, timezone)
    guid = attribute(item, "guid") or ""
    return Entry(
        id=guid,
        position=position,
        wire_id=guid,
        version=version_of(attribute(item, "version")),
        version_at=version_at,
        title=_headline(content, inline) or plain_text(spaced_text(child(meta, "title"))),
        summary=_summary(content),
        authors=_authors(content, inline),
        agency=_agency(meta, content),
        language=attribute(child(content, "language"), "tag") or attribute(item, LANG),
        subjects=_subjects(content),
        published_at=published_at,
        published_raw=published_raw,
        updated_at=feed_stamp(spaced_text(child(content, "contentmodified")), timezone) or version_at,
        status=status,
        embargo_until=embargo_until,
        dateline_place=place_of(spaced_text(child(content, "dateline")), _located(meta, content)),
        slugline=spaced_text(child(content, "slugline")),
        urgency=urgency_of(spaced_text(child(content, "urgency"))),
        note=spaced_text(child(meta, "ednote")),
        rights=_rights(item),
        body=_body(item, inline),
        captions=read_captions(inline) if inline is not None else (),
    )


def _release(meta: Element | None, timezone: str) -> tuple[Status, datetime | None]:
    """NewsML-G2, `embargoed`: an empty element is an embargo whose end is not known."""
    embargoed = child(meta, "embargoed")
    until = feed_stamp(spaced_text(embargoed), timezone)
    return with_embargo(status_of(attribute(child(meta, "pubstatus"), "qcode")), embargoed is not None, until), until


def _inline(item: Element) -> Element | None:
    """The document inside inlineXML."""
    holder = child(item, "contentset", "inlinexml")
    return next((below for below in holder if name_of(below)), holder) if holder is not None else None


def _headline(content: Element | None, inline: Element | None) -> str | None:
    """The headline without a role or with the role main, else the one of the inline document."""
    found = children(content, "headline")
    ranked = sorted(found, key=lambda element: "sub" in (attribute(element, "role") or "").lower())
    title = next(filter(None, (plain_text(spaced_text(element)) for element in ranked)), None)
    if title or inline is None:
        return title
    if name_of(inline) == "nitf":
        return nitf_headline(inline)
    headings = descendants(inline, "title", "h1")
    return next(filter(None, map(spaced_text, headings)), None)


def _summary(content: Element | None) -> str | None:
    """The description that is a summary; Reuters repeats slugline and headline as a "caption" of its text items."""
    for description in children(content, "description"):
        if "caption" not in (attribute(description, "role") or "").lower() and (text := spaced_text(description)):
            return plain_text(text)
    return None


def _authors(content: Element | None, inline: Element | None) -> tuple[str, ...]:
    names = [name for by in children(content, "by") for name in names_of(spaced_text(by))]
    if not names and inline is not None and name_of(inline) == "nitf":
        return nitf_authors(inline)
    return tuple(dict.fromkeys(names))


def _agency(meta: Element | None, content: Element | None) -> str | None:
    credit = spaced_text(child(content, "creditline"))
    return (credit.strip(" -–—") if credit else None) or _named(child(meta, "provider"))


def _named(element: Element | None) -> str | None:
    """The name of a concept, else its literal."""
    return spaced_text(child(element, "name")) or attribute(element, "literal")


def _located(meta: Element | None, content: Element | None) -> str | None:
    return _named(child(content, "located")) or _named(child(meta, "located"))


def _rights(item: Element) -> str | None:
    info = child(item, "rightsinfo")
    return spaced_text(child(info, "copyrightnotice")) or _named(child(info, "copyrightholder"))


def _subjects(content: Element | None) -> tuple[Subject, ...]:
    """Subjects with their codes, then keywords. People, organisations and places are no topics."""
    found: list[Subject | None] = []
    for subject in children(content, "subject"):
        kind = (attribute(subject, "type") or "").rpartition(":")[2].lower()
        code = attribute(subject, "qcode") or attribute(subject, "uri")
        if kind not in _NO_TOPICS:
            name = spaced_text(child(subject, "name")) or (None if code else attribute(subject, "literal"))
            found.append(subject_of(code=code, name=name, relevance=relevance_of(attribute(subject, "relevance"))))
    words = children(content, "keyword")
    return distinct(found + [subject_of(name=spaced_text(word)) for word in words])


def _body(item: Element, inline: Element | None) -> tuple[Block, ...] | None:
    """The text; () where the item brings none (a cancellation); None where it lies elsewhere (remoteContent)."""
    if inline is not None:
        return nitf_body(inline) if name_of(inline) == "nitf" else _without_head(inline)
    data = child(item, "contentset", "inlinedata")
    if data is not None:
        text = "".join(data.itertext())
        if "html" in (attribute(data, "contenttype") or ""):
            return html_blocks(text)
        return tuple(Block(line) for paragraph in paragraphs(text) if (line := tidy(paragraph)))
    return None if child(item, "contentset", "remotecontent") is not None else ()


def _without_head(inline: Element) -> tuple[Block, ...]:
    body = child(inline, "body")
    return read_blocks(body if body is not None else inline)
