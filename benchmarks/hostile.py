"""Pages that are made to break an extractor, each handed to the nightly run's own workers, with its limits.

usage: PYTHONPATH=. python benchmarks/hostile.py [NAME …]

A row for each page: its bytes, the seconds and the peak memory of its worker, and what it ended as: an article of so
many characters, or the reason. Then all pages are derived in one run, each between two honest ones: a row says which
of the honest pages came out whole, and that each page that ended as a reason stands in quarantine with its capture.
"""

import argparse
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hostile_pages import HOSTILE, LAST, STORY, page

from pipeline.settings import Settings
from pipeline.steps.run import PAGE_LIMIT_S, WARMED, WORKER_MEMORY_BYTES, Run, open_run
from pipeline.steps.warc import derive_archived_pages
from pipeline.steps.work import PageTask, read_page
from pipeline.types import Article, BadItem, Capture, CaptureKind, CaptureRef, Source
from pipeline.warehouse.arrow import read
from pipeline.warehouse.captures import record_captures
from pipeline.workers import WorkerFailure, Workers

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
SOURCE = Source("herald", "The Herald", "publisher", language="en")
LOOK_S = 0.05


# ------------------------------------------------------------------------------------------------ each alone


@dataclass(frozen=True, slots=True)
class Row:
    """What one page came to in a worker of its own."""

    name: str
    size_bytes: int
    seconds: float
    peak_mb: int
    outcome: str


def alone(run: Run, name: str, ref: CaptureRef, honest: CaptureRef) -> Row:
    """The page read as `derive` does it, by a process that has read one honest page before."""
    with Workers(1, PAGE_LIMIT_S, WORKER_MEMORY_BYTES, warm=WARMED) as workers, watched() as peaks:
        workers.run(read_page, [task(run, honest)])
        begun = time.monotonic()
        [found] = workers.run(read_page, [task(run, ref)])
        seconds = time.monotonic() - begun
    return Row(name, ref.size_bytes, seconds, max(peaks, default=0), outcome(found))


def task(run: Run, ref: CaptureRef) -> PageTask:
    return PageTask(run.settings.archive_path, ref, SOURCE, None, NOW)


def outcome(found: Article | BadItem | WorkerFailure) -> str:
    if isinstance(found, Article):
        whole = "" if LAST in (found.text or "") else ", not its story"
        return f"{found.page_kind} of {len(found.text or ''):,} characters{whole}"
    return f"{found.reason}: {found.detail}"[:70]


@contextmanager
def watched() -> Iterator[list[int]]:
    """The peaks, in MB, of the processes that this one starts meanwhile, as often as they are looked at."""
    peaks: list[int] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_S):
            peaks.append(max((peak_mb(status) for status in Path("/proc").glob("[0-9]*/status")), default=0))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()


def peak_mb(status: Path) -> int:
    """The most memory that a child of this process has had; 0 for any other process (proc_pid_status(5))."""
    try:
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    except OSError:  # it has ended
        return 0
    return int(fields.get("VmHWM", "0 kB").split()[0]) // 1024 if int(fields["PPid"]) == os.getpid() else 0


# ------------------------------------------------------------------------------------------------ all in one run


def together(run: Run, refs: Sequence[CaptureRef], honest: Sequence[CaptureRef]) -> None:
    """Each page between two honest ones, all derived at once: what of it stands where."""
    mixed = [ref for pair in zip(honest, refs, strict=True) for ref in pair]
    begun = time.monotonic()
    with run.warehouse.begin() as conn:
        record_captures(conn, run.id, mixed)
    derive_archived_pages(run, [ref.id for ref in mixed])
    with run.warehouse.begin() as conn:
        landed = read(conn, "select capture_id, text from ingest.article_versions")
        reasons = read(conn, "select capture_id, reason from ingest.quarantine")
    texts = {row["capture_id"]: str(row["text"]) for row in landed}
    failed = {row["capture_id"] for row in reasons}
    whole = sum(LAST in texts.get(ref.id, "") for ref in honest)
    told = sum((ref.id in texts) != (ref.id in failed) for ref in refs)
    kept = sum(len(run.archive.read(ref).body) == ref.size_bytes for ref in refs if ref.id in failed)
    print(f"\nall in one run with {len(honest)} honest pages between them: {time.monotonic() - begun:.0f} s")
    print(f"  {whole} of {len(honest)} honest pages came out whole")
    print(f"  {told} of {len(refs)} hostile pages are an article or a reason in quarantine, {len(failed)} the latter")
    print(f"  {kept} of these {len(failed)} can be read again from the archive")


def archived(run: Run, name: str, body: str | bytes) -> CaptureRef:
    body = body if isinstance(body, bytes) else body.encode()
    url = f"https://herald.example/news/{name.replace(' ', '-')}"
    capture = Capture(CaptureKind.PAGE, SOURCE.id, url, url, 200, (("content-type", "text/html"),), body, body, NOW)
    return run.writer.write([capture])[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="pages whose name has it; without one, all")
    parser.add_argument("--alone", action="store_true", help="leave out the run of all")
    asked = parser.parse_args()
    names = [name for name in HOSTILE if not asked.names or any(part in name for part in asked.names)]
    logging.getLogger("dateline").setLevel(logging.ERROR)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_run(Settings(Path(folder), now=NOW, workers=2), "backfill", [SOURCE]) as run,
    ):
        honest = [
            archived(run, f"honest {number}", page(STORY.replace("Monday", f"day {number}")))
            for number in range(len(names))
        ]
        refs = []
        print(f"{'page':48} {'bytes':>11} {'s':>5} {'MB':>5}  ended as")
        for name in names:
            print(f"{name} …", file=sys.stderr, flush=True)
            refs.append(archived(run, name, HOSTILE[name]()))
            row = alone(run, name, refs[-1], honest[0])
            print(f"{row.name:48} {row.size_bytes:11,} {row.seconds:5.1f} {row.peak_mb:5}  {row.outcome}", flush=True)
        if not asked.alone:
            together(run, refs, honest)


if __name__ == "__main__":
    main()
