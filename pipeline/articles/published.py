"""When an article was published: every date that something says it has, and which of them to believe.

No date is invented, and none is resolved silently: what can't be is refused with its reason, what two places say
weighs more than what one says, and `3/4/2024` counts only where another place says the same day.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pipeline.articles.page import Stamp
from pipeline.dates import DateReading, find_dates, local_day, make_day, parse_stamp, read_stamp
from pipeline.types import DateCandidate, Entry

# How far each kind is believed when it stands alone. Stored with the candidates; the thresholds' version is the code's.
CONFIDENCE = {
    "feed": 0.9, "jsonld": 0.88, "meta": 0.85, "microdata": 0.82, "url": 0.8, "time": 0.7, "text": 0.6,
    "dateline": 0.5, "http": 0.15,
}  # fmt: skip
AMBIGUOUS = 0.3  # of each of the two days that 3/4/2024 may be
VAGUE = 0.55  # of a meta element that may mean any date (`date`, `dc.date`): less than of what the reader sees
AGREEMENT = 0.06  # gained for each further kind that has the same day
NEARLY = 0.02  # gained where the other kind is a day off: one of them may be of another zone
SURE_AT_MOST = 0.99
MAX_LINE = 300  # letters of a visible line in which a date is looked for
FIRST_DAY = date(1980, 1, 1)  # of what pages say; a feed may carry an older archive
EPOCHS = frozenset({date(1970, 1, 1), date(1969, 12, 31), date(1, 1, 1), date(1900, 1, 1)})

WRITTEN_BY_HAND = frozenset({"url", "text", "dateline"})  # days by the clock of the newsroom
WRITTEN_ENOUGH = 0.8  # an address, or two other places

DAY_FIRST_REGIONS = frozenset({"gb", "uk", "ie", "au", "nz", "in", "za", "ke", "ng", "gh", "pk", "sg", "my", "hk"})
MAX_OFFSET = timedelta(hours=14)
OFFSET_STEP = timedelta(minutes=30)
A_MINUTE = timedelta(minutes=1)

_UTC_STAMP = re.compile(r"(?:Z|[+-]00:?00|UTC|GMT)\s*$", re.IGNORECASE)
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})([/_.-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_MOMENT = re.compile(  # an id that begins with the minute that the story was filed
    r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\d{0,7}(?!\d)"
)
_URL_SPLIT_DAY = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?=/)")
_URL_MONTH_NAME = re.compile(r"/((?:19|20)\d{2})/([a-z]{3})/(\d{1,2})(?=/)")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


# ------------------------------------------------------------------------------------------------ candidates


def entry_candidates(entry: Entry | None, timezone: str) -> list[DateCandidate]:
    """What the feed says."""
    if entry is None or entry.published_at is None:
        return []
    raw = entry.published_raw or entry.published_at.isoformat()
    reading = read_stamp(entry.published_raw, timezone)
    at = entry.published_at.astimezone(UTC)
    if reading is not None and reading.at is None and reading.day == local_day(at, timezone):
        return [_candidate("feed", reading)]  # a day alone: its midnight is nobody's claim
    day = reading.day if reading is not None and reading.at == at else local_day(at, timezone)
    return [DateCandidate("feed", raw, day, at, CONFIDENCE["feed"])]


def stamp_candidates(stamps: Iterable[Stamp], timezone: str, language: str | None) -> list[DateCandidate]:
    """What the page's JSON-LD, meta, microdata and time elements say."""
    found = []
    for stamp in stamps:
        reading = read_stamp(stamp.raw, timezone)
        if reading is not None:
            candidate = _candidate(stamp.kind, reading)
            found.append(replace(candidate, confidence=VAGUE) if stamp.is_vague else candidate)
        else:
            found.extend(text_candidates(stamp.raw, timezone, language, kind=stamp.kind))
    return found


