"""The dateline of a text: where it was written, on which day and by which agency."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.articles.agencies import agency_named
from pipeline.articles.lines import letters
from pipeline.dates import find_month_day
from pipeline.text import squash
from pipeline.types import Block


@dataclass(frozen=True, slots=True)
class Dateline:
    place: str | None = None
    agency: str | None = None
    month_day: tuple[int, int] | None = None  # datelines name no year


HEAD_CHARS = 140  # no dateline is longer
LEADING_BLOCKS = 5
NOTE_CHARS = 90  # of a line that stands above a dateline and is no sentence
_NOTE = re.compile(r"\s*[(\[*].*[)\]*]\s*", re.DOTALL)
_SENTENCE_ENDS = (".", "!", "?", "”", '"', "»", "。")

_UP = r"[^\W\d_a-zà-öø-ÿа-я]"  # a capital, or a letter of a script that has none
# Possessive (`*+`), so that a line of capitals takes no longer than another.
_WORD = rf"{_UP}[\w.'’]*+"
_PLACE = rf"(?P<place>{_WORD}(?:[ /-](?:{_WORD}|(?:d[aeiou]s?|del|la|am|an|of)\b)){{0,4}}+)"
_ALL_UPPER = rf"(?P<place>{_UP}(?:{_UP}|[.'’])++(?:[ /-](?:{_UP}|[.'’])++){{0,3}}+)(?!\w)"
_REGION = r"(?:,\s*[^\W\d_][\w.'’ -]{1,24}?)??"
_DAY = r"(?P<when>[^\W\d_]{3,10}\.?\s+\d{1,2}|\d{1,2}\.?º?\s+(?:de\s+)?[^\W\d_]{3,10})\.?(?:,?\s+\d{4})?"
_WHEN = rf"(?:,?\s*\(?{_DAY}\)?,?)?"
_AGENCY = r"(?P<agency>[A-Za-zÀ-žА-я][\w. /+-]{1,30})"
_DASH = r"\s*(?:\.?\s*[-–—―‒]{1,2}|\.)(?=\s|[^\W\d_])"

# `MANILA, March 1 (Reuters) - `, `Berlin (dpa/bb) – `, `МОСКВА, 5 марта. /ТАСС/. `
_WITH_AGENCY = re.compile(rf"{_PLACE}{_REGION}{_WHEN}\s*[(/]\s*{_AGENCY}\s*[)/](?:{_DASH}|\s*:|\s)")
# `(Reuters) - `, `(ANSA) - ROMA, 05 MAR - `
_AGENCY_FIRST = re.compile(
    rf"[(/]\s*{_AGENCY}\s*[)/]{_DASH}\s*(?:(?P<place>{_UP}{{3,}}(?: {_UP}{{2,}})*){_WHEN}\s*[-–—]\s)?"
)
# `МОСКВА, 5 мар - РИА Новости. `
_AGENCY_LAST = re.compile(rf"{_PLACE}{_WHEN}\s*[-–—]\s*(?P<agency>РИА Новости|ТАСС|Интерфакс|AFP|Reuters)\.")
# `March 4 (Reuters) - `
_DAY_FIRST = re.compile(rf"{_DAY}\s*\(\s*{_AGENCY}\s*\){_DASH}")
# `MANILA, March 1 - `
_DATED = re.compile(rf"{_PLACE}{_REGION},\s*{_DAY}\s*[-–—]{{1,2}}\s")
# `MOSCOW — `
_BARE = re.compile(rf"{_ALL_UPPER}{_REGION}\s+(?:[—–―]|--?)\s+(?=\W?(?:\w[\w’']*[^\W\d_A-Z]|[AI]\b))")

_NO_PLACE = frozenset(
    """analysis breaking correction exclusive explainer fact factbox live new note opinion recap review update updated
    urgent video watch wrapup""".split()  # noqa: SIM905 (a list would be thirty lines)
)
_PARTICLES = frozenset(
    """de del da das do dos di du des le la las los am an der den en of the sur sous and und y e i""".split()  # noqa: SIM905 (a list would be thirty lines)
)
_COUNT = re.compile(r"[\s\d:.]+$")  # of `UPDATE 1`


def read_dateline(text: str) -> Dateline | None:
    """The dateline at the beginning of a text: `MANILA, March 1 (Reuters) - `, `BERLIN (dpa/bb) – `, `MOSCOW — `."""
    head = text.lstrip(" *_")[:HEAD_CHARS]
    for form in (_DAY_FIRST, _WITH_AGENCY, _AGENCY_FIRST, _AGENCY_LAST, _DATED, _BARE):
        found = form.match(head)
        if found and (dateline := _dateline_of(found, form)):
            return dateline
    return None


def leading_dateline(blocks: Sequence[Block]) -> Dateline:
    """The dateline that a text begins with, be it below the desk's notes: `(In Jan. 3 story, corrects …)`, a byline.

    A round-up, which below its heading has one dateline after the other, is from no one place.
    """
    for position, block in enumerate(blocks[:LEADING_BLOCKS]):
        if dateline := read_dateline(block.text):
            is_roundup = position > 0 and any(
                read_dateline(next_.text) for next_ in blocks[position + 1 : position + 3]
            )
            return Dateline() if is_roundup else dateline
        if not _NOTE.fullmatch(block.text) and (len(block.text) > NOTE_CHARS or block.text.endswith(_SENTENCE_ENDS)):
            break
    return Dateline()


def _dateline_of(found: re.Match[str], form: re.Pattern[str]) -> Dateline | None:
    parts = found.groupdict()
    agency = agency_named(parts["agency"]) if parts.get("agency") else None
    month_day = find_month_day(parts["when"]) if parts.get("when") else None
    place = place_name(parts["place"]) if parts.get("place") else None
    if form not in (_DATED, _BARE) and agency is None:
        return None  # a bracket that is no agency: "ROME (the city) — "
    if form in (_DATED, _DAY_FIRST) and month_day is None:
        return None
    if form is _BARE and (not parts["place"].isupper() or letters(parts["place"]) < 3):
        return None
    if place and _COUNT.sub("", place).casefold() in _NO_PLACE:
        return None
    return Dateline(place, agency, month_day)


def place_name(written: str) -> str:
    """The place as a text would write it: `RIO DE JANEIRO` → `Rio de Janeiro`; what isn't in capitals stays."""
    if any(letter.islower() for letter in re.sub(r"\bMc|\bMac", "", written)):
        return squash(written)
    parts = re.split(r"([ /-]+)", squash(written))  # words, each with what parts it from the next
    before = ["/", *parts]
    return "".join(
        part.lower() if part.lower() in _PARTICLES and "/" not in before[i] else _capitalised(part)
        for i, part in enumerate(parts)
    )


def _capitalised(word: str) -> str:
    if "." in word.rstrip("."):  # D.C., U.N.
        return word
    return word[:1] + word[1:].lower()
