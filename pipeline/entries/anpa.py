"""ANPA 1312 (1979, last changed 1989): the text format of American wires; AP sent it until 2023.

    SYN SYN SOH  service letter and number, US, selector             W2870 US asian
    priority category, format, keyword, version, date, size          r a DC3 DC1 BC-US--Harbor-Fi 1stLd 11-13 0640
    STX          slug, headline, notes, byline: each from "^" to "<" or "="; the text, its paragraphs behind a tab
    ETX          service, month, day and year, time                  AP-WF-11-13-13 0745GMT
    EOT

DC1 to DC4 say whether the text is prose or a table. There is no id: the slug and the day are the story's. The year
stands in the trailer alone; without it none is known.
"""

import re
from collections.abc import Sequence
from datetime import date

from pipeline.dates import find_month_day, make_day
from pipeline.entries.anpa_categories import category_name, category_subject, priority_of
from pipeline.entries.anpa_head import slug_and_text
from pipeline.entries.filing import Made, day_of, full_year
from pipeline.entries.markup import tidy
from pipeline.entries.slugs import (
    SlugIdentity,
    joined,
    version_in,
    wire_id_of_slug,
)
from pipeline.entries.stamps import assumed_zone, feed_stamp
from pipeline.entries.teleprinter import (
    EOT,
    ETX,
    SOH,
    STX,
    SYN,
    dateline_of,
    decode_teleprinter,
    document_of,
    read_head,
    release_of,
    text_blocks_of,
)
from pipeline.entries.wire import id_without_id
from pipeline.types import BadItem, Block, Entry, FeedDocument

_START = re.compile(f"{SYN}*{SOH}")
_HEADER = re.compile(
    r"\s*(?P<priority>[A-Za-z])[ ]?(?P<category>[A-Za-z]{1,3})?[ ]*(?P<format>[\x11-\x14]{1,3})[ ]*(?P<keyword>[^\n]*)"
)
_BARE = re.compile(  # where a modem or a mailbox left out the control characters
    r"^(?P<priority>[abdfrsu]) (?P<category>[a-z]) (?P<format>)"
    r"(?P<keyword>\S[^\n]{0,60}\s\d\d?-\d\d?(?:\s+\d{1,6})?)[ ]*$",
    re.MULTILINE,
)
_DATE_SIZE = re.compile(r"(?:\s+|^)(?P<month>\d\d?)-(?P<day>\d\d?)(?:\s+(?P<size>\d{1,6}))?\s*$")
_TRAILER = re.compile(
    r"(?:(?P<agency>[A-Za-z]{2,8})-[A-Za-z]{2}-)?(?P<first>\d\d?)-(?P<second>\d\d?)-(?P<year>\d{4}|\d\d)"
    r"(?:\s+(?P<hour>\d\d)[:-]?(?P<minute>\d\d)(?:[:-]\d\d)?\s*(?P<zone>[A-Za-z]{1,4})?|\b)"
)
_BARE_SLUG = re.compile(rf"[\s{STX}]*\^[^\n]{{1,80}}<")
_LONGEST_SERVICE = 60  # characters of the line before the header
_TABLE = "\x12"  # DC2
_END = re.compile(r"\^?END<?\s*")
_DATELINE_LENGTH = 60
_LONGEST_HEADER = 1000


def is_anpa(body: bytes) -> bool:
    """Whether it begins with SOH and a header that says by DC1 to DC4 what the text is; or, where these are lost, with
    a header that ends with day and size, and a slug between "^" and "<".
    """
    head = decode_teleprinter(body[:400]).lstrip(f" \n{SYN}")
    if head.startswith(SOH) and _HEADER.search(head.partition(STX)[0]):
        return True
    bare = _BARE.search(head)
    return bool(bare and bare.start() <= _LONGEST_SERVICE and _BARE_SLUG.match(head, bare.end()))


def read_anpa(body: bytes, *, timezone: str, max_items: int) -> FeedDocument:
    """The stories of a file, in order."""
    text = decode_teleprinter(body)
    stories = _START.split(text)[1:] or [text]
    return document_of("anpa", stories, lambda story, position: _read(story, position, timezone), max_items)


def _read(story: str, position: int, timezone: str) -> Entry | BadItem:
    head, _, rest = story.partition(STX)
    header = _HEADER.search(head[:_LONGEST_HEADER]) or _BARE.search(head[:_LONGEST_HEADER])
    if header is None:
        return BadItem(position, "bad_header", f"no header of ANPA 1312 stands after SOH, but {head[:60]!r}")
    text, etx, trailer = (rest or head[header.end() :]).partition(EOT)[0].partition(ETX)
    if not etx:
        text, _, trailer = text.rstrip().rpartition("\n")
        text, trailer = (text, trailer) if _TRAILER.match(trailer.strip()) else (f"{text}\n{trailer}", "")
    return _entry(header, text, trailer, position, timezone)


