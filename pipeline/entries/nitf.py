"""NITF 3.x: one story a file, and the inline body of many NewsML-G2 and NewsML 1 items."""

import re
from dataclasses import replace

from pipeline.entries.bylines import names_of, place_of
from pipeline.entries.items import attempt
from pipeline.entries.links import web_address
from pipeline.entries.markup import (
    plain_text,
    read_blocks,
    read_captions,
    spaced_text,
    text_blocks,
    tidy,
    unescaped,
    without_notebook,
)
from pipeline.entries.nitf_docdata import Issue, identity_of, issue_of, story_of
from pipeline.entries.nitf_subjects import nitf_subjects
from pipeline.entries.stamps import assumed_zone, feed_stamp
from pipeline.entries.wire import first_stamp, id_without_id, status_of, urgency_of
from pipeline.entries.xml import LANG, Element, attribute, child, children, descendants, name_of
from pipeline.types import BadItem, Block, Entry, FeedDocument

_SLUG = re.compile(r"slug|stikkord|anpa-keyword", re.IGNORECASE)  # of AAP's, NTB's and others' meta elements
_PLAIN_GENRE = "current"  # NITF's default of tobject.property.type


def read_nitf(root: Element, *, url: str, timezone: str, max_items: int) -> FeedDocument | BadItem:
    """The story of a NITF file, or the stories of several in an envelope, and the other documents of which they give
    the status.
    """
    stories = [root] if name_of(root) == "nitf" else descendants(root, "nitf")
    entries: list[Entry] = []
    bad_items: list[BadItem] = []
    for position, story in enumerate(stories[:max_items]):
        found = attempt(lambda story, _: _read_story(story, url, timezone), story, position)
        if isinstance(found, BadItem):
            bad_items.append(found)
        elif not found:
            bad_items.append(BadItem(position, "empty", "the NITF has neither docdata, headline nor text"))
        else:
            entries += found
    if not entries:
        told = "the NITF file has neither docdata, headline nor text; ask the agency what it is"
        return next((item for item in bad_items if item.reason != "empty"), BadItem(-1, "empty", told))
    if len(stories) > max_items:
        bad_items.append(
            BadItem(max_items, "too_large", f"{len(stories) - max_items} items beyond the limit of {max_items}")
        )
    placed = (replace(entry, position=position) for position, entry in enumerate(entries))
    return FeedDocument("nitf", tuple(placed), tuple(bad_items), language=entries[0].language)


def _read_story(root: Element, url: str, timezone: str) -> list[Entry]:
    docdata = child(root, "head", "docdata")
    title, body = nitf_headline(root), _nitf_body(root)
    if docdata is None and title is None and not body:
        return []
    issue = issue_of(root, _slug(root), title, timezone)
    entry = _entry(root, issue, title, body, url, timezone)
    other = _other_document(docdata, issue, {entry.wire_id, *entry.replaces})
    return [entry, other] if other else [entry]


def _entry(root: Element, issue: Issue, title: str | None, body: tuple[Block, ...], url: str, timezone: str) -> Entry:
    docdata, head = child(root, "head", "docdata"), child(root, "body", "body.head")
    wire_id, version = identity_of(docdata, url)
    pubdata, story_date = child(root, "head", "pubdata"), child(head, "dateline", "story.date")
    dates = (*issue.dates, attribute(pubdata, "date.publication"), attribute(story_date, "norm"))
    published_at, published_raw = first_stamp(timezone, *dates)
    return Entry(
        id=wire_id or id_without_id(title, published_raw, body),
        position=0,
        wire_id=wire_id,
        version=version,
        version_at=issue.issued_at or feed_stamp(issue.revised, timezone),
        url=web_address(attribute(pubdata, "ex-ref")),
        title=title,
        summary=nitf_summary(root),
        authors=nitf_authors(root),
        agency=_agency(head, docdata) or attribute(pubdata, "name"),
        language=attribute(root, "baselang") or attribute(root, LANG),
        section=attribute(pubdata, "position.section") or attribute(child(docdata, "doc-scope"), "scope"),
        subjects=nitf_subjects(root),
        published_at=published_at,
        published_raw=published_raw,
        updated_at=feed_stamp(issue.revised, timezone),
        status=issue.release.status,
        embargo_until=issue.release.embargo_until,
        dateline_place=nitf_place(root),
        slugline=_slug(root),
        urgency=urgency_of(
            attribute(child(docdata, "urgency"), "ed-urg"), attribute(child(root, "head", "urgency"), "ed-urg")
        ),
        note=issue.note,
        rights=_rights(head, docdata),
        credit=spaced_text(child(head, "distributor")),
        genre=_genre(root, docdata),
        signal=issue.signal,
        replaces=tuple(replaced for replaced in issue.replaces if replaced != wire_id),
        assumed_timezone=issue.release.assumed_timezone
        or assumed_zone(timezone, published_raw, *issue.dates, issue.revised),
        body=body,
        captions=read_captions(root),
    )


