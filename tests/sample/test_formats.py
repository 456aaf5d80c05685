"""What the sample wire writes reads back, by the readers of the pipeline and by trafilatura, as the gold says."""

import re
from collections import Counter

import pytest
import trafilatura

from deployments.sample.gold import Gold, gold, special_cases
from deployments.sample.newsroom import Item, Outlet, outlets
from deployments.sample.routes import answer, in_feed
from deployments.sample.site import NIGHTS
from deployments.sample.stories import compose
from deployments.sample.wires import wire_files
from pipeline.entries.detect import parse_document
from pipeline.types import BadItem, FeedDocument, Status

NOW = NIGHTS[1]
CASES = special_cases()
SITES = [pytest.param(house, id=house.id) for house in outlets().values() if house.feed]
WIRES = [pytest.param(item, id=item.id) for item in compose() if item.wire_id]


def read(body: bytes, url: str) -> FeedDocument:
    document = parse_document(body, url=url)
    assert not isinstance(document, BadItem)
    assert not document.bad_items
    return document


@pytest.mark.parametrize("house", SITES)
def test_a_feed_names_what_it_shows(house: Outlet) -> None:
    assert house.feed
    url = house.url(house.feed.path)
    document = read(answer(house.host or "", house.feed.path, NOW).body, url)
    rows = in_feed(house, NOW)
    assert document.format == house.feed.format
    assert [entry.url for entry in document.entries] == [item.url for item, _ in rows]
    assert [entry.published_at for entry in document.entries] == [item.published_at for item, _ in rows]
    assert [entry.title for entry in document.entries] == [version.title for _, version in rows]
    assert all(subject.name for entry in document.entries for subject in entry.subjects)


@pytest.mark.parametrize("feed_id", CASES.entities_feeds)
def test_the_careless_feeds_are_not_well_formed(feed_id: str) -> None:
    house = outlets()[feed_id.partition("/")[0]]
    assert house.feed
    body = answer(house.host or "", house.feed.path, NOW).body.decode()
    assert re.search(r"&(?:eacute|uuml);", body)
    assert " & " in body
    assert ("&nbsp;" in body) is (house.language == "fr")


def test_the_one_guid_is_the_guid_of_all() -> None:
    house = outlets()[CASES.one_guid_feed.partition("/")[0]]
    assert house.feed
    body = answer(house.host or "", house.feed.path, NOW).body.decode()
    assert len(set(re.findall(r"<guid[^>]*>(.*?)</guid>", body))) == 1


@pytest.mark.parametrize("item", WIRES)
def test_a_wire_file_says_what_the_agency_sent(item: Item) -> None:
    files = list(wire_files(item, NOW))
    assert len(files) == len(item.versions)
    for (name, sent_at, body), version in zip(files, item.versions, strict=True):
        (entry,) = read(body, f"file:///{name}").entries
        held = Status.EMBARGOED if item.embargo_until else Status(version.status)
        assert (entry.wire_id, entry.version, entry.status) == (item.wire_id, version.number, held)
        assert (entry.title, entry.authors, entry.note) == (version.title, item.authors, version.note)
        assert (entry.published_at, entry.version_at) == (item.published_at, sent_at)
        assert (entry.embargo_until, entry.dateline_place) == (item.embargo_until, item.place)
        topics = [subject for subject in entry.subjects if subject.kind == "topic"]
        assert [f"medtop:{subject.code}" for subject in topics] == list(item.subjects)
        assert tuple(block.text for block in entry.body or ()) == version.paragraphs


def some_pages() -> list[Gold]:
    """The first and the last full page of each site."""
    pages = [one for one in gold(NOW) if one.url and not one.is_stub]
    ends = {one.source_id: one for one in pages} | {f"{one.source_id}, first": one for one in reversed(pages)}
    return list(dict.fromkeys(ends.values()))


def f1(found: str, wanted: str) -> float:
    left, right = (Counter(re.findall(r"\w+", text)) for text in (found, wanted))
    return 2 * (left & right).total() / (left.total() + right.total())


@pytest.mark.parametrize("page", [pytest.param(one, id=one.item_id) for one in some_pages()])
def test_a_page_extracts_to_its_gold(page: Gold) -> None:
    item = next(item for item in compose() if item.id == page.item_id)
    html = answer(item.outlet.host or "", item.path, NOW).body.decode()
    found = trafilatura.bare_extraction(html, url=page.url, with_metadata=True, include_comments=False)
    assert found is not None
    assert found.title == page.title
    assert f1(found.text or "", page.text) > 0.97


def test_the_stub_says_that_it_is_not_free() -> None:
    item = CASES.stub
    html = answer(item.outlet.host or "", item.path, NOW).body.decode()
    assert '"isAccessibleForFree": false' in html
    assert item.versions[0].paragraphs[1] not in html
