"""RSS 0.9x, 1.0 (RDF), 2.0 and Atom, read by feedparser: it alone reads ill-formed feeds right.

It is slow on hostile input (a minute on 2 MB of attributes, an open regular-expression bomb), so the caller runs it in
a process that can be killed; the caps here keep the worst away.
"""

import re
from calendar import timegm
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser

from pipeline.entries.bylines import names_of
from pipeline.entries.items import each_once, read_items
from pipeline.entries.links import web_address
from pipeline.entries.markup import plain_text, text_blocks, tidy
from pipeline.entries.stamps import feed_stamp
from pipeline.entries.subjects import distinct, tag_of
from pipeline.entries.wire import status_of
from pipeline.entries.xml import decode_xml
from pipeline.types import BadItem, Block, Caption, Entry, FeedDocument, Status, short_hash

_MAX_BYTES = 32_000_000
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{65536}")
# feedparser reads media:title and media:description as the item's own; under other names they stay apart. Of an element
# that it doesn't know it keeps the attributes in the place of the text, so they go.
_MEDIA = re.compile(r"<(/?)media:(title|description)\b[^<>]*?(/?)>")
_OWN_NAME = r"<\1media:picture_\2\3>"
_PREFIX = re.compile(r"<(/?)rss:")  # some write RSS 2.0's own elements with a prefix, declared or not

_NO_CHARACTER = re.compile(r"&#(?:\d{7,}|[xX][0-9a-fA-F]{6,});?")  # beyond Unicode: it would end the parser
_CUT_ADDRESS = re.compile(r"@|\([^()]*$")

Raw = dict[str, Any]  # feedparser's entry. Read with `dict.get`: its own `get` makes up one date from another


def read_syndication(
    body: bytes, *, url: str, charset: str | None = None, timezone: str = "UTC", max_items: int = 200_000
) -> FeedDocument | BadItem:
    """The entries of a feed as they stand in it; one that the feed repeats comes once."""
    text = decode_xml(body, charset)
    if len(text) > _MAX_BYTES or _LONG_TAG.search(text):
        return BadItem(
            -1, "too_large", f"a feed of {len(body)} bytes, or a tag in it, is too large; look at it by hand"
        )
    parsed = _parse(_prepared(text))
    if isinstance(parsed, BadItem):
        return parsed
    raws: list[Raw] = parsed["entries"]
    version: str = parsed.get("version") or ""
    if not version and not raws:
        return BadItem(-1, "not_xml", f"no feed can be read from it ({parsed.get('bozo_exception') or 'no items'})")
    return _document(parsed["feed"], raws, version, url=url, timezone=timezone, max_items=max_items)


def _prepared(text: str) -> str:
    """The feed from its first tag on, without what feedparser trips over."""
    from_tag = text[max(text.find("<"), 0) :]
    return _PREFIX.sub(r"<\1", _MEDIA.sub(_OWN_NAME, _NO_CHARACTER.sub("", from_tag)))


def _parse(text: str) -> Any:
    body = BytesIO(b'<?xml version="1.0" encoding="utf-8"?>\n' + text.encode())
    try:
        return feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    except (LookupError, OverflowError, RecursionError, TypeError, ValueError) as error:
        # What fuzzing found it to raise: an address http://[, a width without a number, an end tag without its start.
        return BadItem(-1, "not_xml", f"the feed can't be read ({type(error).__name__}: {error}); ask the publisher")


def _document(feed: Raw, raws: Sequence[Raw], version: str, *, url: str, timezone: str, max_items: int) -> FeedDocument:
    kind = _format(version)
    language = tidy(dict.get(feed, "language")) or _language_of(feed)

    def read(item: tuple[Raw, str | None], position: int) -> Entry | BadItem:
        raw, identity = item
        if identity is None:
            return BadItem(position, "no_id", "the item has neither id, link, title nor text")
        return _entry(raw, identity, position, kind, url, timezone, language)

    entries, bad_items = read_items(zip(raws, _ids(raws), strict=True), read, max_items)
    return FeedDocument(
        kind,
        each_once(entries),
        tuple(bad_items),
        title=plain_text(dict.get(feed, "title")),
        language=language,
        older_url=_older_url(feed, url),
    )


def _format(version: str) -> str:
    """feedparser's version (rss20, rss10, rss090, atom10 …) as ours; RSS 0.90 and 1.0 are RDF."""
    if version.startswith("atom"):
        return "atom"
    return "rdf" if version in ("rss10", "rss090") else "rss"


def _older_url(feed: Raw, url: str) -> str | None:
    """RFC 5005: the link prev-archive (section 4), else next (section 3)."""
    links = dict.get(feed, "links") or []
    found = {dict.get(link, "rel"): web_address(dict.get(link, "href"), url) for link in reversed(links)}
    return found.get("prev-archive") or found.get("next")


