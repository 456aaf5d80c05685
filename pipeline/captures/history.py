"""Where a source's past is found: dated sitemaps, RFC 5005 archives, the pages of WordPress feeds.

    first_requests ──► robots.txt ──► sitemap index ──► sitemaps ──► entries, and what they prove of silent days
                  └──► feeds ──► older pages ──► entries

Nothing is fetched here. Whoever walks asks no address twice: that ends loops.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from urllib.parse import urljoin, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from pipeline.captures.links import document_request, may_be_private
from pipeline.captures.periods import Period, numbered, period_of
from pipeline.dates import local_day
from pipeline.types import (
    CaptureKind,
    CaptureRef,
    Delivery,
    Entry,
    FeedDocument,
    FetchRequest,
    Listing,
    Politeness,
    Source,
    Window,
)
from pipeline.urls import is_web_url

PAGES_AT_MOST = 200  # of one feed: a server that ignores the page number shows the newest entries for ever
SITEMAP_AT_MOST = 50_000  # sitemaps.org: one file has no more; one that has as many may be cut

_DAY = timedelta(days=1)
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
# Sitemaps of pictures, of films, and of the lists that a blog makes of its own articles.
_NOT_ARTICLES = re.compile(
    r"(?:^|[/_.\-])(?:images?|videos?|categor(?:y|ies)|(?:post_)?tags?|authors?|users|taxonom(?:y|ies))(?=[/_.\-]|$)"
)
_GENERATOR = re.compile(rb"<generator[^>]*>[^<]*wordpress|<generator[^>]*wordpress", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?<=[?&])paged?=(\d+)|/page/(\d+)")


def first_requests(source: Source) -> list[FetchRequest]:
    """Where to begin, whatever the window: the robots.txt of each of the source's hosts, and its web feeds."""
    feeds = [feed for feed in source.feeds if feed.delivery is Delivery.HTTP]
    hosts = [source.homepage] if source.homepage else [feed.url for feed in feeds]
    robots = dict.fromkeys(f"{_root(url)}/robots.txt" for url in hosts)
    return [
        *(_request(source, CaptureKind.ROBOTS, url) for url in robots),
        *(document_request(source, feed, feed.url) for feed in feeds),
    ]


def further_requests(
    source: Source, window: Window, ref: CaptureRef, document: FeedDocument | None, body: bytes
) -> list[FetchRequest]:
    """Where to go on from one answer; none where nothing older than it can lie in the window."""
    if ref.kind is CaptureKind.ROBOTS:
        urls = sitemaps_of_robots(ref, body)
        return [_request(source, CaptureKind.SITEMAP, url) for url in _worth_asking(urls, ref, source, window)]
    if document is None:
        return []
    sitemaps = [
        _request(source, CaptureKind.SITEMAP, url)
        for url in (_worth_asking(document.links, ref, source, window) if document.format == "sitemap" else ())
    ]
    older = _older_page(ref, document, body) if _reaches_into(window, document) else None
    if older is None or older in (ref.url, ref.final_url):
        return sitemaps
    feed = next((feed for feed in source.feeds if feed.id == ref.feed_id), None)
    return [*sitemaps, document_request(source, feed, older) if feed else _request(source, ref.kind, older)]


def lies_before(window: Window, document: FeedDocument) -> bool:
    """Whether a page of a feed is older than the window throughout: whoever came to it page by page has seen all that
    the feed has of the window.
    """
    newest = _newest(document)
    return newest is not None and window.since is not None and newest < window.since


def listings(source: Source, window: Window, document: FeedDocument, ref: CaptureRef) -> list[Listing]:
    """How many items a dated sitemap has for each day of its period, days without any among them: evidence of silence.

    Only where the name tells a month or a day and no part or section, every item has a day, and these keep to the
    period. Only for days that lie whole in the window and were over when the sitemap was fetched. A `lastmod` is taken
    for the day of an item that has no better date.
    """
    period = period_of(ref.url)
    if period is None or period != period_of(ref.final_url) or not _is_complete(document, period):
        return []
    days = [_day(entry, source.timezone) for entry in document.entries]
    dated = Counter(day for day in days if day is not None)
    if len(dated) == 0 or None in days or not all(_is_near(day, period) for day in dated):
        return []
    # Where items lie just outside, the site's months begin by another clock: then the days at both ends may lack items.
    unsure = {period.first, period.last} if any(not period.first <= day <= period.last for day in dated) else set()
    return [
        Listing(source.id, day, dated[day], ref.url, ref.captured_at)
        for day in period.days()
        if day not in unsure
        and day < local_day(ref.captured_at, source.timezone)
        and _holds_whole(window, day, source.timezone)
    ]


