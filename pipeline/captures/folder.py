"""Drop folders: files → captures. Nothing in a folder is ever changed."""

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from pipeline.types import Capture, CaptureKind, Feed

# Names that writers give to a file that is not whole yet.
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload")

# What `mimetypes` does not know, or knows by the machine that it runs on.
_TYPES = {
    ".xml": "application/xml",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".gz": "application/gzip",
    ".sgm": "text/sgml",
}


def files_to_read(folder: Path, known: Mapping[str, str], now: float, settle_s: float = 2.0) -> list[Path]:
    """The folder's files that are new or whose bytes changed, sorted by path; sub-folders included.

    `known` has the digest of each file that was read, by its URL. `now` is the file system's clock (seconds since the
    epoch), not the run's: a file that changed within `settle_s` may still be written to and waits for the next run.
    Hidden files and those with the name of an unfinished one are left out. A link to a file is followed, a link to a
    folder is not, so that no loop of links is walked.
    """
    return [path for path in sorted(_files(folder)) if _is_settled(path, now - settle_s) and _is_new(path, known)]


def capture_file(path: Path, feed: Feed, now: datetime) -> Capture:
    """One file of the feed's folder as a capture: its bytes, its guessed type and its time of change."""
    body = path.read_bytes()
    changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    url = path.absolute().as_uri()
    return Capture(
        kind=CaptureKind.FILE,
        source_id=feed.source_id,
        feed_id=feed.id,
        url=url,
        final_url=url,
        status=200,
        headers=(
            ("Content-Type", _content_type(path)),
            ("Last-Modified", format_datetime(changed_at, usegmt=True)),
        ),
        wire_body=body,
        body=body,
        captured_at=now,
    )


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.absolute().iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        elif path.is_file() and not path.name.lower().endswith(_UNFINISHED):
            yield path


def _is_settled(path: Path, since: float) -> bool:
    try:
        return path.stat().st_mtime <= since
    except FileNotFoundError:  # its writer took it away again
        return False


def _is_new(path: Path, known: Mapping[str, str]) -> bool:
    url = path.as_uri()
    if url not in known:
        return True
    with path.open("rb") as file:  # in blocks: a wire's yearly file is larger than what a run should hold
        return hashlib.file_digest(file, "sha256").hexdigest() != known[url]


def _content_type(path: Path) -> str:
    return _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
