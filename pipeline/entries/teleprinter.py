"""What the formats of the teleprinter age share (ANPA 1312, IPTC 7901): characters, lines before the text, dates.

The control characters are those of ISO 646: SOH before the header, STX before the text, ETX after it, EOT at the end.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.entries.bylines import names_of, place_of
from pipeline.entries.filing import Made
from pipeline.entries.items import read_items
from pipeline.entries.markup import tidy
from pipeline.entries.orders import opens_embargo
from pipeline.entries.paragraphs import paragraphs
from pipeline.entries.signals import Release, release_told
from pipeline.entries.slugs import joined, leading_marks, mark_in, marks_of, says_kill
from pipeline.types import BadItem, Block, Entry, FeedDocument, Status

SYN, SOH, STX, ETX, EOT = "\x16", "\x01", "\x02", "\x03", "\x04"

_BYLINE = re.compile(
    r"\(?(?i:by|von|vom|par|por|av|af|door)\s+(?=[^\W\da-zà-ÿ_]|\w+ (?:correspondents?|staff|reporters?|writers?)\b)"
)
_DESK = re.compile(r"[^.]{0,40}\b(?:writers?|correspondents?|reporters?|staff|editor|press|news)\W*$", re.IGNORECASE)
_ORDER = re.compile(r"\W*(?:eds|editors|editor'?s? note|att(?:entio)?n|achtung)\b", re.IGNORECASE)
_NOTE = re.compile(
    r"\W*(?:eds|editors?|editor'?s?['’]?s? note|attn|attention|achtung|note|hinweis|redaktion(?:shinweis)?"
    r"|notes? to editors?|note aux r[eé]dactions|with|adds|updates|recasts|refiles|corrects|changes|restores"
    r"|minor edits)\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\W*(?:berichtigung|korrektur|correction|corrig[eé]|rectificatif|correcci[oó]n|rettifica|corre[cç][aã]o)\s*:", re.I
)
_BRACKETED = re.compile(r"\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\]|\+{2,}.*\+{2,}|\*{2,}.*\*{2,}")
_FLASH = re.compile(r"\+{2,}.*\+{2,}")  # ANSA's headline of a flash, German agencies' note on a new version
_POINT = re.compile(r"[*•]\s+\S")  # Reuters' points below the headline
_SUBTITLE = re.compile(r"(?:Utl|Untertitel)\.?:\s*")  # APA
_MEDIA = re.compile(
    r"(?:[A-Z]{2,}\s+)?(?:photos?|video|graphics?|audio|foto|infografik)s?\b(?:\s+[A-Z]+\d+|\W*$)", re.IGNORECASE
)
_DATELINE = re.compile(r"(?P<place>[^\W\d_].{1,70}?)\s*\((?P<agency>[A-Za-z][\w ./+-]{1,24})\)\s*(?P<dash>[-–—_:]*)")
_DATED = re.compile(  # VELMAR, March 13 - ; CANBERRA, March 1 AAP -
    r"(?=.{0,60}?(?:\d|[A-ZÀ-Þ]{3}).*?\s[-–—_])[^\W\da-zà-ÿ_](?:(?!\s[-–—_]).){1,60}\s[-–—_]{1,2}\s"
)
_CODE_PAGES = ("cp1252", "cp1250", "iso8859-2", "cp850")  # Western, Central European, the same by ISO, of MS-DOS
_INSIDE = re.compile("([A-Za-z])([^\x00-\x7f])(?=[a-z])")  # what stands between two letters is one, and small
_APOSTROPHES = frozenset("’‘´–—·\xad")  # or parts a word: l’eau, col·lega
_HEADLINE_LINES = 4
_HEAD_LINES = 12  # no headline with its marks and bylines has more
_LONGEST_LINE = 100


@dataclass(frozen=True, slots=True)
class Head:
    """The lines between the slug and the text."""

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    credit: str | None = None  # the agency's name below the byline
    note: str | None = None
    signal: str | None = None


def decode_teleprinter(body: bytes) -> str:
    """The text with its control characters and one kind of line end. What is no UTF-8 is Windows-1252, unless another
    code page leaves fewer words broken, by more than a slip of the pen; the formats themselves know only 7 bits.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        western, *others = (body.decode(page, "replace") for page in _CODE_PAGES)
        best = min(others, key=_broken_words)
        text = best if _broken_words(best) + 1 < _broken_words(western) else western
    return re.sub("\r+\n?", "\n", text.replace("\x00", "").replace("\x7f", ""))


def _broken_words(text: str) -> int:
    return sum(
        (not letter.isalpha() and letter not in _APOSTROPHES) or (letter.isupper() and before.islower())
        for before, letter in _INSIDE.findall(text)
    )


def document_of(
    format: str, stories: Sequence[str], read: Callable[[str, int], Entry | BadItem], max_items: int
) -> FeedDocument:
    """What the stories of a file say, each read by itself."""
    entries, bad_items = read_items(stories, read, max_items)
    return FeedDocument(format, tuple(entries), tuple(bad_items))


