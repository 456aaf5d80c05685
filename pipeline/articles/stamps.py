"""The dates that a page shows: its time elements and the lines around its heading."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from pipeline.articles.boilerplate import is_date_alone
from pipeline.articles.lines import Line, names_of
from pipeline.articles.page import Stamp
from pipeline.dates import find_dates
from pipeline.text import squash

LINES_BEFORE = 4
LINES_AFTER = 12
LINES_AROUND = 4
MAX_CHARS = 140
SHORT_CHARS = 50

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_CHANGED = re.compile(
    r"updat|modif|aktualisiert|mis à jour|maj\b|actualiz|atualiz|aggiornat|bijgewerkt|oppdatert|uppdaterad"
    r"|last edited|geändert",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"publi|posted|veröffentlicht|erstellt|entry-date|post-date|created", re.IGNORECASE)
_PUBLISHED_LINE = re.compile(
    r"\W*(?:(?:first )?published|posted on|erschienen am|veröffentlicht|publiziert|publié|paru le|publicado|pubblicato"
    r"|gepubliceerd|geplaatst|publicerad|publisert|julkaistu|opublikowano|опубликовано|yayınlanma|公開日|掲載日|입력|등록)",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?<=[^\W\d]):(?=\d)")  # `Datum:26. Januar`, label and date in elements of their own
_RUN_ON = re.compile(r"(?<=[^\W\d] )(\d{2})((?:19|20)\d{2})(?!\d)")  # `Feb 182009`, day and year likewise
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2}\.\s?\d{1,2}\.\s?)(\d{2})(?![\d.:])")  # `31.10.23` beside a heading
_DATE_NAME = re.compile(r"\bdate|date\b|timestamp|\btime\b|publish|posted|byline|\bmeta\b|dateline")
_ASIDE = re.compile(r"comment|related|sidebar|footer|widget|recent|teaser|archive")


def visible_stamps(tree: HtmlElement, h1: HtmlElement | None, lines: Sequence[Line], story: range) -> list[Stamp]:
    """At most one stamp of a time element and one of visible text, which the reader sees as the story's.

    `story` are the positions of the lines of the text.
    """
    found = [next(_time_elements(tree, h1), None), next(_text_dates(lines, h1, story), None)]
    return [stamp for stamp in found if stamp is not None]


def _time_elements(tree: HtmlElement, h1: HtmlElement | None) -> Iterator[Stamp]:
    """Time elements, best first: said to be of publication, then the first after the heading, then the first before."""
    ranked = []
    is_after = h1 is None
    for order, element in enumerate(tree.iter("h1", "time")):
        if element is h1:
            is_after = True
        if element.tag != "time" or order > 60:
            continue
        raw = squash(element.get("datetime") or " ".join(element.itertext()))
        parent = element.getparent()
        names = names_of(element) + (f" {names_of(parent)} {parent.text or ''}" if parent is not None else "")
        if not raw or not any(digit.isdigit() for digit in raw) or _CHANGED.search(names) or _ASIDE.search(names):
            continue
        is_published = element.get("pubdate") is not None or bool(_PUBLISHED.search(names))
        ranked.append(((not is_published, not is_after, order), Stamp("time", raw)))
    yield from (stamp for _, stamp in sorted(ranked, key=lambda pair: pair[0]))


def _text_dates(lines: Sequence[Line], h1: HtmlElement | None, story: range) -> Iterator[Stamp]:
    """Short dated lines: around the heading, then named after a date by the markup, then right around the text."""
    inside = set(h1.iter()) if h1 is not None else set()
    heading = [line.position for line in lines if line.element in inside]
    if heading:
        at = heading[-1]
        near = [*lines[at + 1 : at + 1 + LINES_AFTER], *reversed(lines[max(0, at - LINES_BEFORE) : at])]
        yield from (_stamp(line) for line in near if _is_dated(line, MAX_CHARS))
    said = (line for line in lines if len(line.text) <= MAX_CHARS // 2 and _PUBLISHED_LINE.match(line.text))
    yield from (_stamp(line) for line in said if line.linked < 0.5 and _is_dated(line, MAX_CHARS // 2))
    for line in lines:
        if line.linked < 0.5 and _is_dated(line, MAX_CHARS) and _is_named(line):
            yield _stamp(line)
    around = [
        *reversed(lines[max(0, story.start - LINES_AROUND) : story.start + 1]),
        *lines[story.stop : story.stop + LINES_AROUND],
    ]
    yield from (_stamp(line) for line in around if _is_dated(line, MAX_CHARS // 2))
    above = (line for line in lines[: story.stop] if len(line.text) <= MAX_CHARS // 2 and line.linked < 0.5)
    yield from (_stamp(line) for line in above if _is_dated(line, MAX_CHARS // 2) and is_date_alone(line.text))


def _stamp(line: Line) -> Stamp:
    return Stamp("text", _written_out(line.text))


def _written_out(text: str) -> str:
    """A line with its label apart and its year in four digits, as far as it is short enough to be a date's."""
    text = _RUN_ON.sub(r"\1 \2", _GLUED.sub(": ", text))
    return _SHORT_YEAR.sub(r"\g<1>20\g<2>", text) if len(text) <= SHORT_CHARS else text


def _is_named(line: Line) -> bool:
    parent = line.element.getparent()
    names = names_of(line.element) + (f" {names_of(parent)}" if parent is not None else "")
    return bool(_DATE_NAME.search(names)) and not _ASIDE.search(names)


def _is_dated(line: Line, most: int) -> bool:
    text = _written_out(line.text)
    if len(text) > most or not _YEAR.search(text) or _CHANGED.match(text) or "©" in text:
        return False
    return next(find_dates(text, is_day_first=True), None) is not None
