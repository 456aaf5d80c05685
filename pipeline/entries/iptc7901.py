"""IPTC 7901 (1979 to 1995): the text format that most agencies outside America still offer.

    SOH  source and number, priority, category, number of words, optional information   eca0003 3 i 380  dpa 0045
         keywords                                                                       Harbour/fire/
    STX  headline, marks and byline, of which the last line ends with "="; the text
    ETX  day, hour and minute, zone, month, year                                        212322 GMT Nov 18
    EOT

There is no id. German agencies write one into the optional information (`KNA 170123-89-00065#2`); else the keywords and
the day are the story's.
"""

import re

from pipeline.dates import find_dates
from pipeline.entries.anpa_categories import category_name, priority_of
from pipeline.entries.filing import Made, day_time_of
from pipeline.entries.markup import tidy
from pipeline.entries.slugs import SlugIdentity, joined, mark_in, marks_of, version_in, wire_id_of_slug
from pipeline.entries.teleprinter import (
    EOT,
    ETX,
    SOH,
    STX,
    SYN,
    Head,
    dateline_of,
    decode_teleprinter,
    document_of,
    parted,
    read_head,
    release_of,
    text_blocks_of,
)
from pipeline.entries.wire import id_without_id
from pipeline.types import BadItem, Entry, FeedDocument, Subject

_BEGINNING = re.compile(rf"[\s{SYN}]*(?:ZCZC[^{SOH}\n]*\s*)?{SOH}([^\n]*)")
_FRAMED = re.compile(r"\s*ZCZC[^\n]*\n\s*([^\n]*)")  # a telex begins with ZCZC and ends with NNNN
_FRAME = re.compile(r"^[ ]*ZCZC\b[^\n]*\n(.*?)(?=^[ ]*(?:NNNN|ZCZC)\b|\Z)", re.MULTILINE | re.DOTALL)
_GLUED = re.compile(r"^[ ]*ZCZC[ ]+(?=[^\W\d_]{2,6} ?\d{3,6} \d [^\W\d_]{1,4}\b)", re.MULTILINE)  # in Italy
_BARE = re.compile(r"\s*[^\W\d_]{2,6} ?\d{3,5} \d [^\W\d_]{1,3} +\d{1,5}\b[^\n]*\n")  # without its control characters
_HEADER = re.compile(
    r"\s*(?P<service>[^\W\d_]{1,8})[ -]?(?P<number>\d{1,6})\s+(?P<priority>\d|[A-Za-z])\s+(?P<category>[^\W\d_]{1,4})\b"
    r"(?:\s+(?P<words>\d{1,6}))?(?P<information>.*)"
)
_AGENCY = re.compile(  # dpa 0123, /AFP-AB12, dpa-AFX 0123; not the month of a date
    r"(?<!\d)(?<!\d[. ])(?<![^\W_])(?P<name>[^\W\d_]{2,}(?:[./-][^\W\d_]{3,})*)(?:-[^\W\d_]{1,2})?\s*-?\d"
)
_GLUED_DATE = re.compile(r"(?<=\d)\.(?=[^\W\d_])")  # APA: 01.Mär 2026
_ADDED = re.compile(r"^\s*\((.*)\)\s*$", re.MULTILINE)  # below the keywords: what the version does or has
_ID = re.compile(r"(?P<id>\d{6,8}-\d{2,4}-\d{3,8})(?:#(?P<version>\d{1,4}))?")
_NOTEBOOK = re.compile(r"^(?:#{1,3} \S|\* \* \*)", re.MULTILINE)  # what dpa adds for editors
_PRIVATE = re.compile(r"^\* \* \*.*", re.MULTILINE | re.DOTALL)  # and what is for nobody else
_LONGEST_HEADER = 300
_TABLE = re.compile(r"^<#>$", re.MULTILINE)
_LIST_MARK = re.compile(r"^[-*]\s+")


def is_iptc7901(body: bytes) -> bool:
    """Whether it begins with SOH and a header; with ZCZC and a header, or with a whole header, where a mailbox or a
    satellite link left out the control characters.
    """
    head = _GLUED.sub("ZCZC\n", decode_teleprinter(body[:400]))
    found = _BEGINNING.match(head) or _FRAMED.match(head)
    return bool((found and _HEADER.match(found[1])) or _BARE.match(head))


def read_iptc7901(body: bytes, *, timezone: str, max_items: int) -> FeedDocument:
    """The stories of a file, in order."""
    text = _GLUED.sub("ZCZC\n", decode_teleprinter(body))
    stories = text.split(SOH)[1:] or [_with_marks(story) for story in _FRAME.findall(text) or [text]]
    return document_of("iptc7901", stories, lambda story, position: _read(story, position, timezone), max_items)


