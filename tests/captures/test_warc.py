"""The archive: what goes in comes out, other tools read it, and a torn file gives all before the tear."""

import gzip
import logging
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.captures.warc import Archive, ArchiveWriter, scan_warc
from pipeline.errors import ArchiveError
from pipeline.types import Capture, CaptureKind, CaptureRef

NOW = datetime(2026, 4, 13, 2, 0, 0, 123456, tzinfo=UTC)
TEXT = "<p>Grüße aus der Werft</p>" * 50


def capture(url: str = "https://news.example/a", **fields) -> Capture:
    wire = gzip.compress(TEXT.encode(), mtime=0)
    defaults = {
        "kind": CaptureKind.PAGE,
        "source_id": "news",
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": (
            ("Content-Type", "text/html"),
            ("Content-Encoding", "gzip"),
            ("X-Odd", "caf\xe9: 1"),
            ("x-odd", ""),
        ),
        "wire_body": wire,
        "body": TEXT.encode(),
        "captured_at": NOW,
        "request_headers": (("User-Agent", "Dateline"), ("X-Api-Key", "${KEY}")),
    }
    return Capture(**(defaults | fields))


PLAIN = {"headers": (("Content-Type", "text/plain"),), "wire_body": b"plain", "body": b"plain"}
CASES = {
    "a compressed page": capture(),
    "a body as it is": capture(**PLAIN),
    "a 304": capture(status=304, headers=(("ETag", '"1"'),), wire_body=b"", body=b""),
    "a 404 with nothing": capture(status=404, headers=(), wire_body=b"", body=b""),
    "a redirect's end": capture("https://news.example/old", final_url="https://news.example/new"),
    "an odd status": capture(status=599, **PLAIN),
    "a feed of an entry": capture(kind=CaptureKind.FEED, feed_id="news/main", entry_id="tag:news,2026:\n“1” é "),
    "an address that is no URI": capture("https://news.example/a b/ü?q=“x”", **PLAIN),
    "a placeholder": capture("https://news.example/a?key=${KEY}", **PLAIN),
    "what can't be decoded": capture(headers=(("Content-Encoding", "br"),), wire_body=b"\x8b\x02", body=b"\x8b\x02"),
    "robots": capture("https://news.example/robots.txt", kind=CaptureKind.ROBOTS, **PLAIN),
    "a file": capture("file:///drop/w%C3%A4rts.xml", kind=CaptureKind.FILE, feed_id="news/drop", **PLAIN),
    "an empty file": capture("file:///drop/a", kind=CaptureKind.FILE, headers=(), wire_body=b"", body=b""),
    "a body like an archive": capture(
        headers=(), wire_body=b"\r\n\r\nWARC/1.1\r\n" * 3, body=b"\r\n\r\nWARC/1.1\r\n" * 3
    ),
}


def write(folder: Path, *captures: Capture, run_id: str = "run") -> list[CaptureRef]:
    with Archive(folder).writer(run_id) as writer:
        return writer.write(captures)


def as_read(one: Capture) -> Capture:
    """The fields of a request stand in a record of their own and are not read back."""
    return replace(one, request_headers=())


@pytest.mark.parametrize("one", CASES.values(), ids=CASES.keys())
def test_what_goes_in_comes_out(tmp_path: Path, one: Capture) -> None:
    ref, after = write(tmp_path, one, capture("https://news.example/after"))
    archive = Archive(tmp_path)
    assert archive.read(ref) == as_read(one)
    assert archive.read(after).url == "https://news.example/after"
    assert (ref.id, ref.digest, ref.size_bytes) == (one.id, one.digest, len(one.body))
    assert (ref.status, ref.content_type) == (one.status, one.header("content-type"))


def test_the_index_can_be_made_again_from_the_files_alone(tmp_path: Path) -> None:
    refs = write(tmp_path, *CASES.values())
    path = tmp_path / refs[0].warc_path
    again = list(scan_warc(path))
    assert [replace(ref, warc_path=refs[0].warc_path) for ref, _ in again] == refs
    assert [one for _, one in again] == [as_read(one) for one in CASES.values()]
    assert Archive(tmp_path / "elsewhere").read(again[0][0]) == as_read(CASES["a compressed page"])  # absolute paths