def read_head(lines: Sequence[str], *, is_wrapped: bool) -> Head:
    """Marks, headline, bylines and notes to editors, told apart by how they begin. `is_wrapped`: the headline may go
    over several lines.
    """
    titles: list[str] = []
    subtitles: list[str] = []
    authors: list[str] = []
    notes: list[str] = []
    marks: list[str | None] = []
    credit = None
    for line in filter(None, (tidy(_typeset(line).strip("= ")) for line in lines)):
        if _MEDIA.match(line.strip("()[] ")):
            continue
        if mark := marks_of(line):
            marks.append(mark)
        elif _BYLINE.match(line) and (titles or len(lines) > 1):
            authors.extend(names_of(line))
        elif _BRACKETED.fullmatch(line) or _NOTE.match(line) or opens_embargo(line):
            notes.append(line.strip("()[]+* "))
        elif _POINT.match(line):
            subtitles.append(line.lstrip("*• "))
        elif authors and not credit:
            credit = line
        elif _SUBTITLE.match(line) or subtitles:
            subtitles.append(_SUBTITLE.sub("", line))
        elif is_wrapped or not titles or _CORRECTS.match(titles[-1]):
            titles.append(line)
    if not titles and any(_FLASH.fullmatch(line.strip()) for line in lines) and notes:
        titles.append(notes.pop(0))
    if len(titles) > 1 and _CORRECTS.match(titles[0]):  # alone it is the headline: KORREKTUR: Fire closes harbour
        notes.insert(0, titles.pop(0))
    title = " ".join(titles)
    note = " ".join(notes) or None
    return Head(
        title=title or None,
        subtitle=" ".join(subtitles) or None,
        authors=tuple(dict.fromkeys(authors)),
        credit=credit,
        note=note,
        signal=joined(leading_marks(title)[1], *marks, leading_marks(note or "")[1]) or mark_in(note),
    )


def _typeset(text: str) -> str:
    """The text with the marks of the typesetter as the characters that they stand for: `` for “, '' for ”, _ for —."""
    text = text.replace("``", "“").replace("''", "”").replace("`", "‘")
    return re.sub(r"(?<!\S)_(?!\S)", "—", text)


def text_blocks_of(text: str) -> tuple[Block, ...]:
    """The paragraphs; a line of nothing but rules and stars is none."""
    lines = (tidy(_typeset(paragraph)) for paragraph in paragraphs(text))
    return tuple(Block(line) for line in lines if line and re.search(r"\w", line.replace("_", "")))


def dateline_of(blocks: Sequence[Block], agency: str | None = None) -> tuple[str | None, str | None]:
    """Place and agency before the text: `Geneva (dpa) - `, `BUENOS AIRES, Argentina (AP) _ `; without a dash where the
    agency is the one that sent it: `Berlin (KNA) `.
    """
    found = _DATELINE.match(blocks[0].text) if blocks else None
    is_own = bool(found and agency and found["agency"].casefold() == agency.casefold())
    if not found or not (found["dash"] or found["place"].isupper() or is_own):
        return None, None
    return place_of(found["place"]), found["agency"].strip()


def parted(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines before the text, and those of the text. The former end with a line that ends with "=", else they are
    the few short ones before the first that is empty, indented or a text's; bylines and notes that follow are theirs
    too.
    """
    ends = [number for number, line in enumerate(lines[:_HEAD_LINES], start=1) if line.rstrip().endswith("=")]
    end = ends[-1] if ends else _headline_end(lines)
    while end < len(lines) and is_of_head(lines[end].strip()):
        end += 1
    return [line.rstrip(" =") for line in lines[:end]], list(lines[end:])


def _headline_end(lines: Sequence[str]) -> int:
    """How many lines a headline has that no mark ends; 0 where the text begins at once."""
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    for number, line in enumerate(lines[start : start + _HEADLINE_LINES], start):
        if number > start and (not line.strip() or line[:2].isspace()):
            return number
        if is_text(line):
            return number if number > start else 0
    return start + 1 if any(line.strip() for line in lines[start + 1 :]) else 0


def is_text(line: str) -> bool:
    """Whether a line is the text's, by its length, its full stop or its dateline."""
    dateline = _DATELINE.match(line.rstrip())  # a headline may end like one: `Fire at port (GENERAL)`
    is_placed = bool(dateline and (dateline["dash"] or dateline.end() < len(line.rstrip())))
    return len(line) > _LONGEST_LINE or line.rstrip().endswith(".") or is_placed or bool(_DATED.match(line))


def is_of_head(line: str) -> bool:
    """Whether it is a byline, a desk's name below it, or a note in brackets; an empty line is of no text either."""
    if not line:
        return True
    is_note = bool(
        _BRACKETED.fullmatch(line.strip("= ")) or marks_of(line) or opens_embargo(line) or _POINT.match(line)
    )
    return (is_note or any(form.match(line) for form in (_BYLINE, _DESK, _ORDER))) and not is_text(line)


def release_of(
    signal: str | None, note: str | None, blocks: Sequence[Block], made: Made, timezone: str
) -> tuple[Release, str | None]:
    """Whether a story may be used, and the note that says so: these formats have no status, so the marks tell and the
    note to editors, also one that stands where the text begins.

    Of a story that is taken back the note is also the paragraph that says so, which is no part of it.
    """
    held = [block.text for block in blocks[:2] if opens_embargo(block.text)]
    note = " ".join(filter(None, (note, *held))) or None
    release = release_told(Status.USABLE, signal, note, made.at, timezone)
    orders = [block.text for block in blocks[:3] if release.status is Status.CANCELED and says_kill(block.text)]
    return release, " ".join(filter(None, (note, *orders[:1]))) or None
