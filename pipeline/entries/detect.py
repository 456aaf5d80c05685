"""Which format a capture has, by its bytes, and what it says: the door of the room."""

import json
import re
import zlib
from email.message import Message

from pipeline.entries.anpa import is_anpa, read_anpa
from pipeline.entries.ap_media import ap_error, ap_items, is_ap_error, read_ap_media
from pipeline.entries.iptc7901 import is_iptc7901, read_iptc7901
from pipeline.entries.jsonfeed import is_jsonfeed, read_jsonfeed
from pipeline.entries.newsml1 import read_newsml1
from pipeline.entries.newsml_g2 import read_newsml_g2
from pipeline.entries.ninjs import read_ninjs
from pipeline.entries.ninjs_files import BadLine, is_ninjs, json_lines, ninjs_items
from pipeline.entries.nitf import read_nitf
from pipeline.entries.reuters import read_reuters_list
from pipeline.entries.ritzau import read_ritzau
from pipeline.entries.several import documents_in, joined
from pipeline.entries.sitemap import read_sitemap
from pipeline.entries.syndication import read_syndication
from pipeline.entries.xml import decode_xml, parse_xml
from pipeline.entries.zczc import is_zczc, read_zczc
from pipeline.types import BadItem, FeedDocument

FORMATS = (
    "rss",
    "atom",
    "rdf",
    "jsonfeed",
    "newsml_g2",
    "newsml1",
    "nitf",
    "ninjs",
    "ap_media",
    "reuters_list",
    "ritzau",
    "anpa",
    "iptc7901",
    "zczc",
    "sitemap",
)

_MAX_BYTES = 200_000_000  # decoded
_HEAD = 65_536
_GZIP = b"\x1f\x8b"
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_STRAY = re.compile(r"<(rss|feed|rdf:RDF|(?:[\w.-]+:)?(?:newsMessage|newsItem|nitf|NewsML|RBNews))\b[^>]*>")
_FEED_ROOTS = {"rss": "rss", "feed": "atom", "rdf": "rdf", "channel": "rss"}
_WIRE_ROOTS = {
    **dict.fromkeys(
        ("newsmessage", "newsitem", "packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem"),
        "newsml_g2",
    ),
    "nitf": "nitf",
    "newsml": "newsml1",
    **dict.fromkeys(("rbnews", "arrayofrbnews"), "ritzau"),
    "results": "reuters_list",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
}
_UNREAD = {
    "opml": "an OPML list of feeds, which `dateline sources import` reads",
    "error": "an error message",
}


def parse_document(
    body: bytes,
    *,
    url: str,
    format: str = "auto",
    content_type: str | None = None,
    timezone: str = "UTC",
    max_items: int = 200_000,
) -> FeedDocument | BadItem:
    """What a feed, a sitemap or a wire file says; a BadItem at position -1 where the whole can't be read.

    The bytes decide. `format` is tried where they don't tell, `content_type` gives the charset where the document
    doesn't. Stamps without a zone are of `timezone`, an IANA name.
    """
    plain = gunzip(body)
    if isinstance(plain, BadItem):
        return plain
    if not plain.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        return BadItem(-1, "empty", "the answer is empty; ask the publisher whether the feed still exists")
    if is_anpa(plain):
        return read_anpa(plain, timezone=timezone, max_items=max_items)
    if is_iptc7901(plain):
        return read_iptc7901(plain, timezone=timezone, max_items=max_items)
    if is_zczc(plain):
        return read_zczc(plain, timezone=timezone, max_items=max_items)
    charset = _charset(content_type)
    head = decode_xml(plain[:_HEAD], charset).lstrip("\ufeff \t\r\n")
    if head.startswith(("{", "[")):
        return _parse_json(plain, url=url, timezone=timezone, max_items=max_items)
    found = _xml_format(head) or (format if format in FORMATS and not _is_known_other(head) else None)
    if found in _WIRE_ROOTS.values():
        return _parse_xml(plain, found, url=url, charset=charset, timezone=timezone, max_items=max_items)
    if found in _FEED_ROOTS.values():
        return read_syndication(plain, url=url, charset=charset, timezone=timezone, max_items=max_items)
    return _unknown(plain, head, content_type)


def gunzip(body: bytes) -> bytes | BadItem:
    """The bytes, unpacked if they are gzip (RFC 1952), all members, at most 200 MB."""
    parts: list[bytes] = []
    left, rest = _MAX_BYTES, body
    while rest.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        try:
            parts.append(member.decompress(rest, left + 1))
        except zlib.error as error:
            return BadItem(-1, "bad_gzip", f"the gzip file is broken ({error}); fetch it again")
        left -= len(parts[-1])
        if left < 0:
            break
        if not member.eof:
            return BadItem(-1, "bad_gzip", "the gzip file ends too early; fetch it again")
        rest = member.unused_data
    plain = b"".join(parts) if parts else body
    if len(plain) > _MAX_BYTES:
        return BadItem(-1, "too_large", f"more than {_MAX_BYTES // 1_000_000} MB; split the file")
    return plain


def _charset(content_type: str | None) -> str | None:
    message = Message()
    message["content-type"] = " ".join((content_type or "").split())
    return message.get_content_charset()


