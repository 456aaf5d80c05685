"""Dates: stamps as feeds, pages and wires write them → aware UTC."""

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo


def parse_stamp(raw: str | None, timezone: str = "UTC") -> datetime | None:
    """An ISO 8601 or RFC 5322 stamp as aware UTC; one without a zone is of `timezone`; None where it is neither."""
    if not raw or not (value := raw.strip()):
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            stamp = parse(value)
        except (ValueError, IndexError, TypeError):
            continue
        try:
            return (stamp if stamp.tzinfo else stamp.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)
        except OverflowError:
            return None
    return None


def local_day(at: datetime, timezone: str) -> date:
    """The day that an instant falls on by the clock of `timezone`."""
    return at.astimezone(ZoneInfo(timezone)).date()
