"""The text format of Australia's desks, which AAP's newsrooms and services file: a telex's frame and a tagged head.

    ZCZC  routing                       ZCZC AAP
    $     category, as in ANPA 1312     $A
    :     keyword                       :Harbour Fire
    =     take key                      =2nd Lead
    ^     headline                      ^NORLAND: Fire closes harbour
    *     X for prose, T for a table    *X
    &     service level                 &A
    +     IPTC subject code             +03005000
    the text                            VELMAR, March 1 AAP - A fire ...
    NNNN

No standard defines it; the newsroom system Superdesk reads it. The lines of the head have their tag in the first
column, in any order. Page makers write the keyword behind "#" and the headline behind ":", press services the headline
alone. There is neither an id nor a stamp: a story is its keyword, its take key and the day of its dateline, whose year
is unknown.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.dates import find_month_day
from pipeline.entries.anpa_categories import category_name, category_subject
from pipeline.entries.bylines import place_of
from pipeline.entries.filing import Made, day_of
from pipeline.entries.markup import tidy
from pipeline.entries.slugs import SlugIdentity, joined, marks_of, version_in, wire_id_of_slug
from pipeline.entries.subjects import distinct, subject_of
from pipeline.entries.teleprinter import (
    Head,
    dateline_of,
    decode_teleprinter,
    document_of,
    is_of_head,
    read_head,
    release_of,
    text_blocks_of,
)
from pipeline.entries.wire import id_without_id
from pipeline.types import BadItem, Block, Entry, FeedDocument

_FRAME = re.compile(r"^[ ]*ZCZC\b[^\n]*\n(.*?)(?=^[ ]*(?:NNNN|ZCZC)\b|\Z)", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"[ ]*(?:(?P<short>[$&]\w{0,3}|\*[A-Z]?|\+[\d ,]*)|(?P<long>[:=^%#@][^\n]*))\s*")
_NAMED = re.compile(r"[ ]*[:^#]\s*\w")
_TAKE = re.compile(r"(?P<take>[^(]*?)\s*(?:\((?P<place>[^()]*)\).*)?$")  # 2nd Lead (VELMAR)
_CODE = re.compile(r"\d+")
_LONGEST_TAKE = 200
_DATELINE_LENGTH = 60
_HEAD = 2000  # bytes

Tags = Mapping[str, Sequence[str]]  # the values of each tag that are not empty, in order


def is_zczc(body: bytes) -> bool:
    """Whether it begins with ZCZC and tagged lines, of which one is a keyword or a headline."""
    frame = _FRAME.match(decode_teleprinter(body[:_HEAD]).lstrip())
    head = _head_lines(frame[1]) if frame else []
    return any(map(_NAMED.match, head))


def read_zczc(body: bytes, *, timezone: str, max_items: int) -> FeedDocument:
    """The stories of a file, in order."""
    stories = _FRAME.findall(decode_teleprinter(body))
    return document_of("zczc", stories, lambda story, position: _read(story, position, timezone), max_items)


def _head_lines(story: str) -> list[str]:
    """The lines up to the first that has text and no tag; behind a blank line a name (`@mayor`, `#fire`) is text."""
    head: list[str] = []
    for line in story.split("\n"):
        is_named = line.lstrip().startswith(("@", "#")) and any(map(str.strip, head)) and not head[-1].strip()
        if line.strip() and (is_named or not _TAG.fullmatch(line)):
            break
        head.append(line)
    return head


def _read(story: str, position: int, timezone: str) -> Entry | BadItem:
    head_lines = _head_lines(story)
    tags = _tags(head_lines)
    keyword, headline = _named(tags)
    lines = story.split("\n")[len(head_lines) :]
    start = next((number for number, line in enumerate(lines) if not is_of_head(line.strip())), len(lines))
    head = read_head([headline or "", *lines[:start]], is_wrapped=False)
    blocks = text_blocks_of(("\n\n" if "T" in tags.get("*", ()) else "\n").join(lines[start:]))
    if not head.title and not blocks:
        return BadItem(position, "empty", "the message has neither a headline nor a text")
    return _entry(tags, keyword, head, blocks, position, timezone)


def _entry(
    tags: Tags, keyword: str | None, head: Head, blocks: tuple[Block, ...], position: int, timezone: str
) -> Entry:
    take, marks, place_of_take = _take(tags)
    slug = tidy(f"{keyword or ''} {take or ''}")
    identity = _identity(slug, blocks)
    signal = joined(identity.signal, marks, head.signal)
    place, agency = dateline_of(blocks)
    release, note = release_of(signal, head.note, blocks, Made(), timezone)
    category = next(iter(tags.get("$", ())), None)
    codes = (subject_of(scheme="subj", code=code) for line in tags.get("+", ()) for code in _CODE.findall(line))
    return Entry(
        id=identity.wire_id or id_without_id(head.title, blocks[0].text if blocks else None, blocks),
        position=position,
        wire_id=identity.wire_id,
        version=version_in(signal) if identity.wire_id else None,
        title=head.title,
        authors=head.authors,
        agency=agency,
        section=category_name(category),
        subjects=distinct([category_subject(category), *codes]),
        status=release.status,
        embargo_until=release.embargo_until,
        dateline_place=place or place_of_take,
        slugline=slug,
        note=note,
        credit=head.credit,
        signal=signal,
        assumed_timezone=release.assumed_timezone,
        body=blocks,
    )


def _tags(head_lines: Sequence[str]) -> Tags:
    tags: dict[str, list[str]] = {}
    for line in map(str.strip, head_lines):
        if value := line[1:].strip():
            tags.setdefault(line[0], []).append(value)
    return tags


def _named(tags: Tags) -> tuple[str | None, str | None]:
    """Keyword and headline: what stands behind ":" is the headline too where no other line is."""
    told = next(iter(tags.get(":", ())), None)
    return next(iter(tags.get("#", ())), told), next(iter(tags.get("^", ())), told)


def _take(tags: Tags) -> tuple[str | None, str | None, str | None]:
    """What the take key says of the story, what it says of the version, and the place in brackets behind it."""
    found = _TAKE.match(" ".join(tags.get("=") or tags.get("@") or ())[:_LONGEST_TAKE])
    if not found:
        return None, None, None
    marks = marks_of(found["take"])
    return None if marks else found["take"], marks, place_of(found["place"])


def _identity(slug: str | None, blocks: Sequence[Block]) -> SlugIdentity:
    """By the slug and the day of the dateline; without a day there is none, for a keyword returns every week."""
    told = find_month_day(blocks[0].text[:_DATELINE_LENGTH]) if blocks else None
    day = day_of(None, *told) if told else None
    identity = wire_id_of_slug(slug, day)
    return identity if day else identity._replace(wire_id=None)
