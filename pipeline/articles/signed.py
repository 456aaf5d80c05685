"""Who signs a page: what its data say, else what it shows above its text; persons, desks and agencies apart."""

import re
from collections.abc import Iterable, Sequence

from pipeline.articles.agencies import agency_credited, agency_named, agency_of_picture
from pipeline.articles.bylines import Byline, read_byline
from pipeline.articles.lines import Line, names_of
from pipeline.articles.page import PageFacts
from pipeline.articles.wire import Dateline
from pipeline.text import squash
from pipeline.types import Caption, Dropped

BYLINE_LINES = 12  # lines above the text in which its byline may stand
BYLINE_CHARS = 90
DESK_CHARS = 60
SIGNED = frozenset({"byline", "credit", "copyright"})  # reasons of lines that may name an agency

_NAME = re.compile(r"byline|author(?!i)|autor(?!i)|auteur")
_PICTURE_NAME = re.compile(r"bild|foto|photo|image|caption|credit")
_WORDS = re.compile(r"(?:By|Von|Par|Por|Di|Door|Av|Af):? (?:[A-ZÀ-Ž][\w.’'-]+ ?){2,5}(?:$|,| and | und | et | y )")
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|i|a)?|auteurs?|autore|redakteure?|journalists?)/[^/]", re.IGNORECASE
)


def said_byline(facts: PageFacts) -> Byline:
    """The first place of the page's data that names persons; the agency that any place names."""
    found = [read_byline(names, facts.site_names) for names in facts.authors]
    persons = next((byline.persons for byline in found if byline.persons), ())
    return Byline(persons, next((byline.agency for byline in found if byline.agency), None))


def shown_byline(
    said: Byline, dropped: Sequence[Dropped], lines: Sequence[Line], start: int, facts: PageFacts
) -> Byline:
    """Where the page's data name nobody, what the byline says that it shows; the text begins at line `start`."""
    taken = [line.text for line in dropped if line.reason == "byline"]
    above = (_signature(line) for line in lines[max(0, start - BYLINE_LINES) : start + 2])
    found = [text for text in taken or above if text and len(text) < BYLINE_CHARS][:2]
    shown = read_byline(found, facts.site_names)
    return Byline(shown.persons, said.agency or shown.agency)


def desk_named(facts: PageFacts) -> tuple[str, ...]:
    """Who signs where no person does: the paper or its desk, when the page's data name that as the author."""
    names = [name for names in facts.authors[:1] for name in names]
    return tuple(squash(name) for name in names if agency_named(name) is None and len(name) <= DESK_CHARS)[:1]


def agency_of(
    dateline: Dateline, byline: Byline, dropped: Iterable[Dropped], captions: Iterable[Caption]
) -> str | None:
    """Whose text it is: dateline, byline, credit line; a picture's agency only where a dateline shows a wire's text."""
    signed = (line.text for line in dropped if line.reason in SIGNED)
    named = [dateline.agency, byline.agency, *map(agency_credited, signed)]
    if dateline.place and not byline.persons:
        named += [agency_of_picture(caption.credit or "") for caption in captions]
    return next((agency for agency in named if agency), None)


def _signature(line: Line) -> str | None:
    """The names on a line that is called a byline, begins as one, or has a link to its author's page."""
    names = names_of(line.element)
    if _PICTURE_NAME.search(names):
        return None
    if _NAME.search(names) or _WORDS.match(line.text):
        return line.text
    if line.linked == 0 or len(line.text) >= BYLINE_CHARS:
        return None
    links = [squash("".join(a.itertext())) for a in line.element.iter("a") if _AUTHOR_PAGE.search(a.get("href") or "")]
    return ", ".join(name for name in links if name and name in line.text) or None
