"""NewsML-G2 2.0 to 2.34: a newsItem, a packageItem, or a newsMessage of them → one entry per item.

A picture, a graphic, a video and a package are entries of their kind, without a body. Concepts, plans and catalogs are
passed over: they are no news, and nothing is wrong with them.
"""

from pipeline.entries.bylines import place_of
from pipeline.entries.g2_content import Inline, g2_body, g2_captions, g2_headline, inline_text
from pipeline.entries.g2_meta import (
    authors_of,
    genre_of,
    kind_of_item,
    named,
    note_of,
    release_of,
    replaced_by,
    signals_of,
)
from pipeline.entries.g2_subjects import g2_subjects, located_in
from pipeline.entries.items import read_items
from pipeline.entries.links import web_address
from pipeline.entries.markup import plain_text, spaced_text
from pipeline.entries.newsml_urn import split_revision
from pipeline.entries.nitf import nitf_authors, nitf_place, nitf_summary
from pipeline.entries.signals import signal_text
from pipeline.entries.stamps import assumed_zone, feed_stamp
from pipeline.entries.wire import agency_of, first_stamp, urgency_of, version_of
from pipeline.entries.xml import LANG, Element, attribute, child, children, descendants, name_of
from pipeline.types import BadItem, Entry, FeedDocument

_ITEMS = ("newsitem", "packageitem")


def read_newsml_g2(root: Element, *, url: str, timezone: str, max_items: int) -> FeedDocument:
    """The items of a message, in order; a newsItem without a guid is a bad item."""
    items = [root] if name_of(root) in _ITEMS else descendants(root, *_ITEMS)

    def read(item: Element, position: int) -> Entry | BadItem | None:
        if attribute(item, "guid"):
            return _entry(item, position, timezone, _priority(root, items))
        is_news = name_of(item) == "newsitem"
        return BadItem(position, "no_id", "the newsItem has no guid, which NewsML-G2 requires") if is_news else None

    entries, bad_items = read_items(items, read, max_items)
    title = spaced_text(child(root, "header", "origin")) or spaced_text(child(root, "header", "sender"))
    return FeedDocument("newsml_g2", tuple(entries), tuple(bad_items), title=title, links=_links(items, url))


def _priority(root: Element, items: list[Element]) -> str | None:
    """The message's priority, which is the item's where it carries one alone."""
    return spaced_text(child(root, "header", "priority")) if len(items) == 1 else None


def _links(items: list[Element], url: str) -> tuple[str, ...]:
    """Where the items of a package lie that don't come with it (itemRef, `href`)."""
    here = {attribute(item, "guid") for item in items}
    found = [
        web_address(attribute(ref, "href"), url)
        for item in items
        for ref in descendants(item, "itemref")
        if attribute(ref, "residref") not in here and "xml" in (attribute(ref, "contenttype") or "xml")
    ]
    return tuple(dict.fromkeys(address for address in found if address))


def _entry(item: Element, position: int, timezone: str, priority: str | None) -> Entry:
    meta, content = child(item, "itemmeta"), child(item, "contentmeta")
    inline = inline_text(item)
    kind, language = kind_of_item(item, has_text=bool(inline.blocks)), _language(item, inline)
    created = (child(content, "contentcreated"), child(meta, "firstcreated"))
    versioned = spaced_text(child(meta, "versioncreated"))
    modified, embargoed = spaced_text(child(content, "contentmodified")), spaced_text(child(meta, "embargoed"))
    published_at, published_raw = first_stamp(timezone, *map(spaced_text, created), versioned)
    version_at = feed_stamp(versioned, timezone)
    title = g2_headline(content, inline, language) or plain_text(spaced_text(child(meta, "title")))
    slug = spaced_text(child(content, "slugline"))
    signal = signal_text(signals_of(meta), slug, title)
    release = release_of(meta, signal, timezone)
    guid = attribute(item, "guid") or ""
    wire_id, revision = split_revision(guid)
    version = version_of(attribute(item, "version"))
    return Entry(
        id=wire_id or guid,
        position=position,
        wire_id=wire_id,
        version=revision if version is None else version,
        version_at=version_at,
        url=_page(meta, content),
        title=title,
        summary=_summary(content) or nitf_summary(inline.nitf),
        authors=authors_of(content) or nitf_authors(inline.nitf),
        agency=_agency(meta, content),
        language=language,
        subjects=g2_subjects(item),
        published_at=published_at,
        published_raw=published_raw,
        updated_at=feed_stamp(modified, timezone) or version_at,
        status=release.status,
        embargo_until=release.embargo_until,
        dateline_place=_place(meta, content, inline),
        slugline=slug,
        urgency=urgency_of(spaced_text(child(content, "urgency")), priority),
        note=note_of(meta),
        rights=_rights(item),
        credit=spaced_text(child(content, "creditline")),
        genre=genre_of(content),
        signal=signal,
        replaces=replaced_by(meta, wire_id),
        assumed_timezone=release.assumed_timezone
        or assumed_zone(timezone, published_raw, versioned, modified, embargoed),
        kind=kind,
        body=g2_body(item, inline, title) if kind == "text" else None,
        captions=g2_captions(content, inline, kind),
    )


def _place(meta: Element | None, content: Element | None, inline: Inline) -> str | None:
    """Of the dateline, the item's or its text's, else the place where the content comes from."""
    dateline = spaced_text(child(content, "dateline")) or nitf_place(inline.nitf)
    return place_of(dateline, located_in(meta, content))


def _language(item: Element, inline: Inline) -> str | None:
    """Of the content, else of its text, else of the item or the message around it."""
    told = attribute(child(item, "contentmeta", "language"), "tag") or inline.language
    return told or next(filter(None, (attribute(element, LANG) for element in (item, *item.iterancestors()))), None)


def _page(meta: Element | None, content: Element | None) -> str | None:
    """The web page of the item: an alternative representation (altRep) or a link that is HTML."""
    for link in (*children(content, "altrep"), *children(meta, "altrep")):
        if "html" in (attribute(link, "contenttype") or ""):
            return web_address(attribute(link, "href") or spaced_text(link))
    return None


def _summary(content: Element | None) -> str | None:
    """The description that is a summary; Reuters repeats slugline and headline as a "caption" of its text items."""
    for description in children(content, "description"):
        if "caption" not in (attribute(description, "role") or "").lower() and (text := spaced_text(description)):
            return plain_text(text)
    return None


def _agency(meta: Element | None, content: Element | None) -> str | None:
    return agency_of(spaced_text(child(content, "creditline")), named(child(meta, "provider"), has_code=True))


def _rights(item: Element) -> str | None:
    info = child(item, "rightsinfo")
    return spaced_text(child(info, "copyrightnotice")) or named(child(info, "copyrightholder"), has_code=True)
