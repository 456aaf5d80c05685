"""Captions of a page's pictures, with their credits, apart from the text."""

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from pipeline.articles.lines import Line, ancestors, letters, line_key, names_of
from pipeline.text import squash
from pipeline.types import Caption

MAX_CAPTIONS = 60
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_CAPTION = re.compile(r"\bfig-?caption|caption\b|\bcaption|bildunterschrift|bildtext|wp-caption-text")
_CREDIT_NAME = re.compile(r"credit|copyright|photographer|fotograf|bildrecht|\bsource\b|agency")
_CREDIT = re.compile(
    r"\s*[(\[|–—-]?\s*(?:(?:photo(?:graph)?s?|photo ?credit|picture|image|image source|foto|fotos|bild|bildquelle"
    r"|quelle|credits?|crédits?|fotografía|imagen|kuva|zdjęcie|фото)\s*(?:by|von|de|di)?\s*[:/©]\s*|©\s*|\(c\)\s*).{2,90}$",
    re.IGNORECASE,
)
_HOUSE = r"(?:AP|AFP|Reuters|REUTERS|dpa|EPA|TT|NTB|Pool|Getty(?: Images)?)"
_POOL = re.compile(
    rf"(?<=[.!?”\"])\s+[A-ZÀ-Ž][^.!?]{{2,80}}?(?:\bvia |/){_HOUSE}\.?$"
    rf"|\s*\((?:(?:{_HOUSE}|Photo)\b[^()]{{0,60}}|[^()]{{2,60}}/{_HOUSE}[^()]{{0,40}})\)\.?$"
)


def read_captions(lines: Sequence[Line], moved: Iterable[Line], span: range) -> tuple[Caption, ...]:
    """Captions among the lines of `span` and those that were moved out of the text, each with all lines of its box."""
    named: dict[HtmlElement, bool] = {}
    boxes: dict[HtmlElement, dict[int, Line]] = {}
    for line in lines[max(0, span.start) : span.stop]:
        if (box := _caption_box(line, named)) is not None:
            boxes.setdefault(box, {})[line.position] = line
    for line in moved:
        box = _caption_box(line, named)
        box = _captioned(line) if box is None and line.element.tag in _HEADINGS else box
        boxes.setdefault(line.element if box is None else box, {})[line.position] = line
    captions: dict[str, Caption] = {}
    for group in boxes.values():
        if caption := _caption(list(group.values())):
            captions.setdefault(line_key(caption.text), caption)
    return tuple(captions.values())[:MAX_CAPTIONS]


def split_credit(text: str) -> Caption:
    """The caption without the credit at its end: `… on Wednesday. Jane Doe, Pool Photo via AP`."""
    for pattern in (_POOL, _CREDIT):
        found = pattern.search(text)
        if found and found.start() > 0:
            return Caption(text[: found.start()].strip(), squash(found[0]).strip("()[]|–—- ") or None)
    return Caption(text)


def _caption_box(line: Line, named: dict[HtmlElement, bool]) -> HtmlElement | None:
    """The outermost element that is named a caption; `named` remembers which are."""
    found = None
    for element in ancestors(line.element, 5):
        if element not in named:
            named[element] = element.tag in ("figcaption", "caption") or bool(_CAPTION.search(names_of(element)))
        if named[element]:
            found = element
    return found


def _captioned(line: Line) -> HtmlElement | None:
    """The caption of the figure that a heading stands in."""
    figure = next(line.element.iterancestors("figure"), None)
    return next(figure.iter("figcaption"), None) if figure is not None else None


def _caption(group: list[Line]) -> Caption | None:
    credits = [line.text for line in group if _is_credit(line)]
    headings = [line.text for line in group if line.element.tag in _HEADINGS and not _is_credit(line)]
    words = [line.text for line in group if line.text not in (*credits, *headings)] or headings
    slug = squash(" ".join(headings)) if words is not headings else None
    text = squash(" ".join(words))
    if not text and credits:
        text, credits = squash(" ".join(credits)), credits
    if letters(text) < 3:
        return None
    caption = split_credit(text)
    credit = squash(" ".join(credits)) or caption.credit
    return Caption(caption.text or text, credit or None, slug or None)


def _is_credit(line: Line) -> bool:
    return bool(_CREDIT_NAME.search(names_of(line.element))) and line.element.tag not in ("figcaption", "figure")
