"""The archive: captures ⇄ WARC 1.1 files (ISO 28500:2017), which any WARC tool reads.

    archive/YYYY/MM/DD/dateline-<run id>-00000.warc     warcinfo, then response and request of each exchange;
                                                        a file of a drop folder is a resource

Records are not compressed: bodies lie in them as they came over the wire, which is compressed already. What HTTP does
not know of a capture (kind, source, feed, entry) stands as JSON in the field WARC-Dateline-Capture (ISO 28500 5.1
allows further fields), so that the index can be made again from the files alone.
"""

import hashlib
import json
import logging
import os
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from pipeline import __version__
from pipeline.captures.decoding import NotDecodable, TooLarge, decode_body
from pipeline.dates import parse_stamp
from pipeline.errors import ArchiveError
from pipeline.types import Capture, CaptureKind, CaptureRef
from pipeline.urls import host_of

log = logging.getLogger("dateline")

FILE_BYTES = 1_000_000_000
DECODED_BYTES = 200_000_000  # of one body that is read back; a drop folder's file may be large

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


class Archive:
    """A folder of WARC files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def writer(self, run_id: str) -> "ArchiveWriter":
        return ArchiveWriter(self._folder, run_id)

    def read(self, ref: CaptureRef) -> Capture:
        """The capture again, except for the fields of its request. Raises `ArchiveError` where it is not there."""
        path = self._folder / ref.warc_path  # an absolute path stays as it is
        try:
            with path.open("rb") as file:
                file.seek(ref.warc_offset)
                record = next(iter(WARCIterator(file, no_record_parse=True)))
                capture = _capture(record)
        except (OSError, StopIteration, TooLarge, *_BROKEN) as error:
            raise ArchiveError(f"There is no record to read at byte {ref.warc_offset} of {path}: {error}.") from error
        if capture is None or capture.final_url != ref.final_url:
            raise ArchiveError(f"The record at byte {ref.warc_offset} of {path} is not that of {ref.final_url}.")
        return capture


# ------------------------------------------------------------------------------------------------ writing


class ArchiveWriter:
    """Writes one run's captures into files of its own: a file of a run that was killed is never written to again."""

    def __init__(self, folder: Path, run_id: str, file_bytes: int = FILE_BYTES) -> None:
        self._folder = folder
        self._run_id = run_id
        self._file_bytes = file_bytes
        self._file: BinaryIO | None = None
        self._path = folder
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def write(self, captures: Sequence[Capture]) -> list[CaptureRef]:
        """Where the captures lie. They are on the disk when this returns; the first starts the file."""
        with self._lock:
            try:
                refs = [self._write(capture) for capture in captures]
                if self._file:
                    _flush(self._file)
            except OSError as error:
                with suppress(OSError):
                    self._close()  # its last record may be torn: nothing must follow it
                raise ArchiveError(
                    f"The archive in {self._folder} can't be written: {error}. Is the disk full?"
                ) from error
        return refs

    def _write(self, capture: Capture) -> CaptureRef:
        file = self._file
        if file is None or file.tell() + len(capture.wire_body) > self._file_bytes:
            file = self._next_file(capture.captured_at)
        offset, digest = file.tell(), capture.digest
        writer = WARCWriter(file, gzip=False, warc_version="1.1")
        if capture.kind is CaptureKind.FILE:
            writer.write_record(_resource(writer, capture, digest))
        else:
            response = _response(writer, capture, digest)
            writer.write_record(response)
            writer.write_record(_request(writer, capture, response.rec_headers.get_header("WARC-Record-ID")))
        return _ref(capture, self._path.relative_to(self._folder).as_posix(), offset, digest)

    def _next_file(self, at: datetime) -> BinaryIO:
        if self._file:
            _flush(self._file)
            self._close()
        folder = self._folder / f"{at.astimezone(UTC):%Y/%m/%d}"
        _make_folder(folder)
        for number in count():
            self._path = folder / f"dateline-{self._run_id}-{number:05}.warc"
            try:
                self._file = self._path.open("xb", buffering=1 << 20)
                break
            except FileExistsError:
                continue
        assert self._file is not None
        writer = WARCWriter(self._file, gzip=False, warc_version="1.1")
        info = {"software": f"Dateline/{__version__}", "format": "WARC File Format 1.1", "isPartOf": self._run_id}
        record = writer.create_warcinfo_record(self._path.name, info)
        record.rec_headers.replace_header("WARC-Date", _stamp(at))
        writer.write_record(record)
        _flush(self._file)
        _sync_folder(folder)
        return self._file

    def _close(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()


def _response(writer: WARCWriter, capture: Capture, digest: str) -> ArcWarcRecord:
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


def _resource(writer: WARCWriter, capture: Capture, digest: str) -> ArcWarcRecord:
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


def _request(writer: WARCWriter, capture: Capture, response_id: str) -> ArcWarcRecord:
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
        warc_headers_dict={"WARC-Date": _stamp(capture.captured_at), "WARC-Concurrent-To": response_id},
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
        "WARC-Date": _stamp(capture.captured_at),
        "WARC-Payload-Digest": f"sha256:{payload_digest}",
        _OURS: note.as_json(),
    }


