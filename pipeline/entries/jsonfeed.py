"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from collections.abc import Mapping

from pipeline.entries.bylines import names_of
from pipeline.entries.items import each_once, read_items
from pipeline.entries.links import web_address
from pipeline.entries.markup import plain_text
from pipeline.entries.stamps import assumed_zone, feed_stamp
from pipeline.entries.subjects import distinct, tag_of
from pipeline.types import BadItem, Entry, FeedDocument, short_hash

Json = Mapping[str, object]

_SUMMARY_LENGTH = 500


def is_jsonfeed(document: object) -> bool:
    """Whether it says so (`version`), or looks so: items, and a home page or a feed address beside them."""
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return False
    version = document.get("version")
    is_named = isinstance(version, str) and "jsonfeed.org" in version
    return is_named or "home_page_url" in document or "feed_url" in document


def read_jsonfeed(document: Json, *, url: str, timezone: str, max_items: int) -> FeedDocument:
    """The items of a feed, each id once."""
    items = document.get("items")
    language = text_of(document.get("language"))

    def read(item: object, position: int) -> Entry | BadItem:
        entry = _entry(item, position, url, timezone, language) if isinstance(item, dict) else None
        return entry or BadItem(position, "no_id", "the item is no object with an id, an address, a title or a text")

    entries, bad_items = read_items(items if isinstance(items, list) else [], read, max_items)
    return FeedDocument(
        "jsonfeed",
        each_once(entries),
        tuple(bad_items),
        title=text_of(document.get("title")),
        language=language,
        older_url=web_address(document.get("next_url"), url),
    )


def _entry(item: Json, position: int, base: str, timezone: str, language: str | None) -> Entry | None:
    link = web_address(item.get("url"), base) or web_address(item.get("external_url"), base)
    title = text_of(item.get("title"))
    content = text_of(item.get("content_text")) or text_of(item.get("content_html"))
    identity = (
        text_of(item.get("id"))
        or link
        or (short_hash("item", title or "", content or "") if title or content else None)
    )
    if identity is None:
        return None
    published_raw, modified_raw = text_of(item.get("date_published")), text_of(item.get("date_modified"))
    return Entry(
        id=identity,
        position=position,
        url=link or web_address(item.get("id")),
        title=title,
        summary=text_of(item.get("summary")) or (content[:_SUMMARY_LENGTH] if content else None),
        authors=_authors(item),
        language=text_of(item.get("language")) or language,
        subjects=distinct([tag_of(text_of(tag)) for tag in _list(item.get("tags"))]),
        published_at=feed_stamp(published_raw, timezone),
        updated_at=feed_stamp(modified_raw, timezone),
        published_raw=published_raw,
        assumed_timezone=assumed_zone(timezone, published_raw, modified_raw),
    )


def _authors(item: Json) -> tuple[str, ...]:
    """1.1 has `authors`, 1.0 `author`."""
    people = [*_list(item.get("authors")), item.get("author")]
    names = [name for person in people if isinstance(person, dict) for name in names_of(text_of(person.get("name")))]
    return tuple(dict.fromkeys(names))


def text_of(value: object) -> str | None:
    """A string on one line without tags, a number as its digits (ids are numbers in the wild); None for the rest."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return plain_text(value) if isinstance(value, str) else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
