"""Stamps as feeds and wires write them → aware UTC: what `dates` reads, and zones by the name that the source uses."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.dates import parse_stamp

_LONGEST = 100
_NAMED = re.compile(r"(?<=[\d\s:])\s*\(?\b([A-Z]{2,5})\)?$")
_DOTTED = re.compile(r"(\d{4})\.(\d\d)\.(\d\d)")
_COMPACT = re.compile(r"((?:19|20)\d{6})(\d{4}(?:\d\d)?)(?=\D|$)")  # NITF's YYYYMMDDHHMMSS, which has no T
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?")  # seconds or milliseconds since 1970, from 2001 to 2033
ELSEWHERE = "Etc/GMT+12"  # where no agency is: what reads otherwise there carries no zone of its own
_NEVER = datetime(1, 1, 3, tzinfo=UTC)  # year 1 is how .NET writes that there is no date
_HOURS = {
    **dict.fromkeys(("UT", "UTC", "GMT", "WET"), 0.0),
    **dict.fromkeys(("CET", "MEZ", "MET", "BST", "WEST", "WAT"), 1.0),
    **dict.fromkeys(("CEST", "MESZ", "EET", "CAT", "SAST"), 2.0),
    **dict.fromkeys(("EEST", "MSK", "TRT", "EAT", "IDT"), 3.0),
    "GST": 4.0,
    "PKT": 5.0,
    "IST": 5.5,
    **dict.fromkeys(("ICT", "WIB"), 7.0),
    **dict.fromkeys(("SGT", "HKT", "AWST", "PHT", "MYT"), 8.0),
    **dict.fromkeys(("JST", "KST"), 9.0),
    "ACST": 9.5,
    "AEST": 10.0,
    "ACDT": 10.5,
    "AEDT": 11.0,
    "NZST": 12.0,
    "NZDT": 13.0,
    **dict.fromkeys(("ART", "BRT", "ADT"), -3.0),
    **dict.fromkeys(("AST", "EDT"), -4.0),
    **dict.fromkeys(("EST", "CDT"), -5.0),
    **dict.fromkeys(("CST", "MDT"), -6.0),
    **dict.fromkeys(("MST", "PDT"), -7.0),
    "PST": -8.0,
}


def feed_stamp(raw: str | None, timezone: str = "UTC") -> datetime | None:
    """The instant that a stamp names; one without a zone is of `timezone`; None where it can't be read.

    A zone's name means what it means where the source is (IST in Dublin, CST in Shanghai), else what it means to most.
    """
    value = " ".join(raw.split()) if raw and len(raw) <= _LONGEST else ""
    if epoch := _EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    value = _COMPACT.sub(r"\1T\2", _DOTTED.sub(r"\1-\2-\3", value, count=1), count=1)
    named = _NAMED.search(value)
    if named and named[1] in _HOURS:
        stamp = _in_named_zone(value[: named.start()].strip(), named[1], timezone)
    else:
        stamp = parse_stamp(value, timezone)
    return stamp if stamp and stamp > _NEVER else None


def is_zone_name(name: str) -> bool:
    """Whether it is a zone's name that `feed_stamp` reads."""
    return name in _HOURS


def assumed_zone(timezone: str, *raws: str | None) -> str | None:
    """`timezone`, where the meaning of one of the stamps hangs on it; None where each carries its own zone."""
    is_assumed = any(feed_stamp(raw, "UTC") != feed_stamp(raw, ELSEWHERE) for raw in raws)
    return timezone if is_assumed else None


def _in_named_zone(value: str, zone: str, timezone: str) -> datetime | None:
    clock = parse_stamp(value, "UTC")
    if clock is None:
        return None
    if clock.replace(tzinfo=ZoneInfo(timezone)).tzname() == zone:
        return parse_stamp(value, timezone)
    try:
        return clock - timedelta(hours=_HOURS[zone])
    except OverflowError:  # the last day of the year 9999
        return None
