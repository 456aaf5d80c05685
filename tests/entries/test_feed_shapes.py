"""Agencies that deliver by Atom or RSS: what has no page of its own is read from the feed."""

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import Entry, FeedDocument, Status

NITF = (
    '<content type="text/xml"><nitf><body><body.head><hedline><hl1>Fire</hl1></hedline></body.head>'
    "<body.content><block><p>VELMAR (NW) a <em>b</em> c.</p><p>Two.</p></block></body.content></body></nitf></content>"
)


def atom(inner: str) -> Entry:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:nm="https://wire.example/management"><title>NW</title>'
        f"<id>f</id><entry><id>urn:nw:1</id><title>Fire</title><updated>2026-03-02T10:00:00Z</updated>{inner}</entry></feed>"
    )
    found = parse_document(body.encode(), url="https://wire.example/feed", timezone="UTC")
    assert isinstance(found, FeedDocument)
    [entry] = found.entries
    return entry


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (NITF, ["VELMAR (NW) a b c.", "Two."]),
        ('<content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content>', ["One.", "Two."]),
        ("<content>One.\n\n  Two.</content>", ["One.", "Two."]),
    ],
    ids=["NITF", "HTML", "text"],
)
def test_the_content_of_an_item_without_a_page_is_its_text(content: str, texts: list[str]) -> None:
    assert [block.text for block in atom(content).body or ()] == texts


def test_of_an_item_with_a_page_the_page_is_the_text() -> None:
    assert atom(f'<link href="https://wire.example/1"/>{NITF}').body is None
    assert atom("<summary>Short.</summary>").body is None


def test_a_status_beside_an_item_is_read() -> None:
    told = "<nm:NewsManagement><nm:PublishingStatus>{0}</nm:PublishingStatus></nm:NewsManagement>"
    assert atom(told.format("Usable")).status is Status.USABLE
    assert atom(told.format("Canceled")).status is Status.CANCELED
    assert atom("").status is Status.USABLE
