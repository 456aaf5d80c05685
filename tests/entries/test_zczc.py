"""Tagged text in a telex's frame, as desks write it."""

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import BadItem, Entry, FeedDocument, Status

TEXT = "VELMAR, March 1 NWS - A fire has closed the harbour.\n"


def story(*head: str, text: str = TEXT) -> Entry:
    body = "\n".join(["ZCZC NWS", *head, text, "NNNN", ""])
    document = parse_document(body.encode(), url="file:///drop/1")
    assert isinstance(document, FeedDocument), document
    assert document.format == "zczc"
    [entry] = document.entries
    return entry


HEADS = {
    "a headline of its own": ((":Fire", "^Harbour closed"), ("Fire", "Harbour closed")),
    "tags in another order": (("^Harbour closed", "$A", ":Fire"), ("Fire", "Harbour closed")),
    "the keyword behind a hash": (("#Fire", ":Harbour closed"), ("Fire", "Harbour closed")),
    "a headline alone": ((":", ":Harbour closed"), ("Harbour closed", "Harbour closed")),
    "a take key": ((":Fire", "=Scene", "^Harbour closed"), ("Fire Scene", "Harbour closed")),
    "empty lines": (("", ":Fire", "", "^Harbour closed", ""), ("Fire", "Harbour closed")),
    "tags that nobody named": (("%ALL", ":Fire", "&A", "^Harbour closed"), ("Fire", "Harbour closed")),
}


@pytest.mark.parametrize(("head", "expected"), HEADS.values(), ids=HEADS)
def test_the_head_is_read_as_it_is_written(head: tuple[str, ...], expected: tuple[str, str]) -> None:
    entry = story(*head)
    assert (entry.slugline, entry.title) == expected
    assert [block.text for block in entry.body or ()] == [TEXT.strip()]


TAKES = {
    "1st Lead": ("slug:fire:--03-01", 1, "1st lead"),
    "2nd Lead (VELMAR)": ("slug:fire:--03-01", 2, "2nd lead"),
    "Scene": ("slug:fire scene:--03-01", None, None),
}


@pytest.mark.parametrize("take", TAKES)
def test_a_take_key_tells_what_the_version_does_or_what_the_story_is(take: str) -> None:
    entry = story(":Fire", f"={take}", "^Harbour closed")
    assert (entry.wire_id, entry.version, entry.signal) == TAKES[take]


def test_a_keyword_without_a_day_is_no_id() -> None:
    one, other = (story(":Results", text=f"{text}\n") for text in ("Race 1: six.", "Race 1: three."))
    assert one.wire_id is None
    assert one.id != other.id


def test_several_subject_codes_stand_in_a_line() -> None:
    entry = story(":Fire", "^Harbour closed", "+03005000 04000000")
    assert [one.code for one in entry.subjects if one.scheme == "subj"] == ["03005000", "04000000"]
    assert entry.wire_id == "slug:fire:--03-01"


def test_a_text_may_begin_with_a_name_that_looks_like_a_tag() -> None:
    entry = story(":Fire", "^Harbour closed", "", text=f"@mayor wrote that it burns.\n\n{TEXT}")
    assert [block.text for block in entry.body or ()] == ["@mayor wrote that it burns.", TEXT.strip()]


@pytest.mark.parametrize(
    "head",
    [
        (":Fire", "=KILL", "^Harbour closed"),
        (":Fire", "=Kill (VELMAR) (repeat)", "^Harbour closed"),
        (":Fire", "^KILL: Harbour closed"),
    ],
)
def test_a_kill_is_told_by_its_marks(head: tuple[str, ...]) -> None:
    assert story(*head).status is Status.CANCELED


def test_an_embargo_is_told_by_a_note() -> None:
    entry = story(":Fire", "^Harbour closed", "EMBARGOED until 0600 March 2, 2026\n" + TEXT)
    assert entry.status is Status.EMBARGOED


def test_a_byline_below_the_head_is_no_text() -> None:
    entry = story(":Fire", "^Harbour closed", "By Ada Bell")
    assert (entry.authors, len(entry.body or ())) == (("Ada Bell",), 1)


@pytest.mark.parametrize("body", ["ZCZC\nYY TDA\nNames and weights\n58.0\nNNNN\n", "ZCZC\n* X\nText.\nNNNN\n"])
def test_a_telex_without_keyword_and_headline_is_not_taken_for_one(body: str) -> None:
    found = parse_document(body.encode(), url="file:///drop/1")
    assert isinstance(found, BadItem)
    assert found.reason == "unknown_format"


def test_a_message_without_headline_and_text_costs_itself_alone() -> None:
    body = f"ZCZC NWS\n:Fire\n{TEXT}NNNN\nZCZC\nNNNN\nZCZC NWS\n:Storm\n{TEXT}NNNN\n"
    document = parse_document(body.encode(), url="file:///drop/1")
    assert isinstance(document, FeedDocument)
    assert [entry.slugline for entry in document.entries] == ["Fire", "Storm"]
    assert [(item.position, item.reason) for item in document.bad_items] == [(1, "empty")]