def _with_marks(story: str) -> str:
    """A story that has lost its control characters, with STX and ETX: its first line is the header, the next one holds
    the keywords unless it is empty, the last one is the trailer if it is a stamp.
    """
    lines = story.strip().split("\n")
    text = 2 if lines[1:] and lines[1].strip() else 1
    end = len(lines) - 1 if text < len(lines) and day_time_of(lines[-1][:_LONGEST_HEADER], "UTC").at else len(lines)
    return f"{_joined(lines[:text])}{STX}{_joined(lines[text:end])}{ETX}{_joined(lines[end:])}"


def _joined(lines: list[str]) -> str:
    return "\n".join(lines)


def _read(story: str, position: int, timezone: str) -> Entry | BadItem:
    head, _, rest = story.partition(STX)
    first, _, keywords = head.strip().partition("\n")
    header = _HEADER.match(first[:_LONGEST_HEADER])
    if header is None:
        return BadItem(position, "bad_header", f"no header of IPTC 7901 stands after SOH, but {first[:60]!r}")
    if not rest:  # no STX: the text begins after the keywords
        keywords, _, rest = keywords.strip().partition("\n")
    text, _, trailer = rest.partition(EOT)[0].partition(ETX)
    text, own = _without_own_line(text.rstrip(), header)
    return _entry(header, keywords, text, f"{trailer}\n{own}", position, timezone)


def _without_own_line(text: str, header: re.Match[str]) -> tuple[str, str]:
    """The text, and its last line where that repeats the message's number: `APA0123    2026-03-01/13:22`."""
    before, _, last = text.rpartition("\n")
    own = re.match(rf"\s*{re.escape(header['service'])}[ -]?{header['number']}\b", last)
    return (before, last) if own else (text, "")


def _entry(header: re.Match[str], keywords: str, text: str, trailer: str, position: int, timezone: str) -> Entry:
    slug = " ".join(_ADDED.sub("", keywords).split()).strip("/ ") or tidy(keywords)
    added = [] if slug == tidy(keywords) else _ADDED.findall(keywords)
    lines, rest = parted(text.split("\n"))
    head, body = _head(lines, slug), "\n".join(rest)
    blocks = text_blocks_of(_with_rows(_NOTEBOOK.split(body, maxsplit=1)[0]))
    made = day_time_of(trailer[:_LONGEST_HEADER], timezone)
    identity = _identity(
        header["information"], slug, joined(*map(marks_of, added), head.signal) or mark_in(_note(body)), made
    )
    named = _AGENCY.search(header["information"])
    place, agency = dateline_of(blocks, named["name"] if named else None)
    note = tidy(" ".join(filter(None, (*added, head.note)))) or _note(body)
    release, note = release_of(identity.signal, note, blocks, made, timezone)
    return Entry(
        id=identity.wire_id or id_without_id(head.title, made.raw, blocks),
        position=position,
        wire_id=identity.wire_id,
        version=identity.version,
        version_at=made.at,
        title=head.title,
        summary=head.subtitle,
        authors=head.authors,
        agency=named["name"] if named else agency,
        section=category_name(header["category"]) or header["category"],
        subjects=(Subject(None, "iptc7901", header["category"]),),
        published_at=made.at,
        published_raw=made.raw,
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


def _head(lines: list[str], slug: str | None) -> Head:
    """The lines before the text; some repeat the keywords above the headline."""
    others = [line for line in lines if line.strip().casefold() != (slug or "").casefold()]
    head = read_head(others, is_wrapped=True)
    return head if head.title else read_head(lines, is_wrapped=True)


def _identity(information: str, slug: str | None, signal: str | None, made: Made) -> SlugIdentity:
    """By the id of the optional information, else by the keywords and the day."""
    told = next(find_dates(_GLUED_DATE.sub(". ", information)), None)
    day = made.at.date() if made.at else told.day if told else None
    by_slug = wire_id_of_slug(slug, day.isoformat() if day else None)
    signal = joined(by_slug.signal, signal)
    version = version_in(signal)
    if found := _ID.search(information):
        numbered = int(found["version"]) if found["version"] else version
        return SlugIdentity(found["id"], numbered, signal)
    return SlugIdentity(by_slug.wire_id, version, signal)


def _with_rows(text: str) -> str:
    """The text with each row of a table a paragraph. dpa writes `<#>` before a table and after it."""
    parts = _TABLE.split(text)
    return "\n\n".join(part.replace("\n", "\n\n") if number % 2 else part for number, part in enumerate(parts))


def _note(body: str) -> str | None:
    """What dpa's notebook says to editors: not the links in it, nor what is for nobody else."""
    found = _NOTEBOOK.search(body)
    lines = _PRIVATE.sub("", body[found.start() :]).split("\n") if found else []
    told = [_LIST_MARK.sub("", line) for line in lines if not line.startswith("#") and "](" not in line]
    return tidy(" ".join(told))