def test_other_tools_read_it(tmp_path: Path, capsys) -> None:
    ref = write(tmp_path, *CASES.values())[0]
    path = tmp_path / ref.warc_path
    with path.open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers, record.content_stream().read()) for record in ArchiveIterator(file)
        ]
    kinds = [kind for kind, _, _ in records]
    assert kinds[:3] == ["warcinfo", "response", "request"]
    assert (kinds.count("response"), kinds.count("request"), kinds.count("resource")) == (12, 12, 2)
    assert records[0][1].get_header("WARC-Filename") == path.name
    assert records[1][2] == TEXT.encode()
    assert records[2][1].get_header("WARC-Concurrent-To") == records[1][1].get_header("WARC-Record-ID")
    assert all(headers.protocol == "WARC/1.1" for _, headers, _ in records)
    assert Checker(type("Args", (), {"inputs": [str(path)], "verbose": False})).process_all() in (None, 0)
    assert capsys.readouterr().out == ""


def test_the_request_stands_beside_its_response(tmp_path: Path) -> None:
    ref = write(tmp_path, capture("https://news.example:8443/a?b=${KEY}"))[0]
    data = (tmp_path / ref.warc_path).read_bytes()
    assert (
        b"GET /a?b=${KEY} HTTP/1.1\r\nHost: news.example:8443\r\nUser-Agent: Dateline\r\nX-Api-Key: ${KEY}\r\n\r\n"
        in data
    )


def test_files_lie_by_day_and_are_never_written_to_again(tmp_path: Path) -> None:
    first = write(tmp_path, capture())[0]
    second = write(tmp_path, capture())[0]
    other = write(tmp_path, capture(captured_at=NOW + timedelta(days=1)), run_id="other")[0]
    assert first.warc_path == "2026/04/13/dateline-run-00000.warc"
    assert second.warc_path == "2026/04/13/dateline-run-00001.warc"
    assert other.warc_path == "2026/04/14/dateline-other-00000.warc"


def test_a_run_that_captures_nothing_makes_no_file(tmp_path: Path) -> None:
    assert write(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_full_is_followed_by_the_next(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "run", file_bytes=3_000) as writer:
        refs = [ref for number in range(6) for ref in writer.write([capture(f"https://news.example/{number}")])]
    files = sorted(tmp_path.rglob("*.warc"))
    assert len(files) > 1
    assert all(file.stat().st_size < 5_000 for file in files)
    assert [Archive(tmp_path).read(ref).url for ref in refs] == [ref.url for ref in refs]


def test_what_was_written_is_on_the_disk_before_the_writer_closes(tmp_path: Path) -> None:
    writer = Archive(tmp_path).writer("killed")
    ref = writer.write([capture()])[0]
    assert Archive(tmp_path).read(ref) == as_read(capture())
    writer.write([capture("https://news.example/b")])
    assert len(list(scan_warc(tmp_path / ref.warc_path))) == 2
    with writer:
        pass


def test_a_disk_that_is_full_stops_the_run_and_spoils_nothing(tmp_path: Path) -> None:
    import resource

    good = write(tmp_path, capture(**PLAIN))[0]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Archive(tmp_path).writer("full") as writer:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, hard))
        try:
            with pytest.raises(ArchiveError, match="Is the disk full"):
                writer.write([capture(wire_body=os.urandom(9_000))])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        after = writer.write([capture("https://news.example/after", **PLAIN)])[0]
    assert Archive(tmp_path).read(good).body == Archive(tmp_path).read(after).body == b"plain"


# ------------------------------------------------------------------------------------------------ tears


def torn_at(tmp_path: Path, at: int, data: bytes, name: str = "torn.warc") -> Path:
    path = tmp_path / name
    path.write_bytes(data[:at])
    return path


def test_a_file_torn_anywhere_gives_all_before_the_tear(tmp_path: Path, caplog) -> None:
    refs = write(tmp_path, *(capture(f"https://news.example/{number}", **PLAIN) for number in range(3)))
    data = (tmp_path / refs[0].warc_path).read_bytes()
    second, third = refs[1].warc_offset, refs[2].warc_offset
    for at in range(second + 1, third + 1, 7):
        caplog.clear()
        found = [ref.url for ref, _ in scan_warc(torn_at(tmp_path, at, data))]
        assert found in (["https://news.example/0"], ["https://news.example/0", "https://news.example/1"])
        if at < second + 600:
            assert len(found) == 1 or b"HTTP/1.1" in data[second:at]
    caplog.clear()
    assert len(list(scan_warc(torn_at(tmp_path, len(data) - 300, data)))) >= 2
    assert "torn" in caplog.text


