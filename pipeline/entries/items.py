"""The items of a document, each read by itself: one that can't be read costs itself alone."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from pipeline.types import BadItem, Entry

Item = TypeVar("Item")
Read = TypeVar("Read")


def read_items(
    items: Iterable[Item], read: Callable[[Item, int], Entry | BadItem | None], max_items: int
) -> tuple[list[Entry], list[BadItem]]:
    """What `read(item, position)` makes of each item, in order: entries, and the items that can't be read. None is
    left out. What lies beyond `max_items` is one bad item (`too_large`).
    """
    entries: list[Entry] = []
    bad_items: list[BadItem] = []
    for position, item in enumerate(items):
        if position >= max_items:
            bad_items.append(BadItem(position, "too_large", f"there are items beyond the limit of {max_items}"))
            break
        found = attempt(read, item, position)
        if isinstance(found, BadItem):
            bad_items.append(found)
        elif found:
            entries.append(found)
    return entries, bad_items


def attempt(read: Callable[[Item, int], Read], item: Item, position: int) -> Read | BadItem:
    """What `read(item, position)` gives; a bad item (`raised:<type of exception>`) where our own code raises.

    So a fault of a reader does not hold up the rest of the feed, and the item is read again once the reader is mended.
    """
    try:
        return read(item, position)
    except MemoryError:  # the worker's cap: told of the document
        raise
    except Exception as error:  # noqa: BLE001 (whatever a reader stumbles over, the item is kept with its bytes and told)
        return BadItem(position, f"raised:{type(error).__name__}", str(error))


def each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The first entry of each id: feeds repeat themselves."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.id, entry)
    return tuple(found.values())
