"""What one fetch of a feed says to change in its entry of the catalogue, in sentences for the person who keeps it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin

from lxml import etree, html

from pipeline.text import squash
from pipeline.types import BadItem, Capture, Feed, FeedDocument, Fetched, Source

STALE_AFTER = timedelta(days=90)

# The types by which a page names its feeds (RSS Autodiscovery; JSON Feed 1.1, Discovery).
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_GUID = re.compile(rb"<guid[^>]*>\s*(?:<!\[CDATA\[)?(.{0,2000}?)(?:\]\]>)?\s*</guid>", re.DOTALL)
_HELP = {
    401: "It wants a key: ask the publisher for one, and give it in headers or in the url as ${NAME}.",
    403: "The site turns us away: ask the publisher, or take the feed out.",
    404: "Look for its new address on the site. Feeds come back from this: give it a few days before you take it out.",
    410: "The publisher took it away for good: look for another feed of the site, or take this one out.",
    429: "We ask too often: raise every, or spacing_s.",
}


def propose_corrections(
    source: Source, feed: Feed, fetched: Fetched, document: FeedDocument | BadItem | None
) -> list[str]:
    """Sentences, each naming a change; none where all is as the catalogue says."""
    if fetched.failure or fetched.capture is None or fetched.capture.status >= 400:
        return [_failed(fetched)]
    found: list[str] = []
    if fetched.moved_to and fetched.moved_to != feed.url:
        found.append(f'It has moved for good. Write: url = "{fetched.moved_to}"')
    if fetched.capture.status == 304:
        return found
    if document is None or isinstance(document, BadItem):
        return [*found, *_unreadable(feed, fetched.capture, document)]
    return [*found, *_declared(source, feed, document), *_content(fetched.capture, document)]


def _failed(fetched: Fetched) -> str:
    unset = [name for name, secret in fetched.request.secrets if secret is None]
    if unset:
        return f"It was not asked, since {' and '.join(unset)} is not set in the environment. Set it and check again."
    if fetched.failure and fetched.failure.reason == "private_address":
        return "Its address is not on the public web. If it is your own, write at the source: allow_private = true"
    status = fetched.capture.status if fetched.capture else None
    what = fetched.failure.detail if fetched.failure else f"The server answered {status}."
    return f"It could not be fetched: {what.rstrip('.')}. {_HELP.get(status or 0, 'Check again later.')}"


def _unreadable(feed: Feed, capture: Capture, bad: BadItem | None) -> Iterator[str]:
    if not _is_page(capture):
        reason = f" ({bad.detail.rstrip('.')})" if bad else ""
        declared = "" if feed.format == "auto" else ', or try format = "auto"'
        yield f"It can't be read as a feed{reason}. Look at it in a browser{declared}."
    elif proposals := _feeds_of_page(capture):
        yield "It is a web page, not a feed. The page names these feeds; take the one you want:"
        yield from (f'  url = "{url}"' + (f"  # {title}" if title else "") for url, title in proposals)
    else:
        yield "It is a web page, not a feed, and names no feed. Look for one on the site."


def _declared(source: Source, feed: Feed, document: FeedDocument) -> Iterator[str]:
    if feed.format not in ("auto", document.format):
        yield f'It is {document.format}, not {feed.format}. Write: format = "{document.format}"'
    if document.language and _primary(document.language) != _primary(source.language or ""):
        said = f"not {source.language!r}" if source.language else "and the catalogue says none"
        yield (
            f"It says that its language is {document.language!r}, {said}. If the articles agree, "
            f'write at the source: language = "{document.language}"'
        )


def _content(capture: Capture, document: FeedDocument) -> Iterator[str]:
    entries = document.entries
    if not entries:
        # A sitemap index has no entries of its own; an empty feed may fill again.
        if not document.links:
            yield "It holds no entries now. If that stays so, look for another feed of the site."
        return
    dates = [at for entry in entries if (at := entry.published_at or entry.updated_at)]
    if not dates:
        yield "None of its entries has a date: their pages' own will be used. Prefer a dated feed, if the site has one."
    elif len(dates) < len(entries):
        yield f"{len(entries) - len(dates)} of its {len(entries)} entries have no date: their pages' own will be used."
    if dates and (age := capture.captured_at - max(dates)) > STALE_AFTER:
        yield f"Its newest entry is {age.days} days old: it looks abandoned. Look for the feed that took its place."
    if len(entries) > 1 and _has_one_id(capture, document):
        yield f"All its {len(entries)} entries have one id, so their links tell them apart. Tell the publisher."
    if document.bad_items:
        yield f"{len(document.bad_items)} of its items can't be read: {document.bad_items[0].detail.rstrip('.')}."


def _has_one_id(capture: Capture, document: FeedDocument) -> bool:
    """As the feed gave them: an entry's own id may have been replaced by its link already."""
    guids = _GUID.findall(capture.body)
    return len({entry.id for entry in document.entries}) == 1 or (len(guids) > 1 and len(set(guids)) == 1)


def _is_page(capture: Capture) -> bool:
    said = (capture.header("content-type") or "").lower()
    return (
        "html" in said
        or re.match(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+)?html", capture.body[:2048], re.I | re.S) is not None
    )


def _feeds_of_page(capture: Capture) -> list[tuple[str, str]]:
    """(url, title) of the feeds that a page's head names, each once."""
    parser = html.HTMLParser(no_network=True, recover=True)
    try:
        page = html.document_fromstring(capture.body, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    base = urljoin(capture.final_url, next(iter(page.xpath("//base/@href")), ""))
    found: dict[str, str] = {}
    for link in page.iter("link"):
        is_feed = (link.get("type") or "").split(";")[0].strip().lower() in _FEED_TYPES
        href = (link.get("href") or "").strip()
        if is_feed and href and "alternate" in (link.get("rel") or "").lower().split():
            found.setdefault(urljoin(base, href), squash(link.get("title") or ""))
    return list(found.items())


def _primary(language: str) -> str:
    return re.split(r"[-_]", language.lower())[0]