def test_a_torn_record_is_never_taken_for_a_whole_one(tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.WARNING)
    refs = write(tmp_path, capture(), capture("https://news.example/b"))
    data = (tmp_path / refs[0].warc_path).read_bytes()
    end = data.index(b"\r\n\r\nWARC/1.1\r\n", refs[1].warc_offset)  # of the second response
    for at in (end - 1, end - 100, refs[1].warc_offset + 20, refs[1].warc_offset + 400):
        caplog.clear()
        assert [ref.id for ref, _ in scan_warc(torn_at(tmp_path, at, data))] == [refs[0].id]
        assert "torn" in caplog.text
    assert len(list(scan_warc(torn_at(tmp_path, end, data)))) == 2


def test_a_torn_gzip_file_gives_all_before_the_tear(tmp_path: Path, caplog) -> None:
    path = foreign(tmp_path, compressed=True)
    whole = list(scan_warc(path))
    data = path.read_bytes()
    last = whole[-1][0].warc_offset
    for at in (last + 5, last + 100, last + 200):
        caplog.clear()
        assert [ref for ref, _ in scan_warc(torn_at(tmp_path, at, data, path.name))] == [ref for ref, _ in whole[:-1]]
        assert "torn" in caplog.text


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(b"<html>not an archive</html>" * 20)
    with pytest.raises(ArchiveError, match="not a WARC file"):
        list(scan_warc(path))
    path.write_bytes(b"")
    assert list(scan_warc(path)) == []


def test_a_ref_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    ref = write(tmp_path, capture())[0]
    archive = Archive(tmp_path)
    for wrong in (
        replace(ref, warc_path="2026/04/13/gone.warc"),
        replace(ref, warc_offset=ref.warc_offset + 3),
        replace(ref, warc_offset=10**9),
        replace(ref, warc_offset=0),
        replace(ref, final_url="https://news.example/other"),
    ):
        with pytest.raises(ArchiveError):
            archive.read(wrong)


# ------------------------------------------------------------------------------------------------ foreign files


def foreign(tmp_path: Path, *, compressed: bool) -> Path:
    """A file as other crawlers make them."""
    path = tmp_path / ("crawl.warc.gz" if compressed else "crawl.warc")
    answers = [
        ("https://paper.example/a", "200 OK", [("Content-Type", "text/html; charset=utf-8")], TEXT.encode()),
        ("https://paper.example/feed", "200 OK", [("Content-Type", "application/rss+xml")], b"<rss/>"),
        ("https://paper.example/logo.png", "200 OK", [("Content-Type", "image/png")], b"\x89PNG"),
        ("https://Paper.example/chunks", "200 OK", [("Transfer-Encoding", "chunked")], b"5\r\nhello\r\n0\r\n\r\n"),
        ("https://paper.example/claims", "200 OK", [("Content-Encoding", "gzip")], b"<p>was decoded before</p>"),
        ("https://paper.example/gone", "404 Not Found", [("Content-Type", "text/html")], b"gone"),
    ]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=compressed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a crawler"}))
        for url, status, headers, body in answers:
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=BytesIO(body),
                    length=len(body),
                    http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
                    warc_headers_dict={"WARC-Date": "2025-11-02T08:09:10Z"},
                )
            )
    return path


@pytest.mark.parametrize("compressed", [False, True])
def test_the_pages_and_feeds_of_a_foreign_file_are_captures(tmp_path: Path, compressed: bool) -> None:
    path = foreign(tmp_path, compressed=compressed)
    found = list(scan_warc(path))
    assert [(one.kind, one.status, one.url.rpartition("/")[2], one.body) for _, one in found] == [
        (CaptureKind.PAGE, 200, "a", TEXT.encode()),
        (CaptureKind.FEED, 200, "feed", b"<rss/>"),
        (CaptureKind.PAGE, 200, "chunks", b"hello"),
        (CaptureKind.PAGE, 200, "claims", b"<p>was decoded before</p>"),
        (CaptureKind.PAGE, 404, "gone", b"gone"),
    ]
    assert {one.source_id for _, one in found} == {"paper.example"}
    assert {one.captured_at for _, one in found} == {datetime(2025, 11, 2, 8, 9, 10, tzinfo=UTC)}
    assert [ref.id for ref, _ in scan_warc(path)] == [ref.id for ref, _ in found]
    archive = Archive(tmp_path / "archive")
    assert [archive.read(ref) for ref, _ in found] == [one for _, one in found]
