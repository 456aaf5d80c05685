from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.articles.versions import article_of_entry, article_of_page
from pipeline.types import (
    Article,
    Block,
    CaptureKind,
    CaptureRef,
    DateCandidate,
    Entry,
    Extraction,
    Feed,
    Source,
    Status,
    Subject,
)

NOW = datetime(2024, 6, 1, tzinfo=UTC)
AT = datetime(2024, 3, 6, 1, 30, tzinfo=UTC)
SOURCE = Source("courier", "Northgate Courier", "publisher", timezone="America/New_York")
AGENCY = Source("wire", "Harbour Wire", "agency", language="en")
FEED = Feed("wire/main", "wire", "/drop")
REF = CaptureRef(
    "c1", CaptureKind.PAGE, "courier", "courier/main", "e1", "https://paper.example/a", "https://paper.example/a?utm_source=x",
    200, "text/html", 10, NOW, "d", "a.warc", 0,
)  # fmt: skip
EXTRACTION = Extraction(
    title="The wall",
    blocks=(Block("The council voted."), Block("The wall is to be rebuilt.")),
    authors=("Jane Doe",),
    dates=(DateCandidate("jsonld", "2024-03-06T01:30:00Z", date(2024, 3, 5), AT, 0.88),),
    tags=("walls",),
)
ENTRY = Entry(
    "e1",
    0,
    wire_id="w1",
    version=2,
    title="The wall",
    summary="A wall.",
    authors=("By Tom Arden",),
    subjects=(Subject(scheme="medtop", code="20000170"),),
    published_at=AT,
    published_raw="2024-03-06T01:30:00Z",
    body=(Block("VELMAR, March 5 (AP) - The council voted."), Block("(Reporting by Tom Arden; Editing by Jane Doe)")),
)


def of_page(extraction: Extraction = EXTRACTION, entry: Entry | None = None, ref: CaptureRef = REF) -> Article:
    return article_of_page(extraction, ref, SOURCE, entry, now=NOW, code_version="1")


def of_entry(entry: Entry = ENTRY, source: Source = AGENCY) -> Article:
    return article_of_entry(entry, REF, source, FEED, now=NOW, code_version="1")


def test_a_page_is_an_article_under_its_canonical_address() -> None:
    article = of_page()
    assert (article.canonical_url, article.wire_id) == ("https://paper.example/a", None)
    assert article.text == "The council voted.\n\nThe wall is to be rebuilt."
    assert (article.published_at, article.published_date) == (AT, date(2024, 3, 5))
    assert article.subjects == (Subject(name="walls"),)
    assert article.word_count == 9


def test_a_pages_kicker_stands_apart_until_it_is_recalled() -> None:
    kicked = replace(EXTRACTION, kicker="Harbour")
    assert of_page(kicked).kicker == "Harbour"
    assert of_page(kicked, replace(ENTRY, status="canceled")).kicker is None


def test_the_same_article_at_another_time_is_the_same_version() -> None:
    later = replace(REF, id="c2", captured_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert of_page(ref=later).version_id == of_page().version_id
    assert of_page(replace(EXTRACTION, dates=(), tags=(), section="World")).version_id == of_page().version_id


@pytest.mark.parametrize(
    "changed",
    [
        replace(EXTRACTION, title="The new wall"),
        replace(EXTRACTION, blocks=(Block("The council did not vote."),)),
        replace(EXTRACTION, authors=("Tom Arden",)),
    ],
)
def test_another_title_text_or_byline_is_another_version_of_the_same_article(changed: Extraction) -> None:
    assert of_page(changed).version_id != of_page().version_id
    assert of_page(changed).article_id == of_page().article_id


def test_the_feed_fills_what_the_page_leaves_open() -> None:
    bare = replace(EXTRACTION, title=None, authors=(), dates=())
    article = of_page(bare, replace(ENTRY, wire_id=None, authors=("Anna Meier, dpa",)))
    assert (article.title, article.summary, article.authors, article.agency) == (
        "The wall",
        "A wall.",
        ("Anna Meier",),
        "dpa",
    )
    assert article.published_kind == "feed"
    assert article.subjects == (Subject(name="walls"), Subject(scheme="medtop", code="20000170"))


@pytest.mark.parametrize(("made_in", "number"), [(timedelta(hours=-1), 2), (timedelta(hours=1), None)])
def test_a_page_has_no_number_of_a_version_that_was_made_after_it_was_captured(
    made_in: timedelta, number: int | None
) -> None:
    made_at = REF.captured_at + made_in
    article = of_page(entry=replace(ENTRY, version=2, version_at=made_at))
    assert (article.wire_version, article.version_at) == (number, made_at if number else None)


def test_a_page_without_a_date_has_none() -> None:
    article = of_page(replace(EXTRACTION, dates=()))
    assert (article.published_at, article.published_date, article.published_kind, article.published_confidence) == (
        None,
    ) * 4


def test_an_item_of_a_wire_is_read_whole() -> None:
    article = of_entry()
    assert article.text == "VELMAR, March 5 (AP) - The council voted."
    assert [line.reason for line in article.dropped] == ["credit"]
    assert (article.dateline_place, article.agency, article.authors) == ("Velmar", "AP", ("Tom Arden",))
    assert (article.wire_id, article.wire_version, article.position) == ("w1", 2, 0)


def test_an_agencys_own_text_is_its_own() -> None:
    assert of_entry(replace(ENTRY, body=(Block("The council voted."),))).agency == "Harbour Wire"


def test_all_versions_of_a_wires_story_are_one_article() -> None:
    assert of_entry(replace(ENTRY, version=3, title="Other")).article_id == of_entry().article_id
    assert of_entry(replace(ENTRY, version=3)).version_id != of_entry().version_id


def test_an_item_with_a_title_alone_is_an_article() -> None:
    article = of_entry(replace(ENTRY, body=()))
    assert (article.title, article.text, article.word_count) == ("The wall", "", 0)


@pytest.mark.parametrize("status", [Status.CANCELED, Status.WITHHELD])
def test_a_recalled_item_has_no_content(status: Status) -> None:
    article = of_entry(replace(ENTRY, status=status, note="Kill it"))
    assert (article.text, article.title, article.summary, article.authors) == (None, None, None, ())
    assert (article.status, article.note, article.word_count) == (status, "Kill it", 0)


def test_an_embargo_holds_until_its_time_and_is_a_fact_after_it() -> None:
    passed = datetime(2024, 3, 1, tzinfo=UTC)
    article = of_entry(replace(ENTRY, status=Status.EMBARGOED, embargo_until=passed))
    assert (article.status, article.embargo_until) == (Status.USABLE, passed)
    held = of_entry(replace(ENTRY, embargo_until=datetime(2025, 1, 1, tzinfo=UTC)))
    assert (held.status, held.text, held.title) == (Status.EMBARGOED, None, None)
