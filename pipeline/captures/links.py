"""What a feed's answer names further: where it goes on, which documents are fetched, and where the feed's keys may go.

    feed ──► list ──► documents ──► documents      (AP: the items' NITF renditions; Reuters: the items of a channel;
               └────► where it goes on              NewsML-G2: the items of a package)

Pure. An agency's list is not trusted with the operator's keys: they go to the feed's own host alone, and below it.
"""

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote, urldefrag, urlsplit, urlunsplit

from pipeline.captures.patience import after_quiet, doubled, is_given_up
from pipeline.types import CaptureKind, CaptureRef, Delivery, Failure, Feed, FeedDocument, FetchRequest, Link, Source
from pipeline.urls import host_of, is_web_url, placeholders

LEVELS = 2  # documents that a list names, and those that they name
DOCUMENTS_AT_MOST = 2000  # of one answer; what is over waits for the next run
PAGES_AT_MOST = 100  # of one feed in one run; the cursor stands where it stopped

# A server that does not know a cursor (any more). 401 and 407 speak of the key, 408 and 429 of the moment.
_REFUSALS = re.compile(r"http_4(?!01|07|08|29)\d\d")

# RFC 3085 2: urn:newsml:{ProviderId}:{DateId}:{NewsItemId}:{RevisionId}{Update}; and the tags (RFC 4151) of an agency
# that end in a version.
_VERSIONED_ID = re.compile(r"urn:newsml:[^:]+:\d+:[^:]+:\d+[NUA]?|tag:[^:]+:[^:]+:\d+", re.IGNORECASE)
_VERSION_NAMES = frozenset({"version", "ver", "rev", "revision", "etag"})

_FIRST_PAUSE = timedelta(minutes=15)
_LONGEST_PAUSE = timedelta(days=1)


# ------------------------------------------------------------------------------------------------ where it goes on


def next_address(feed: Feed, cursor: str | None, moved_to: str | None = None) -> str | None:
    """The address that goes on from a cursor: the next page that it is, or the feed's own with the poll token in the
    parameter that the catalogue names. None where there is no cursor, or no parameter for a token.
    """
    if cursor is None:
        return None
    if is_web_url(cursor):
        return with_keys(cursor, feed)
    return _with_parameter(moved_to or feed.url, feed.cursor_parameter, cursor) if feed.cursor_parameter else None


def refuses_cursor(failure: Failure | None) -> bool:
    """Whether the server does not take the cursor. AP's expires after 72 hours without a request ("error message 400
    … resubmit your original request").
    """
    return failure is not None and _REFUSALS.fullmatch(failure.reason) is not None


def _with_parameter(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and unquote(pair.partition("=")[0]) != name]
    escaped = re.sub(r"%24%7B(\w+)%7D", r"${\1}", quote(value, safe=""))  # a key in the token is put back as one
    return urlunsplit(parts._replace(query="&".join([*kept, f"{quote(name, safe='')}={escaped}"])))


# ------------------------------------------------------------------------------------------------ documents


def links_of(document: FeedDocument, ref: CaptureRef) -> list[str]:
    """The documents that one document names, each once. A sitemap index is none of it: `history` walks those."""
    if document.format == "sitemap":
        return []
    links = dict.fromkeys(urldefrag(url).url for url in document.links if is_web_url(url))
    return [url for url in links if url not in (ref.url, ref.final_url)]


def held_links_of(document: FeedDocument, feed: Feed) -> list[Link]:
    """The documents of held items, each to be asked for once its embargo has passed."""
    return [
        Link(feed.id, feed.source_id, urldefrag(url).url, next_due_at=until)
        for url, until in document.held_links
        if is_web_url(url)
    ]


def document_request(source: Source, feed: Feed, url: str) -> FetchRequest:
    """Asks for another document of a feed; with the feed's headers and keys where they may go."""
    is_own = may_have_keys(url, feed.url)
    return FetchRequest(
        kind=CaptureKind.FEED,
        url=url,
        source_id=source.id,
        feed_id=feed.id,
        headers=feed.headers if is_own else (),
        secrets=feed.secrets if is_own else (),
        politeness=feed.politeness,
        allow_private=may_be_private(source, url),
    )


def names_version(url: str) -> bool:
    """Whether what lies at the address can't change, since the address says which version it is of."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query)
    if any(name.lower() in _VERSION_NAMES for name, _ in pairs):
        return True
    ids = [*(value for _, value in pairs), *(unquote(segment) for segment in parts.path.split("/")[-1:])]
    return any(_VERSIONED_ID.fullmatch(one) for one in ids)


# ------------------------------------------------------------------------------------------------ keys


def may_have_keys(url: str, feed_url: str) -> bool:
    """Whether the feed's headers and keys may go to the address: to the feed's own host and below it, at the same port,
    over a connection that is no less safe.
    """
    host, own_host = host_of(url), host_of(feed_url)
    if host is None or own_host is None or "\\" in url:  # browsers and libraries differ on what a backslash is
        return False
    to, own = urlsplit(url), urlsplit(feed_url)
    is_as_safe = to.scheme.lower() == own.scheme.lower() or to.scheme.lower() == "https"
    return (host == own_host or host.endswith(f".{own_host}")) and to.port == own.port and is_as_safe


def with_keys(url: str, feed: Feed) -> str:
    """The address with the keys that stand in the feed's own and that it lacks, where they may go: what an API names
    often comes without.
    """
    if not may_have_keys(url, feed.url):
        return url
    parts, own = urlsplit(url), urlsplit(feed.url)
    has = {pair.partition("=")[0] for pair in parts.query.split("&")}
    lacking = [pair for pair in own.query.split("&") if placeholders(pair) and pair.partition("=")[0] not in has]
    user = own.netloc.rpartition("@")[0]
    netloc = f"{user}@{parts.netloc}" if placeholders(user) and "@" not in parts.netloc else parts.netloc
    query = "&".join([*filter(None, [parts.query]), *lacking])
    return urlunsplit(parts._replace(netloc=netloc, query=query))


def may_be_private(source: Source, url: str) -> bool:
    """A list can name any address: `allow_private` holds for the hosts that the catalogue names."""
    web = (feed.url for feed in source.feeds if feed.delivery is Delivery.HTTP)
    own = {host_of(one) for one in (source.homepage, *web) if one}
    return source.allow_private and host_of(url) in own


# ------------------------------------------------------------------------------------------------ again


def link_missed(feed: Feed, url: str, attempts: int, failure: Failure, now: datetime) -> Link | None:
    """The link as it waits after one more failed attempt; None once it is given up, which quarantine keeps."""
    tried = attempts + 1
    if is_given_up(failure, tried):
        return None
    pause = doubled(_FIRST_PAUSE, attempts, _LONGEST_PAUSE)
    return Link(feed.id, feed.source_id, url, tried, after_quiet(now + pause, failure, now))
