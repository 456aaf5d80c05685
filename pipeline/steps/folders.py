"""collect, of drop folders: files into the WARC archive, an index row for each; nothing in a folder is changed."""

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from pipeline.captures.folder import FoundFile, Unreadable, files_of, read_file
from pipeline.steps.collect import Polled
from pipeline.steps.run import Run
from pipeline.types import Capture, CaptureRef, Failure, Feed, Stage
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import quarantine
from pipeline.warehouse.captures import KnownFile

SETTLE_S = 2.0  # a file that changed more recently is still being written
BATCH_FILES = 1000
BATCH_BYTES = 64 * 1024**2


def collect_folder(run: Run, feed: Feed) -> Iterator[list[Polled]]:
    """The files of a drop folder, in batches, in the archive and its index; with a failure for each that can't be read.

    A nightly run reads those that are new or whose bytes changed, a backfill all of them, for its window may be another
    than the last one's. A file whose stamp is the one that was read is not even opened, and what the archive has is not
    written again. A look that finds nothing new is a look all the same.
    """
    folder = Path(feed.url)
    if not folder.is_dir():
        detail = f"The folder {folder} is not there. Make it, mount it, or mend `folder` in the catalogue."
        yield [Polled(feed, None, failure=_failure(run, feed, Unreadable(str(folder), "no_folder", detail)))]
        return
    has_looked = False
    found = files_of(folder, time.time(), SETTLE_S)
    while some := list(islice(found, BATCH_FILES)):
        for batch in _collect_some(run, feed, some):
            has_looked = True
            yield batch
    if not has_looked:
        yield [Polled(feed, None)]


def note_nothing(run: Run, feed: Feed, files: int) -> None:
    """Says of a backfill of a drop folder why it brought nothing. To a nightly run an empty folder is a quiet night."""
    if not files:
        run.tally.note(feed.source_id, f"{feed.id}: there is no file to read in {feed.url}")
    elif not any(report.entries for report in run.tally.reports() if report.source_id == feed.source_id):
        since, until = (f"{at:%Y-%m-%d %H:%M} UTC" if at else None for at in (run.window.since, run.window.until))
        window = f", none of the window from {since or 'the beginning'} to {until or 'now'}" if since or until else ""
        run.tally.note(feed.source_id, f"{feed.id}: no item was found in its {files:,} files{window}")


def _collect_some(run: Run, feed: Feed, found: Sequence[FoundFile | Unreadable]) -> Iterator[list[Polled]]:
    files = [one for one in found if isinstance(one, FoundFile)]
    with run.warehouse.begin() as conn:
        known = capture_verbs.known_files(conn, feed.id, [file.url for file in files])
    same = [known[file.url] for file in files if _is_same(file, known)]
    if refs := [one.archived.ref for one in same if run.kind != "nightly" or not one.archived.is_derived]:
        yield [Polled(feed, ref) for ref in refs]
    for part in _read([one for one in found if isinstance(one, Unreadable) or not _is_same(one, known)], run, feed):
        if polled := _archive(run, feed, part, known):
            yield polled


def _is_same(file: FoundFile, known: Mapping[str, KnownFile]) -> bool:
    before = known.get(file.url)
    return before is not None and before.stamp == file.stamp


Part = list[tuple[FoundFile | Unreadable, Capture | Unreadable]]


def _read(found: Sequence[FoundFile | Unreadable], run: Run, feed: Feed) -> Iterator[Part]:
    """What became of each file, in parts that memory holds."""
    part: Part = []
    size = 0
    for one in found:
        read = one if isinstance(one, Unreadable) else read_file(one, feed, run.now)
        part.append((one, read))
        size += len(read.wire_body) if isinstance(read, Capture) else 0
        if size > BATCH_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _archive(run: Run, feed: Feed, part: Part, known: Mapping[str, KnownFile]) -> list[Polled]:
    """The captures that are to be derived, in the archive. A file that was only touched is none of them."""
    captures = [read for _, read in part if isinstance(read, Capture)]
    stamps = {one.url: one.stamp for one, _ in part if isinstance(one, FoundFile)}
    with run.warehouse.begin() as conn:
        archived = capture_verbs.archived_files(conn, feed.id, [capture.url for capture in captures])
    written = run.writer.write([one for one in captures if (one.url, one.digest) not in archived])
    there = archived | {(ref.url, ref.digest): ref for ref in written}
    refs = [there[capture.url, capture.digest] for capture in captures]
    with run.warehouse.begin() as conn:
        capture_verbs.record_captures(conn, run.id, written)
        capture_verbs.record_files(conn, feed.id, stamps, refs)
        quarantine.resolve_failures(conn, [(ref.source_id, ref.url) for ref in refs], run.now, stage=Stage.FETCH)
    failures = [_failure(run, feed, read) for _, read in part if isinstance(read, Unreadable)]
    return [
        *(Polled(feed, ref) for ref in refs if run.kind != "nightly" or not _is_taken_in(ref, known)),
        *(Polled(feed, None, failure=failure) for failure in failures),
    ]


def _is_taken_in(ref: CaptureRef, known: Mapping[str, KnownFile]) -> bool:
    before = known.get(ref.url)
    return before is not None and before.archived.ref.id == ref.id and before.archived.is_derived


def _failure(run: Run, feed: Feed, missed: Unreadable) -> Failure:
    return Failure(Stage.FETCH, missed.reason, missed.detail, missed.url, feed.source_id, run.now, feed_id=feed.id)