def sitemaps_of_robots(ref: CaptureRef, body: bytes) -> list[str]:
    """The sitemaps that a robots.txt names (sitemaps.org, "Specifying the Sitemap location in your robots.txt file");
    /sitemap.xml where it names none.
    """
    text = body.decode("utf-8-sig", "replace") if ref.status < 300 else ""
    named = [urljoin(ref.final_url, found) for found in _SITEMAP_LINE.findall(text)]
    return named or [f"{_root(ref.final_url)}/sitemap.xml"]


# ------------------------------------------------------------------------------------------------ what is worth asking


def _worth_asking(urls: Iterable[str], ref: CaptureRef, source: Source, window: Window) -> list[str]:
    """Those sitemaps whose names do not say that they hold nothing of the window, each once."""
    wanted = [url for url in dict.fromkeys(urls) if is_web_url(url) and url not in (ref.url, ref.final_url)]
    undated = numbered(wanted)
    return [
        url
        for url in wanted
        if not _NOT_ARTICLES.search(urlsplit(url).path.lower())
        and (url in undated or _may_hold(period_of(url), source.timezone, window))
    ]


def _may_hold(period: Period | None, timezone: str, window: Window) -> bool:
    """Whether a period touches the window; a day more at each end, since its clock is not known."""
    if period is None:
        return True
    is_late_enough = window.since is None or local_day(window.since, timezone) <= period.last + _DAY
    return is_late_enough and (window.until is None or period.first - _DAY <= local_day(window.until, timezone))


def _reaches_into(window: Window, document: FeedDocument) -> bool:
    """Whether a page shows something of the window or later, so that older pages may hold more of it."""
    newest = _newest(document)
    return newest is not None and (window.since is None or newest >= window.since)


def _newest(document: FeedDocument) -> datetime | None:
    """A page is as new as its newest entry: those that a site pins to its first page are older than those behind it."""
    return max((at for entry in document.entries if (at := entry.published_at or entry.updated_at)), default=None)


def _older_page(ref: CaptureRef, document: FeedDocument, body: bytes) -> str | None:
    """RFC 5005's prev-archive or next; else the next page of a WordPress feed."""
    older = document.older_url
    if older is None and document.format in ("rss", "atom", "rdf") and _is_wordpress(ref.url, body):
        older = _paged(ref.url)
    if older is None or not is_web_url(older):
        return None
    number = _PAGE_NUMBER.search(older)
    return None if number and int(number[1] or number[2]) > PAGES_AT_MOST else older


def _is_wordpress(url: str, body: bytes) -> bool:
    return bool(_GENERATOR.search(body[:8192])) or urlsplit(url).path.rstrip("/").endswith("/feed")


def _paged(url: str) -> str:
    """The next page of a WordPress feed, by its `paged` parameter. A ${NAME} in the address stays as it is."""
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and not pair.startswith("paged=")]
    found = re.search(r"(?:^|&)paged=(\d+)", parts.query)
    page = int(found[1]) + 1 if found else 2
    return urlunsplit(parts._replace(query="&".join([*kept, f"paged={page}"])))


# ------------------------------------------------------------------------------------------------ days of a sitemap


def _is_complete(document: FeedDocument, period: Period) -> bool:
    """An empty one proves nothing: so does a broken site answer."""
    is_short = (period.last - period.first).days <= 31
    is_readable = document.format == "sitemap" and not document.bad_items and not document.links
    return is_short and period.is_whole and is_readable and 0 < len(document.entries) < SITEMAP_AT_MOST


def _day(entry: Entry, timezone: str) -> date | None:
    """The day of an item: as it says that it was published, as its address says, as it says that it was changed."""
    if entry.published_at:
        return local_day(entry.published_at, timezone)
    named = period_of(entry.url) if entry.url else None
    if named and named.first == named.last:
        return named.first
    return local_day(entry.updated_at, timezone) if entry.updated_at else None


def _is_near(day: date, period: Period) -> bool:
    return period.first - _DAY <= day <= period.last + _DAY


def _holds_whole(window: Window, day: date, timezone: str) -> bool:
    zone = ZoneInfo(timezone)
    begins, ends = (datetime.combine(one, time.min, zone) for one in (day, day + _DAY))
    return (window.since is None or window.since <= begins) and (window.until is None or ends <= window.until)


# ------------------------------------------------------------------------------------------------ requests


def _request(source: Source, kind: CaptureKind, url: str) -> FetchRequest:
    """As polite as the source's most careful feed."""
    manners = [feed.politeness for feed in source.feeds if feed.delivery is Delivery.HTTP] or [Politeness()]
    politeness = Politeness(min(one.concurrency for one in manners), max(one.spacing_s for one in manners))
    return FetchRequest(kind, url, source.id, politeness=politeness, allow_private=may_be_private(source, url))


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
