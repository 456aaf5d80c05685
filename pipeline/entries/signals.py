"""What a version does, in the codes, the slugs, the headlines and the notes of editors."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from pipeline.entries.orders import embargo_stamp, is_embargo_ordered, status_ordered
from pipeline.entries.slugs import is_held, is_kill, is_withheld, joined, leading_marks, slug_and_marks
from pipeline.entries.stamps import assumed_zone, feed_stamp
from pipeline.entries.wire import with_embargo
from pipeline.types import Status

_DOES = re.compile(  # what a code says of a version; agencies signal products, desks and layouts beside it
    r"(?:partial|major|minor|mandatory|news|story|item)?[-_ ]*(?:correct|rectif|update|replace|rewrite|write-?thr"
    r"|refile|repeat|resend|kill|cancel|withdr|retract|delet|take-?\s?down|annul|recall|advisory|lead|add)",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(  # KillItem, TakeDown, mandatory-kill; not "delete photo"
    r"(?:mandatory|story|item|news|full)?[-_ ]*(?:kill|cancel(?:l?ed|lation)?|withdraw(?:n|al)?|retract(?:ed|ion)?"
    r"|delet(?:ed?|ion)|take-?\s?down|annul(?:led|ation)?|recall(?:ed)?)[-_ ]*(?:story|item)?",
    re.IGNORECASE,
)


def signals_among(codes: Iterable[str | None]) -> tuple[str, ...]:
    """The codes that say what the version does, in lower case, each once."""
    return tuple(dict.fromkeys(code.lower() for code in codes if code and _DOES.match(code)))


def signal_text(signals: Iterable[str], slug: str | None, headline: str | None) -> str | None:
    """What the version does: by its codes, else by the marks of its slug ("1st Ld-Writethru") and headline
    ("UPDATE 2-").
    """
    return ", ".join(signals) or joined(slug_and_marks(slug or "")[1], leading_marks(headline or "")[1])


def is_embargo_told(signal: str | None, note: str | None) -> bool:
    """Whether what the version does, or a note to editors, holds the story for release."""
    return is_held(signal) or is_embargo_ordered(note)


def status_told(status: Status, signal: str | None, note: str | None) -> Status:
    """Canceled or withheld, where what the version does, or a note to editors, takes the story back or keeps it,
    whatever the status says.
    """
    if is_kill(signal) or any(map(_TAKES_BACK.fullmatch, (signal or "").split(", "))):
        return Status.CANCELED
    ordered = status_ordered(status, note)
    return Status.WITHHELD if is_withheld(signal) and ordered is not Status.CANCELED else ordered


class Release(NamedTuple):
    """Whether an item may be used."""

    status: Status
    embargo_until: datetime | None
    assumed_timezone: str | None  # the zone in which the embargo's end was read, if a note gives it without one


def release_told(
    status: Status,
    signal: str | None,
    note: str | None,
    filed_at: datetime | None,
    timezone: str,
    *,
    is_stated: bool = False,
    until: datetime | None = None,
) -> Release:
    """The status as `status_told`; embargoed where that is stated or told, until the end that is stated, else until the
    day and the clock that the note names.
    """
    told = status_told(status, signal, note)
    stamp = embargo_stamp(note, filed_at) if until is None else None
    end = until or feed_stamp(stamp, timezone)
    is_held_back = is_stated or status is Status.EMBARGOED or is_embargo_told(signal, note)
    return Release(with_embargo(told, is_held_back, end), end, assumed_zone(timezone, stamp) if stamp else None)
