"""Which of a page's titles is the article's."""

import pytest
from lxml.html import HtmlElement, document_fromstring

from pipeline.articles.page import read_page
from pipeline.articles.titles import choose_title


def page(
    *, og: str | None = None, headline: str | None = None, h1: str | None = None, title: str = "", body: str = ""
) -> HtmlElement:
    parts = [f"<title>{title}</title>"]
    parts += [f'<meta property="og:title" content="{og}">'] if og else []
    parts += (
        [f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{headline}"}}</script>']
        if headline
        else []
    )
    shown = f"<h1>{h1}</h1>" if h1 else ""
    return document_fromstring(
        f"<html><head>{''.join(parts)}<meta property='og:site_name' content='Northgate Courier'></head>"
        f"<body>{body}{shown}<p>x</p></body></html>"
    )


CASES: dict[str, tuple[dict[str, str], str | None]] = {
    "nothing": ({}, None),
    "all the same": (
        {"og": "The wall", "headline": "The wall", "h1": "The wall", "title": "The wall | Northgate Courier"},
        "The wall",
    ),
    "what the title element repeats is written for search engines": (
        {"og": "Wall: Northgate vote", "headline": "Town votes for its wall", "title": "Wall: Northgate vote"},
        "Town votes for its wall",
    ),
    "the headline that it repeats is, too": (
        {"og": "Town votes for its wall", "headline": "Wall: Northgate vote", "title": "Wall: Northgate vote"},
        "Town votes for its wall",
    ),
    "a kicker before the headline": (
        {"og": "Harbour | The wall", "headline": "The wall", "h1": "The wall", "title": "Other"},
        "The wall",
    ),
    "a kicker before the headline that the h1 shows too": (
        {
            "og": "Harbour / The wall",
            "headline": "The wall",
            "h1": "<i>Harbour</i> The wall",
            "title": "Harbour The wall",
        },
        "Harbour / The wall",
    ),
    "a headline that was cut is none": (
        {"og": "The long wall", "headline": "The wall that the town of North…", "title": "The long wall"},
        "The long wall",
    ),
    "a cut title is completed by one that goes on": (
        {"og": "The wall that…", "h1": "The wall that nobody wanted", "title": "Wall"},
        "The wall that nobody wanted",
    ),
    "a section after a dash without spaces": (
        {"og": "성벽이 다시 선다-정치ㅣNorthgate Courier", "headline": "성벽이 다시 선다"},
        "성벽이 다시 선다",
    ),
    "the site behind an angle quote": ({"og": "The wall › Northgate Courier"}, "The wall"),
    "the site in brackets": ({"og": "The wall (northgate-courier)"}, "The wall"),
    "brackets of the title's own": ({"og": "The wall (and the tower)"}, "The wall (and the tower)"),
    "a dash of the title's own": (
        {"og": "The wall - a history", "title": "The wall - a history"},
        "The wall - a history",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_title_is_the_articles_own(name: str) -> None:
    given, expected = CASES[name]
    assert choose_title(read_page(page(**given)), "paper.example")[0] == expected


def test_a_heading_that_links_to_the_front_page_is_the_sites_name() -> None:
    logo = "<h1><a href='/'>Wall Letters</a></h1><h2>The wall in winter</h2>"
    facts = read_page(page(title="The wall in winter » Wall Letters", body=logo))
    assert "Wall Letters" in facts.site_names
    assert choose_title(facts, "blog.example")[0] == "The wall in winter"


def test_a_kicker_that_the_heading_puts_otherwise_is_left_out() -> None:
    heading = "<span class='overline'>Harbour news</span> The wall"
    assert choose_title(read_page(page(og="Storm: The wall", h1=heading)), "x.example") == ("The wall", "Harbour news")
    assert choose_title(read_page(page(og="Harbour news: The wall", h1=heading)), "x.example")[0] == (
        "Harbour news: The wall"
    )


def test_a_meta_headline_says_where_the_title_ends_and_no_more() -> None:
    for said, expected in (("The wall", "The wall"), ("Masons are worried", "The wall-Town")):
        tree = page(og="The wall-Town｜Northgate Courier", body=f"<meta itemprop='headline' content='{said}'>")
        assert choose_title(read_page(tree), "x.example")[0] == expected
