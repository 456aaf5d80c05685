"""Bylines and datelines of the wire → names, places."""

import re

from pipeline.entries.markup import tidy

_BY = re.compile(r"(?:by|von|par|por|di|de|door|av|af|text|story by)(?::\s*|\s+)(?=\S)", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()]+@[^\s<>()]+")
_LONGEST = 500
_NO_NAME = re.compile(rf"<\s*{_ADDRESS.pattern}\s*>|\(\s*{_ADDRESS.pattern}\s*\)|{_ADDRESS.pattern}")
_AND = re.compile(r"\s*;\s*|\s+(?:and|und|et|y|e|och|og|AND|UND|ET|OCH|OG|&)\s+|\s+/\s+")
_DESK = re.compile(
    r"\b(?:afp|agenc\w*|ap|association|college|correspondents?|desk|dpa|editors?|institut\w*|magazine|media|news\w*"
    r"|press\w*|reporters?|reuters|times|universit\w*|writers?)\b",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"[a-zà-ÿ]{2,4}(?:/[a-zà-ÿ]{2,4})+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,4}"
)  # initials of a desk (gr/bp), a web site
_MONTH = (
    "jan|feb|m[aä]r|apr|ma[iy]|mei|jun|jul|aug|sep|o[ck]t|nov|de[cz]|gen|mag|giu|lug|ago|set|ott|dic|ene|abr|f[eé]v|avr"
    "|juin|juil|ao[uû]t|out"
)
_PLACE_END = re.compile(
    rf"\s*(?:,|\(|/|\d|\s[-–—_]|[-–—_]$|:|\.-|\s(?:{_MONTH})[\w.]*\s+\d|\s\d+\s+(?:{_MONTH})).*",
    re.IGNORECASE | re.DOTALL,
)


def names_of(byline: str | None) -> tuple[str, ...]:
    """The people of a byline: "By A BELL and C DAY, Press Association" → A BELL, C DAY. Mail addresses are left out."""
    text = tidy(byline)
    if not text or len(text) > _LONGEST:
        return ()
    if bracketed := re.fullmatch(rf"{_ADDRESS.pattern}\s*\((.*)\)", text):  # RSS 2.0: lawyer@boyer.net (Lawyer Boyer)
        text = bracketed[1]
    text = _BY.sub("", _NO_NAME.sub(" ", text).strip(" ,;"), count=1)
    names = [name for part in _AND.split(text) for name in _listed(part)]
    return tuple(dict.fromkeys(name for raw in names if (name := raw.strip(" ,;")) and not _NO_PERSON.fullmatch(name)))


def _listed(part: str) -> list[str]:
    """The names of a list that commas part. What follows a name and names a desk or an office is dropped."""
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    if len(pieces) == 2 and all(len(piece.split()) == 1 for piece in pieces):
        return [f"{pieces[1]} {pieces[0]}"]  # a catalogue's "Bell, Ada"
    return pieces[:1] + [piece for piece in pieces[1:] if len(piece.split()) > 1 and not _DESK.search(piece)]


def place_of(dateline: str | None, located: str | None = None) -> str | None:
    """The place of a dateline ("FORT WASHINGTON, Pa." → FORT WASHINGTON), or the place that was delivered beside it.

    Reuters writes a time where the dateline stands; ANSA its own name first.
    """
    if located and dateline and located.casefold() in dateline.casefold():
        return located
    return (_PLACE_END.sub("", dateline[:_LONGEST]).strip(" .-–—_") if dateline else None) or located