def _stamp(at: datetime) -> str:
    """W3C date with microseconds, as WARC 1.1 allows (5.4)."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _make_folder(folder: Path) -> None:
    """The folder, with its entry in each parent on the disk."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in reversed(missing):
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


# ------------------------------------------------------------------------------------------------ reading

# What warcio raises where a file ends or is torn in the middle of a record.
_BROKEN = (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, zlib.error)


class _Torn(EOFError):
    """A record is shorter than it says."""


def scan_warc(path: Path) -> Iterator[tuple[CaptureRef, Capture]]:
    """The captures of a WARC file, ours or another's (.warc, .warc.gz, such as CC-NEWS), in its order.

    Of a foreign file these are the responses that are a page or a feed by their type; their source is the host. A file
    whose last record is torn gives all before it, with a warning. Raises `ArchiveError` for what is no WARC file.
    """
    with path.open("rb") as file:
        records = WARCIterator(file, no_record_parse=True)
        try:
            for record in records:
                offset = records.offset
                try:
                    capture = _capture(record)
                except TooLarge as error:
                    log.warning("%s, byte %d: left out, %s", path, offset, error)
                    continue
                if capture:
                    yield _ref(capture, str(path.absolute()), offset, capture.digest), capture
            if records.offset < file.seek(0, os.SEEK_END):
                raise _Torn("it ends in the middle of a record")
        except _BROKEN as error:
            if records.offset == 0 and not isinstance(error, EOFError):
                raise ArchiveError(f"{path} is not a WARC file: {error}") from error
            log.warning("%s, byte %d: the file is torn here; all before it was read", path, records.offset)


def _capture(record: ArcWarcRecord) -> Capture | None:
    """The capture that a record holds; None where it holds none. Raises `_BROKEN` or `TooLarge`."""
    if record.length is None:  # ISO 28500 5.3: all records have one
        raise _Torn("it ends in the middle of a record's head")
    if record.rec_type not in ("response", "resource"):
        _require_whole(record)
        return None
    fields = record.rec_headers
    url, captured_at = fields.get_header("WARC-Target-URI"), parse_stamp(fields.get_header("WARC-Date"))
    raw_note = fields.get_header(_OURS)
    if not url or not captured_at or (record.rec_type == "resource" and not raw_note):
        return None
    head = ArcWarcRecordLoader(verify_http=False).load_http_headers(
        record.rec_type, url, record.raw_stream, record.length
    )
    note = _Note(**json.loads(raw_note)) if raw_note else _foreign_note(url, head)
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
        raise _Torn("it ends in the middle of a record")
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
    try:
        return decode_body(wire_body, coding, DECODED_BYTES)
    except NotDecodable:  # as it is kept where it was fetched, too; other crawlers decode bodies and leave the field
        return wire_body


def _foreign_note(url: str, head: StatusAndHeaders | None) -> _Note | None:
    media_type = ((head and head.get_header("Content-Type")) or "").partition(";")[0].strip().lower()
    kind = CaptureKind.PAGE if media_type in _PAGES else CaptureKind.FEED if media_type in _FEEDS else None
    source_id = host_of(url)
    return _Note(kind, source_id, url) if kind and source_id else None


def _ref(capture: Capture, warc_path: str, offset: int, digest: str) -> CaptureRef:
    return CaptureRef(
        id=capture.id,
        kind=capture.kind,
        source_id=capture.source_id,
        feed_id=capture.feed_id,
        entry_id=capture.entry_id,
        url=capture.url,
        final_url=capture.final_url,
        status=capture.status,
        content_type=capture.header("content-type"),
        size_bytes=len(capture.body),
        captured_at=capture.captured_at,
        digest=digest,
        warc_path=warc_path,
        warc_offset=offset,
    )