def url_candidates(url: str) -> list[DateCandidate]:
    """The day in an address: `/2024/03/05/`, `/2024-03-05-`, `20240305`, `/2024/mar/05/`."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    path = f"/{path}"
    days = [make_day(found[1], found[3], found[4]) for found in _URL_DAY.finditer(path)]
    days += [make_day(*found.groups()) for found in _URL_SPLIT_DAY.finditer(path)]
    days += [make_day(*found.groups()) for found in _URL_MOMENT.finditer(path.rpartition("/")[2])]
    named = _URL_MONTH_NAME.search(path.lower())
    if named and named[2] in _MONTH_NAMES:
        days.append(make_day(named[1], _MONTH_NAMES.index(named[2]) + 1, named[3]))
    return [DateCandidate("url", path, day, None, CONFIDENCE["url"]) for day in dict.fromkeys(days) if day][:1]


def text_candidates(text: str, timezone: str, language: str | None, kind: str = "text") -> list[DateCandidate]:
    """The first date of a visible line; two, each hardly believed, where day and month may be swapped."""
    reading = next(find_dates(text[:MAX_LINE], timezone, is_day_first=_is_day_first(language)), None)
    if reading is None:
        return []
    if reading.other_day is None:
        return [_candidate(kind, reading)]
    return [DateCandidate(kind, reading.raw, day, None, AMBIGUOUS) for day in (reading.day, reading.other_day)]


def _is_day_first(language: str | None) -> bool | None:
    """How writers of a language put 3/4/2024; of English only its region can tell."""
    if language is None:
        return None
    primary, _, region = language.lower().replace("_", "-").partition("-")
    if primary != "en":
        return True
    return {"us": False, "ph": False}.get(region, True if region in DAY_FIRST_REGIONS else None)


def leading_candidates(text: str, timezone: str, language: str | None) -> list[DateCandidate]:
    """The date that a paragraph begins with, as press releases do: `01.02.2022 – The office …`."""
    head = text[:60].lstrip('(„“"')
    found = text_candidates(head, timezone, language, kind="dateline")
    return [candidate for candidate in found if head.startswith(candidate.raw[:8])]


def dateline_candidates(month_day: tuple[int, int] | None, others: Sequence[DateCandidate]) -> list[DateCandidate]:
    """A dateline's day, in the year of the likeliest other date: it names none itself, and alone it is no date."""
    best = max((other for other in others if other.refused is None), key=lambda c: c.confidence, default=None)
    if month_day is None or best is None:
        return []
    days = [
        day for year in (best.day.year - 1, best.day.year, best.day.year + 1) if (day := make_day(year, *month_day))
    ]
    nearest = min(days, key=lambda day: abs(day - best.day), default=None)
    if nearest is None:
        return []
    return [DateCandidate("dateline", f"{month_day[0]:02}-{month_day[1]:02}", nearest, None, CONFIDENCE["dateline"])]


def server_candidates(header: str | None, timezone: str) -> list[DateCandidate]:
    """Last-Modified (RFC 9110 8.8.2): when the bytes were made, which seldom is when the story was."""
    reading = read_stamp(header, timezone)
    return [_candidate("http", reading)] if reading else []


def page_candidates(
    *,
    entry: Entry | None,
    said: Iterable[Stamp],
    shown: Iterable[Stamp],
    url: str,
    month_day: tuple[int, int] | None,
    beginnings: Iterable[str],
    server_date: str | None,
    language: str | None,
    timezone: str,
    now: datetime,
) -> tuple[DateCandidate, ...]:
    """All dates that feed, data, address, text, dateline and server give a page, the impossible ones marked."""
    found = entry_candidates(entry, timezone)
    found += stamp_candidates(said, timezone, language)
    found += url_candidates(url)
    found += stamp_candidates(shown, timezone, language)
    found += next((dated for text in beginnings if (dated := leading_candidates(text, timezone, language))), [])
    found += dateline_candidates(month_day, refuse(found, now=now))
    found += server_candidates(server_date, timezone)
    return refuse(dict.fromkeys(found), now=now)


def latest_change(stamps: Iterable[Stamp], timezone: str, now: datetime) -> datetime | None:
    """When the page says that it was changed last; a stamp from the future says nothing."""
    for stamp in stamps:
        at = parse_stamp(stamp.raw, timezone)
        if at is not None and at.year > FIRST_DAY.year and at <= now + timedelta(days=1):
            return at
    return None


def _candidate(kind: str, reading: DateReading) -> DateCandidate:
    return DateCandidate(kind, reading.raw[:200], reading.day, reading.at, CONFIDENCE[kind])


# ------------------------------------------------------------------------------------------------ decision


def refuse(candidates: Iterable[DateCandidate], *, now: datetime) -> tuple[DateCandidate, ...]:
    """The candidates, each that can't be with the reason: future, epoch, too_old, ambiguous."""
    known = list(candidates)
    return tuple(replace(c, refused=_refusal(c, known, now)) for c in known)