def _ids(raws: Sequence[Raw]) -> list[str | None]:
    """An id for each item: its own where that tells it apart, else its link, else a hash of what it says.

    An id tells apart unless items with different links share it (one guid for all items is known in the wild); a link,
    unless items with different titles or dates share it.
    """
    links_of: defaultdict[str, set[str]] = defaultdict(set)
    hashes_of: defaultdict[str, set[str]] = defaultdict(set)
    rows = [(tidy(dict.get(raw, "id")), tidy(dict.get(raw, "link")), _hash(raw)) for raw in raws]
    for guid, link, said in rows:
        links_of[guid or ""].add(link or said or "")
        hashes_of[link or ""].add(said or "")
    found: list[str | None] = []
    for guid, link, said in rows:
        if guid and len(links_of[guid]) == 1:
            found.append(guid)
        else:
            found.append(link if link and len(hashes_of[link]) == 1 else said or link or guid)
    return found


def _hash(raw: Raw) -> str | None:
    said = [dict.get(raw, name) or "" for name in ("title", "published", "updated")]
    said = said if any(said) else [dict.get(raw, "summary") or ""]
    return short_hash("item", *said) if any(said) else None


def _entry(
    raw: Raw, identity: str, position: int, kind: str, base: str, timezone: str, feed_language: str | None
) -> Entry:
    # feedparser calls dc:date updated; where it stands alone, as in RDF, it is the publication.
    is_alone = kind != "atom" and not dict.get(raw, "published")
    published, updated = ("updated", "") if is_alone else ("published", "updated")
    summary, page = plain_text(dict.get(raw, "summary")), _url(raw, base)
    return Entry(
        id=identity,
        position=position,
        url=page,
        title=plain_text(dict.get(raw, "title")),
        summary=summary,
        authors=_authors(raw),
        language=tidy(dict.get(raw, "language")) or _language_of(raw) or feed_language,
        subjects=distinct([tag_of(*_tag(tag)) for tag in dict.get(raw, "tags") or []]),
        published_at=_stamp(raw, published, timezone),
        updated_at=_stamp(raw, updated, timezone),
        published_raw=tidy(dict.get(raw, published)),
        rights=plain_text(dict.get(raw, "rights")),
        status=_status(raw),
        body=None if page else _body(raw),
        captions=_captions(raw, summary),
    )


def _status(raw: Raw) -> Status:
    """An agency's own status beside the item, in any namespace (AP's apnm:PublishingStatus)."""
    told = (tidy(str(raw[name])) for name in raw if name.endswith(("publishingstatus", "pubstatus")))
    return status_of(next(told, None))


def _body(raw: Raw) -> tuple[Block, ...] | None:
    """The whole text (atom:content, content:encoded) of an item that has no page: wires that deliver Atom send NITF."""
    texts = [text for content in dict.get(raw, "content") or [] if (text := dict.get(content, "value"))]
    return text_blocks(max(texts, key=len)) or None if texts else None


def _url(raw: Raw, base: str) -> str | None:
    """The item's page. FeedBurner's original link beats its redirect; a guid is a link only as a whole address."""
    link = dict.get(raw, "feedburner_origlink") or dict.get(raw, "link")
    is_guid = dict.get(raw, "guidislink") and link == dict.get(raw, "id")
    return web_address(link, "" if is_guid else base)


def _stamp(raw: Raw, name: str, timezone: str) -> datetime | None:
    """Our own reading of the stamp, which knows the names of zones; else feedparser's, which knows more languages."""
    found = feed_stamp(dict.get(raw, name), timezone)
    parsed = dict.get(raw, f"{name}_parsed")
    if found is None and parsed:
        try:
            return datetime.fromtimestamp(timegm(parsed), UTC)
        except (ValueError, OverflowError):
            return None
    return found


def _authors(raw: Raw) -> tuple[str, ...]:
    """dc:creator and author. feedparser cuts `a@b.example (Name)` in the wrong place, so that is read here."""
    delivered = [dict.get(author, "name") or "" for author in dict.get(raw, "authors") or []]
    whole = [name for name in delivered if not _CUT_ADDRESS.search(name)]
    names = [name for author in whole for name in names_of(author)]
    return tuple(dict.fromkeys(names)) or names_of(dict.get(raw, "author"))


def _tag(tag: Raw) -> tuple[str | None, str | None, str | None]:
    return dict.get(tag, "term"), dict.get(tag, "scheme"), dict.get(tag, "label")


def _language_of(raw: Raw) -> str | None:
    """xml:lang where the title stands."""
    return tidy(dict.get(dict.get(raw, "title_detail") or {}, "language"))


def _captions(raw: Raw, summary: str | None) -> tuple[Caption, ...]:
    """Media RSS: media:description with its media:credit, unless it repeats the summary."""
    text = plain_text(tidy(dict.get(raw, "media_picture_description")))
    credits = dict.get(raw, "media_credit") or [{}]
    return (Caption(text, plain_text(dict.get(credits[0], "content"))),) if text and text != summary else ()
