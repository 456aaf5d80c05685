"""When a story of the teleprinter age was filed, as the line at its end says."""

import re
from dataclasses import dataclass
from datetime import datetime

from pipeline.dates import find_dates, make_day
from pipeline.entries.stamps import ELSEWHERE

_STAMP = re.compile(  # 212322 GMT Nov 18
    r"(?P<day>\d\d)\s?(?P<hour>\d\d)(?P<minute>\d\d)\s*(?P<zone>[A-Za-z]{1,4}(?=\s+[^\W\d_]{3,}))?\s+(?P<month>[^\W\d_]{3,12})\.?\s+"
    r"(?P<year>\d{4}|\d\d)(?!\d)"
)
_DASHED = re.compile(  # 01-MAR-26 13:22
    r"(?P<day>\d\d)-(?P<month>[^\W\d_]{3,12})-(?P<year>\d{4}|\d\d)\s+(?P<hour>\d\d)[:.](?P<minute>\d\d)"
    r"\s*(?P<zone>[A-Z]{2,4}\b)?"
)
_SLASHED = re.compile(r"(?<=\d{4}-\d\d-\d\d)/(?=\d\d:\d\d)")  # APA: 2026-03-01/13:22
_PIVOT = 70  # ANPA 1312 and IPTC 7901 are of the seventies: '69 is 2069


@dataclass(frozen=True, slots=True)
class Made:
    """When a version was made, as its trailer says."""

    at: datetime | None = None
    raw: str | None = None
    assumed_timezone: str | None = None


def day_time_of(text: str, timezone: str) -> Made:
    """The instant of a line `ddhhmm [zone] month year`, else the one that it writes in another way."""
    found = _STAMP.search(text) or _DASHED.search(text)
    if not found:
        return _written(text, timezone)
    written = "{day} {month} {year} {hour}:{minute} {zone}".format(
        **found.groupdict("") | {"year": full_year(found["year"]), "zone": (found["zone"] or "").upper()}
    )
    reading = next(find_dates(written, timezone), None)
    at = reading.at if reading else None
    return Made(at, found[0].strip(), timezone if at and not found["zone"] else None)


def _written(text: str, timezone: str) -> Made:
    """The instant of a line that writes it as people do: `01.03.2026 13:22`."""
    text = _SLASHED.sub(" ", text)
    reading = next((reading for reading in find_dates(text, timezone) if reading.at), None)
    if reading is None:
        return Made()
    again = next((other.at for other in find_dates(text, ELSEWHERE) if other.raw == reading.raw), None)
    return Made(reading.at, reading.raw, timezone if again != reading.at else None)


def full_year(written: str) -> int:
    """The year of two digits in its century."""
    year = int(written)
    return year if year > 99 else year + (1900 if year >= _PIVOT else 2000)


def day_of(year: int | None, month: int, day: int) -> str | None:
    """The day in ISO 8601, `--11-21` where the year is not known; None where there is no such day."""
    if year is None:
        return f"--{month:02}-{day:02}" if make_day(2000, month, day) else None
    known = make_day(year, month, day)
    return known.isoformat() if known else None