def choose_date(
    candidates: Sequence[DateCandidate], *, now: datetime, timezone: str
) -> tuple[DateCandidate | None, tuple[DateCandidate, ...]]:
    """The date to believe, and all candidates in the order of belief, the refused last; None where none is left.

    Days win, then the instant of the most trusted candidate that has one on that day. The confidence of the one
    chosen is raised for each kind that agrees and lowered where a kind that is trusted as much does not.
    """
    judged = refuse(dict.fromkeys(candidates), now=now)
    usable = [c for c in judged if c.refused is None]
    refused = [c for c in judged if c.refused is not None]
    if not usable:
        return None, tuple(refused)
    if timezone == "UTC":
        usable = _by_local_days(usable)
    days = {c.day for c in usable}
    shown = {c.day for c in usable if c.kind in ("text", "time")}
    day = max(days, key=lambda d: (round(_support(d, usable), 6), d in shown, -d.toordinal()))
    agreeing = sorted((c for c in usable if c.day == day), key=_trust)
    best = next((c for c in agreeing if c.at is not None and c.kind != "http"), agreeing[0])
    chosen = replace(best, confidence=round(_belief(day, usable), 2))
    rest = sorted((c for c in usable if c is not best), key=_trust)
    return chosen, (chosen, *rest, *refused)


def _by_local_days(usable: list[DateCandidate]) -> list[DateCandidate]:
    """Where the source's clock isn't known, an instant in UTC is of the day that the page writes, if it can be."""
    by_hand = [c for c in usable if c.kind in WRITTEN_BY_HAND or (c.at is not None and not _is_utc(c))]
    written = {c.day: sum(_best_by_kind(other for other in by_hand if other.day == c.day).values()) for c in by_hand}
    return [(_on_shown_day(c, by_hand) or _on_local_day(c, written)) if _is_utc(c) else c for c in usable]


def _on_shown_day(candidate: DateCandidate, by_hand: Sequence[DateCandidate]) -> DateCandidate | None:
    """The day that a clock on the page shows which is the same instant's, some half hours away from UTC."""
    for shown in by_hand:
        if candidate.at is None or shown.at is None or shown.day == candidate.day:
            continue
        ahead = candidate.at - shown.at  # a clock on a page leaves out the seconds
        if abs(ahead) <= MAX_OFFSET and ahead % OFFSET_STEP < A_MINUTE:
            return replace(candidate, day=shown.day)
    return None


def _on_local_day(candidate: DateCandidate, written: dict[date, float]) -> DateCandidate:
    if candidate.at is None or candidate.day in written:
        return candidate
    first, last = (candidate.at - timedelta(hours=12)).date(), (candidate.at + timedelta(hours=14)).date()
    possible = [day for day, weight in written.items() if first <= day <= last and weight >= WRITTEN_ENOUGH]
    return (
        replace(candidate, day=max(possible, key=lambda day: (written[day], -day.toordinal())))
        if possible
        else candidate
    )


def _is_utc(candidate: DateCandidate) -> bool:
    return candidate.at is not None and _UTC_STAMP.search(candidate.raw) is not None


def _refusal(candidate: DateCandidate, all_of_them: Sequence[DateCandidate], now: datetime) -> str | None:
    if candidate.day in EPOCHS:
        return "epoch"
    latest = now + timedelta(days=1)
    if (candidate.at or datetime.min.replace(tzinfo=UTC)) > latest or candidate.day > latest.date():
        return "future"
    if candidate.day < FIRST_DAY and candidate.kind != "feed":
        return "too_old"
    if candidate.confidence == AMBIGUOUS and not any(
        other.day == candidate.day and other.confidence != AMBIGUOUS for other in all_of_them
    ):
        return "ambiguous"
    return None


def _trust(candidate: DateCandidate) -> tuple[float, bool, str, str]:
    return -candidate.confidence, candidate.at is None, candidate.kind, candidate.raw


def _best_by_kind(candidates: Iterable[DateCandidate]) -> dict[str, float]:
    best: dict[str, float] = {}
    for candidate in candidates:
        best[candidate.kind] = max(candidate.confidence, best.get(candidate.kind, 0.0))
    return best


def _support(day: date, usable: Sequence[DateCandidate]) -> float:
    kinds = _best_by_kind(c for c in usable if c.day == day)
    near = _best_by_kind(c for c in usable if abs((c.day - day).days) == 1)
    agreement = sum(AGREEMENT for kind in kinds if kind != "http")
    return max(kinds.values()) + agreement + sum(NEARLY for kind in near if kind not in kinds)


def _belief(day: date, usable: Sequence[DateCandidate]) -> float:
    kinds = _best_by_kind(c for c in usable if c.day == day)
    others = _best_by_kind(c for c in usable if abs((c.day - day).days) > 1)
    strongest = max(kinds.values())
    against = sum(0.1 for kind, weight in others.items() if kind not in kinds and weight >= 0.8)
    belief = strongest + AGREEMENT * (len(kinds.keys() - {"http"}) - 1) - against
    return min(max(belief, 0.1), SURE_AT_MOST)
