"""A page that takes its worker too long is a reason in quarantine: its bytes are kept, its neighbours are whole."""

from datetime import UTC, datetime
from pathlib import Path

from pipeline.settings import Settings
from pipeline.steps.run import WARMED, open_run
from pipeline.steps.warc import derive_archived_pages
from pipeline.types import Capture, CaptureKind, Source
from pipeline.warehouse.arrow import read
from pipeline.warehouse.captures import record_captures
from pipeline.workers import Workers

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
SOURCE = Source("herald", "The Herald", "publisher", language="en")
STORY = "".join(f"<p>{n}. The council of Northgate voted to rebuild the wall of its harbour.</p>" for n in range(9))
# Within all bounds, and many seconds of work: what stands between empty elements is joined anew for each.
COSTLY = f"<p>{'<b></b>The council voted to rebuild the wall of its harbour, which the storm had broken. ' * 9_900}</p>"
LIMIT_S = 1.5


def capture(name: str, inside: str) -> Capture:
    url = f"https://herald.example/news/{name}"
    body = f"<html><head><title>{name}</title></head><body><article>{inside}</article></body></html>".encode()
    return Capture(CaptureKind.PAGE, SOURCE.id, url, url, 200, (), body, body, NOW)


def test_a_page_that_takes_too_long_is_told_and_kept_and_its_neighbours_are_whole(tmp_path: Path) -> None:
    captures = [capture("before", STORY), capture("costly", STORY + COSTLY), capture("after", STORY)]
    with (
        Workers(1, LIMIT_S, warm=WARMED) as workers,
        open_run(Settings(tmp_path, now=NOW, workers=1), "backfill", [SOURCE]) as run,
    ):
        run.workers = workers
        refs = run.writer.write(captures)
        with run.warehouse.begin() as conn:
            record_captures(conn, run.id, refs)
        derive_archived_pages(run, [ref.id for ref in refs])
        with run.warehouse.begin() as conn:
            landed = read(conn, "select capture_id, text from ingest.article_versions")
            told = read(conn, "select capture_id, stage, reason, detail from ingest.quarantine")
        assert {row["capture_id"] for row in landed} == {refs[0].id, refs[2].id}
        assert all("8. The council" in row["text"] for row in landed)
        assert told == [
            {"capture_id": refs[1].id, "stage": "extract", "reason": "timeout", "detail": "took longer than 1.5 s"}
        ]
        assert run.archive.read(refs[1]).body == captures[1].body
