"""Items of a document, each read by itself."""

import pytest

from pipeline.entries.items import attempt, each_once, read_items
from pipeline.types import BadItem, Entry


def read(item: str, position: int) -> Entry | BadItem | None:
    """Stumbles over an item that has no colon, as a reader does over what nobody thought of."""
    if item == "diary":
        return None
    _, identity = item.split(":")
    return Entry(id=identity, position=position) if identity else BadItem(position, "no_id", "the item has no id")


def test_an_item_on_which_the_reader_raises_costs_itself_alone() -> None:
    entries, bad_items = read_items(["id:a", "broken", "diary", "id:", "id:b"], read, max_items=9)
    assert [(entry.id, entry.position) for entry in entries] == [("a", 0), ("b", 4)]
    assert [(bad.position, bad.reason) for bad in bad_items] == [(1, "raised:ValueError"), (3, "no_id")]


def test_what_lies_beyond_the_limit_is_told_and_not_read() -> None:
    entries, bad_items = read_items(["id:a", "id:b", "broken"], read, max_items=2)
    assert [entry.id for entry in entries] == ["a", "b"]
    assert bad_items == [BadItem(2, "too_large", "there are items beyond the limit of 2")]


def test_memory_that_is_used_up_is_the_documents() -> None:
    def hungry(item: str, position: int) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        attempt(hungry, "item", 0)


def test_what_a_feed_repeats_comes_once() -> None:
    assert [entry.position for entry in each_once([Entry("a", 0), Entry("b", 1), Entry("a", 2)])] == [0, 1]
