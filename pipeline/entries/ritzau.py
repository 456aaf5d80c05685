"""Ritzau's own XML, RBNews: one story, whose versions have ids of their own and one `HistID`."""

import re

from pipeline.entries.bylines import names_of, place_of
from pipeline.entries.items import read_items
from pipeline.entries.markup import html_blocks, plain_text, spaced_text
from pipeline.entries.signals import release_told, signal_text
from pipeline.entries.stamps import assumed_zone, feed_stamp
from pipeline.entries.subjects import distinct, subject_of
from pipeline.entries.wire import first_stamp, status_of, urgency_of, version_of
from pipeline.entries.xml import Element, child, children, descendants, name_of
from pipeline.types import BadItem, Block, Caption, Entry, FeedDocument, Status, Subject

_FLAGS = {"annuleret": "cancel", "korrektion": "correction", "nyversion": "update"}  # elements that are true or false
_EMBARGO = re.compile(r"embargo|sp[aæ]rre|klausul")  # of an element's name
_GONE = re.compile(r"delet|cancel|annul|kill|withdraw|slettet", re.IGNORECASE)  # of Status, else "New news"


def read_ritzau(root: Element, *, timezone: str, max_items: int) -> FeedDocument:
    """The stories of a file, in order; one without an id is a bad item."""
    items = [root] if name_of(root) == "rbnews" else descendants(root, "rbnews")

    def read(item: Element, position: int) -> Entry | BadItem:
        if _text(item, "histid") or _text(item, "newsid"):
            return _entry(item, position, timezone)
        return BadItem(position, "no_id", "the RBNews has neither HistID nor NewsID; ask Ritzau")

    entries, bad_items = read_items(items, read, max_items)
    return FeedDocument("ritzau", tuple(entries), tuple(bad_items))


def _entry(item: Element, position: int, timezone: str) -> Entry:
    chain, own = _text(item, "histid"), _text(item, "newsid")
    title, slug = plain_text(_text(item, "headline")), _text(item, "strapline")
    published = _text(item, "publishdate")
    embargo = next((below for below in item if _EMBARGO.search(name_of(below)) and spaced_text(below)), None)
    published_at, published_raw = first_stamp(timezone, published)
    note = _words(item, "tilredaktionen")
    signals = tuple(said for flag, said in _FLAGS.items() if (_text(item, flag) or "").lower() in ("true", "1"))
    signal = signal_text(signals, slug, title)
    release = release_told(
        _status(item),
        signal,
        note,
        published_at,
        timezone,
        is_stated=embargo is not None and (spaced_text(embargo) or "").lower() not in ("false", "0"),
        until=feed_stamp(spaced_text(embargo), timezone),
    )
    replaced = (
        earlier for earlier in (_text(item, "replaces"), _text(item, "replacedid")) if earlier and earlier != own
    )
    return Entry(
        id=chain or own or "",
        position=position,
        wire_id=chain or own,
        version=version_of(_text(item, "version")),
        version_at=published_at,
        title=title,
        summary=_words(item, "subtitle"),
        authors=names_of(_text(item, "byline")),
        agency=(_text(item, "origin") or "").strip("/ ") or None,
        section=_text(item, "section"),
        subjects=_subjects(item),
        published_at=published_at,
        published_raw=published_raw,
        status=release.status,
        embargo_until=release.embargo_until,
        dateline_place=place_of(_text(item, "town")),
        slugline=slug,
        urgency=urgency_of(_text(item, "priority")),
        note=note,
        credit=_text(item, "origin"),
        genre=_text(item, "format"),
        signal=signal,
        replaces=() if chain else tuple(dict.fromkeys(replaced)),
        assumed_timezone=release.assumed_timezone or assumed_zone(timezone, published, spaced_text(embargo)),
        body=_body(item),
        captions=_captions(item),
    )


def _text(item: Element, name: str) -> str | None:
    """An element's text; an element that is nil has none."""
    return spaced_text(child(item, name))


def _words(item: Element, name: str) -> str | None:
    """The words of an element that holds HTML, on one line."""
    return plain_text(_text(item, name))


def _status(item: Element) -> Status:
    return status_of("canceled" if _GONE.search(_text(item, "status") or "") else None)


def _body(item: Element) -> tuple[Block, ...]:
    content = child(item, "content")
    return html_blocks("".join(content.itertext())) if content is not None else ()


def _subjects(item: Element) -> tuple[Subject, ...]:
    """IPTC's codes, keywords, companies."""
    found: list[Subject | None] = []
    for code in _listed(item, "iptclist"):
        found.append(subject_of(code=code))
    found += [subject_of(name=word) for word in _listed(item, "subjectkeyword", "kategori", "kategorier")]
    found += [subject_of(name=name, kind="organisation") for name in _listed(item, "companies")]
    return distinct(found)


def _listed(item: Element, *names: str) -> list[str]:
    """The values of a list of strings, whatever its members are called; of a plain element, its text."""
    found = []
    for holder in children(item, *names):
        members = list(holder) or [holder]
        found += [text for member in members if (text := spaced_text(member))]
    return found


def _captions(item: Element) -> tuple[Caption, ...]:
    """What stands under the pictures of the MultimedieList."""
    texts = map(spaced_text, descendants(child(item, "multimedielist"), "caption", "billedtekst"))
    return tuple(Caption(text) for text in dict.fromkeys(texts) if text)
