"""Dates: stamps and dates as feeds, pages and wires write them → days, and aware UTC where a time is known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed_zone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class DateReading:
    """One date as it was written: the day by the clock of who wrote it, and the instant where a time was written."""

    raw: str
    day: date
    at: datetime | None = None
    other_day: date | None = None  # the day that it would be if day and month were swapped (3/4/2024)


# ------------------------------------------------------------------------------------------------ stamps

# Abbreviations that mean one clock in news.
_ZONE_HOURS = {
    "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "BST": 1, "MSK": 3, "SAST": 2,
    "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "PST": -8, "PDT": -7, "Z": 0, "UTC": 0, "GMT": 0,
}  # fmt: skip
_ZONE_NAME = re.compile(r"(?<=\d)\s*\(?([A-Z]{1,5})\)?$")
_HALF = re.compile(r"(?<=\d)\s*([ap])(?:m\b|\.m\.)", re.IGNORECASE)  # of the day; the parsers take PM for a zone
_LOOSE_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_ZERO_ZONE = re.compile(r"\s-0000$")
_NO_TIME = re.compile(r"\d{4}-?\d{2}-?\d{2}$|\d{4}[-/]\d{1,2}[-/]\d{1,2}$")


def parse_stamp(raw: str | None, timezone: str = "UTC") -> datetime | None:
    """An ISO 8601 or RFC 5322 stamp as aware UTC; one without a zone is of `timezone`; None where it is neither."""
    stamp = _aware_stamp(raw, timezone)
    if stamp is None:
        return None
    try:
        return stamp.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def read_stamp(raw: str | None, timezone: str = "UTC") -> DateReading | None:
    """A stamp with its day: by its own offset where it has one that isn't UTC's, else by the clock of `timezone`."""
    stamp = _aware_stamp(raw, timezone)
    if raw is None or stamp is None:
        return None
    if _NO_TIME.match(raw.strip()):
        return DateReading(raw.strip(), stamp.date())
    try:
        at = stamp.astimezone(UTC)
        day = stamp.date() if stamp.utcoffset() else local_day(at, timezone)
    except (OverflowError, ValueError):
        return None
    return DateReading(raw.strip(), day, at)


def local_day(at: datetime, timezone: str) -> date:
    """The day that an instant falls on by the clock of `timezone`."""
    return at.astimezone(ZoneInfo(timezone)).date()


def _aware_stamp(raw: str | None, timezone: str) -> datetime | None:
    if not raw or not (value := raw.strip()):
        return None
    stamp = _parse_any(value)
    if stamp is None or stamp.tzinfo is not None:
        return stamp
    named = _ZONE_NAME.search(value)
    if _ZERO_ZONE.search(value):  # RFC 5322 3.3: universal time, from a clock of unknown zone
        zone: tzinfo = UTC
    elif named and named[1] in _ZONE_HOURS:
        zone = fixed_zone(timedelta(hours=_ZONE_HOURS[named[1]]))
    else:
        zone = ZoneInfo(timezone)
    return stamp.replace(tzinfo=zone)


def _parse_any(value: str) -> datetime | None:
    half = _HALF.search(value)
    value = _HALF.sub("", value, count=1)
    for parse in (datetime.fromisoformat, _parse_loose_iso, parsedate_to_datetime):
        try:
            stamp = parse(value)
        except (ValueError, IndexError, TypeError, OverflowError):
            continue
        if stamp is not None:
            return _in_half(stamp, half[1]) if half else stamp
    return None


def _in_half(stamp: datetime, half: str) -> datetime:
    """The stamp in the half of the day that stands behind its clock; `14:30 PM` says it twice."""
    if stamp.hour > 12:
        return stamp
    return stamp.replace(hour=stamp.hour % 12 + (12 if half in "pP" else 0))


def _parse_loose_iso(value: str) -> datetime | None:
    """ISO 8601 as it is miswritten: `2024-3-5 9:30 +0100`, `2024/03/05 14:00 UTC`."""
    found = _LOOSE_ISO.match(value)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    return datetime(year, month, day, hour, minute, second, tzinfo=_offset(found[7]))


def _offset(written: str | None) -> tzinfo | None:
    if not written:
        return None
    if written[0] not in "+-":
        return UTC
    digits = written[1:].replace(":", "")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return fixed_zone(-shift if written[0] == "-" else shift)


# ------------------------------------------------------------------------------------------------ written dates

# January to December; genitives and abbreviations included. No name here means two months in two languages.
_MONTHS = (
    "january jan januar januari janvier janv enero ene gennaio gen janeiro tammikuuta tammikuu stycznia styczeń "
    "января янв ocak ledna leden jänner",
    "february feb februar februari février févr fév fevrier febrero febbraio fevereiro fev helmikuuta helmikuu "
    "lutego luty февраля фев şubat února únor febr feber",
    "march mar märz mars maart mrt marzo março maaliskuuta maaliskuu marca marzec марта мар mart března březen "
    "mär marts mrz",
    "april apr avril avr abril abr aprile huhtikuuta huhtikuu kwietnia kwiecień апреля апр nisan dubna duben",
    "may mai mei mayo maggio mag maio toukokuuta toukokuu maja maj мая mayıs května květen",
    "june jun juni juin junio giugno giu junho kesäkuuta kesäkuu czerwca czerwiec июня июн haziran června červen",
    "july jul juli juillet juil julio luglio lug julho heinäkuuta heinäkuu lipca lipiec июля июл temmuz července "
    "červenec",
    "august aug augusti augustus août aout agosto ago elokuuta elokuu sierpnia sierpień августа авг ağustos srpna "
    "srpen",
    "september sep sept septembre septiembre set settembre sett setembro syyskuuta syyskuu września wrzesień "
    "сентября сен eylül září",
    "october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta lokakuu października październik "
    "октября окт ekim října říjen",
    "november nov novembre noviembre novembro marraskuuta marraskuu listopada ноября ноя kasım listopadu",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro desember des joulukuuta "
    "joulukuu grudnia grudzień декабря дек aralık prosince prosinec",
)  # fmt: skip
_MONTH = {name: month for month, names in enumerate(_MONTHS, start=1) for name in names.split()}

_YEAR = r"((?:19|20)\d{2})(?!\d)"
_WORD = r"([^\W\d_]{3,12})\.?"
_DAY = r"(?<![\d.,:/-])(\d{1,2})"
_DAY_MONTH_YEAR = re.compile(
    rf"{_DAY}(?:st|nd|rd|th|er|\.|º|ª|°)?[\s-]+(?:de\s+|of\s+)?{_WORD},?[\s-]+(?:de[l]?\s+)?{_YEAR}"
)
_MONTH_DAY_YEAR = re.compile(rf"(?<![^\W\d_]){_WORD}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}")
_MONTH_DAY = re.compile(
    rf"(?<![^\W\d_]){_WORD}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)|{_DAY}(?:\.|er|º)?\s+(?:de\s+)?{_WORD}"
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d){_YEAR}(?:[-/.]\s?|\s?[年년]\s?)(\d{{1,2}})(?:[-/.]\s?|\s?[月월]\s?)(\d{{1,2}})(?!\d)"
)
_NUMBERS = re.compile(rf"{_DAY}([./-])\s?(\d{{1,2}})\2\s?{_YEAR}")
_CLOCK = re.compile(
    r"^[\s,|·•–—@日일()a-zA-Zàáä:]{0,24}?(?<!\d)(\d{1,2})\s?[:.h시]\s?(\d{2})(?![\d.])(?::\d{2})?"
    r"\s*(a\.?m\.?|p\.?m\.?)?(?:\s*\(?(Z|UTC|GMT|[A-Z]{3,4}|[+-]\d{2}:?\d{2})\b)?",
    re.IGNORECASE,
)


def find_dates(text: str, timezone: str = "UTC", *, is_day_first: bool | None = None) -> Iterator[DateReading]:
    """The dates with a year that a line of text has, in its order of kinds: written, year first, numbers.

    `3/4/2024` is two days at once unless `is_day_first` says how the writer's language writes; `3.4.2024` is always
    the 3rd of April. A clock that follows is of `timezone` unless it says its own zone.
    """
    for found in _DAY_MONTH_YEAR.finditer(text):
        yield from _reading(text, found, found[3], _MONTH.get(found[2].lower()), found[1], timezone)
    for found in _MONTH_DAY_YEAR.finditer(text):
        yield from _reading(text, found, found[3], _MONTH.get(found[1].lower()), found[2], timezone)
    for found in _YEAR_FIRST.finditer(text):
        yield from _reading(text, found, found[1], int(found[2]), found[3], timezone)
    for found in _NUMBERS.finditer(text):
        first, second = int(found[1]), int(found[3])
        is_swapped = (first <= 12 and second > 12) or (first <= 12 and is_day_first is False and found[2] != ".")
        day, month = (second, first) if is_swapped else (first, second)
        is_ambiguous = found[2] != "." and is_day_first is None and first <= 12 and second <= 12 and first != second
        other = make_day(found[4], day, month) if is_ambiguous else None
        yield from _reading(text, found, found[4], month, str(day), timezone, other)


def find_month_day(text: str) -> tuple[int, int] | None:
    """Month and day of the first written date, which need not have a year: a dateline's `March 1`."""
    start = 0
    while found := _MONTH_DAY.search(text, start):
        month = _MONTH.get((found[1] or found[4]).lower())
        day = int(found[2] or found[3])
        if month and 1 <= day <= 31:
            return month, day
        start = found.start() + 1  # `lundi 2 mars`: a weekday and a number look like a month and its day
    return None


