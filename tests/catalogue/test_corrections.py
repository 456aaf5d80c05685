"""After one fetch of a feed, its keeper is told what to change, ready to paste, and nothing where all is well."""

from datetime import UTC, datetime

import pytest

from pipeline.catalogue import propose_corrections
from pipeline.types import (
    BadItem,
    Capture,
    CaptureKind,
    Entry,
    Failure,
    Feed,
    FeedDocument,
    Fetched,
    FetchRequest,
    Secret,
    Source,
    Stage,
)

NOW = datetime(2026, 4, 13, tzinfo=UTC)
URL = "https://planet.example/rss"
FEED = Feed("planet/main", "planet", URL)
SOURCE = Source("planet", "The Planet", "publisher", language="en", feeds=(FEED,))
PAGE = b"""<!DOCTYPE html><html><head><base href="/news/">
<link rel="alternate" type="application/rss+xml" title="All  news" href="all.rss">
<link rel="alternate" type="application/atom+xml" href="https://planet.example/atom">
<link rel="alternate" type="application/rss+xml" title="again" href="/news/all.rss">
<link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" href="a.css"></head><body></body></html>"""


def fetched(
    *,
    status=200,
    body=b"<rss/>",
    content_type="application/rss+xml",
    failure=None,
    reason="x",
    moved_to=None,
    secrets=(),
):
    request = FetchRequest(CaptureKind.FEED, URL, "planet", "planet/main", secrets=secrets)
    headers = (("Content-Type", content_type),)
    capture = Capture(CaptureKind.FEED, "planet", URL, moved_to or URL, status, headers, body, body, NOW, "planet/main")
    missed = Failure(Stage.FETCH, reason, failure, URL, "planet", NOW) if failure else None
    return Fetched(request, (capture,) if status else (), missed, moved_to)


def entries(*dates, ids=None):
    ids = ids or [str(n) for n in range(len(dates))]
    return tuple(Entry(id=id_, position=n, published_at=at) for n, (id_, at) in enumerate(zip(ids, dates, strict=True)))


def document(*found, format="rss", language="en-GB", **more):
    return FeedDocument(format, found or entries(NOW, NOW), language=language, **more)


def propose(answer, read, feed=FEED, source=SOURCE):
    return propose_corrections(source, feed, answer, read)


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (fetched(), document()),
        (fetched(), document(language=None)),
        (fetched(status=304), None),
        (fetched(), document(format="sitemap", language=None, links=("https://planet.example/sitemap-1.xml",))),
    ],
    ids=["as it says", "without a language", "not modified", "a sitemap index"],
)
def test_nothing_is_said_where_nothing_is_to_change(answer, read):
    assert propose(answer, read) == []


CHANGES = {
    "moved": (
        fetched(moved_to="https://planet.example/new"),
        document(),
        'It has moved for good. Write: url = "https://planet.example/new"',
    ),
    "gone": (
        fetched(status=410, failure="The server answered 410 (Gone)."),
        None,
        "It could not be fetched: The server answered 410 (Gone). "
        "The publisher took it away for good: look for another feed of the site, or take this one out.",
    ),
    "not found": (
        fetched(status=404),
        None,
        "It could not be fetched: The server answered 404. Look for its new address on the site. "
        "Feeds come back from this: give it a few days before you take it out.",
    ),
    "no answer": (
        fetched(status=0, failure="no such host"),
        None,
        "It could not be fetched: no such host. Check again later.",
    ),
    "a private address": (
        fetched(status=0, failure="10.0.0.5 is not a public address.", reason="private_address"),
        None,
        "Its address is not on the public web. If it is your own, write at the source: allow_private = true",
    ),
    "no key": (
        fetched(status=0, failure="KEY is not set", secrets=(("USER", Secret("u")), ("KEY", None))),
        None,
        "It was not asked, since KEY is not set in the environment. Set it and check again.",
    ),
    "a page that names feeds": (
        fetched(body=PAGE, content_type="text/html; charset=utf-8"),
        BadItem(-1, "no_feed", "no feed"),
        "It is a web page, not a feed. The page names these feeds; take the one you want:\n"
        '  url = "https://planet.example/news/all.rss"  # All news\n'
        '  url = "https://planet.example/atom"',
    ),
    "a page that names none": (
        fetched(body=b"  <!-- a --><HTML><p>Hello", content_type="application/xml"),
        BadItem(-1, "no_feed", "no feed"),
        "It is a web page, not a feed, and names no feed. Look for one on the site.",
    ),
    "an empty page": (
        fetched(body=b"", content_type="text/html"),
        None,
        "It is a web page, not a feed, and names no feed. Look for one on the site.",
    ),
    "unreadable": (
        fetched(body=b"{}", content_type="application/json"),
        BadItem(-1, "unknown_format", "no format that is known."),
        "It can't be read as a feed (no format that is known). Look at it in a browser.",
    ),
    "no entries": (
        fetched(),
        FeedDocument("rss", ()),
        "It holds no entries now. If that stays so, look for another feed of the site.",
    ),
    "no dates": (
        fetched(),
        document(*entries(None, None)),
        "None of its entries has a date: their pages' own will be used. Prefer a dated feed, if the site has one.",
    ),
    "some dates": (
        fetched(),
        document(*entries(None, NOW, None)),
        "2 of its 3 entries have no date: their pages' own will be used.",
    ),
    "abandoned": (
        fetched(),
        document(*entries(datetime(2026, 1, 1, tzinfo=UTC))),
        "Its newest entry is 102 days old: it looks abandoned. Look for the feed that took its place.",
    ),
    "one guid": (
        fetched(body=b"<item><guid>a</guid></item><item><guid isPermaLink='false'><![CDATA[a]]></guid></item>"),
        document(),
        "All its 2 entries have one id, so their links tell them apart. Tell the publisher.",
    ),
    "one id": (
        fetched(),
        document(*entries(NOW, NOW, ids=["a", "a"])),
        "All its 2 entries have one id, so their links tell them apart. Tell the publisher.",
    ),
    "bad items": (
        fetched(),
        document(bad_items=(BadItem(3, "no_link", "the item has no link."),)),
        "1 of its items can't be read: the item has no link.",
    ),
    "another language": (
        fetched(),
        document(language="fr-FR"),
        "It says that its language is 'fr-FR', not 'en'. "
        'If the articles agree, write at the source: language = "fr-FR"',
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_proposed_in_a_sentence(name):
    answer, read, expected = CHANGES[name]
    assert "\n".join(propose(answer, read)) == expected


def test_another_format_than_declared_is_told():
    atom = Feed("planet/main", "planet", URL, format="atom")
    assert propose(fetched(), document(), atom) == ['It is rss, not atom. Write: format = "rss"']
    (line,) = propose(fetched(body=b"x"), BadItem(-1, "ill_formed", "no XML"), atom)
    assert line == """It can't be read as a feed (no XML). Look at it in a browser, or try format = "auto"."""


def test_a_language_that_the_catalogue_lacks_is_proposed():
    source = Source("planet", "The Planet", "publisher", feeds=(FEED,))
    (line,) = propose(fetched(), document(), source=source)
    assert line.endswith('write at the source: language = "en-GB"')
