"""Drop folders: files → captures. Nothing in a folder is ever changed."""

import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from pipeline.types import Capture, CaptureKind, Feed

FILE_BYTES_AT_MOST = 256 * 1024**2

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


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a drop folder. As long as its stamp is the same, so are its bytes.

    The stamp is size, time of change, time of the inode's change, and the inode, as version control tells by. A writer
    may set the time of change, as those that copy it from a server do; nobody sets that of the inode.
    """

    path: Path
    url: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or folder that can't be read. `reason` is a Failure's."""

    url: str
    reason: str
    detail: str


def files_of(folder: Path, now: float, settle_s: float = 2.0) -> Iterator[FoundFile | Unreadable]:
    """The folder's files, sorted by path; sub-folders included.

    `now` is the file system's clock (seconds since the epoch), not the run's: a file that changed within `settle_s` may
    still be written to and waits for the next run. Hidden files and those with the name of an unfinished one are left
    out. A link to a file in the folder is followed, none to a folder or out of it: no loop of links is walked, and what
    a stranger drops does not open the machine's other files.
    """
    root = os.path.realpath(folder)
    yield from _walk(str(folder.absolute()), root, now, settle_s)


def read_file(found: FoundFile, feed: Feed, now: datetime) -> Capture | Unreadable:
    """One file of the feed's folder as a capture: its bytes, its guessed type and its time of change."""
    try:
        with found.path.open("rb") as file:
            changed_at = os.fstat(file.fileno()).st_mtime
            body = file.read(FILE_BYTES_AT_MOST + 1)
    except OSError as error:
        return _unreadable(found.path, error)
    if len(body) > FILE_BYTES_AT_MOST:
        size = f"more than {FILE_BYTES_AT_MOST // 1024**2} MB"
        return Unreadable(found.url, "too_large", f"The file has {size}; split it.")
    return Capture(
        kind=CaptureKind.FILE,
        source_id=feed.source_id,
        feed_id=feed.id,
        url=found.url,
        final_url=found.url,
        status=200,
        headers=(
            ("Content-Type", _content_type(found.path)),
            ("Last-Modified", _http_date(changed_at)),
        ),
        wire_body=body,
        body=body,
        captured_at=now,
    )


def _walk(folder: str, root: str, now: float, settle_s: float) -> Iterator[FoundFile | Unreadable]:
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda one: one.name)
    except OSError as error:
        yield _unreadable(Path(folder), error)
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, root, now, settle_s)
        elif not entry.name.lower().endswith(_UNFINISHED) and _is_inside(entry, root):
            yield from _settled(entry, now, settle_s)


def _is_inside(entry: os.DirEntry[str], root: str) -> bool:
    return not entry.is_symlink() or os.path.realpath(entry.path).startswith(root.rstrip(os.sep) + os.sep)


def _settled(entry: os.DirEntry[str], now: float, settle_s: float) -> Iterator[FoundFile | Unreadable]:
    try:
        if not entry.is_file():
            return
        stat = entry.stat()
    except FileNotFoundError:  # its writer took it away again
        return
    except OSError as error:
        yield _unreadable(Path(entry.path), error)
        return
    # A writer whose clock is ahead leaves a time to come: then what counts is when this machine saw the change.
    changed_at = stat.st_mtime if stat.st_mtime <= now else stat.st_ctime
    if changed_at <= now - settle_s:
        stamp = f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}"
        path = Path(entry.path)
        yield FoundFile(path, path.as_uri(), stamp)


def _unreadable(path: Path, error: OSError) -> Unreadable:
    if isinstance(error, FileNotFoundError):
        return Unreadable(path.as_uri(), "vanished", "The file was there, and was gone when it was to be read.")
    detail = f"It can't be read ({error.strerror}). Let the user that runs Dateline read it."
    return Unreadable(path.as_uri(), "unreadable", detail)


def _http_date(at: float) -> str:
    """RFC 9110 5.6.7. A file system holds times that no calendar has: those are as good as its first."""
    try:
        return format_datetime(datetime.fromtimestamp(at, UTC), usegmt=True)
    except (ValueError, OverflowError, OSError):
        return format_datetime(datetime.fromtimestamp(0, UTC), usegmt=True)


def _content_type(path: Path) -> str:
    return _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
