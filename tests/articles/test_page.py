"""What a page says of itself, its title, its language, its kind, its address."""

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from pipeline.articles.extract import extract_page
from pipeline.articles.language import language_of
from pipeline.articles.page import read_page
from pipeline.articles.titles import without_site
from pipeline.types import Entry, Extraction

STORY = "<p>The council of Northgate voted on Monday to rebuild the wall of the harbour, higher than it ever was.</p>"
LONG = "".join(
    f"<p>Part {n}: the council of Northgate voted on day {n} to rebuild the wall of the harbour.</p>" for n in range(15)
)


def extract(
    head: str, body: str = LONG, *, url: str = "https://paper.example/news/the-wall", entry: Entry | None = None
) -> Extraction:
    found = extract_page(
        f"<html lang='en'><head>{head}</head><body><article>{body}</article></body></html>".encode(),
        url=url,
        content_type=None,
        entry=entry,
        source_language=None,
        timezone="UTC",
        now=datetime(2024, 6, 1, tzinfo=UTC),
    )
    assert isinstance(found, Extraction)
    return found


def ld(text: str) -> str:
    return f"<script type='application/ld+json'>{text}</script>"


def test_the_articles_node_is_the_one_whose_headline_the_page_shows() -> None:
    head = "<title>The wall | Courier</title>" + ld(
        '[{"@type":"NewsArticle","headline":"Another story","datePublished":"2020-01-01"},'
        '{"@type":["NewsArticle","Article"],"headline":"The wall","datePublished":"2024-03-05"}]'
    )
    assert [
        stamp.raw
        for stamp in read_page(document_fromstring(f"<html><head>{head}</head><body></body></html>")).published
    ] == ["2024-03-05"]


@pytest.mark.parametrize(
    "block",
    [
        '{"@type":"NewsArticle","headline":"The wall","datePublished":"2024-03-05"}',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"The wall","datePublished":"2024-03-05"}\n//]]>',
        '{"@type":"NewsArticle","headline":"The wall","datePublished":"2024-03-05",}',  # no JSON
        '{"@type":"NewsArticle","headline":"The\nwall","datePublished":"2024-03-05"}',
        '{"@graph":[{"@type":"WebSite"},{"@type":"NewsArticle","headline":"The wall","datePublished":"2024-03-05"}]}',
    ],
)
def test_json_ld_is_read_as_it_is_written_in_the_wild(block: str) -> None:
    found = extract(ld(block))
    assert (found.title, [str(c.day) for c in found.dates]) == ("The wall", ["2024-03-05"])


def test_an_author_may_be_named_elsewhere_in_the_graph() -> None:
    person = '{"@id":"#p","@type":"Person","name":"Jane Doe"}'
    found = extract(ld(f'{{"@graph":[{person},{{"@type":"Article","headline":"W","author":{{"@id":"#p"}}}}]}}'))
    assert found.authors == ("Jane Doe",)


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("The wall - Northgate Courier", "The wall"),
        ("The wall | News | Northgate Courier", "The wall"),
        ("Northgate Courier: the wall", "Northgate Courier: the wall"),
        ("Northgate Courier - The wall", "The wall"),
        ("The wall - paper.example", "The wall"),
        ("The wall - a history", "The wall - a history"),
        ("Northgate Courier", "Northgate Courier"),
    ],
)
def test_a_title_goes_without_the_sites_name(title: str, cut: str) -> None:
    assert without_site(title, ("Northgate Courier", "News"), "www.paper.example") == cut


def test_a_kicker_stands_apart() -> None:
    found = extract("", "<h1><span class='kicker'>Harbour</span> The wall</h1>" + LONG)
    assert (found.title, found.kicker) == ("The wall", "Harbour")


@pytest.mark.parametrize(
    ("named", "canonical"),
    [
        ("https://paper.example/news/the-wall?utm_source=x", "https://paper.example/news/the-wall"),
        ("/news/the-wall", "https://paper.example/news/the-wall"),
        ("https://www.paper.example/news/the-wall", "https://www.paper.example/news/the-wall"),
        ("https://paper.example/", None),
        ("https://other.example/news/the-wall", None),
        ("javascript:void(0)", None),
        ("http://[broken", None),
    ],
)
def test_a_canonical_address_is_of_the_same_site_and_no_front_page(named: str, canonical: str | None) -> None:
    assert extract(f"<link rel='canonical' href='{named}'>").canonical_url == canonical