def _entry(header: re.Match[str], text: str, trailer: str, position: int, timezone: str) -> Entry:
    dated = _DATE_SIZE.search(header["keyword"])
    keyword = header["keyword"][: dated.start()] if dated else header["keyword"]
    slug, lines, rest = slug_and_text(text, keyword)
    head = read_head(lines, is_wrapped=False)
    blocks = text_blocks_of(_text(rest, is_table=_TABLE in header["format"]))
    filed = _TRAILER.search(trailer[:_LONGEST_HEADER])
    filed_day = _filed_day(filed, dated, blocks) if filed else None
    made = (
        _made(filed, filed_day, timezone)
        if filed and filed_day
        else Made(raw=tidy(trailer[:_LONGEST_HEADER].strip("< \n")))
    )
    identity = _identity(slug, keyword, _day(filed_day, dated), head.signal)
    place, agency = dateline_of(blocks)
    category = category_subject(header["category"])
    release, note = release_of(identity.signal, head.note, blocks, made, timezone)
    return Entry(
        id=identity.wire_id or id_without_id(head.title, made.raw, blocks),
        position=position,
        wire_id=identity.wire_id,
        version=identity.version,
        version_at=made.at,
        title=head.title,
        authors=head.authors,
        agency=agency or (filed["agency"] if filed else None),
        section=category_name(header["category"]),
        subjects=(category,) if category else (),
        published_at=made.at,
        published_raw=made.raw or (f"{dated['month']}-{dated['day']}" if dated else None),
        status=release.status,
        embargo_until=release.embargo_until,
        dateline_place=place,
        slugline=slug,
        urgency=priority_of(header["priority"]),
        note=note,
        credit=head.credit,
        signal=identity.signal,
        assumed_timezone=made.assumed_timezone or release.assumed_timezone,
        body=blocks,
    )


def _text(lines: list[str], *, is_table: bool) -> str:
    """The text with one paragraph behind each "^" as behind each tab, a table's cells parted by blanks."""
    marked = (f"\t{line[1:]}" if line.startswith("^") else line for line in lines if not _END.fullmatch(line))
    rows = [line.rstrip().removesuffix("<") for line in marked]
    return "\n\n".join(rows).replace(";", " ") if is_table else "\n".join(rows)


def _identity(slug: str | None, keyword: str, day: str | None, signal: str | None) -> SlugIdentity:
    """By the slug and the day; the header repeats the lead's number behind its keyword."""
    by_slug = wire_id_of_slug(slug, day)
    signal = joined(by_slug.signal or wire_id_of_slug(keyword, day).signal, signal)
    return SlugIdentity(by_slug.wire_id, version_in(signal), signal)


def _filed_day(filed: re.Match[str], dated: re.Match[str] | None, blocks: Sequence[Block]) -> date | None:
    """The trailer's day. The month is first, as in America, unless that is no day, or the dateline or the header names
    the other.
    """
    year, first, second = full_year(filed["year"]), int(filed["first"]), int(filed["second"])
    told = find_month_day(blocks[0].text[:_DATELINE_LENGTH]) if blocks else None
    near = (int(dated["month"]), int(dated["day"])) if dated else (first, second)
    is_told = bool(told and second == told[0] != first)
    is_near = (second, first) == near != (first, second) and not (told and told[0] == first)
    american = None if is_told or is_near else make_day(year, first, second)
    return american or make_day(year, second, first)


def _made(filed: re.Match[str], day: date, timezone: str) -> Made:
    """The trailer's instant; the day alone is none."""
    if not filed["hour"]:
        return Made(raw=filed[0].strip())
    stamp = f"{day.isoformat()} {filed['hour']}:{filed['minute']} {(filed['zone'] or '').upper()}".strip()
    return Made(feed_stamp(stamp, timezone), filed[0].strip(), assumed_zone(timezone, stamp))


def _day(filed_day: date | None, dated: re.Match[str] | None) -> str | None:
    """The day that a story belongs to: the header's, which its leads of after midnight keep, in the trailer's year."""
    if dated is None:
        return filed_day.isoformat() if filed_day else None
    month, day = int(dated["month"]), int(dated["day"])
    if filed_day is None:
        return day_of(None, month, day)
    years = (filed_day.year - 1, filed_day.year, filed_day.year + 1)
    orders = ((month, day), (day, month))  # Australia's header has the day first
    days = [known for year in years for first, second in orders if (known := make_day(year, first, second))]
    nearest = min(days, key=lambda known: abs(known - filed_day), default=None)
    return nearest.isoformat() if nearest else None
