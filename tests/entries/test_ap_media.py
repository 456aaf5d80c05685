"""AP's Media API: what an item is, where its text lies, where the feed goes on."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import BadItem, Entry, FeedDocument, Status

_FEED = "https://api.north.example/media/v/content/feed?apikey=${NORTH_KEY}&q=productid:1"
_ID = "a" * 32
_CONTENT = f"https://api.north.example/media/v/content/{_ID}"
_NITF = f"{_CONTENT}.1/download?type=text&et=0a1"


def item(**members: Any) -> dict[str, Any]:
    return {
        "uri": f"{_CONTENT}?qt=q1&et=0a1",
        "altids": {"itemid": _ID, "etag": f"{_ID}_0a1"},
        "type": "text",
        "version": 1,
        "versioncreated": "2026-03-01T07:45:00Z",
        "pubstatus": "usable",
        "signals": ["newscontent"],
        "headline": "Harbor fire",
        "renditions": {"nitf": {"href": _NITF}},
        **members,
    }


def read(document: Any, url: str = _FEED) -> FeedDocument:
    found = parse_document(json.dumps(document).encode(), url=url)
    assert isinstance(found, FeedDocument), found
    return found


def feed(*items: Any, **data: Any) -> FeedDocument:
    return read({"api_version": "1.1", "data": {"items": [{"meta": {}, "item": one} for one in items], **data}})


def only(**members: Any) -> Entry:
    [entry] = feed(item(**members)).entries
    return entry


@pytest.mark.parametrize(
    "document",
    [
        {"api_version": "1.1", "data": {"items": [{"meta": {}, "item": item()}]}},
        {"api_version": "1.1", "data": {"meta": {}, "item": item()}},
        {"data": {"items": [{"item": item()}]}},
        {"item": item()},
        item(),
    ],
    ids=["feed", "one item", "no version of the API", "an item's file", "an item alone"],
)
def test_an_answer_is_known_by_its_shape(document: Any) -> None:
    found = read(document)
    assert found.format == "ap_media"
    assert [(entry.wire_id, entry.version, entry.body) for entry in found.entries] == [(_ID, 1, None)]
    assert found.links == (_NITF,)


def test_a_feed_without_items_says_where_it_goes_on() -> None:
    found = feed(next_page="https://api.north.example/media/v/content/feed?seq=7&qt=q1")
    assert (found.entries, found.bad_items) == ((), ())
    assert found.cursor == "https://api.north.example/media/v/content/feed?seq=7&qt=q1"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://elsewhere.example/next?seq=7", "https://elsewhere.example/next?seq=7"),
        ("/next", "https://api.north.example/next"),
        ("mailto:desk@north.example", None),
        (17, None),
    ],
)
def test_a_next_page_is_an_address(address: object, expected: str | None) -> None:
    assert feed(next_page=address).cursor == expected


def test_version_0_is_a_version() -> None:
    assert only(version=0).version == 0


@pytest.mark.parametrize(
    ("members", "status", "has_link"),
    [
        ({}, Status.USABLE, True),
        ({"pubstatus": "canceled"}, Status.CANCELED, False),
        ({"pubstatus": "withheld"}, Status.WITHHELD, False),
        ({"pubstatus": ["usable"]}, Status.WITHHELD, False),
        ({"editorialtypes": ["Kill"]}, Status.CANCELED, False),
        ({"editorialtypes": ["Correction", "Writethru"]}, Status.USABLE, True),
        ({"pubstatus": "embargoed", "embargoed": "2026-03-04T05:00:00Z"}, Status.EMBARGOED, False),
        ({"embargoed": "2026-03-04T05:00:00Z"}, Status.EMBARGOED, False),
        ({"embargoed": "soon"}, Status.EMBARGOED, False),
        ({"embargoed": "2026-03-01T05:00:00Z"}, Status.EMBARGOED, True),  # it was over before the version was made
        ({"signals": ["whitelisted"]}, Status.USABLE, False),
        ({"signals": None}, Status.USABLE, True),
        ({"type": "picture"}, Status.USABLE, False),
        ({"renditions": {"nitf": {"href": "ftp://x.example/"}}}, Status.USABLE, False),
        ({"renditions": [1]}, Status.USABLE, False),
        ({"renditions": None}, Status.USABLE, False),
    ],
)
def test_a_text_is_asked_for_where_it_may_be_read(members: dict[str, Any], status: Status, has_link: bool) -> None:
    found = feed(item(**members))
    assert (found.entries[0].status, bool(found.links)) == (status, has_link)


def test_a_text_under_an_embargo_is_asked_for_after_it() -> None:
    until = datetime(2026, 3, 4, 5, tzinfo=UTC)
    [(address, at)] = feed(item(embargoed="2026-03-04T05:00:00Z")).held_links
    assert (address, at) == (feed(item()).links[0], until)
    assert feed(item(embargoed="soon")).held_links == ()
    assert feed(item(pubstatus="withheld", embargoed="2026-03-04T05:00:00Z")).held_links == ()


def test_an_advisory_is_for_editors() -> None:
    entry = only(signals=["whitelisted"], profile="Advisory")
    assert (entry.signal, entry.genre, entry.kind) == ("advisory", "Advisory", "text")


def test_the_page_is_the_canonical_link_and_not_the_apis_address() -> None:
    assert only().url is None
    assert only(canonicallink="https://north.example/story/1").url == "https://north.example/story/1"
    links = [{"rel": "self", "href": _CONTENT}, {"rels": ["canonical"], "href": "https://north.example/story/2"}]
    assert only(links=links).url == "https://north.example/story/2"


def test_an_items_nitf_meets_it_in_one_story() -> None:
    nitf = (
        b"<nitf><head><docdata><doc-id regsrc='NW'/></docdata></head>"
        b"<body><body.content><p>Text.</p></body.content></body></nitf>"
    )
    found = parse_document(nitf, url=_NITF)
    assert isinstance(found, FeedDocument)
    assert [(entry.wire_id, entry.version) for entry in found.entries] == [(_ID, 1)]


def test_an_item_that_is_none_costs_itself_alone() -> None:
    found = feed(item(), None, 7, [], item(altids="x", uri=None))
    assert [entry.wire_id for entry in found.entries] == [_ID, None]
    assert [bad.reason for bad in found.bad_items] == ["no_object"] * 3


def test_an_error_is_told_in_aps_words() -> None:
    body = json.dumps({"api_version": "1.1", "error": {"code": 3, "message": "Invalid API key"}}).encode()
    found = parse_document(body, url=_FEED)
    assert isinstance(found, BadItem)
    assert found.reason == "api_error"
    assert "Invalid API key" in found.detail
