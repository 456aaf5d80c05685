"""The days that a listing's address says it covers: /sitemap-2024-03.xml, /2024/03/05/, ?yyyy=2024&mm=03."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import unquote, urlsplit

# 2024, 2024-03, 2024/03/05, 20240305. Months and days have two digits: in sitemap-2024-3.xml the 3 may count parts.
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:([-_/.]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01]))?)?(?!\d)")
_NAMED = re.compile(r"[?&](yyyy|year|mm|month|dd|day)=(\d{1,4})(?=&|$)")
# ?date=2024-03-01&unit=months&p=1, as some publishers write it, means the month.
_MONTHLY = re.compile(r"month(?:s|ly)?(?![a-z=])")
# What a listing of everything may be called beside its date; any other word names a section of the site, and any other
# number a part.
_NEUTRAL = frozenset(
    {"sitemap", "sitemaps", "site", "map", "archive", "archives", "article", "articles", "post", "posts", "content",
     "index", "urlset", "url", "urls", "all", "daily", "monthly", "xml", "gz", "php", "txt", "date", "yyyy", "year",
     "mm", "month", "dd", "day"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day, both of it. `is_whole`: the name does not speak of a section or a part."""

    first: date
    last: date
    is_whole: bool

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def period_of(url: str) -> Period | None:
    """The period that an address names by a year, a month or a day; None where it names none."""
    parts = urlsplit(unquote(url))
    text = f"{parts.path}?{parts.query}".lower()
    spans = [span for found in _DATE.finditer(text) if (span := _span(found[1], found[3], found[4]))]
    spans += _named_span(text)
    if not spans:
        return None
    first, last = _together(spans)
    if _MONTHLY.search(text):
        first, last = first.replace(day=1), _month_end(last)
    words = re.findall(r"[a-z]+|\d+", _NAMED.sub("", _DATE.sub(" ", text)))
    return Period(first, last, is_whole=_NEUTRAL.issuperset(words))


def numbered(urls: Iterable[str]) -> frozenset[str]:
    """Those addresses whose date is a mere number, since they stand in a row with numbers that are no dates:
    sitemap-2000.xml beside sitemap-1.xml.
    """
    urls = list(urls)
    rows = {_row(url) for url in urls if period_of(url) is None and re.search(r"\d", url)}
    return frozenset(url for url in urls if _row(url) in rows)


def _row(url: str) -> str:
    return re.sub(r"\d+", "#", url)


def _span(year: str, month: str | None, day: str | None) -> tuple[date, date] | None:
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:  # February 30
        return None
    if day:
        return first, first
    return first, _month_end(first) if month else date(first.year, 12, 31)


def _named_span(text: str) -> list[tuple[date, date]]:
    named = {name[0]: value for name, value in _NAMED.findall(text)}
    if len(named.get("y", "")) != 4:
        return []
    span = _span(named["y"], named.get("m"), named.get("d") if "m" in named else None)
    return [span] if span else []


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _together(spans: list[tuple[date, date]]) -> tuple[date, date]:
    """The narrowest, where it lies in all others (/2024/sitemap-2024-03.xml); else from the first to the last."""
    first, last = min(spans, key=lambda span: span[1] - span[0])
    if all(other[0] <= first and last <= other[1] for other in spans):
        return first, last
    return min(span[0] for span in spans), max(span[1] for span in spans)
