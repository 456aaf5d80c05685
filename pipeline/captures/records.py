"""Captures ⇄ WARC records (ISO 28500:2017).

What HTTP does not know of a capture (kind, source, feed, entry) stands as JSON in the field WARC-Dateline-Capture
(5.1 allows further fields), so that the index can be made again from the files alone.
"""

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from urllib.parse import quote, urlsplit

from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from pipeline.captures.decoding import NotDecodable, decode_body
from pipeline.dates import parse_stamp
from pipeline.types import Capture, CaptureKind
from pipeline.urls import host_of

DECODED_BYTES = 200_000_000  # of one compressed body that is read back

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_OURS = "WARC-Dateline-Capture"
_PAGES = frozenset({"text/html", "application/xhtml+xml", ""})
_FEEDS = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/xml",
        "text/xml",
    }
)


@dataclass(frozen=True, slots=True)
class _Note:
    """What the field WARC-Dateline-Capture holds."""

    kind: str
    source_id: str
    url: str
    final_url: str | None = None  # where WARC-Target-URI, which must be a URI (RFC 3986), can't have it as it is
    feed_id: str | None = None
    entry_id: str | None = None
    headers: tuple[tuple[str, str], ...] | None = None  # of a resource, which has no HTTP head

    def as_json(self) -> str:
        """One line of ASCII, whatever an entry's id has in it."""
        return json.dumps({key: value for key in self.__slots__ if (value := getattr(self, key)) is not None})


# What warcio raises where a file ends or is torn in the middle of a record.
BROKEN = (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, zlib.error)


class Torn(EOFError):
    """A record is shorter than it says."""


# ------------------------------------------------------------------------------------------------ writing


def response_record(writer: WARCWriter, capture: Capture, digest: str) -> ArcWarcRecord:
    head = _Head(f"{capture.status} {responses.get(capture.status, '')}", list(capture.headers), protocol="HTTP/1.1")
    block = hashlib.sha256(head.to_ascii_bytes())
    block.update(capture.wire_body)
    is_plain = capture.wire_body is capture.body
    payload = digest if is_plain else hashlib.sha256(capture.wire_body).hexdigest()
    target = _target(capture.final_url)
    fields = _fields(capture, _note(capture, target), payload) | {"WARC-Block-Digest": f"sha256:{block.hexdigest()}"}
    return writer.create_warc_record(
        target,
        "response",
        payload=BytesIO(capture.wire_body),
        length=len(capture.wire_body),
        warc_headers_dict=fields,
        http_headers=head,
    )


def resource_record(writer: WARCWriter, capture: Capture, digest: str) -> ArcWarcRecord:
    """ISO 28500 6.4: a resource's block is its content, so that both digests are one."""
    target = _target(capture.final_url)
    fields = _fields(capture, _note(capture, target, capture.headers), digest) | {
        "WARC-Block-Digest": f"sha256:{digest}"
    }
    return writer.create_warc_record(
        target,
        "resource",
        payload=BytesIO(capture.wire_body),
        length=len(capture.wire_body),
        warc_content_type=capture.header("Content-Type") or "application/octet-stream",
        warc_headers_dict=fields,
    )


def request_record(writer: WARCWriter, capture: Capture, response_id: str) -> ArcWarcRecord:
    """ISO 28500 6.5: the request that brought the response, its keys as `${NAME}`."""
    url = _target(capture.final_url)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc.rpartition("@")[2]), *capture.request_headers]
    return writer.create_warc_record(
        url,
        "request",
        payload=BytesIO(),
        length=0,
        warc_headers_dict={"WARC-Date": warc_date(capture.captured_at), "WARC-Concurrent-To": response_id},
        http_headers=_Head(f"GET {target} HTTP/1.1", headers, is_http_request=True),
    )


class _Head(StatusAndHeaders):  # type: ignore[misc]
    """An HTTP head that keeps its letters as UTF-8, as they were read; warcio would rewrite them (RFC 8187)."""

    def to_ascii_bytes(self, header_filter: None = None) -> bytes:
        head: bytes = self.to_bytes(header_filter, "utf-8")
        return head


