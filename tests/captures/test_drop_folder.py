"""Files of drop folders become captures, and stay as they are."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.captures import folder as folder_room
from pipeline.captures.folder import FoundFile, Unreadable, files_of, read_file
from pipeline.types import Capture, CaptureKind, Delivery, Feed

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
CLOCK = 1_000_000.0


def drop(folder: Path, name: str, text: str = "news", age_s: float = 60) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (CLOCK - age_s, CLOCK - age_s))
    return path


def found_in(folder: Path, settle_s: float = 2.0, now: float = CLOCK) -> dict[str, str]:
    """The stamps of the files that are found, by name, in their order."""
    found = [one for one in files_of(folder, now, settle_s) if isinstance(one, FoundFile)]
    return {one.path.relative_to(folder).as_posix(): one.stamp for one in found}


def names(folder: Path, settle_s: float = 2.0) -> list[str]:
    return list(found_in(folder, settle_s))


def read(path: Path, feed_folder: Path) -> Capture | Unreadable:
    return read_file(
        FoundFile(path, path.as_uri(), "stamp"), Feed("agency/drop", "agency", str(feed_folder), Delivery.FOLDER), NOW
    )


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


def test_a_file_of_a_writer_whose_clock_is_ahead_does_not_wait_for_ever(tmp_path: Path) -> None:
    path = drop(tmp_path, "ahead.xml", age_s=0)
    changed_at = path.stat().st_ctime
    os.utime(path, (changed_at + 3600, changed_at + 3600))
    seen_at = path.stat().st_ctime
    assert list(found_in(tmp_path, now=seen_at + 1)) == []
    assert list(found_in(tmp_path, now=seen_at + 3)) == ["ahead.xml"]


CHANGES = {
    "longer": lambda path: path.write_text("news and more"),
    "of the same length": lambda path: path.write_text("olds"),
    "of the same length, its time set back": lambda path: drop(path.parent, path.name, "olds"),
    "another file in its place": lambda path: drop(path.parent, ".new", "olds").replace(path),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_file_whose_bytes_changed_has_another_stamp(tmp_path: Path, change) -> None:
    same, changed = drop(tmp_path, "same.xml"), drop(tmp_path, "changed.xml")
    before = found_in(tmp_path)
    change(changed)
    same.read_bytes()
    os.utime(changed, (CLOCK - 60, CLOCK - 60))
    after = found_in(tmp_path)
    assert after["same.xml"] == before["same.xml"]
    assert after["changed.xml"] != before["changed.xml"]


def test_links_to_folders_are_not_walked_and_links_out_of_the_folder_not_followed(tmp_path: Path) -> None:
    inbox, elsewhere = tmp_path / "inbox", tmp_path / "inbox-of-another"
    drop(inbox, "deep/a.xml")
    secret = drop(elsewhere, "secret.xml")
    (inbox / "deep" / "loop").symlink_to(inbox, target_is_directory=True)
    (inbox / "link.xml").symlink_to(inbox / "deep" / "a.xml")
    (inbox / "out.xml").symlink_to(secret)
    (inbox / "nowhere.xml").symlink_to(inbox / "gone.xml")
    assert names(inbox) == ["deep/a.xml", "link.xml"]


def test_a_folder_that_is_a_link_is_read(tmp_path: Path) -> None:
    drop(tmp_path / "mounted", "a.xml")
    (tmp_path / "inbox").symlink_to(tmp_path / "mounted", target_is_directory=True)
    assert names(tmp_path / "inbox") == ["a.xml"]


def test_what_is_no_file_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    assert names(tmp_path) == []


def test_a_name_that_is_not_utf_8_is_one_like_another(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/d\xe9p\xeache.xml"))
    path.write_text("news")
    os.utime(path, (CLOCK - 60, CLOCK - 60))
    [found] = files_of(tmp_path, CLOCK)
    assert found.url.endswith("/d%E9p%EAche.xml")
    capture = read(path, tmp_path)
    assert isinstance(capture, Capture)
    assert (capture.url, capture.body) == (found.url, b"news")


def test_a_folder_that_can_not_be_listed_is_told_and_the_rest_goes_on(tmp_path: Path, monkeypatch) -> None:
    drop(tmp_path, "closed/a.xml")
    drop(tmp_path, "open.xml")
    scan = os.scandir

    def refuse(path: str):
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)  # whoever runs the tests may be allowed everything
    missed, found = files_of(tmp_path, CLOCK)
    assert isinstance(missed, Unreadable)
    assert (missed.url, missed.reason) == ((tmp_path / "closed").as_uri(), "unreadable")
    assert "Permission denied" in missed.detail
    assert isinstance(found, FoundFile)


def test_a_file_that_is_gone_or_too_large_is_a_reason(tmp_path: Path, monkeypatch) -> None:
    gone = read(tmp_path / "gone.xml", tmp_path)
    assert isinstance(gone, Unreadable)
    assert (gone.reason, gone.url) == ("vanished", (tmp_path / "gone.xml").as_uri())
    monkeypatch.setattr(folder_room, "FILE_BYTES_AT_MOST", 3)
    large = read(drop(tmp_path, "large.xml"), tmp_path)
    assert isinstance(large, Unreadable)
    assert large.reason == "too_large"


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
    path = drop(tmp_path, name, "wire news")
    before = path.stat()
    capture = read(path, tmp_path)
    assert isinstance(capture, Capture)
    assert (capture.kind, capture.status, capture.captured_at) == (CaptureKind.FILE, 200, NOW)
    assert (capture.source_id, capture.feed_id, capture.url) == ("agency", "agency/drop", path.as_uri())
    assert (capture.wire_body, capture.body) == (b"wire news", b"wire news")
    assert capture.header("content-type") == content_type
    assert capture.header("last-modified") == "Mon, 12 Jan 1970 13:45:40 GMT"
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ctime_ns, after.st_size) == (
        before.st_mtime_ns,
        before.st_ctime_ns,
        before.st_size,
    )
