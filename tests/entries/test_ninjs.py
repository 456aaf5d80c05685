"""ninjs and its dialects: what stands in an item under which name, and what wrong types cost."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import Caption, Entry, FeedDocument, Status, Subject


def read(document: Any) -> FeedDocument:
    found = parse_document(
        json.dumps(document).encode(), url="https://api.north.example/items", timezone="Europe/Berlin"
    )
    assert isinstance(found, FeedDocument), found
    assert found.format == "ninjs"
    return found


def entry(**members: Any) -> Entry:
    found = read({"uri": "north:1", "type": "text", "pubstatus": "usable", "headline": "Fire", **members})
    assert not found.bad_items
    return found.entries[0]


_ITEM = {"uri": "north:1", "headline": "Fire", "versioncreated": "2026-03-01T07:45:00Z"}


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(_ITEM).encode(),
        json.dumps([_ITEM]).encode(),
        json.dumps({"total": 1, "hits": [_ITEM]}).encode(),
        json.dumps({"total": 1, "item": [_ITEM]}).encode(),
        json.dumps({"_items": [_ITEM], "_meta": {}}).encode(),
        json.dumps(
            {"uri": "north:1", "headlines": [{"value": "Fire"}], "versionCreated": "2026-03-01T07:45:00Z"}
        ).encode(),
        json.dumps({"URI": "north:1", "Headline": "Fire", "versioncreated": "2026-03-01T07:45:00Z"}).encode(),
        json.dumps(_ITEM).encode() + b"\n",
        gzip.compress(json.dumps(_ITEM).encode()),
        b"\xef\xbb\xbf" + json.dumps(_ITEM).encode(),
        json.dumps(_ITEM).encode("utf-16"),
    ],
)
def test_items_come_alone_in_lists_and_wrapped(body: bytes) -> None:
    found = parse_document(body, url="https://api.north.example/")
    assert isinstance(found, FeedDocument), found
    assert [(one.wire_id, one.title, one.version_at) for one in found.entries] == [
        ("north:1", "Fire", datetime(2026, 3, 1, 7, 45, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("members", "status", "until"),
    [
        ({}, Status.USABLE, None),
        ({"pubstatus": None}, Status.USABLE, None),
        ({"pubstatus": "canceled"}, Status.CANCELED, None),
        ({"pubstatus": "stat:canceled"}, Status.CANCELED, None),
        ({"pubStatus": "withheld"}, Status.WITHHELD, None),
        ({"pubstatus": "commissioned"}, Status.WITHHELD, None),
        ({"pubstatus": "replaced"}, Status.USABLE, None),
        ({"pubstatus": 7}, Status.WITHHELD, None),
        ({"ednote": "KILL - there was no fire"}, Status.CANCELED, None),
        ({"ednote": "Kill last graf"}, Status.USABLE, None),
        ({"embargoed": "2026-03-04T02:30:00+02:00"}, Status.EMBARGOED, datetime(2026, 3, 4, 0, 30, tzinfo=UTC)),
        ({"embargoed": "2026-03-04T02:30:00"}, Status.EMBARGOED, datetime(2026, 3, 4, 1, 30, tzinfo=UTC)),
        ({"embargoed": "after the speech"}, Status.EMBARGOED, None),
        ({"embargoed": True}, Status.EMBARGOED, None),
        ({"embargoed": ""}, Status.USABLE, None),
        ({"embargoed": None}, Status.USABLE, None),
        (
            {"embargoed": "2026-03-04T02:30:00Z", "pubstatus": "canceled"},
            Status.CANCELED,
            datetime(2026, 3, 4, 2, 30, tzinfo=UTC),
        ),
    ],
)
def test_status_and_embargo(members: dict[str, Any], status: Status, until: datetime | None) -> None:
    found = entry(**members)
    assert (found.status, found.embargo_until) == (status, until)


@pytest.mark.parametrize(
    ("members", "authors"),
    [
        ({"byline": "By Uma Vik and Remy Roux"}, ("Uma Vik", "Remy Roux")),
        ({"by": "Uma Vik"}, ("Uma Vik",)),
        ({"byline": ["Uma Vik", "Remy Roux"]}, ("Uma Vik", "Remy Roux")),
        ({"bylines": [{"by": "By UMA VIK", "title": "Northwire"}]}, ("UMA VIK",)),
        ({"bylines": [{"firstname": "Uma", "lastname": "Vik"}, {"byline": "mag", "internal": "true"}]}, ("Uma Vik",)),
        ({"authors": [{"name": "Uma Vik", "role": "writer"}, {"name": "Ed Itor", "role": "editor"}]}, ("Uma Vik",)),
        ({"byline": "", "authors": [{"name": "Uma Vik"}]}, ("Uma Vik",)),
        ({"by": [{"name": "Uma Vik", "role": "writer"}, "Remy Roux"]}, ("Uma Vik", "Remy Roux")),
        ({"authors": "Uma Vik"}, ("Uma Vik",)),
        ({"byline": {"name": 3}, "authors": 3.5}, ()),
    ],
)
def test_authors_stand_under_many_names(members: dict[str, Any], authors: tuple[str, ...]) -> None:
    assert entry(**members).authors == authors


@pytest.mark.parametrize(
    ("members", "texts"),
    [
        ({"body_text": "One.\n\nTwo."}, ["One.", "Two."]),
        ({"body_html": "<p>a <b>b</b> c</p>", "body_text": "no"}, ["a b c"]),
        ({"body_html": "<p> </p>", "body_text": "Text."}, ["Text."]),
        ({"body_html5": "<h1>Fire</h1><p class='byline'>Uma Vik/NT</p><p class='dat'>Port</p><p>Text.</p>"}, ["Text."]),
        ({"body_html": "<p>Text.</p><section><h2>Notizblock</h2><p>Uma Vik, +49 1</p></section>"}, ["Text."]),
        ({"body_html5": "<h1>Fire</h1><div class='dat'><span>Port</span><span>NT</span></div><p>Text.</p>"}, ["Text."]),
        ({"bodies": [{"value": "Plain."}]}, ["Plain."]),
        ({"bodies": [{"value": "<p>One.</p><p>Two.</p>"}]}, ["One.", "Two."]),
        (
            {"bodies": [{"contentType": "text/plain", "value": "no"}, {"role": "html5", "value": "<p>Text.</p>"}]},
            ["Text."],
        ),
        ({"bodies": [{"contenttype": "application/xml", "value": "<NITF/>"}]}, []),
        ({"bodies": {"value": 3}, "body_text": 4}, []),
        ({}, []),
    ],
)
def test_the_text_is_the_richest_that_there_is(members: dict[str, Any], texts: list[str]) -> None:
    body = entry(**members).body
    assert body is not None
    assert [block.text for block in body] == texts


@pytest.mark.parametrize("said", ["incomplete", "partial", "associated"])
def test_a_text_that_is_not_here_is_none(said: str) -> None:
    assert entry(representationtype=said).body is None


@pytest.mark.parametrize(
    ("members", "subject"),
    [
        ({"subject": [{"code": "04015000", "name": "transport"}]}, Subject("transport", "subj", "04015000")),
        ({"subjects": [{"literal": "20000170", "relevance": 70}]}, Subject(None, "medtop", "20000170", 0.7)),
        (
            {"subjects": [{"uri": "http://cv.iptc.org/newscodes/mediatopic/20000170", "name": "war"}]},
            Subject("war", "medtop", "20000170"),
        ),
        (
            {"subjects": [{"uri": "http://ids.example/subref/1.0/16", "literal": "16", "name": "krig"}]},
            Subject("krig", "http://ids.example/subref/1.0", "16"),
        ),
        (
            {"subject": [{"code": "location:velmar", "name": "Velmar", "rel": "location"}]},
            Subject("Velmar", "location", "velmar", kind="place"),
        ),
        ({"subject": ["harbours"]}, Subject("harbours")),
        ({"people": [{"name": "Ada Bell"}]}, Subject("Ada Bell", kind="person")),
        ({"organisation": [{"name": "Port Board"}]}, Subject("Port Board", kind="organisation")),
        ({"places": [{"name": "Velmar"}]}, Subject("Velmar", kind="place")),
        ({"events": [{"name": "Regatta"}]}, Subject("Regatta", kind="event")),
        ({"keywords": "port, ferry"}, Subject("ferry")),
    ],
)  # fmt: skip
def test_concepts_keep_their_code_and_kind(members: dict[str, Any], subject: Subject) -> None:
    assert subject in entry(**members).subjects


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"located": "Velmar"}, "Velmar"),
        ({"located": "Velmar, Norland"}, "Velmar"),
        ({"dateline": "VELMAR, Norland (NW) -", "datelinelocation": {"city": "Velmar"}}, "Velmar"),
        ({"dateline": {"text": "VELMAR, March 1 NW -"}}, "VELMAR"),
        ({"located": {"city": "Velmar"}}, "Velmar"),
        ({"located": "Uma Vik, Norland", "byline": "Uma Vik"}, None),
        ({"located": 3.5}, None),
    ],
)
def test_a_place_is_the_city_of_the_dateline(members: dict[str, Any], place: str | None) -> None:
    assert entry(**members).dateline_place == place


@pytest.mark.parametrize(
    ("members", "signal"),
    [
        ({"signals": {"updatetype": "KORR", "pageproduct": "INRDAG"}}, "korr"),
        ({"signals": ["sig:correction"]}, None),
        ({"signals": ["correction", "newscontent"]}, "correction"),
        ({"pubstatus": "replaced"}, "replaced"),
        ({"edstatus": "Update"}, "update"),
        ({"headline": "UPDATE 2-Fire"}, "update 2"),
        ({"slugline": "Harbor Fire, 1st Ld"}, "1st ld"),
        ({}, None),
    ],
)
def test_what_a_version_does(members: dict[str, Any], signal: str | None) -> None:
    assert entry(**members).signal == signal


def test_revisions_that_each_have_an_id_are_joined() -> None:
    assert entry(replacing=["north:0"], revisions=[{"uri": "north:1"}, {"uri": "north:-1"}]).replaces == (
        "north:0",
        "north:-1",
    )
    assert entry(evolvedfrom="north:first").replaces == ("north:first",)
    assert entry(replacing={"a": 1}, revisions="x", evolvedfrom=None).replaces == ()


@pytest.mark.parametrize("kind", ["picture", "graphic", "video", "audio"])
def test_media_are_entries_of_their_kind_with_captions(kind: str) -> None:
    found = entry(type=kind, description_text="The quay.", byline="Sol Thil", body_text="no")
    assert (found.kind, found.body, found.captions) == (kind, None, (Caption("The quay.", "Sol Thil"),))


def test_a_composite_with_a_text_of_its_own_is_a_text() -> None:
    assert entry(type="composite", body_text="Text.").kind == "text"
    assert entry(type="composite").kind == "composite"
    assert entry(type="story", body_text="Text.").kind == "text"
    assert entry(type=None, mimetype="image/jpeg").kind == "picture"


def test_a_diary_is_no_news() -> None:
    assert read({"uri": "north:1", "type": "event", "headline": "Regatta"}).entries == ()


def test_a_guid_that_is_a_page_is_the_address_and_a_uri_is_not() -> None:
    page = "https://north.example/fire.html"
    assert read({"guid": page, "headline": "Fire"}).entries[0].url == page
    assert read({"uri": page, "headline": "Fire"}).entries[0].url is None


@pytest.mark.parametrize(
    "wrong", [None, True, 0, -1, 10**30, 1.5, "", "x", [], [[[]]], [None, 3], {}, {"a": {"b": []}}]
)
def test_a_member_of_a_wrong_type_costs_that_member_alone(wrong: object) -> None:
    members = json.loads(
        """{"type": "text", "version": "1", "versioncreated": "2026-03-01T07:45:00Z", "firstcreated": "", "urgency": 3,
        "priority": 5, "language": "en", "byline": "A", "by": "A", "bylines": [], "authors": [], "located": "V",
        "datelinelocation": {}, "dateline": "V", "source": "NW", "section": "s", "service": [], "genre": [],
        "signals": [], "replacing": [], "revisions": [], "evolvedfrom": "x", "subject": [], "subjects": [],
        "keywords": [], "places": [], "associations": {}, "renditions": {}, "bodies": [], "body_text": "T",
        "body_html": "T", "descriptions": [], "description_text": "d", "ednote": "n", "copyrightnotice": "c",
        "slugline": "s", "headlines": [], "altids": {}, "creditline": "c", "mimetype": "m", "editorialtypes": [],
        "representationtype": "r", "url": "u", "standard": {}}"""
    )
    for name in members:
        found = read({"uri": "north:1", "headline": "Fire", **members, name: wrong})
        assert [one.wire_id for one in found.entries] in (["north:1"], [])
        assert not found.bad_items


def test_an_item_without_id_and_text_costs_itself_alone() -> None:
    found = read([_ITEM, 3, None, {"type": "text"}, {"uri": {"a": 1}, "headline": ["x"]}, {**_ITEM, "uri": 12}])
    assert [one.wire_id for one in found.entries] == ["north:1", "12"]
    assert [bad.reason for bad in found.bad_items] == ["no_object", "no_object", "no_id", "no_id"]