def make_day(year: int | str, month: int | str, day: int | str) -> date | None:
    """The day, or None where the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _reading(
    text: str, found: re.Match[str], year: str, month: int | None, day: str, timezone: str, other: date | None = None
) -> Iterator[DateReading]:
    known = make_day(year, month, day) if month else None
    if known is None:
        return
    clock = _CLOCK.match(text[found.end() : found.end() + 40])
    at = None if other else _instant(known, clock, timezone)
    raw = text[found.start() : found.end() + (clock.end() if at and clock else 0)]
    yield DateReading(raw.strip(), known, at, other)


def _instant(day: date, clock: re.Match[str] | None, timezone: str) -> datetime | None:
    if not clock:
        return None
    hour, minute, half, zone = int(clock[1]), int(clock[2]), (clock[3] or "").lower(), clock[4]
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23 or minute > 59:
        return None
    known: tzinfo = ZoneInfo(timezone)
    if zone and zone[0] in "+-":
        known = _offset(zone) or known
    elif zone and zone.upper() in _ZONE_HOURS:
        known = fixed_zone(timedelta(hours=_ZONE_HOURS[zone.upper()]))
    elif zone and zone.isupper() and zone not in ("UHR",):
        return None  # a zone that we can't name: the day is known, the instant isn't
    try:
        return datetime.combine(day, time(hour, minute), known).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
