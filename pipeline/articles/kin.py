"""Lines of the page that are the story's although the extractor passed them over.

The evidence is the markup alone: they stand in elements that are nested, and called, just as those of the story's own
paragraphs are, within the same `article`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from pipeline.articles.lines import Line, letters_of
from pipeline.articles.placed import Placed
from pipeline.articles.roots import article_of
from pipeline.types import Block

MAX_LINES = 5_000  # of a page; one with more is a list
LEVELS = 4  # of nesting that must be the same
MIN_PARAGRAPHS = 3  # that show how the story's are nested
MIN_SHARE = 0.4  # of the text that they hold
MIN_CHARS = 25
KEY_CHARS = 40
MOST_LINKED = 0.5
HEADINGS = frozenset({"h2", "h3", "h4"})

Path = tuple[str, ...]


def with_kin(placed: Sequence[Placed], lines: Sequence[Line]) -> list[Placed]:
    """The blocks, and between them, or after the last, the lines that are nested as they are."""
    paths = _story_paths(placed)
    if not paths or len(lines) > MAX_LINES:
        return list(placed)
    taken = {item.line.position for item in placed if item.line}
    text = letters_of(" ".join(item.block.text for item in placed))
    root = _story_root(placed, paths)
    found = [
        Placed(Block(line.text, kind), line)
        for line in lines[min(taken) :]
        if line.position not in taken
        and (kind := _kind(line, paths))
        and article_of(line.element) is root
        and not _is_told(letters_of(line.text), text)
    ]
    return _merged(placed, _without_last_headings(found, max(taken)))


def _is_told(key: str, text: str) -> bool:
    """Whether a line's beginning or end is in the text: what the extractor left out of its middle may differ."""
    return key[:KEY_CHARS] in text or key[-KEY_CHARS:] in text


def _kind(line: Line, paths: set[Path]) -> str | None:
    """paragraph or heading, where the line is nested as the story's paragraphs are; else None."""
    if line.linked > MOST_LINKED or len(line.text) < MIN_CHARS:
        return None
    if _path(line.element) in paths:
        return "paragraph"
    is_heading = line.element.tag in HEADINGS and line.linked == 0
    return "heading" if is_heading and _path(line.element)[1:] in {path[1:] for path in paths} else None


def _story_paths(placed: Sequence[Placed]) -> set[Path]:
    """How most of the story's paragraphs are nested: tags and classes, inside out."""
    sizes: Counter[Path] = Counter()
    counts: Counter[Path] = Counter()
    for item in placed:
        if item.line is not None and item.block.kind == "paragraph" and item.line.element.tag in ("p", "div"):
            path = _path(item.line.element)
            sizes[path] += len(item.block.text)
            counts[path] += 1
    total = sum(len(item.block.text) for item in placed)
    return {path for path, size in sizes.items() if size >= MIN_SHARE * total and counts[path] >= MIN_PARAGRAPHS}


def _path(element: HtmlElement) -> Path:
    return tuple(f"{each.tag} {each.get('class') or ''}" for each in _upwards(element))


def _upwards(element: HtmlElement) -> Iterator[HtmlElement]:
    current: HtmlElement | None = element
    for _ in range(LEVELS):
        if current is None or current.tag == "body":
            return
        yield current
        current = current.getparent()


def _story_root(placed: Sequence[Placed], paths: set[Path]) -> HtmlElement | None:
    roots = [article_of(item.line.element) for item in placed if item.line and _path(item.line.element) in paths]
    return Counter(roots).most_common(1)[0][0]


def _without_last_headings(found: Sequence[Placed], end: int) -> list[Placed]:
    """Headings after the text count only where text follows them."""
    kept = list(found)
    while kept and kept[-1].block.kind == "heading" and kept[-1].line and kept[-1].line.position > end:
        kept.pop()
    return kept


def _merged(placed: Sequence[Placed], found: Sequence[Placed]) -> list[Placed]:
    """Both in the page's order; a block whose line was not found stays behind the one before it."""
    merged: list[Placed] = []
    waiting = list(found)
    for item in placed:
        while waiting and item.line and waiting[0].line and waiting[0].line.position < item.line.position:
            merged.append(waiting.pop(0))
        merged.append(item)
    return merged + waiting
