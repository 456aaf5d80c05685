"""What a note to editors orders, in the languages of the agencies: to kill a story, to withhold it, to keep it for a
time. Where a wire has no status of its own, the note is all that says so.
"""

import re
from datetime import date, datetime

from pipeline.dates import find_dates, find_month_day, make_day
from pipeline.entries.stamps import is_zone_name
from pipeline.types import Status

_PARTS = (
    r"(?!\W+(?:(?!story|item|report|meldung|bericht)\w+\W+){0,3}"
    r"(?:graf|graph|par|paragraph|line|sentence|word|photo|picture|headline|quote|absatz|satz|foto)s?\b)"
)
_INSTEAD = r"(?!\W+(?:et\W+remplace|e\W+sostitui|y\W+su[bs]titu|y\W+reemplaza))"  # cancels and replaces: a new version
_ADDRESS = (
    r"\W*(?:(?:att(?:ention|n)?|achtung|atenci[oó]n|attenzione|eds|editors?|redaktion\w*|r[eé]dactions?|to|all|note|please"
    r"|bitte|urgent|bulletin|flash|mandatory|this|the|story|item|meldung|[a-z]{2,8}\d{2,6})\W+){0,6}"
)
_STORY = (  # the whole of it, not "Do not use without credit", "Delete reference to the minister"
    r"(?=\W*$|\s*[.!;]|\W+(?:(?:this|the|all|our|cette|esta|questa|diese)\W+){0,2}"
    r"(?:story|item|report|article|[a-z]{2}-))"
)
_KILL = re.compile(  # "KILL", "EDS: Mandatory kill", "ATTENTION - withdraw this story"; not "Kill last graf"
    rf"{_ADDRESS}(?:kill|withdrawn?|cancel(?:led|ed)?|retract(?:ed|ion)?|(?:eliminat(?:e|ion)|delete|disregard){_STORY}|storno"
    r"|zur(?:ü|ue)ck(?:ziehen|gezogen)|streichen|annul(?:er|ez|ation|é|ée|e|la|lare|lato|eret)|anul(?:ar|ad[ao]|owan\w))"
    rf"\b{_INSTEAD}{_PARTS}",
    re.IGNORECASE,
)
_KILLED = re.compile(  # "Members are asked to kill the story", "The story has been withdrawn", "La dépêche est annulée"
    r"\b(?:asked|urged|requested|advised)\W+to\W+(?:kill|withdraw|retract|disregard)\b"
    rf"{_PARTS}|\b(?:story|item|report|dispatch|meldung|bericht|d[eé]p[eê]che|nota|noticia|notizia|artikel)\W+"
    r"(?:\S*\d\S*\W+)?(?:is|was|has\W+been|ist|wird|wurde|est|a\W+[eé]t[eé]|es|ha\W+sido|[eè]|[eè]\W+stata)\W+"
    r"(?:hereby\W+|being\W+|hiermit\W+)?"
    r"(?:killed|withdrawn|cancell?ed|retracted|eliminated|zur(?:ü|ue)ckgezogen|annul[eé]e?|retir[eé]e?|anulad[ao]"
    r"|annullat[ao])\b",
    re.IGNORECASE,
)
_HOLD = re.compile(
    rf"{_ADDRESS}(?:withh(?:o|e)ld|do\W+not\W+(?:use|publish|run)|must\W+not\W+be\W+(?:used|published)"
    r"|not\W+for\W+(?:publication|use)|nicht\W+(?:verwenden|ver(?:ö|oe)ffentlichen)|ne\W+pas\W+(?:utiliser|publier)"
    r"|no\W+(?:usar|publicar)|non\W+(?:usare|pubblicare))\b"
    rf"{_STORY}"
    r"|(?![^.]{0,80}\b(?:name|identity|address|source)s?\b)"
    rf"[^.]{{0,80}}\b(?:is\W+(?:being\W+)?withheld|(?:members|subscribers|clients)\W+should\W+not\W+(?:use|publish))\b{_PARTS}",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_ADVANCE = rf"adv(?:ance)?\W+for\W+(?:release|use|publication|[^.]{{0,20}}?(?:{_WEEKDAY}|editions|\d))"  # not for women
_EMBARGO = re.compile(  # not "Adds reaction to the oil embargo"
    r"\bembargoed\b|^\W*(?:strict\w*\W+)?embargo\b|\bembargo\W+(?:until|till|to|for|bis|jusqu\w*|hasta|fino|at[eé])\b"
    r"|\b(?:under|strict|sous|sotto|bajo|onder|unter)\W+embargo\b|\bembargad[ao]s?\b|\bsp[eæ]rr(?:e?frist|et)\b"
    r"|\bhfr\b|\bhold\W+for\W+release\b"
    r"|\bnot\W+(?:\w+\W+){0,3}?(?:release|publi\w+|broadcast\w*|used?)\W+(?:before|until|till)\b"
    rf"|^\W*(?:\w+\W+)?{_ADVANCE}"
    r"|^\W*for\W+release\b(?!\W*(?:now|immediate|on\W+receipt|upon\W+receipt))"
    rf"|^\W*for\W+use\W+(?:(?:on|at|after|from)\W+)?(?:\d|{_WEEKDAY}\b)",
    re.IGNORECASE,
)
_OPENS = re.compile(  # a line that is nothing else: not "Embargo fears rise", "Cuba under embargo for sixty years"
    r"\W*(?:strict\w*\W+)?(?:embargo(?:ed)?|sp[eæ]rre?frist)(?:\W*$|\s*:|\s+(?:until|till|to|bis|jusqu|hasta|fino|\w*\s?\d))"
    r"|\W*(?:hold\W+for\W+release|for\W+release|not\W+for\W+(?:release|publication|use)\W+(?:before|until)|hfr)\b"
    rf"|\W*{_ADVANCE}"
    rf"|\W*for\W+use\W+(?:(?:on|at|after|from)\W+)?(?:\d|{_WEEKDAY}\b)",
    re.IGNORECASE,
)
_LIFTED = re.compile(
    r"\b(?:embargo|sperrfrist)\W+(?:\w+\W+){0,2}(?:lifted|over|expired|ended|passed|removed|lev[eé]|levantado|aufgehoben"
    r"|abgelaufen|beendet)|\b(?:no|keine?|ohne|lift(?:s|ed)?|ende\W+der)\W+(?:embargo|sperrfrist)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d.:/-])(?:(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?![\d.:/-])\s*(?P<mark>[ap]\.?m\b\.?|uhr\b|h\b|hrs?\b)?"
    r"|(?P<four>[01]\d[0-5]\d|2[0-3][0-5]\d)(?![\d-])\s*(?:h\b|hrs?\b)?)\s*\(?(?P<zone>[A-Z]{2,5}\b)?",
    re.IGNORECASE,
)
_BEFORE_CLOCK = re.compile(r"\b(?:to|until|till|at|before|from)\s+$", re.IGNORECASE)
_LONGEST_LINE = 200
_TOLD = 90  # characters behind the word embargo, in which its end stands


def status_ordered(status: Status, note: str | None) -> Status:
    """The status, unless a note to editors orders to kill the story, or to withhold it, whatever the status says."""
    if note and (_KILL.match(note) or _KILLED.search(note)):
        return Status.CANCELED
    if note and status is not Status.CANCELED and _HOLD.match(note):
        return Status.WITHHELD
    return status


def is_embargo_ordered(note: str | None) -> bool:
    """Whether a note to editors holds the story for a time."""
    return bool(note and _EMBARGO.search(note) and not _LIFTED.search(note))


def opens_embargo(line: str) -> bool:
    """Whether a line, where headlines and paragraphs may stand too, is an embargo."""
    return bool(len(line) <= _LONGEST_LINE and _OPENS.match(line) and is_embargo_ordered(line))


def embargo_stamp(note: str | None, filed_at: datetime | None) -> str | None:
    """When the embargo of a note to editors ends, as a stamp: "Embargoed to 0001 GMT, Friday, 3 March" →
    "2026-03-03 00:01 GMT". A day without a year is the nearest to `filed_at`. None where no day is written.

    Where no clock can be read it is the end of the day: an embargo is rather too long than too short.
    """
    found = _EMBARGO.search(note) if note and is_embargo_ordered(note) else None
    told = note[found.start() : found.end() + _TOLD] if note and found else ""
    clock, rest = _clock(told)
    day = _day(rest, filed_at)
    return f"{day.isoformat()} {clock or '23:59:59'}" if day else None


def _day(told: str, filed_at: datetime | None) -> date | None:
    """The last day that is named, by any reading: 4/5/2026 is the 4th of May."""
    written = [day for reading in find_dates(told) for day in (reading.day, reading.other_day) if day]
    if written:
        return max(written)
    month_day = find_month_day(told)
    if month_day is None or filed_at is None:
        return None
    years = (filed_at.year - 1, filed_at.year, filed_at.year + 1)
    days = [day for year in years if (day := make_day(year, *month_day))]
    return min(days, key=lambda day: abs(day - filed_at.date()), default=None)


def _clock(told: str) -> tuple[str | None, str]:
    """The first clock, 0001 GMT, 6 a.m. EST, 18.00 Uhr, 06h00, and the text without it; a bare number is none."""
    for found in _CLOCK.finditer(told):
        zone = (found["zone"] or "").upper()
        zone = zone if is_zone_name(zone) else ""
        mark = (found["mark"] or "").lower()
        hour, minute = (four[:2], four[2:]) if (four := found["four"]) else (found["hour"], found["minute"])
        is_clock = bool(zone or _BEFORE_CLOCK.search(told[: found.start()])) if four else bool(mark or minute)
        hours = int(hour) % 12 + (12 if mark[0] == "p" else 0) if mark[:1] in ("a", "p") else int(hour)
        if is_clock and hours <= 23 and int(minute or 0) <= 59:
            clock = f"{hours:02}:{minute or '00'} {zone}".strip()
            return clock, f"{told[: found.start()]} {told[found.end() :]}"
    return None, told
