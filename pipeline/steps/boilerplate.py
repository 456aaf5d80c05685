"""boilerplate: what recurs over a source's pages is learned, and the texts that are stored are made without it.

Articles that were extracted before a line was learned, or before an operator said a word on it, are made again from the
archive. So the warehouse is the same whether a page came before or after the line was known.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby

from pipeline.articles.learned import MIN_STORIES, RULES_VERSION, decide_line, stories_of
from pipeline.articles.sightings import frame_of, frame_pattern, line_id_of
from pipeline.errors import UsageError
from pipeline.settings import Settings
from pipeline.steps.land import land
from pipeline.steps.reread import read_again
from pipeline.steps.run import Run, Tally
from pipeline.types import KnownLine, LineChange, VersionPlace
from pipeline.warehouse import boilerplate as verbs
from pipeline.warehouse import evidence
from pipeline.warehouse.engine import Connection, Warehouse

log = logging.getLogger("dateline")

PAGE_BATCH = 256
PATTERNS = 50  # lines that are looked for at once


def learn(run: Run) -> None:
    """What the pages that bear witness say now, in the place of what they said before."""
    with run.warehouse.begin() as conn:
        learn_lines(conn)


def learn_lines(conn: Connection) -> None:
    """What `learn` does, within a transaction."""
    stories = stories_of(evidence.same_stories(conn))
    seen = evidence.evidence_of_lines(conn, stories, MIN_STORIES)
    verbs.record_verdicts(conn, [(line, decide_line(line)) for line in seen], RULES_VERSION)


def apply(run: Run) -> int:
    """Makes the stored texts again that have a line otherwise than they are to have it; how many pages that took.

    A run that is killed in between leaves the changes due, and the next run goes on.
    """
    with run.warehouse.begin() as conn:
        changes = verbs.changes_due(conn)
    pages = 0
    for source_id, of_source in groupby(changes, key=lambda change: change.source_id):
        pages += _apply_to(run, source_id, list(of_source))
    return pages


def _apply_to(run: Run, source_id: str, changes: Sequence[LineChange]) -> int:
    """Between its batches a backfill yields. Should the run that it yields to learn otherwise, that is due again."""
    found: dict[str, VersionPlace] = {}
    with run.warehouse.begin() as conn:
        for start in range(0, len(changes), PATTERNS):
            patterns = "|".join(frame_pattern(change.frame) for change in changes[start : start + PATTERNS])
            found |= {place.version_id: place for place in verbs.versions_with(conn, source_id, patterns)}
    places = [found[version_id] for version_id in sorted(found)]
    uncounted = replace(run, tally=Tally())  # what was known already is no news
    for start in range(0, len(places), PAGE_BATCH):
        land(uncounted, list(read_again(run, places[start : start + PAGE_BATCH]).values()))
        run.progress("boilerplate", min(start + PAGE_BATCH, len(places)), len(places))
        run.warehouse.yield_if_wanted()
    with run.warehouse.begin() as conn:
        verbs.mark_applied(conn, changes)
    log.info("%s: %d lines of its pages changed sides, %d pages were read again", source_id, len(changes), len(places))
    return len(places)


# ------------------------------------------------------------------------------------------------ an operator's word

_ID = re.compile(r"[0-9a-f]{6,24}")


def lines_of(settings: Settings, source_id: str) -> list[KnownLine]:
    """What is known of a source's lines. Raises `WarehouseBusy` during a run: then ask the published file."""
    with _opened(settings, source_id) as conn:
        return verbs.known_lines(conn, source_id)


@dataclass(frozen=True, slots=True)
class Word:
    """The line that an operator's word was taken to be of."""

    text: str
    is_seen: bool  # whether a page of the source has it
    near: str | None  # one that recurs and is spelt nearly so, where none has it


def say(settings: Settings, source_id: str, line: str, verdict: str) -> Word:
    """Keeps an operator's word (keep, drop) on a line, named by its text or the beginning of its id.

    The next run makes the stored texts of the source accordingly. The word holds for pages to come too, so the line may
    be one that no page has yet.
    """
    with _opened(settings, source_id) as conn:
        line_id, frame, text = _named(conn, source_id, line)
        recurring = {known.frame: known.text for known in verbs.known_lines(conn, source_id) if known.reason}
        is_seen = frame in recurring or verbs.has_line(conn, source_id, line_id, frame_pattern(frame))
        near = [] if is_seen else get_close_matches(frame, recurring, n=1, cutoff=0.8)
        verbs.correct(conn, source_id, line_id, verdict=verdict, frame=frame, text=text, now=settings.clock())
    return Word(text, is_seen, recurring[near[0]] if near else None)


def unsay(settings: Settings, source_id: str, line: str) -> str:
    """Forgets an operator's word on a line; its text."""
    with _opened(settings, source_id) as conn:
        line_id, _, text = _named(conn, source_id, line)
        if not verbs.undo_correction(conn, source_id, line_id):
            raise UsageError(f"Nothing was said of this line of {source_id}: {text}")
    return text


@contextmanager
def _opened(settings: Settings, source_id: str) -> Iterator[Connection]:
    if not settings.warehouse_path.is_file():
        raise UsageError(f"There is no warehouse {settings.warehouse_path} yet. Run `dateline nightly` first.")
    with Warehouse(settings.warehouse_path, "boilerplate") as warehouse, warehouse.begin() as conn:
        if not verbs.knows_source(conn, source_id):
            raise UsageError(f'There is no source {source_id}. `dateline query "from sources"` names them.')
        yield conn


def _named(conn: Connection, source_id: str, line: str) -> tuple[str, str, str]:
    """Id, frame and text of the line that an operator means. Raises `UsageError` where there is none."""
    if not line.strip():
        raise UsageError("Give the line, or the beginning of its id.")
    if _ID.fullmatch(line):
        meant = [known for known in verbs.known_lines(conn, source_id) if known.line_id.startswith(line)]
        if len(meant) > 1:
            raise UsageError(f"{len(meant)} lines of {source_id} have an id that begins with {line}. Give more of it.")
        if meant:
            return meant[0].line_id, meant[0].frame, meant[0].text
    frame = frame_of(line)
    return line_id_of(frame), frame, line
