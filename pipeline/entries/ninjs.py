"""ninjs 1.0 to 3.3 (IPTC): one item, an array, a wrapped list, or a line each.

1.x writes `headline`, `body_text`, `subject`; 2.x and 3.x write `headlines`, `bodies`, `subjects` as arrays of objects,
3.x in camel case. Superdesk's `guid`, `evolvedfrom` and `service`, and TT's `replacing`, `bylines` and `sector` are
read beside them.
"""

from collections.abc import Iterable
from datetime import datetime

from pipeline.entries.bylines import names_of, place_of
from pipeline.entries.items import read_items
from pipeline.entries.links import web_address
from pipeline.entries.ninjs_content import body_of, captions_of, headline_of, subjects_of, summary_of
from pipeline.entries.ninjs_files import BadLine, with_ninjs_names
from pipeline.entries.signals import Release, release_told, signal_text, signals_among
from pipeline.entries.stamps import assumed_zone, feed_stamp
from pipeline.entries.values import Json, first_string, lowered, objects_of, rows_of, string_of, strings_of
from pipeline.entries.wire import (
    code_name,
    first_stamp,
    id_without_id,
    kind_of_media,
    status_of,
    urgency_of,
    version_of,
)
from pipeline.types import BadItem, Entry, FeedDocument, Status

_NO_NEWS = frozenset(("planning", "event", "component"))  # a diary's and a page's parts
_STAMPS = ("contentcreated", "firstcreated", "versioncreated")
_EMBARGOES = ("embargoed", "embargo", "embargoeduntil")
_NOTES = ("ednote", "editorialnote", "description_usage", "embargoedreason")
_STATUSES = frozenset(("canceled", "cancelled"))  # what pubstatus says else (TT: replaced) is a signal


def read_ninjs(items: Iterable[object], *, url: str, timezone: str, max_items: int) -> FeedDocument:
    """The items in order; a diary's are left out."""
    entries, bad_items = read_items(items, lambda item, position: _read(item, position, url, timezone), max_items)
    return FeedDocument("ninjs", tuple(entries), tuple(bad_items))


def _read(item: object, position: int, url: str, timezone: str) -> Entry | BadItem | None:
    if isinstance(item, BadLine):
        return BadItem(position, "bad_json", f"the line is no JSON: {item}")
    if not isinstance(item, dict):
        return BadItem(position, "no_object", f"the item is a {type(item).__name__}, not an object")
    row = with_ninjs_names(lowered(item))
    if string_of(row.get("type")) in _NO_NEWS:
        return None
    entry = ninjs_entry(row, position, url, timezone)
    if entry.wire_id is None and entry.title is None and not entry.body:
        return BadItem(position, "no_id", "the item has neither uri, headline nor body")
    return entry


def ninjs_entry(item: Json, position: int, url: str, timezone: str) -> Entry:
    """The entry of an item whose names are in lower case."""
    wire_id = first_string(item, "uri", "guid")
    kind, title, body = _kind(item), headline_of(item), body_of(item, headline_of(item))
    published_at, published_raw = first_stamp(timezone, *(string_of(item.get(name)) for name in _STAMPS))
    version_at = feed_stamp(string_of(item.get("versioncreated")), timezone)
    told, slugline, note = _told(item), _slugline(item), _note(item)
    release = _release(item, signal_text(told, slugline, title), note, version_at, timezone)
    authors = _authors(item)
    return Entry(
        id=wire_id or id_without_id(title, published_raw, body or ()),
        position=position,
        wire_id=wire_id,
        version=version_of(item.get("version")),
        version_at=version_at,
        # An item of Superdesk that began as a feed's has the page's address for its guid; a `uri` is no such address.
        url=web_address(item.get("url"), url) or (None if item.get("uri") else web_address(item.get("guid"))),
        title=title,
        summary=summary_of(item),
        authors=authors,
        agency=_agency(item),
        language=string_of(item.get("language")),
        section=_section(item),
        subjects=subjects_of(item),
        published_at=published_at,
        updated_at=version_at,
        published_raw=published_raw,
        status=release.status,
        embargo_until=release.embargo_until,
        dateline_place=_place(item, authors),
        slugline=slugline,
        urgency=urgency_of(item.get("urgency"), item.get("priority")),
        note=note,
        rights=first_string(item, "copyrightnotice", "copyrightholder"),
        credit=first_string(item, "creditline", "description_creditline", "credit"),
        genre=_names(item, "genre", "genres"),
        signal=signal_text(told, slugline, title),
        replaces=_replaces(item, wire_id),
        assumed_timezone=release.assumed_timezone
        or assumed_zone(timezone, *(string_of(item.get(name)) for name in (*_STAMPS, *_EMBARGOES))),
        kind=kind,
        body=body if kind == "text" else None,
        captions=captions_of(item, kind),
    )


