"""What servers ask of us: when to come back, how far apart, and where not to go. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from pipeline.dates import parse_stamp

Headers = Iterable[tuple[str, str]]

ROBOTS_BYTES = 512_000  # RFC 9309 2.5: a crawler reads at least 500 KiB
_LONGEST = timedelta(days=3650)
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NOT_REUSED = re.compile(r"(?:^|[,\s])no-(?:store|cache)\b", re.IGNORECASE)


# ------------------------------------------------------------------------------------------------ spacing


def next_start(free_at: float, now: float, spacing_s: float) -> tuple[float, float]:
    """When a request to a host may start, and from when on the one after it may; on any clock in seconds."""
    start_at = max(free_at, now)
    return start_at, start_at + spacing_s


# ------------------------------------------------------------------------------------------------ robots.txt, RFC 9309


@dataclass(frozen=True, slots=True)
class RobotRules:
    """What one robots.txt says to one agent."""

    rules: Protego | None  # None: all is allowed
    agent: str

    def allows(self, url: str) -> bool:
        return self.rules is None or bool(self.rules.can_fetch(url, self.agent))

    @property
    def crawl_delay_s(self) -> float:
        """The crawl delay; robots.txt files have it, RFC 9309 does not."""
        return float((self.rules and self.rules.crawl_delay(self.agent)) or 0.0)


def robot_rules(status: int, body: bytes, agent: str) -> RobotRules | None:
    """The rules that an answer for robots.txt gives; None where it can't be had, and so all is disallowed (2.3.1.4).

    A 4xx says that there are no rules (2.3.1.3).
    """
    if 200 <= status < 300:
        text = body[:ROBOTS_BYTES].decode("utf-8-sig", "replace")
        return RobotRules(Protego.parse(text), agent)
    return RobotRules(None, agent) if 400 <= status < 500 else None


# ------------------------------------------------------------------------------------------------ when to come back


def retry_after(headers: Headers, now: datetime) -> timedelta | None:
    """How long a server asks to be left alone: Retry-After in seconds or as a date (RFC 9110 10.2.3).

    A date is taken against the server's own Date, so that neither a wrong clock nor a rehearsal's shifts it.
    """
    fields = _fields(headers)
    raw = fields.get("retry-after", "").strip()
    if raw.isascii() and raw.isdigit():
        return min(timedelta(seconds=int(raw[:10])), _LONGEST)
    at = parse_stamp(raw)
    if at is None:
        return None
    return min(max(at - (parse_stamp(fields.get("date")) or now), timedelta(0)), _LONGEST)


def fresh_until(headers: Headers, now: datetime) -> datetime | None:
    """Until when an answer is fresh (RFC 9111 4.2): Cache-Control's max-age less Age, else Expires less Date."""
    fields = _fields(headers)
    control = fields.get("cache-control", "")
    if _NOT_REUSED.search(control):
        return None
    if found := _MAX_AGE.search(control):
        age = fields.get("age", "").strip()
        lifetime = timedelta(seconds=int(found[1]) - (int(age) if age.isascii() and age.isdigit() else 0))
    else:
        expires_at = parse_stamp(fields.get("expires"))  # `Expires: 0` is no date: already stale
        if expires_at is None:
            return None
        lifetime = expires_at - (parse_stamp(fields.get("date")) or now)
    return now + min(lifetime, _LONGEST) if lifetime > timedelta(0) else None


def _fields(headers: Headers) -> dict[str, str]:
    """Fields by lower-case name; of one that repeats, all values in one line (RFC 9110 5.2)."""
    fields: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields
