"""What a capture is, by its bytes; and why nothing can be read from one, in words."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.entries import detect
from pipeline.entries.detect import gunzip, parse_document
from pipeline.types import BadItem, FeedDocument

_GOLDEN = Path(__file__).parent.parent / "golden"
_SEEDS = [path.read_bytes() for path in sorted(_GOLDEN.glob("*/*")) if not path.name.endswith(".expected.json")]
_RSS = b"<rss version='2.0'><channel><title>T</title><item><title>A</title></item></channel></rss>"


def parsed(body: bytes, **hints: str) -> FeedDocument | BadItem:
    return parse_document(body, url="https://feeds.example/feed", **hints)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        (b"", "empty", "ask the publisher"),
        (b"\xef\xbb\xbf \r\n", "empty", "ask the publisher"),
        (b"<!DOCTYPE html><html><body>News</body></html>", "html_not_feed", "address of its feed"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html/>', "html_not_feed", "web page"),
        (b"<urlset><url><loc>https://a.example/</loc>", "not_xml", "fetch it again"),
        (b"<nitf><body>&nothing", "not_xml", "fetch it again"),
        (b"\x1f\x8b\x08\x00broken", "bad_gzip", "fetch it again"),
        (gzip.compress(_RSS)[:-12], "bad_gzip", "ends too early"),
        (b'{"items": [', "bad_json", "fetch it again"),
        (b"[" * 100_000, "bad_json", "publisher"),
        (b'{"a": 1}', "unknown_format", "neither JSON Feed nor ninjs (a)"),
        (b"[1, 2]", "unknown_format", "list"),
        (b'{"api_version": "1.1", "error": {"message": "Invalid API key"}}', "api_error", "Invalid API key"),
        (b"<results><row/></results>", "unknown_format", "no list of Reuters"),
        (b"<results><status code='30'>No such channel</status></results>", "api_error", "No such channel"),
        (b"\x16\x16\x01A1234\x1fasian\n", "unknown_format", "no format"),
        (b"\x01\x02text\x03", "unknown_format", "no format"),
        (b"<opml><body/></opml>", "unknown_format", "sources import"),
        (b"<person><name/></person>", "unknown_format", "<person>"),
        (b"plain words", "unknown_format", "no format"),
        (b"<rss " + b"a='1' " * 50_000 + b"><channel/></rss>", "too_large", "by hand"),
        (b"<nitf><head/><body/></nitf>", "empty", "neither docdata"),
    ],
)
def test_what_can_not_be_read_says_why_and_what_to_do(body: bytes, reason: str, words: str) -> None:
    found = parsed(body)
    assert isinstance(found, BadItem)
    assert (found.position, found.reason) == (-1, reason)
    assert words in found.detail


@pytest.mark.parametrize(
    "body",
    [
        _RSS,
        b"\xef\xbb\xbf\n  " + _RSS,
        gzip.compress(_RSS),
        gzip.compress(_RSS[:40]) + gzip.compress(_RSS[40:]),
        _RSS.decode().encode("utf-16"),
        b"<br />Warning: mysql_connect() in /srv/feed.php<br />\n" + _RSS,
        b"<?xml version='1.0'?>\n<!-- made by hand -->\n<!DOCTYPE rss [<!ENTITY a 'b'>]>\n" + _RSS,
        b"<?xml?xml version='1.0' ??>" + _RSS.replace(b"<item", b"<rss:item").replace(b"</item", b"</rss:item"),
    ],
    ids=["plain", "mark and blanks", "gzip", "two members", "utf-16", "warning before", "prolog", "prefixed"],
)
def test_a_feed_is_known_by_its_bytes(body: bytes) -> None:
    found = parsed(body, content_type="text/html")
    assert isinstance(found, FeedDocument)
    assert [entry.title for entry in found.entries] == ["A"]


def test_the_charset_of_the_answer_serves_where_the_document_names_none() -> None:
    body = _RSS.replace(b"<title>A", "<title>Ночь".encode("cp1251"))
    found = parsed(body, content_type="application/rss+xml; charset=windows-1251")
    assert isinstance(found, FeedDocument)
    assert found.entries[0].title == "Ночь"


def test_a_format_that_is_told_is_tried_where_the_bytes_do_not_tell() -> None:
    body = b"<x:pinned><channel><item><title>A</title></item></channel></x:pinned>"
    assert isinstance(parsed(body), BadItem)
    assert isinstance(parsed(body, format="rss"), FeedDocument)


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"<html><body>Not found</body></html>", "html_not_feed"), (b"<opml><body/></opml>", "unknown_format")],
)
@pytest.mark.parametrize("told", ["rss", "newsml_g2"])
def test_an_error_page_is_no_feed_whatever_the_catalogue_says(body: bytes, reason: str, told: str) -> None:
    found = parsed(body, format=told)
    assert isinstance(found, BadItem)
    assert found.reason == reason


def test_more_than_the_cap_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "_MAX_BYTES", 1_000_000)
    bomb = gunzip(gzip.compress(b" " * 1_000_001))
    assert isinstance(bomb, BadItem)
    assert bomb.reason == "too_large"


@pytest.mark.parametrize("name", ["rss/one_guid_for_all.xml", "ninjs/lines.jsonl", "sitemap/news.xml"])
def test_items_beyond_the_limit_are_told(name: str) -> None:
    found = parse_document((_GOLDEN / name).read_bytes(), url="https://feeds.example/", max_items=1)
    assert isinstance(found, FeedDocument)
    assert len(found.entries) == 1
    assert found.bad_items[-1].reason == "too_large"


def test_no_entity_is_expanded_and_none_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret", encoding="utf-8")
    body = (
        f'<!DOCTYPE nitf [<!ENTITY s SYSTEM "{secret.as_uri()}"><!ENTITY a "aaaaaaaa">]>'
        "<nitf><head><docdata/></head><body><body.content><p>x &s; &a;</p></body.content></body></nitf>"
    ).encode()
    found = parsed(body)
    assert isinstance(found, FeedDocument)
    assert "secret" not in repr(found)
    assert "aaaa" not in repr(found)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.data())
def test_no_bytes_raise(data: st.DataObject) -> None:
    """Golden bytes cut, doubled and overwritten: a document, or a reason in words, never an exception."""
    body = bytearray(data.draw(st.sampled_from(_SEEDS)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body)))
        end = min(len(body), at + data.draw(st.integers(0, 40)))
        junk = st.one_of(
            st.binary(max_size=8), st.sampled_from([b"<", b"&", b"]]>", b"\x00", b'"', b"&#x0;", b"\\ud800"])
        )
        body[at:end] = data.draw(junk)
    found = parsed(bytes(body))
    bad_items = [found] if isinstance(found, BadItem) else found.bad_items
    assert all(bad.reason and bad.detail for bad in bad_items)
    repr(found).encode()  # no lone surrogate, which no database takes