@pytest.mark.parametrize(
    ("text", "said", "source", "language"),
    [
        ("Der Rat der Stadt hat am Montag beschlossen, die alte Hafenmauer wieder aufzubauen.", None, None, "de"),
        ("Der Rat der Stadt hat am Montag beschlossen, die alte Hafenmauer wieder aufzubauen.", "en-US", "en", "de"),
        (
            "Byrådet vedtok mandag å bygge opp igjen den gamle havnemuren etter tre vintre med flom.",
            "nb-NO",
            None,
            "no",
        ),
        ("Short.", "fr-FR", "en", "fr"),
        ("Short.", None, "en", None),
        ("", None, None, None),
    ],
)
def test_the_language_is_told_by_the_letters_or_not_at_all(
    text: str, said: str | None, source: str | None, language: str | None
) -> None:
    assert language_of(text, said, source) == language


@pytest.mark.parametrize(
    ("head", "body", "url", "kind"),
    [
        ("", LONG, "https://paper.example/news/the-wall", "article"),
        ("", LONG, "https://paper.example/live/the-wall", "liveblog"),
        (ld('{"@type":"LiveBlogPosting","headline":"W"}'), LONG, "https://paper.example/x/the-wall", "liveblog"),
        (
            ld('{"@type":"NewsArticle","headline":"W","isAccessibleForFree":false}'),
            STORY,
            "https://paper.example/x/w",
            "paywall",
        ),
        (
            ld('{"@type":"NewsArticle","headline":"W","isAccessibleForFree":false}'),
            LONG * 3,
            "https://paper.example/x/w",
            "article",
        ),
        (ld('{"@type":"VideoObject","name":"W"}'), STORY, "https://paper.example/x/w", "video"),
        (ld('{"@type":"ImageGallery","name":"W"}'), LONG, "https://paper.example/x/w", "gallery"),
    ],
)
def test_the_kind_of_a_page_is_said(head: str, body: str, url: str, kind: str) -> None:
    assert extract(head, body, url=url).page_kind == kind


def test_the_feed_fills_what_the_page_leaves_open() -> None:
    at = datetime(2024, 3, 5, 14, tzinfo=UTC)
    found = extract("", entry=Entry("a", 0, title="The wall", published_at=at, published_raw="2024-03-05T14:00:00Z"))
    assert found.title == "The wall"
    assert [(c.kind, c.at) for c in found.dates] == [("feed", at)]


def test_a_page_that_names_no_date_has_none() -> None:
    assert extract("").dates == ()


@pytest.mark.parametrize(
    "line",
    [
        "<p>5 March 2024</p>",
        "<p><span>Datum:</span><span>5. März 2024</span></p>",
        "<p class='date'>Harbour, 5.3.24</p>",
        "<div class='date'><span>Mar 05</span><span>2024</span></div>",
    ],
)
def test_a_date_beside_the_heading_is_read_as_it_is_shown(line: str) -> None:
    assert [str(c.day) for c in extract("", f"<h1>The wall</h1>{line}{LONG}").dates] == ["2024-03-05"]


def test_a_line_that_says_published_may_stand_anywhere() -> None:
    after = "<p>A line.</p>" * 6 + "<p>Erschienen am: 05.03.2024</p>"
    assert [str(c.day) for c in extract("", LONG + after).dates] == ["2024-03-05"]


@pytest.mark.parametrize(
    ("named", "own", "canonical"),
    [
        ("/news/", "/news/fire-in-harbour", None),
        ("/news/2024", "/news/2024/fire-in-harbour", None),
        ("/", "/news/fire-in-harbour", None),
        ("/news/fire-update", "/news/fire-update/amp", "https://paper.example/news/fire-update"),
        (
            "/news/fire-in-the-harbour",
            "/news/fire-in-the-harbour/gallery",
            "https://paper.example/news/fire-in-the-harbour",
        ),
        ("/news/2024/fire", "/news/fire", "https://paper.example/news/2024/fire"),
    ],
)
def test_a_section_is_no_articles_address(named: str, own: str, canonical: str | None) -> None:
    found = extract(f"<link rel='canonical' href='{named}'>", url=f"https://paper.example{own}")
    assert found.canonical_url == canonical
