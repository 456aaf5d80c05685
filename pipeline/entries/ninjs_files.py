"""Which JSON is ninjs, and where its items lie: alone, in an array, in an answer of an API, a line each."""

import json
from collections.abc import Iterator

from pipeline.entries.values import Json

_MARKS = frozenset(
    """versioncreated pubstatus headline headlines body_text body_html body_xhtml body_html5 bodies description_text
    descriptions standard article_html""".split()  # noqa: SIM905 (a list would be ten lines)
)
_IDS = ("uri", "guid", "urn")
_LISTS = ("items", "item", "results", "hits", "_items", "entries", "data")  # where an answer may be empty
_DEPTH = 4  # of the items in an answer: {"data": {"items": [{"item": …}]}}
_NAMES = {  # dpa's JSON for the web says by other names what ninjs does
    "urn": "uri",
    "version_created": "versioncreated",
    "article_html": "body_html",
    "teaser": "description_text",
    "categories": "subjects",
}


class BadLine(str):
    """What is wrong with a line."""

    __slots__ = ()


def is_ninjs(document: object) -> bool:
    """Whether it is a ninjs item: it has an id and one of the properties that only ninjs has."""
    if not isinstance(document, dict):
        return False
    names = {name.lower() for name in document}
    return not names.isdisjoint(_IDS) and not names.isdisjoint(_MARKS)


def with_ninjs_names(row: Json) -> Json:
    """The item, whose names are in lower case, with the names of ninjs where it has others."""
    return {**{_NAMES.get(name, name): value for name, value in row.items()}, **row}


def ninjs_items(document: object) -> list[object] | None:
    """The items of a document; [] of an answer that has none, None if it is no ninjs."""
    found = _items(document, _DEPTH)
    if found is None and isinstance(document, dict) and any(document.get(name) == [] for name in _LISTS):
        return []
    return found


def _items(value: object, depth: int) -> list[object] | None:
    """The first list of items, or item, in an object, whatever agencies call it (`items`, `item`, `hits`, `data`)."""
    if is_ninjs(value):
        return [value]
    if isinstance(value, list):
        rows = [_inner(row) for row in value]
        return rows if any(map(is_ninjs, rows)) else None
    members = value.values() if isinstance(value, dict) and depth else ()
    return next((found for member in members if (found := _items(member, depth - 1)) is not None), None)


def _inner(row: object) -> object:
    """The item that a row of a list is, or holds: `{"item": …}`, `{"_source": …}`."""
    if is_ninjs(row) or not isinstance(row, dict):
        return row
    return next(filter(is_ninjs, row.values()), row)


def json_lines(text: str) -> Iterator[object]:
    """The values of a JSON-lines file (jsonlines.org), or the items that they hold; a BadLine where one is no JSON."""
    for line in text.split("\n"):
        if line.strip():
            try:
                yield _inner(json.loads(line))
            except (ValueError, RecursionError) as error:
                yield BadLine(str(error))