def _note(capture: Capture, target: str, headers: tuple[tuple[str, str], ...] | None = None) -> _Note:
    return _Note(
        kind=capture.kind,
        source_id=capture.source_id,
        url=capture.url,
        final_url=capture.final_url if capture.final_url != target else None,
        feed_id=capture.feed_id,
        entry_id=capture.entry_id,
        headers=headers,
    )


def _target(url: str) -> str:
    """The address as a URI: spaces and letters beyond ASCII are escaped, all else stays."""
    return quote(url, safe=_PRINTABLE)


def _fields(capture: Capture, note: _Note, payload_digest: str) -> dict[str, str]:
    """ISO 28500 5.8, 5.9: the payload's digest is that of the body with its content coding."""
    return {
        "WARC-Date": warc_date(capture.captured_at),
        "WARC-Payload-Digest": f"sha256:{payload_digest}",
        _OURS: note.as_json(),
    }


def warc_date(at: datetime) -> str:
    """W3C date with microseconds, as WARC 1.1 allows (5.4)."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


# ------------------------------------------------------------------------------------------------ reading


def capture_of(record: ArcWarcRecord) -> Capture | None:
    """The capture that a record holds; None where it holds none. Raises `BROKEN` or `TooLarge`."""
    if record.length is None:  # ISO 28500 5.3: all records have one
        raise Torn("it ends in the middle of a record's head")
    if record.rec_type not in ("response", "resource"):
        _require_whole(record)
        return None
    fields = record.rec_headers
    url, captured_at = fields.get_header("WARC-Target-URI"), parse_stamp(fields.get_header("WARC-Date"))
    note = _read_note(fields.get_header(_OURS))
    if not url or not captured_at or (record.rec_type == "resource" and not note):
        return None
    head = ArcWarcRecordLoader(verify_http=False).load_http_headers(
        record.rec_type, url, record.raw_stream, record.length
    )
    note = note or _foreign_note(url, head)
    status = "200" if head is None else head.get_statuscode()
    if note is None or not status.isdigit():
        return None
    headers = tuple(note.headers or ()) if head is None else tuple(head.headers)
    wire_body, headers = _wire_body(record, headers)
    return Capture(
        kind=CaptureKind(note.kind),
        source_id=note.source_id,
        feed_id=note.feed_id,
        entry_id=note.entry_id,
        url=note.url,
        final_url=note.final_url or url,
        status=int(status),
        headers=tuple((name, value) for name, value in headers),
        wire_body=wire_body,
        body=_decoded(wire_body, headers),
        captured_at=captured_at,
    )


def _require_whole(record: ArcWarcRecord) -> bytes:
    data: bytes = record.raw_stream.read()
    if record.raw_stream.limit > 0:
        raise Torn("it ends in the middle of a record")
    return data


def _wire_body(
    record: ArcWarcRecord, headers: tuple[tuple[str, str], ...]
) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The body without the transfer coding that other crawlers leave in it, and the headers without its name."""
    data = _require_whole(record)
    kept = tuple((name, value) for name, value in headers if name.lower() != "transfer-encoding")
    if len(kept) == len(headers):
        return data, headers
    return ChunkedDataReader(BytesIO(data)).read() if b"\n" in data[:20] else data, kept


def _decoded(wire_body: bytes, headers: tuple[tuple[str, str], ...]) -> bytes:
    coding = next((value for name, value in headers if name.lower() == "content-encoding"), None)
    if not coding:
        return wire_body
    try:
        return decode_body(wire_body, coding, DECODED_BYTES)
    except NotDecodable:  # as it is kept where it was fetched, too; other crawlers decode bodies and leave the field
        return wire_body


def _read_note(raw: str | None) -> _Note | None:
    """What a run of ours noted; None where there is nothing, or nothing that a run of ours can have written."""
    try:
        note = _Note(**json.loads(raw or "{}"))
        CaptureKind(note.kind)
    except (ValueError, TypeError):
        return None
    return note


def _foreign_note(url: str, head: StatusAndHeaders | None) -> _Note | None:
    media_type = ((head and head.get_header("Content-Type")) or "").partition(";")[0].strip().lower()
    kind = CaptureKind.PAGE if media_type in _PAGES else CaptureKind.FEED if media_type in _FEEDS else None
    source_id = host_of(url)
    return _Note(kind, source_id, url) if kind and source_id else None
