"""Pages that break extractors end as a reason or as a result, never as an exception."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles.bounds import MAX_BYTES, MAX_CHILDREN, MAX_MARKS, MAX_OPENINGS, MAX_TEXT
from pipeline.articles.extract import extract_page
from pipeline.articles.html import decode_page
from pipeline.types import BadItem, Extraction

STORY = "<p>The council of Northgate voted on Monday to rebuild the wall of the harbour, größer als zuvor.</p>" * 3

MARKS = "\u0315\u0300"  # in the order that they must not have


def extract(body: bytes, content_type: str | None = None) -> Extraction | BadItem:
    return extract_page(
        body,
        url="https://paper.example/news/the-wall",
        content_type=content_type,
        entry=None,
        source_language=None,
        timezone="UTC",
        now=datetime(2024, 6, 1, tzinfo=UTC),
    )


def page(inside: str, head: str = "") -> bytes:
    return f"<html><head><title>The wall</title>{head}</head><body><article>{inside}</article></body></html>".encode()


REASONS = {
    "empty": (b"", "no_text"),
    "white space": (b" \n\t ", "no_text"),
    "no text": (b"<html><body><div id='app'></div></body></html>", "no_text"),
    "too many bytes": (b"<p>x</p>" * (MAX_BYTES // 8 + 1), "too_large"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, "not_html"),
    "bytes of no file that we know": (bytes(range(256)) * 20, "not_html"),
    "a hundred thousand attributes": (
        b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">hi</p></body></html>",
        "too_complex",
    ),
    "a hundred thousand attributes with values that look like the tag's end": (
        b"<html><body><p " + b" ".join(b"a%d='>'" % n for n in range(100_000)) + b">hi</p></body></html>",
        "too_complex",
    ),
    "a hundred thousand attributes on many tags": (
        page(f"<p {' '.join(f'a{n}' for n in range(250))}>hi</p>" * 1_000),
        "too_complex",
    ),
    "more tags than any page": (page("<b>" * MAX_OPENINGS), "too_complex"),
    "more elements side by side than any page": (page("<b>a</b>" * (MAX_CHILDREN + 1)), "too_complex"),
    "more text than any page": (page(f"<p>{'The wall. ' * (MAX_TEXT // 10)}</p>"), "too_large"),
    "a class that names everything": (page(f"<p class='{'name ' * 5_000}'>hi</p>"), "too_complex"),
    "a letter under marks": (page(f"<p>a{MARKS * MAX_MARKS}</p>"), "too_complex"),
    "nothing but a comment that never ends": (b"<!--" + page(STORY), "not_html"),
    "text deeper than any page": (page("<div>" * 45_000 + "deep" + "</div>" * 45_000), "no_text"),
    "a frameset": (b"<html><frameset><frame src=a></frameset></html>", "no_text"),
}


@pytest.mark.parametrize("name", REASONS)
def test_what_can_not_be_read_has_a_reason(name: str) -> None:
    body, reason = REASONS[name]
    found = extract(body)
    assert isinstance(found, BadItem)
    assert (found.position, found.reason) == (0, reason)
    assert found.detail


RESULTS = {
    "cut within a tag": page(STORY)[:-30] + b"<p clas",
    "cut within a character": page(STORY)[: page(STORY).rindex("ö".encode()) + 1],
    "one long line": page(STORY * 200),
    "NUL bytes": page(STORY).replace(b"harbour", b"har\x00bour"),
    "UTF-16": page(STORY).decode().encode("utf-16"),
    "cp1252 without a word of it": page(STORY).decode().encode("cp1252"),
    "a data structure ten thousand deep": page(STORY, f"<script type='application/ld+json'>{'[' * 10_000}</script>"),
    "a data structure that isn't one": page(STORY, "<script type='application/ld+json'>{]</script>"),
    "a title of dashes": page(STORY, f"<meta property='og:title' content='{'a - ' * 20_000}'>"),
    "a byline of commas": page(STORY, f"<meta name='author' content='{'by and, ' * 5_000}'>"),
    "a root that closes itself": b"<html/>" + page(STORY),
    "an unknown charset": page(STORY),
    "paragraphs in a script that nothing closes": page(STORY, f"<script>'{'<p>' * 50_000}'</script>"),
    "a date of dates": page(f"<p class='date'>{'12.12.' * 5_000}2024</p>" + STORY),
    "links without end": page(STORY * 3 + "".join(f"<p><a href='/{n}'>Read on: a link</a></p>" for n in range(2_000))),
    "a heading of headings": page("".join(f"<h1><a href='/'>{n}</a></h1>" for n in range(2_000)) + STORY),
    "the same line again and again": page("<p>The same line.</p>" * 9_000 + STORY),
    "words for screen readers between all others": page(
        STORY + f"<p>{'<span class=sr-only>x</span>a word of the wall ' * 5_000}</p>"
    ),
    "a byline of a long word and many short ones": page(f"<p>By {'a' * 55}{' b' * 14}</p>{STORY}"),
    "spaces behind a data structure": page(
        STORY, f"<script type='application/ld+json'>{{}} --> {' ' * 300_000}x</script>"
    ),
    "a class around all lines": page(f"<div class='{'name ' * 3_000}'>{'<p>A line.</p>' * 3_000}</div>{STORY}"),
    "a caption of credits": page(f"<figure><figcaption>{'photo ' * 5_000}</figcaption></figure>" + STORY),
}


@pytest.mark.parametrize("name", RESULTS)
def test_what_can_be_read_is_read(name: str) -> None:
    found = extract(RESULTS[name], "text/html; charset=no-such-thing")
    assert isinstance(found, Extraction)
    assert "council of Northgate" in found.text


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"<p>", b"<script type='application/ld+json'>{", b"<meta content='", b"<time datetime='"]),
)
def test_no_bytes_raise(noise: bytes, opening: bytes) -> None:
    extract(b"<html><body><article>" + opening + noise + STORY.encode())


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Größe".encode(), "text/html; charset=iso-8859-1", "Größe"),  # valid UTF-8 beats a Latin-1 claim
        ("Größe".encode("cp1252"), "text/html; charset=iso-8859-1", "Größe"),
        ("“Größe”".encode("cp1252"), "text/html; charset=utf-8", "“Größe”"),  # a claim that the bytes deny
        ("<meta charset='windows-1251'>Привет".encode("cp1251"), None, "<meta charset='windows-1251'>Привет"),
        ("<meta charset=shift_jis>東京".encode("cp932"), None, "<meta charset=shift_jis>東京"),
        ("東京".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", "東京"),
        (b"\xef\xbb\xbfplain", None, "plain"),
    ],
)
def test_the_characters_are_told_by_the_bytes_first(body: bytes, content_type: str | None, text: str) -> None:
    assert decode_page(body, content_type) == text
