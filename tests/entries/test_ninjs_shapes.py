"""Shapes of ninjs, and of the answers of APIs around it, that few agencies use: nothing of them is lost or misread."""

import json
from typing import Any

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import Entry, FeedDocument, Subject

ITEM = {"uri": "north:1", "type": "text", "versioncreated": "2026-03-01T07:45:00Z", "headline": "Fire"}


def read(document: object) -> FeedDocument:
    body = json.dumps(document).encode()
    found = parse_document(body, url="https://wire.example/items", timezone="Europe/Berlin")
    assert isinstance(found, FeedDocument), found
    return found


def entry(**members: Any) -> Entry:
    [found] = read({**ITEM, **members}).entries
    return found


BODIES = {
    "the main one after a summary": [
        {"role": "summary", "contenttype": "text/html", "value": "<p>Short.</p>"},
        {"role": "main", "contenttype": "text/html", "value": "<p>Long.</p>"},
    ],
    "a plain main one after a teaser of HTML": [
        {"role": "teaser", "contentType": "text/html", "value": "<p>Short.</p>"},
        {"role": "main", "contentType": "text/plain", "value": "Long."},
    ],
    "HTML after plain text": [{"value": "Longer."}, {"contentType": "application/xhtml+xml", "value": "<p>Long.</p>"}],
    "NITF alone": [
        {
            "contentType": "application/nitf+xml",
            "value": "<nitf><body><body.content><p>Long.</p></body.content></body></nitf>",
        }
    ],
    "the item's language after another": [
        {"lang": "fr", "contentType": "text/html", "value": "<p>Longue.</p>"},
        {"lang": "en-GB", "contentType": "text/html", "value": "<p>Long.</p>"},
    ],
}


@pytest.mark.parametrize("bodies", BODIES.values(), ids=BODIES)
def test_the_main_body_is_read(bodies: list[dict[str, str]]) -> None:
    assert [block.text for block in entry(language="en", bodies=bodies).body or ()] == ["Long."]


@pytest.mark.parametrize(
    "headlines",
    [
        [{"role": "short", "value": "F"}, {"role": "main", "value": "Fire"}],
        [{"role": "https://cv.example/r/short", "value": "F"}, {"role": "https://cv.example/r/main", "value": "Fire"}],
        [{"xmlLang": "fr", "value": "Feu"}, {"xmlLang": "en", "value": "Fire"}],
        [{"role": "subheadline", "value": "It burns"}, {"value": "Fire"}],
        ["Fire", "It burns"],
    ],
)  # fmt: skip
def test_the_main_headline_is_read(headlines: list[object]) -> None:
    assert entry(headline=None, language="en", headlines=headlines).title == "Fire"


def test_a_summary_goes_before_a_caption() -> None:
    found = entry(descriptions=[{"role": "caption", "value": "Smoke."}, {"role": "summary", "value": "It burns."}])
    assert found.summary == "It burns."


@pytest.mark.parametrize(
    ("members", "field", "value"),
    [
        ({"version": "7.0"}, "version", 7),
        ({"version": 7.0}, "version", 7),
        ({"version": 0}, "version", 0),
        ({"version": "2026-03-01"}, "version", None),
        ({"slugline": ["harbour", "fire"]}, "slugline", "harbour fire"),
        ({"ednote": ["Adds", "quotes"]}, "note", "Adds quotes"),
        ({"editorialnote": "Adds"}, "note", "Adds"),
        ({"located": [{"name": "Velmar"}]}, "dateline_place", "Velmar"),
        ({"body": "<p>Text.</p>"}, "kind", "text"),
    ],
)
def test_a_member_may_have_another_form(members: dict[str, Any], field: str, value: object) -> None:
    assert getattr(entry(**members), field) == value


@pytest.mark.parametrize(
    ("members", "subject"),
    [
        ({"subject": [{"qcode": "04000000", "name": "economy"}]}, Subject("economy", "subj", "04000000")),
        ({"subjects": [{"uri": "medtop:20000171"}]}, Subject(None, "medtop", "20000171")),
        ({"people": [{"name": "Cy Day", "uri": "nwp:1"}]}, Subject("Cy Day", "nwp", "1", kind="person")),
    ],
)
def test_a_concept_is_known_by_whatever_code_it_has(members: dict[str, Any], subject: Subject) -> None:
    assert subject in entry(**members).subjects


ANSWERS = {
    "an object of one item": {"newsItem": ITEM},
    "a list under any name": {"docs": [ITEM], "total": 1},
    "a list in data": {"data": {"items": [ITEM], "count": 1}},
    "items in objects of their own": {"items": [{"score": 1, "item": ITEM}]},
    "a search index's hits": {"took": 3, "hits": {"total": 1, "hits": [{"_id": "x", "_source": ITEM}]}},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_the_items_are_found_wherever_an_api_puts_them(answer: object) -> None:
    assert [one.wire_id for one in read(answer).entries] == ["north:1"]


def test_an_associated_item_is_no_item_of_its_own() -> None:
    other = {**ITEM, "uri": "north:2", "type": "picture"}
    assert [one.wire_id for one in read({**ITEM, "associations": [other]}).entries] == ["north:1"]


def test_lines_may_hold_items_in_objects_of_their_own() -> None:
    lines = "\r\n".join(json.dumps({"item": {**ITEM, "uri": uri}}) for uri in ("north:1", "north:2"))
    found = parse_document(lines.encode(), url="https://wire.example/items", timezone="UTC")
    assert isinstance(found, FeedDocument)
    assert [one.wire_id for one in found.entries] == ["north:1", "north:2"]


def test_html_that_was_escaped_is_read() -> None:
    found = entry(body_html="&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;")
    assert [block.text for block in found.body or ()] == ["One.", "Two."]


def test_an_answer_without_items_is_an_empty_document() -> None:
    assert read({"items": [], "total": 0}).entries == ()


def test_an_item_that_says_only_its_standard_is_ninjs() -> None:
    assert read({"uri": "north:1", "type": "text", "standard": {"name": "ninjs", "version": "3.1"}}).format == "ninjs"


def test_dpas_names_are_read_as_those_of_ninjs() -> None:
    [found] = read(
        {
            "urn": "urn:newsml:w.example:20260302:1",
            "version": 2,
            "version_created": "2026-03-02T10:00:00+01:00",
            "headline": "Brand im Hafen",
            "teaser": "Es brennt.",
            "article_html": "<section class='main'><p>Text.</p></section>",
            "dateline": "Velmar (nw) - ",
            "pubstatus": "canceled",
            "categories": [{"type": "dnltype:keyword", "name": "Hafen"}],
        }
    ).entries
    assert (found.wire_id, found.version, found.status.value) == ("urn:newsml:w.example:20260302:1", 2, "canceled")
    assert (found.title, found.summary, found.dateline_place) == ("Brand im Hafen", "Es brennt.", "Velmar")
    assert [block.text for block in found.body or ()] == ["Text."]
    assert found.subjects == (Subject("Hafen"),)
