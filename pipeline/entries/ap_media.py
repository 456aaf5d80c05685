"""AP Media API 1.1 to 2.2: the JSON of a feed, of a search or of one item (developer.ap.org/ap-media-api).

An item's members are mostly those of ninjs. Its text is no part of it: it lies in NITF at the address of the rendition
`nitf`, which neither names the item nor its version but for its address.
"""

import re
from dataclasses import replace
from datetime import datetime

from pipeline.entries.anpa_categories import category_name, category_subject
from pipeline.entries.items import read_items
from pipeline.entries.links import web_address
from pipeline.entries.ninjs import ninjs_entry
from pipeline.entries.slugs import joined
from pipeline.entries.subjects import distinct
from pipeline.entries.values import Json, first_string, lowered, objects_of, rows_of, string_of, strings_of
from pipeline.types import BadItem, Entry, FeedDocument, Status

_CONTENT = re.compile(r"/content/([0-9a-f]{32})(?=[./?#]|$)")
_PAGES = ("canonicallink", "canonicalurl", "canonical_url")


def ap_items(document: object) -> list[object] | None:
    """The items of an answer, each out of its `item`, or one that stands alone; None if it is no answer of AP's."""
    if not isinstance(document, dict):
        return None
    if _item_id(document):
        return [document]
    data = document.get("data", document)
    rows = data.get("items", data.get("item")) if isinstance(data, dict) else None
    items = [_inner(row) for row in (rows if isinstance(rows, list) else [rows])]
    is_answer = "api_version" in document and isinstance(rows, dict | list)
    return items if is_answer or any(map(_item_id, items)) else None


def is_ap_error(document: object) -> bool:
    """Whether AP answers with an error instead."""
    return isinstance(document, dict) and "api_version" in document and isinstance(document.get("error"), dict)


def ap_error(document: Json) -> BadItem:
    """AP's own words."""
    error = next(rows_of(document.get("error")), {})
    said = first_string(error, "message", "title", "name") or "it does not say which"
    return BadItem(-1, "api_error", f"AP answered with an error ({said[:200]}); check the key and the query")


def read_ap_media(document: Json, items: list[object], *, url: str, timezone: str, max_items: int) -> FeedDocument:
    """The items of an answer, the addresses of their texts (`links`, and of embargoed ones `held_links`: the NITF says
    nothing of the embargo), and where the feed goes on (`cursor`).
    """
    links: dict[str, None] = {}
    held_links: dict[str, datetime] = {}

    def read(item: object, position: int) -> Entry | BadItem:
        if not isinstance(item, dict):
            return BadItem(position, "no_object", f"the item is a {type(item).__name__}, not an object")
        row = lowered(item)
        entry = _entry(row, position, url, timezone)
        if link := _text_address(row, entry, url):
            if entry.status is Status.USABLE or _is_past(entry):
                links.setdefault(link)
            elif entry.embargo_until:
                held_links[link] = entry.embargo_until
        return entry

    entries, bad_items = read_items(items, read, max_items)
    next_page = web_address(next((row.get("next_page") for row in rows_of(document.get("data"))), None), url)
    return FeedDocument(
        "ap_media",
        tuple(entries),
        tuple(bad_items),
        links=tuple(links),
        held_links=tuple(held_links.items()),
        cursor=next_page,
    )


def _inner(row: object) -> object:
    return row.get("item", row) if isinstance(row, dict) else row


def _item_id(item: object) -> str | None:
    """The id that all revisions of a story share."""
    altids = next(rows_of(item.get("altids")), {}) if isinstance(item, dict) else {}
    return string_of(altids.get("itemid"))


def _entry(item: Json, position: int, url: str, timezone: str) -> Entry:
    categories = [row for row in objects_of(item.get("subject")) if "category" in strings_of(row.get("rels"))]
    others = [row for row in objects_of(item.get("subject")) if row not in categories]
    entry = ninjs_entry({**item, "subject": others}, position, url, timezone)
    codes = [string_of(row.get("code")) for row in categories]
    item_id = _item_id(item)
    found = _CONTENT.search(string_of(item.get("uri")) or "")
    wire_id = item_id or (found[1] if found else entry.wire_id)
    return replace(
        entry,
        id=wire_id or entry.id,
        wire_id=wire_id,
        url=_page_address(item, url),
        section=next(filter(None, map(category_name, codes)), entry.section),
        subjects=distinct([*map(category_subject, codes), *entry.subjects]),
        genre=entry.genre or string_of(item.get("profile")),
        credit=entry.credit or next((string_of(row.get("title")) for row in objects_of(item.get("bylines"))), None),
        signal=joined(None if _is_news(item) else "advisory", entry.signal),
        body=entry.body or None,
    )


def _is_news(item: Json) -> bool:
    """Whether it is for the public. An advisory is for editors; it has signals, and not this one."""
    signals = strings_of(item.get("signals"))
    return not signals or "newscontent" in signals


def _page_address(item: Json, url: str) -> str | None:
    """The page on which AP has the story; `uri` is an address of the API."""
    named = [item.get(name) for name in _PAGES]
    rows = [row for row in objects_of(item.get("links")) if "canonical" in f"{row.get('rel')} {row.get('rels')}"]
    addresses = (web_address(link, url) for link in [*named, *(row.get("href") for row in rows)])
    return next(filter(None, addresses), None)


def _is_past(entry: Entry) -> bool:
    """Whether the embargo had ended before the version was made."""
    return bool(entry.embargo_until and entry.version_at and entry.embargo_until <= entry.version_at)


def _text_address(item: Json, entry: Entry, url: str) -> str | None:
    """Where the text lies, of a story that may be read now or once its embargo has passed."""
    is_readable = entry.status in (Status.USABLE, Status.EMBARGOED)
    if entry.kind != "text" or entry.body or not is_readable or not _is_news(item):
        return None
    renditions = next(rows_of(item.get("renditions")), {})
    nitf = next(rows_of(renditions.get("nitf")), {})
    return web_address(nitf.get("href"), url)