def _xml_format(head: str) -> str | None:
    root = _root_name(head)
    if root in _FEED_ROOTS or root in _WIRE_ROOTS:
        return _FEED_ROOTS.get(root) or _WIRE_ROOTS[root]
    # Warnings of a broken script stand before some feeds, an envelope of their own (SOAP) around some wires.
    stray = _STRAY.search(head) if root not in _UNREAD and root != "html" else None
    name = stray[1].rpartition(":")[2].lower() if stray else ""
    return _FEED_ROOTS.get(name) or _WIRE_ROOTS.get(name)


def _root_name(head: str) -> str:
    """The root element's local name in lower case, "html" for a page that only says so in its doctype."""
    position = 0
    while prolog := _PROLOG.match(head, position):
        if re.match(r"<!doctype\s+html", prolog[0], re.IGNORECASE):
            return "html"
        position = prolog.end()
    root = _ROOT.match(head, position)
    return root[1].lower() if root else ""


def _parse_xml(
    body: bytes, kind: str | None, *, url: str, charset: str | None, timezone: str, max_items: int
) -> FeedDocument | BadItem:
    """What a document says; where it is none, what the documents say that stand in it one after another."""

    def parse(part: bytes, kind: str | None) -> FeedDocument | BadItem:
        return _parse_tree(part, kind, url=url, charset=charset, timezone=timezone, max_items=max_items)

    whole = parse(body, kind)
    parts = documents_in(body) if isinstance(whole, BadItem) and whole.reason == "not_xml" else []
    if len(parts) < 2:
        return whole
    heads = [decode_xml(part[:_HEAD], charset) for part in parts]
    kinds = [_WIRE_ROOTS.get(_root_name(head)) for head in heads]
    read = [
        parse(part, kind) if kind else _unknown(part, head, None)
        for part, head, kind in zip(parts, heads, kinds, strict=True)
    ]
    return joined(read, max_items)


def _parse_tree(
    body: bytes, kind: str | None, *, url: str, charset: str | None, timezone: str, max_items: int
) -> FeedDocument | BadItem:
    root = parse_xml(body, charset)
    if isinstance(root, BadItem):
        return root
    if kind == "sitemap":
        return read_sitemap(root, url=url, timezone=timezone, max_items=max_items)
    if kind == "nitf":
        return read_nitf(root, url=url, timezone=timezone, max_items=max_items)
    if kind == "newsml1":
        return read_newsml1(root, url=url, timezone=timezone, max_items=max_items)
    if kind == "ritzau":
        return read_ritzau(root, timezone=timezone, max_items=max_items)
    if kind == "reuters_list":
        return read_reuters_list(root, url=url, max_items=max_items)
    return read_newsml_g2(root, url=url, timezone=timezone, max_items=max_items)


def _parse_json(body: bytes, *, url: str, timezone: str, max_items: int) -> FeedDocument | BadItem:
    text = decode_xml(body)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if _is_json_lines(text):
            return read_ninjs(json_lines(text), url=url, timezone=timezone, max_items=max_items)
        return BadItem(-1, "bad_json", f"the JSON is broken ({error}); fetch it again, or ask the publisher")
    if isinstance(document, dict) and is_ap_error(document):
        return ap_error(document)
    if isinstance(document, dict) and (found := ap_items(document)) is not None:
        return read_ap_media(document, found, url=url, timezone=timezone, max_items=max_items)
    if isinstance(document, dict) and is_jsonfeed(document):
        return read_jsonfeed(document, url=url, timezone=timezone, max_items=max_items)
    items = ninjs_items(document)
    if items is not None:
        return read_ninjs(items, url=url, timezone=timezone, max_items=max_items)
    named = ", ".join(list(document)[:8]) if isinstance(document, dict) else type(document).__name__
    return BadItem(-1, "unknown_format", f"it is JSON, but neither JSON Feed nor ninjs ({named[:200]})")


def _is_json_lines(text: str) -> bool:
    """Whether one of the first two lines is a ninjs item: the other may be broken."""
    first = text.lstrip().split("\n", 2)[:2]
    return any(is_ninjs(value) for value in json_lines("\n".join(first)) if not isinstance(value, BadLine))


def _unknown(body: bytes, head: str, content_type: str | None) -> BadItem:
    """Why nothing can be read, in words that say what to do."""
    root = _root_name(head)
    if root in ("html", "head", "body") or (not root and "html" in (content_type or "")):
        return BadItem(-1, "html_not_feed", "it is a web page; look on it for the address of its feed")
    family = _UNREAD.get(root)
    if family:
        return BadItem(-1, "unknown_format", f"it is {family}; Dateline does not read it as a feed")
    if root:
        return BadItem(-1, "unknown_format", f"it is XML, but no feed, wire item or sitemap: its root is <{root}>")
    return BadItem(-1, "unknown_format", f"it begins with {body[:24]!r}, which is no format that Dateline reads")


def _is_known_other(head: str) -> bool:
    """Whether it is plainly something else, whatever the catalogue says: an error page in a feed's place."""
    root = _root_name(head)
    return root == "html" or root in _UNREAD
