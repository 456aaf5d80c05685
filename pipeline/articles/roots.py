"""Which of a page's `article` elements is the story's: papers let the next story follow in the same page.

HTML 4.3.2: an `article` is a complete composition; one within another is related to it (a comment, a post of a live
blog, a teaser).
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipeline.articles.lines import Line, ancestors
from pipeline.text import squash

MAIN_SHARE = 0.25  # of the text that the story's own article holds at least
MAX_TEASERS = 0.3  # of the text
MIN_CHARS = 600  # of a story beside which others may be left out
TEXT_CHARS = 100  # of a line that tells
MOSTLY_LINKS = 0.5
ITEM_DEPTH = 4  # elements from a line up to the item of the list that it stands in
TEASER_CHARS = 300
MIN_SIBLINGS, MAX_SIBLINGS = 2, 10  # items of its kind beside an item, on either side

_SIGNED = XPath(".//h1 | .//time | .//*[contains(@class, 'byline') or contains(@class, 'author') or @rel='author']")
_TEASER = XPath(".//*[self::h2 or self::h3 or self::h4 or self::h5][.//a or ancestor::a]")


def article_of(element: HtmlElement) -> HtmlElement | None:
    """The innermost `article` that an element stands in."""
    return element if element.tag == "article" else next(element.iterancestors("article"), None)


def of_other_stories(lines: Sequence[Line | None]) -> list[bool]:
    """For each line of a text whether it is of another story: of another `article`, or in a list of teasers."""
    return [
        is_other or is_teaser for is_other, is_teaser in zip(_in_other_articles(lines), _in_lists(lines), strict=True)
    ]


def _in_other_articles(lines: Sequence[Line | None]) -> list[bool]:
    """The first article that holds a good part is the story's.

    Papers use `article` for parts of a story too: another story has a heading, a byline or a time of its own.
    """
    roots = [None if line is None else _outermost(line.element) for line in lines]
    sizes: Counter[HtmlElement | None] = Counter()
    for line, root in zip(lines, roots, strict=True):
        sizes[root] += len(line.text) if line is not None else 0
    total = sum(sizes.values())
    main = next((root for root in roots if root is not None and sizes[root] >= MAIN_SHARE * total), None)
    if main is None or sizes[main] < MIN_CHARS:
        return [False] * len(lines)
    others = {root for root in sizes if root is not None and root is not main and _SIGNED(root)}
    teasers = _teasers(lines, total)
    return [
        root in others or (line is not None and article_of(line.element) in teasers)
        for line, root in zip(lines, roots, strict=True)
    ]


def _teasers(lines: Sequence[Line | None], total: int) -> set[HtmlElement]:
    """Articles within the story's whose heading is a link, together little of the text."""
    sizes: Counter[HtmlElement] = Counter()
    for line in lines:
        inner = article_of(line.element) if line is not None else None
        if line is not None and inner is not None and inner is not _outermost(inner):
            sizes[inner] += len(line.text)
    found = {inner for inner in sizes if _TEASER(inner)}
    return found if sum(sizes[inner] for inner in found) <= MAX_TEASERS * total else set()


def _in_lists(lines: Sequence[Line | None]) -> list[bool]:
    """The lines behind the text in a list whose items each lead to one address by a heading, together little of it.

    A list that text follows is the story's own: of nominees, of what to see.
    """
    known: dict[HtmlElement, bool] = {}
    last = max((at for at, line in enumerate(lines) if line and _is_text(line, known)), default=-1)
    is_listed = [at > last and line is not None and _in_item(line, known) for at, line in enumerate(lines)]
    total = sum(len(line.text) for line in lines if line is not None)
    held = sum(len(line.text) for line, is_item in zip(lines, is_listed, strict=True) if line and is_item)
    return is_listed if held <= MAX_TEASERS * total else [False] * len(lines)


def _is_text(line: Line, known: dict[HtmlElement, bool]) -> bool:
    return len(line.text) >= TEXT_CHARS and line.linked < MOSTLY_LINKS and not _in_item(line, known)


def _in_item(line: Line, known: dict[HtmlElement, bool]) -> bool:
    """Whether a line stands in an item of a list of teasers; `known` are the elements that were looked at."""
    if len(line.text) > TEASER_CHARS:
        return False
    for element in ancestors(line.element, ITEM_DEPTH):
        if element not in known:
            known[element] = _is_teaser(element) and _is_listed(element)
        if known[element]:
            return True
    return False


def _is_listed(item: HtmlElement) -> bool:
    """Whether others of its kind stand beside an item."""
    after = islice(item.itersiblings(item.tag), MAX_SIBLINGS)
    before = islice(item.itersiblings(item.tag, preceding=True), MAX_SIBLINGS)
    alike = [each for each in chain(before, after) if each.get("class") == item.get("class")]
    return sum(map(_is_teaser, alike)) >= MIN_SIBLINGS


def _is_teaser(item: HtmlElement) -> bool:
    """Whether an element is a linked heading and few words more, all leading to one address on another page."""
    addresses = (link.get("href") for link in item.iter("a") if link.get("href"))
    first = next(addresses, "#")
    if "#" in first or any(other != first for other in addresses):
        return False
    return bool(_TEASER(item)) and len(squash("".join(item.itertext()))) <= TEASER_CHARS


def same_article(lines: Sequence[Line], element: HtmlElement | None) -> list[Line]:
    """The lines that stand in the article of an element (its heading), or in none; all where that has none."""
    root = _outermost(element) if element is not None else None
    return [line for line in lines if root is None or _outermost(line.element) in (root, None)]


def _outermost(element: HtmlElement) -> HtmlElement | None:
    found = element if element.tag == "article" else None
    for found in element.iterancestors("article"):  # noqa: B007 (the last is wanted)
        pass
    return found
