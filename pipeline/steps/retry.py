"""retry: what could not be read and lies in quarantine with its bytes is read again, by the code that is here now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline import __version__
from pipeline.steps.collect import count_failures
from pipeline.steps.derive import count_seen, land_documents, read_pages, record_seen
from pipeline.steps.land import land
from pipeline.steps.reread import feed_named
from pipeline.steps.run import Run
from pipeline.types import CaptureKind, CaptureRef, Failure
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import pages as page_verbs
from pipeline.warehouse import quarantine

BATCH = 64  # captures whose texts are held at once


def retry_failures(run: Run, *, of_other_code: bool) -> int:
    """Takes in what reads now of the captures that failed; how many failures that resolved.

    `of_other_code` leaves those alone that this version of the code has seen fail already. What fails again stays in
    quarantine, by its new reason; nothing else changes.
    """
    with run.warehouse.begin() as conn:
        failed = quarantine.unread_failures(conn, __version__ if of_other_code else None)
        refs = capture_verbs.capture_refs(conn, [failure.capture_id or "" for failure in failed.values()])
    by_capture: dict[str, dict[str, Failure]] = defaultdict(dict)
    for stored_id, failure in failed.items():
        if failure.capture_id in refs:
            by_capture[failure.capture_id][stored_id] = failure
    captures = list(by_capture)
    resolved = 0
    for start in range(0, len(captures), BATCH):
        batch = {capture_id: by_capture[capture_id] for capture_id in captures[start : start + BATCH]}
        resolved += retry_batch(run, batch, refs)
        run.progress("quarantine", min(start + BATCH, len(captures)), len(captures))
        run.warehouse.yield_if_wanted()
    return resolved


def retry_batch(run: Run, failed: Mapping[str, Mapping[str, Failure]], refs: Mapping[str, CaptureRef]) -> int:
    """Reads the captures again, whose failures are given by the ids that they are stored under."""
    first = {capture_id: next(iter(several.values())) for capture_id, several in failed.items()}
    pages = [refs[capture_id] for capture_id in failed if refs[capture_id].kind is CaptureKind.PAGE]
    documents = [refs[capture_id] for capture_id in failed if refs[capture_id].kind is not CaptureKind.PAGE]
    still = {failure.id for failure in [*retry_pages(run, pages, first), *retry_documents(run, documents, first)]}
    resolved = [stored_id for several in failed.values() for stored_id in several if stored_id not in still]
    with run.warehouse.begin() as conn:
        quarantine.resolve(conn, resolved, run.now)
    return len(resolved)


def retry_pages(run: Run, refs: Sequence[CaptureRef], failed: Mapping[str, Failure]) -> list[Failure]:
    """Lands the articles of the pages that read now; the failures of the others."""
    named = {ref.id: (failed[ref.id].feed_id or "", failed[ref.id].entry_id or "") for ref in refs}
    with run.warehouse.begin() as conn:
        entries = page_verbs.entries_of(conn, list(named.values()))
    articles, failures, _ = read_pages(run, [(ref, entries.get(named[ref.id])) for ref in refs], {})
    land(run, articles)
    with run.warehouse.begin() as conn:
        quarantine.record_failures(conn, failures, __version__)
    count_failures(run, failures)
    return failures


def retry_documents(run: Run, refs: Sequence[CaptureRef], failed: Mapping[str, Failure]) -> list[Failure]:
    """Takes in all items of the documents that read now; the failures of the other documents and items."""
    seen, failures = land_documents(
        run, [(feed_named(run, failed[ref.id].feed_id, ref.source_id), ref) for ref in refs]
    )
    with run.warehouse.begin() as conn:
        new = record_seen(conn, seen, failures)
    count_seen(run, seen, failures, new)
    return failures
