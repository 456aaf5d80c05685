"""The archive: captures ⇄ WARC 1.1 files (ISO 28500:2017), which any WARC tool reads.

    archive/YYYY/MM/DD/dateline-<run id>-00000.warc     warcinfo, then response and request of each exchange;
                                                        a file of a drop folder is a resource

Records are not compressed: bodies lie in them as they came over the wire, which is compressed already.
"""

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from warcio.archiveiterator import WARCIterator
from warcio.warcwriter import WARCWriter

from pipeline import __version__
from pipeline.captures.decoding import TooLarge
from pipeline.captures.records import (
    BROKEN,
    Torn,
    capture_of,
    request_record,
    resource_record,
    response_record,
    warc_date,
)
from pipeline.errors import ArchiveError
from pipeline.types import Capture, CaptureKind, CaptureRef

log = logging.getLogger("dateline")

FILE_BYTES = 1_000_000_000


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
                capture = capture_of(record)
        except (OSError, StopIteration, TooLarge, *BROKEN) as error:
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
            writer.write_record(resource_record(writer, capture, digest))
        else:
            response = response_record(writer, capture, digest)
            writer.write_record(response)
            writer.write_record(request_record(writer, capture, response.rec_headers.get_header("WARC-Record-ID")))
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
        record.rec_headers.replace_header("WARC-Date", warc_date(at))
        writer.write_record(record)
        _flush(self._file)
        _sync_folder(folder)
        return self._file

    def _close(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()


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
                    capture = capture_of(record)
                except TooLarge as error:
                    log.warning("%s, byte %d: left out, %s", path, offset, error)
                    continue
                if capture:
                    yield _ref(capture, str(path.absolute()), offset, capture.digest), capture
            if records.offset < file.seek(0, os.SEEK_END):
                raise Torn("it ends in the middle of a record")
        except BROKEN as error:
            if records.offset == 0 and not isinstance(error, EOFError):
                raise ArchiveError(f"{path} is not a WARC file: {error}") from error
            log.warning("%s, byte %d: the file is torn here; all before it was read", path, records.offset)


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
