"""What a version does, in the codes, the slugs, the headlines and the notes of editors."""

import re
from collections.abc import Iterable

from pipeline.entries.slugs import is_held, is_kill, joined, leading_marks, slug_and_marks
from pipeline.entries.wire import with_order
from pipeline.types import Status

_DOES = re.compile(  # what a code says of a version; agencies signal products, desks and layouts beside it
    r"(?:partial|major|minor|mandatory)?[-_ ]*(?:correct|rectif|update|replace|rewrite|write-?thr|refile|repeat|resend"
    r"|kill|cancel|withdr|retract|delete|takedown|annul|advisory|lead|add)",
    re.IGNORECASE,
)

_EMBARGO = re.compile(  # not "Adds reaction to the oil embargo"
    r"\bembargoed\b|^\W*(?:strict\w*\W+)?embargo\b|\bembargo\W+(?:until|till|to|for|bis|jusqu\w*|hasta)\b"
    r"|\b(?:under|strict)\W+embargo\b|\bsperrfrist\b|\bhold for release\b",
    re.IGNORECASE,
)
_LIFTED = re.compile(
    r"\bembargo\W+(?:\w+\W+){0,2}(?:lifted|over|expired|ended|passed|removed)|\bno embargo", re.IGNORECASE
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
    return is_held(signal) or bool(note and _EMBARGO.search(note) and not _LIFTED.search(note))


def status_told(status: Status, signal: str | None, note: str | None) -> Status:
    """Canceled, where what the version does, or a note to editors, takes the story back, whatever the status says."""
    return Status.CANCELED if is_kill(signal) else with_order(status, note)
