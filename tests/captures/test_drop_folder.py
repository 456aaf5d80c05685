"""Files of drop folders become captures, and stay as they are."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.captures.folder import capture_file, files_to_read
from pipeline.types import CaptureKind, Delivery, Feed

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
CLOCK = 1_000_000.0


def drop(folder: Path, name: str, text: str = "news", age_s: float = 60) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (CLOCK - age_s, CLOCK - age_s))
    return path


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def names(folder: Path, known: dict[str, str] | None = None, settle_s: float = 2.0) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in files_to_read(folder, known or {}, CLOCK, settle_s)]


def test_files_come_sorted_and_from_below(tmp_path: Path) -> None:
    for name in ("b.xml", "a.xml", "2026/04/c.json"):
        drop(tmp_path, name)
    assert names(tmp_path) == ["2026/04/c.json", "a.xml", "b.xml"]


def test_hidden_and_unfinished_files_are_left_out(tmp_path: Path) -> None:
    for name in (".hidden.xml", ".cache/a.xml", "a.xml.tmp", "b.PART", "c.xml.filepart", "good.xml"):
        drop(tmp_path, name)
    assert names(tmp_path) == ["good.xml"]


def test_a_file_that_is_still_written_to_waits(tmp_path: Path) -> None:
    drop(tmp_path, "young.xml", age_s=1.9)
    drop(tmp_path, "old.xml", age_s=2)
    assert names(tmp_path) == ["old.xml"]
    assert names(tmp_path, settle_s=0) == ["old.xml", "young.xml"]


def test_a_file_is_read_again_only_if_its_bytes_changed(tmp_path: Path) -> None:
    same, changed = drop(tmp_path, "same.xml", "one"), drop(tmp_path, "changed.xml", "two")
    known = {same.as_uri(): digest("one"), changed.as_uri(): digest("one")}
    assert names(tmp_path, known) == ["changed.xml"]


def test_links_to_folders_are_not_walked(tmp_path: Path) -> None:
    drop(tmp_path, "deep/a.xml")
    (tmp_path / "deep" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "link.xml").symlink_to(tmp_path / "deep" / "a.xml")
    assert names(tmp_path) == ["deep/a.xml", "link.xml"]


TYPES = {
    "a.xml": "application/xml",
    "a.json": "application/json",
    "a.JSONL": "application/x-ndjson",
    "a.jsonl.gz": "application/gzip",
    "a.html": "text/html",
    "a": "application/octet-stream",
}


@pytest.mark.parametrize(("name", "content_type"), TYPES.items())
def test_a_file_becomes_a_capture_and_stays_as_it_is(tmp_path: Path, name: str, content_type: str) -> None:
    feed = Feed("agency/drop", "agency", str(tmp_path), Delivery.FOLDER)
    path = drop(tmp_path, name, "wire news")
    before = path.stat()
    capture = capture_file(path, feed, NOW)
    assert (capture.kind, capture.status, capture.captured_at) == (CaptureKind.FILE, 200, NOW)
    assert (capture.source_id, capture.feed_id, capture.url) == ("agency", "agency/drop", path.as_uri())
    assert (capture.wire_body, capture.body) == (b"wire news", b"wire news")
    assert capture.header("content-type") == content_type
    assert capture.header("last-modified") == "Mon, 12 Jan 1970 13:45:40 GMT"
    assert (path.stat().st_mtime, path.stat().st_size) == (before.st_mtime, before.st_size)