def _other_document(docdata: Element | None, issue: Issue, own: set[str | None]) -> Entry | None:
    """NITF 3.x, docdata: `management-idref-status` is the status of the document `management-doc-idref`. So a file may
    kill another one. An earlier version of its own story it replaces anyway.
    """
    document = attribute(docdata, "management-doc-idref")
    status = attribute(docdata, "management-idref-status")
    if not document or not status:
        return None
    wire_id = story_of(document, docdata)[0] or document
    if wire_id in own:
        return None
    return Entry(
        id=wire_id,
        position=0,
        wire_id=wire_id,
        version_at=issue.issued_at,
        status=status_of(status),
        note=issue.note,
        body=None,
    )


def nitf_headline(root: Element | None) -> str | None:
    """hl1, else the headline without one, else the title of the head. AP's inline NITF calls the hedline a headline."""
    heads = descendants(root, "hl1") or descendants(root, "hedline")
    title = next(filter(None, (plain_text(spaced_text(head)) for head in heads)), None)
    return title or plain_text(spaced_text(child(root, "head", "title")))


def nitf_summary(root: Element | None) -> str | None:
    """The abstract without the pictures that CP puts there."""
    abstract = child(root, "body", "body.head", "abstract")
    blocks = unescaped(read_blocks(abstract)) if abstract is not None else ()
    return tidy(" ".join(block.text for block in blocks))


def _nitf_body(root: Element) -> tuple[Block, ...]:
    """The blocks of each body.content, or of a body without one, and the tagline of body.end."""
    body = child(root, "body")
    tagline = child(body, "body.end", "tagline")
    contents = children(body, "body.content")
    if not contents:
        return unescaped(read_blocks(body)) if body is not None else ()
    parts = contents + ([tagline] if tagline is not None else [])
    return _without_lead(tuple(block for part in parts for block in _blocks(part)))


def _blocks(part: Element) -> tuple[Block, ...]:
    """The blocks of a part that holds elements, or text alone: wrapped by hand, or escaped markup."""
    return unescaped(read_blocks(part)) if len(part) else text_blocks(part.text or "")


def _without_lead(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The text without the lead that some give as a block of its own before the full text (New York Times)."""
    starts = (count for count in range(1, len(blocks) // 2 + 1) if blocks[count] == blocks[0])
    return blocks[next((start for start in starts if blocks[:start] == blocks[start : 2 * start]), 0) :]


def nitf_within(markup: Element) -> Element | None:
    """The NITF document that some markup is or holds."""
    return markup if name_of(markup) == "nitf" else next(iter(descendants(markup, "nitf")), None)


def blocks_within(markup: Element) -> tuple[Block, ...]:
    """The text of markup that is or holds NITF or XHTML, or is a piece of either."""
    nitf = nitf_within(markup)
    return without_notebook((_nitf_body(nitf) if nitf is not None else ()) or unescaped(read_blocks(markup)))


def without_title(blocks: tuple[Block, ...], title: str | None) -> tuple[Block, ...]:
    """The body without the headline that some repeat at its top (APA)."""
    return blocks[1:] if blocks and blocks[0].kind == "heading" and blocks[0].text == title else blocks


def nitf_authors(root: Element | None) -> tuple[str, ...]:
    """The people of the bylines; `byttl`, a title or an office, is no name."""
    found: list[str] = []
    for byline in descendants(root, "byline"):
        people = [spaced_text(person) for person in descendants(byline, "person")]
        text = " ".join(filter(None, (byline.text, *(below.tail for below in byline))))
        for name in people or [text if children(byline, "byttl") else spaced_text(byline)]:
            found.extend(names_of(name))
    return tuple({name.casefold(): name for name in reversed(found)}.values())[::-1]


def nitf_place(root: Element | None) -> str | None:
    """The city of the dateline, else what its text begins with."""
    dateline = child(root, "body", "body.head", "dateline")
    if dateline is None:
        return None
    location = child(dateline, "location")
    city = spaced_text(child(location, "city"))
    return city or place_of(spaced_text(location) or tidy(dateline.text))


def _agency(head: Element | None, docdata: Element | None) -> str | None:
    return (
        spaced_text(child(head, "distributor"))
        or attribute(child(docdata, "doc.copyright"), "holder")
        or attribute(child(docdata, "del-list", "from-src"), "src-name")
        or attribute(child(docdata, "doc-id"), "regsrc")
    )


def _rights(head: Element | None, docdata: Element | None) -> str | None:
    return (
        attribute(child(docdata, "doc.copyright"), "holder")
        or spaced_text(child(head, "rights", "rights.owner"))
        or spaced_text(child(head, "rights"))
        or attribute(child(docdata, "doc.rights"), "owner")
    )


def _genre(root: Element, docdata: Element | None) -> str | None:
    """The property of the tobject that is not its default, else the fixture (a regular column)."""
    kinds = (attribute(kind, "tobject.property.type") for kind in descendants(root, "tobject.property"))
    genre = next((kind for kind in kinds if kind and kind.lower() != _PLAIN_GENRE), None)
    return tidy(genre or attribute(child(docdata, "fixture"), "fix-id"))


def _slug(root: Element) -> str | None:
    metas = (meta for meta in descendants(root, "meta") if _SLUG.search(meta.get("name") or ""))
    return next(filter(None, (tidy(attribute(meta, "content")) for meta in metas)), None)
