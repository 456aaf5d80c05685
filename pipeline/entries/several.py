"""Several XML documents in one file, one after another, as programs make it that append each item to a drop file.

XML 1.0 (2.1) has one root in a document, and a declaration (2.8) at its start alone. So a document ends with its root's
end tag, or, where it was cut off, before the next declaration and before a root of the same name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from pipeline.types import BadItem, FeedDocument

_MARKUP = re.compile(  # what is no tag, then tags: no attribute has a "<" in it (3.1)
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|(?P<declaration><\?xml\s)|<\?.*?(?:\?>|\Z)|(?P<doctype><!DOCTYPE\b)"
    r"""|<(?P<end>/?)(?P<name>[A-Za-z_][\w.:-]*+)(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>""",
    re.DOTALL,
)


def documents_in(body: bytes) -> list[bytes]:
    """The documents, each with its own declaration. The encodings of wires have "<" and names where ASCII has them."""
    text = body.decode("latin-1")  # a character for each byte
    return [body[start:end] for start, end in _places(text)]


def _places(text: str) -> Iterator[tuple[int, int]]:
    start: int | None = None
    root: str | None = None
    for found in _MARKUP.finditer(text):
        name = found["name"]
        if start is not None and root and (found["declaration"] or (name == root and not found["end"])):
            yield start, found.start()  # it was cut off
            start = root = None
        if start is None and (found["declaration"] or found["doctype"] or (name and not found["end"])):
            start = found.start()
        if root is None and name and not found["end"]:
            root = name
        if start is not None and name and name == root and (found["end"] or found[0].endswith("/>")):
            yield start, found.end()
            start = root = None
    if start is not None:
        yield start, len(text)


def joined(documents: Sequence[FeedDocument | BadItem], max_items: int) -> FeedDocument | BadItem:
    """What they say as one, their items counted through; the first of the reasons where none can be read."""
    read = [document for document in documents if isinstance(document, FeedDocument)]
    if not read:
        return next(document for document in documents if isinstance(document, BadItem))
    placed = list(_placed(documents))
    entries = [entry for document in placed for entry in document.entries if entry.position < max_items]
    bad_items = [item for document in placed for item in document.bad_items if item.position < max_items]
    if any(position >= max_items for document in placed for position in _positions(document)):
        bad_items.append(BadItem(max_items, "too_large", f"there are items beyond the limit of {max_items}"))
    return replace(
        read[0],
        entries=tuple(entries),
        bad_items=tuple(bad_items),
        links=tuple(dict.fromkeys(chain.from_iterable(document.links for document in read))),
        held_links=tuple(dict.fromkeys(chain.from_iterable(document.held_links for document in read))),
    )


def _placed(documents: Sequence[FeedDocument | BadItem]) -> Iterator[FeedDocument]:
    """Each with the positions of its items behind those of the ones before; one that can't be read is a bad item."""
    first = 0
    for document in documents:
        if isinstance(document, BadItem):
            yield FeedDocument("", (), (replace(document, position=first),))
            first += 1
            continue
        yield replace(
            document,
            entries=tuple(replace(entry, position=first + entry.position) for entry in document.entries),
            bad_items=tuple(replace(item, position=first + item.position) for item in document.bad_items),
        )
        first += 1 + max(_positions(document), default=-1)


def _positions(document: FeedDocument) -> list[int]:
    return [entry.position for entry in document.entries] + [item.position for item in document.bad_items]
