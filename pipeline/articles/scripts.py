"""The story of a page that is put together in the browser: paragraphs of markup in the data that its scripts carry.

Such data are strings within strings (a framework's state, `self.__next_f.push([1,"…\\u003cp\\u003e…"])`): nothing is
run, the escapes of JSON (RFC 8259 7) are undone as often as they were made.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.html import HtmlElement, fragments_fromstring

from pipeline.text import count_words, squash
from pipeline.types import Block

MAX_CHARS = 3_000_000  # of the scripts that are looked at
MAX_DEPTH = 3  # of strings in strings
MAX_GAP = 300  # characters between two paragraphs of one story
MIN_WORDS = 60

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_TAG = re.compile(r"<(/?)(p|h[2-4]|blockquote|figure|figcaption|div|span)\b[^<>]*>", re.IGNORECASE)
_CAPTIONS = frozenset({"figure", "figcaption"})
_HOLDERS = frozenset({"p", "h2", "h3", "h4", "blockquote"})
_OPENING = re.compile(r"<p[ >]|\\u003cp[ \\]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PLAIN = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": ""}


def scripted_blocks(tree: HtmlElement) -> list[Block]:
    """The longest run of paragraphs in one of the page's scripts; none where it has no story."""
    runs = [run for script in _scripts(tree) for run in _runs(script)]
    blocks = _blocks(max(runs, key=len, default=""))
    return blocks if _words(blocks) >= MIN_WORDS else []


def _scripts(tree: HtmlElement) -> Iterator[str]:
    """The scripts that may hold paragraphs, as many as fit."""
    left = MAX_CHARS
    for element in tree.iter("script"):
        script = element.text or ""
        if len(script) <= left and _OPENING.search(script):
            left -= len(script)
            yield script


def _runs(script: str) -> list[str]:
    """The stretches of a script in which one paragraph follows the other."""
    runs: list[list[str]] = []
    end = -MAX_GAP - 1
    text = _unescaped(script)
    for start, stop, is_caption in _elements(text):
        if start - end > MAX_GAP:
            runs.append([])
        if not is_caption:
            runs[-1].append(text[start:stop])
        end = stop
    return ["".join(run) for run in runs]


def _elements(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where paragraphs, headings and captions begin and end, and which are captions. One look at each tag: a script
    may be a hundred thousand tags that nothing closes.
    """
    opened: tuple[str, int, bool] | None = None
    for tag in _TAG.finditer(text):
        name, closes = tag[2].lower(), tag[1] == "/"
        if closes and opened and name == opened[0]:
            yield opened[1], tag.end(), opened[2]
            opened = None
        elif closes or (opened and opened[2]):
            continue
        elif name in _CAPTIONS or "caption" in tag[0]:
            opened = (name, tag.start(), True)
        elif name in _HOLDERS:
            opened = (name, tag.start(), False)


def _unescaped(text: str) -> str:
    for _ in range(MAX_DEPTH):
        if "\\" not in text:
            break
        text = _ESCAPE.sub(_character, text)
    pairs = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub(" ", pairs)


def _character(escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    return _PLAIN.get(escape[2], escape[2])


def _blocks(markup: str) -> list[Block]:
    try:
        parts = fragments_fromstring(markup)
    except (etree.ParserError, ValueError):
        return []
    elements = [part for part in parts if not isinstance(part, str)]
    return [
        Block(text, "heading" if element.tag[:1] == "h" else "paragraph")
        for element in elements
        if (text := squash("".join(element.itertext())))
    ]


def _words(blocks: Iterable[Block]) -> int:
    return sum(count_words(block.text) for block in blocks)
