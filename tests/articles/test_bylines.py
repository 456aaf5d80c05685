"""Who signs: persons, desks and agencies, as data say it and as pages show it."""

from datetime import UTC, datetime

import pytest

from pipeline.articles.bylines import is_bare_name, read_byline
from pipeline.articles.extract import extract_page
from pipeline.types import Extraction

STORY = "".join(
    f"<p>Part {n}: the council of Northgate voted on day {n} to rebuild the wall of the harbour.</p>" for n in range(9)
)


def extract(head: str, above: str, story: str = STORY) -> Extraction:
    found = extract_page(
        f"<html lang='en'><head><title>The wall</title>{head}</head><body><article><h1>The wall</h1>{above}"
        f"<div class='text'>{story}</div></article></body></html>".encode(),
        url="https://paper.example/news/the-wall",
        content_type=None,
        entry=None,
        source_language=None,
        timezone="UTC",
        now=datetime(2024, 6, 1, tzinfo=UTC),
    )
    assert isinstance(found, Extraction)
    return found


def ld(author: str) -> str:
    return (
        f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"The wall","author":{author}}}</script>'
    )


@pytest.mark.parametrize(
    ("raw", "persons", "agency"),
    [
        ("By Jane Doe and Tom Arden", ("Jane Doe", "Tom Arden"), None),
        ("Von Anna Meier, dpa", ("Anna Meier",), "dpa"),
        ("JANE DOE, Associated Press", ("JANE DOE",), "AP"),
        ("By Jane Doe Associated Press", ("Jane Doe",), "AP"),
        ("Jane Doe The Associated Press", ("Jane Doe",), "AP"),
        ("Par Léa Marchand (avec AFP)", ("Léa Marchand",), "AFP"),
        ("Por Ana Ruiz y Luis Soto", ("Ana Ruiz", "Luis Soto"), None),
        ("Di Carla Neri", ("Carla Neri",), None),
        ("Door Piet Marr", ("Piet Marr",), None),
        ("Av Kari Lund og Ola Berg", ("Kari Lund", "Ola Berg"), None),
        ("박서준 기자", ("박서준",), None),
        ("Reuters Staff", (), "Reuters"),
        ("Anna Meier/Tom Arden", ("Anna Meier", "Tom Arden"), None),
        ("jane.doe@paper.example, Jane Doe", ("Jane Doe",), None),
        ("capital, Jane Doe", ("Jane Doe",), None),
        ("Northgate Courier", (), None),
        ("NC Harbour Desk", (), None),
    ],
)
def test_a_byline_is_read_as_it_is_written(raw: str, persons: tuple[str, ...], agency: str | None) -> None:
    found = read_byline([raw], ("Northgate Courier", "NC"))
    assert (found.persons, found.agency) == (persons, agency)


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Anna Meier", True),
        ("ANNA MEIER", True),
        ("Anna Meier/Tom Arden", True),
        ("Anna", False),
        ("The wall stands", False),
        ("Anna Meier was there", False),
    ],
)
def test_a_line_of_names_has_capitals_alone(text: str, is_name: bool) -> None:
    assert is_bare_name(text) is is_name


@pytest.mark.parametrize(
    "above",
    [
        "<p class='meta'>von <a href='/autoren/name/anna-meier'>Dr. Anna Meier</a></p>",
        "<ul class='metaAuthorList'><li><a href='/author/ameier/'>Dr. Anna Meier</a></li></ul>",
        "<div class='article-byline'>By Dr. Anna Meier</div>",
    ],
)
def test_a_byline_that_is_only_shown_counts_where_data_name_the_paper(above: str) -> None:
    assert extract("<meta name='author' content='paper.example'>", above).authors == ("Dr. Anna Meier",)


def test_a_name_in_bold_above_the_text_signs_it() -> None:
    found = extract("", "", "<p><strong>ANNA MEIER</strong></p>" + STORY)
    assert found.authors == ("ANNA MEIER",)
    assert "ANNA MEIER" not in found.text


def test_the_sites_account_is_nobody() -> None:
    admin = '{"@type":"Person","name":"Northgate D","url":"https://paper.example/author/admin/"}'
    assert extract(ld(admin), "<div class='byline'>By Anna Meier</div>").authors == ("Anna Meier",)


def test_the_paper_signs_where_nobody_does_though_an_agency_is_credited() -> None:
    found = extract(ld('{"@type":"Organization","name":"Northgate Courier"}'), "", STORY + "<p>(dpa)</p>")
    assert (found.authors, found.agency) == (("Northgate Courier",), "dpa")
