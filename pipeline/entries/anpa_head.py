"""The slug of an ANPA 1312 story, and the lines between it and the text."""

import re

from pipeline.entries.markup import tidy
from pipeline.entries.slugs import marks_of, slug_and_marks, without_count, without_cycle
from pipeline.entries.teleprinter import is_of_head, is_text, parted

_HEAD_END = re.compile(r"[<=]\s*$")
_WORD = re.compile(r"\W+")
_SAME_SLUG = 8  # letters; the header cuts its keyword at 24, and parts it with hyphens


def slug_and_text(text: str, keyword: str) -> tuple[str | None, list[str], list[str]]:
    """The slug, the other lines before the text, and those of the text. The slug is the first line where it begins like
    the header's keyword; AP may write a number before it (`*9006< ^AP-Top-Headlines,0176<`).
    """
    lines = text.strip("\n").split("\n")
    marks = 1 if len(lines) > 1 and marks_of(_bare(lines[0])) else 0  # ^URGENT<
    first = tidy(lines[marks].rpartition("^")[2].rstrip("< ")) or ""
    is_slug = bool(first) and _letters(slug_and_marks(first)[0]) == _letters(keyword)
    is_marked = lines[0].lstrip().startswith("^")
    head, rest = _parted_by_marks(lines[marks:]) if is_marked else parted(lines[marks + is_slug :])
    return (without_count(first) if is_slug else tidy(keyword)), list(map(_bare, [*lines[:marks], *head])), rest


def _parted_by_marks(lines: list[str]) -> tuple[list[str], list[str]]:
    """AP's head: the lines after the slug that "<" or "=" ends, and bylines, up to the first that is indented. Where
    nothing ends the slug, those that "^" begins.
    """
    is_ended = bool(_HEAD_END.search(lines[0]))
    end = 1
    while end < len(lines) and _is_marked(lines[end], is_ended=is_ended):
        end += 1
    return lines[1:end], lines[end:]


def _is_marked(line: str, *, is_ended: bool) -> bool:
    is_begun = not is_ended and line.startswith("^") and not is_text(line[1:])
    return not line[:1].isspace() and bool(is_begun or _HEAD_END.search(line) or is_of_head(_bare(line)))


def _bare(line: str) -> str:
    return line.strip().removeprefix("^").rstrip("<= ")


def _letters(slug: str) -> str:
    """What a slug and the header's keyword have in common: the cycle may have changed on the way."""
    return _WORD.sub("", without_cycle(slug.strip())).casefold()[:_SAME_SLUG]