def _kind(item: Json) -> str:
    """By the type, else the media type. A composite that brings its own text is one (IPTC's own examples do)."""
    delivered = string_of(item.get("type")) or (string_of(item.get("mimetype")) or "").partition("/")[0]
    kind = kind_of_media(delivered) or "text"
    return "text" if kind == "composite" and body_of(item, None) else kind


def _release(item: Json, signal: str | None, note: str | None, filed_at: datetime | None, timezone: str) -> Release:
    """The status and the embargo's end. A status that is no string is not known, hence withheld; a stamp that can't be
    read is an embargo without an end.
    """
    delivered = item.get("pubstatus") or _known_status(item)
    status = status_of(delivered if isinstance(delivered, str) else "unknown" if delivered else None)
    stated = next((item[name] for name in _EMBARGOES if item.get(name)), None)
    return release_told(
        status,
        signal,
        note,
        filed_at,
        timezone,
        is_stated=stated is not None,
        until=feed_stamp(string_of(stated), timezone),
    )


def _known_status(item: Json) -> str | None:
    """`status`, which is no member of ninjs, where it says what `pubstatus` would."""
    told = string_of(item.get("status"))
    return told if (told and status_of(told) is not Status.WITHHELD) or code_name(told) == "withheld" else None


def _slugline(item: Json) -> str | None:
    return first_string(item, "slugline", "slug") or " ".join(strings_of(item.get("slugline"))) or None


def _note(item: Json) -> str | None:
    """What is said to editors."""
    notes = (" ".join(strings_of(item.get(name))) for name in _NOTES)
    return next(filter(None, notes), None)


def _authors(item: Json) -> tuple[str, ...]:
    """`by` (2.x), `byline` (1.x), which some write as objects; TT's `bylines`, of which the internal are not for print;
    Superdesk's `authors`.
    """
    for member in ("by", "byline", "bylines", "authors"):
        rows = [row for row in rows_of(item.get(member)) if not _is_unnamed(row)]
        if lines := list(filter(None, map(_full_name, rows))):
            names = (name for line in lines for name in names_of(line) if not name.isdigit())
            return tuple(dict.fromkeys(names))
    return ()


def _is_unnamed(row: Json) -> bool:
    """Whether a byline is not for print, or its person no author."""
    return str(row.get("internal")).lower() == "true" or string_of(row.get("role")) == "editor"


def _full_name(row: Json) -> str | None:
    whole = " ".join(filter(None, (string_of(row.get(name)) for name in ("firstname", "lastname"))))
    return first_string(row, "byline", "by", "name") or whole or None


def _agency(item: Json) -> str | None:
    """Who made it; else who sent it, or holds the copyright."""
    return _names(item, "source", "provider", "infosource", "infosources") or string_of(item.get("copyrightholder"))


def _names(item: Json, *members: str) -> str | None:
    """The name of the first concept of the first of these members that has one."""
    rows = (row for member in members for row in rows_of(item.get(member)))
    return next(filter(None, (first_string(row, "name", "literal", "code") for row in rows)), None)


def _section(item: Json) -> str | None:
    return _names(item, "section", "service", "services", "sector")


def _place(item: Json, authors: tuple[str, ...]) -> str | None:
    """The city that it was filed from. Where an author's name stands in its place, none is known."""
    city = next((string_of(row.get("city")) for row in rows_of(item.get("datelinelocation"))), None)
    dateline = next((first_string(row, "text", "name") for row in rows_of(item.get("dateline"))), None)
    located = next((first_string(row, "city", "name") for row in rows_of(item.get("located"))), None)
    place = place_of(dateline or located, city)
    return None if place in authors else place


def _told(item: Json) -> tuple[str, ...]:
    """What the agency says that this version does: by TT's `updatetype`, its signals, AP's `editorialtypes`."""
    held = item.get("signals", item.get("signal"))
    updates = [text for row in rows_of(held) if (text := string_of(row.get("updatetype")))]
    named = [text for row in rows_of(held) if (text := first_string(row, "code", "name"))]
    others = [text for name in ("editorialtypes", "edstatus", "pubstatus") for text in strings_of(item.get(name))]
    codes = signals_among([*named, *others])
    return tuple(code for code in (*map(str.lower, updates), *codes) if code not in _STATUSES)


def _replaces(item: Json, wire_id: str | None) -> tuple[str, ...]:
    """Superdesk's story that an update evolved from; the earlier revisions that TT, which gives each an id, names."""
    earlier = strings_of(item.get("evolvedfrom")) + strings_of(item.get("replacing"))
    for revision in objects_of(item.get("revisions")):
        earlier += [uri for uri in (string_of(revision.get("uri")),) if uri] + strings_of(revision.get("replacing"))
    return tuple(dict.fromkeys(uri for uri in earlier if uri != wire_id))
