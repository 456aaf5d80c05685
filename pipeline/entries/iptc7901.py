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

from pipeline.entries.anpa_categories import category_name, priority_of
from pipeline.entries.markup import tidy
from pipeline.entries.slugs import SlugIdentity, joined, mark_in, version_in, wire_id_of_slug
from pipeline.entries.teleprinter import (
    EOT,
    ETX,
    SOH,
    STX,
    Made,
    dateline_of,
    day_time_of,
    decode_teleprinter,
    document_of,
    note_of,
    parted,
    read_head,
    release_of,
    text_blocks_of,
)
from pipeline.entries.wire import id_without_id
from pipeline.types import BadItem, Entry, FeedDocument, Subject

_BEGINNING = re.compile(rf"\s*(?:ZCZC[^{SOH}\n]*\s*)?{SOH}([^\n]*)")  # a telex begins with ZCZC and ends with NNNN
_HEADER = re.compile(
    r"\s*(?P<service>[^\W\d_]{1,8})[ -]?(?P<number>\d{1,6})\s+(?P<priority>\d|[A-Za-z])\s+(?P<category>[^\W\d_]{1,4})\b"
    r"(?:\s+(?P<words>\d{1,6}))?(?P<information>.*)"
)
_AGENCY = re.compile(r"(?P<name>[^\W\d_](?:[^\W\d_]|[./-])*)\s*\d")
_ID = re.compile(r"(?P<id>\d{6,8}-\d{2,4}-\d{3,8})(?:#(?P<version>\d{1,4}))?")
_NOTEBOOK = re.compile(r"^(?:#{1,3} \S|\* \* \*)", re.MULTILINE)  # what dpa adds for editors
_PRIVATE = re.compile(r"^\* \* \*.*", re.MULTILINE | re.DOTALL)  # and what is for nobody else
_LONGEST_HEADER = 300
_TABLE = re.compile(r"^<#>$", re.MULTILINE)
_LIST_MARK = re.compile(r"^[-*]\s+")


def is_iptc7901(body: bytes) -> bool:
    """Whether it begins with SOH and a header."""
    found = _BEGINNING.match(decode_teleprinter(body[:400]))
    return bool(found and _HEADER.match(found[1]))


def read_iptc7901(body: bytes, *, timezone: str, max_items: int) -> FeedDocument:
    """The stories of a file, in order."""
    stories = decode_teleprinter(body).split(SOH)[1:]
    return document_of("iptc7901", stories, lambda story, position: _read(story, position, timezone), max_items)


def _read(story: str, position: int, timezone: str) -> Entry | BadItem:
    head, _, rest = story.partition(STX)
    first, _, keywords = head.strip().partition("\n")
    header = _HEADER.match(first[:_LONGEST_HEADER])
    if header is None:
        return BadItem(position, "bad_header", f"no header of IPTC 7901 stands after SOH, but {first[:60]!r}")
    if not rest:  # no STX: the text begins after the keywords
        keywords, _, rest = keywords.strip().partition("\n")
    text, _, trailer = rest.partition(EOT)[0].partition(ETX)
    return _entry(header, keywords, text, trailer, position, timezone)


def _entry(header: re.Match[str], keywords: str, text: str, trailer: str, position: int, timezone: str) -> Entry:
    slug = " ".join(keywords.split()).strip("/ ") or None
    lines, rest = parted(text.split("\n"))
    head, body = read_head(lines, is_wrapped=True), "\n".join(rest)
    blocks = text_blocks_of(_with_rows(_NOTEBOOK.split(body, maxsplit=1)[0]))
    made = day_time_of(trailer[:_LONGEST_HEADER], timezone)
    identity = _identity(header["information"], slug, head.signal or mark_in(_note(body)), made)
    named = _AGENCY.search(header["information"])
    place, agency = dateline_of(blocks, named["name"] if named else None)
    note = head.note or _note(body)
    status = release_of(identity.signal, note)
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
        status=status,
        dateline_place=place,
        slugline=slug,
        urgency=priority_of(header["priority"]),
        note=note_of(note, blocks, status),
        credit=head.credit,
        signal=identity.signal,
        assumed_timezone=made.assumed_timezone,
        body=blocks,
    )


def _identity(information: str, slug: str | None, signal: str | None, made: Made) -> SlugIdentity:
    """By the id of the optional information, else by the keywords and the day."""
    by_slug = wire_id_of_slug(slug, made.at.date().isoformat() if made.at else None)
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
