"""The blocks of the extracted text, each beside the line of the page that it came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.articles.lines import Line, letters_of, make_finder
from pipeline.types import Block

MIN_MERGED = 200  # characters of a block that may be several lines of the page in one
MAX_LINES = 5_000  # of a page in which they are looked for
MIN_KEY = 4  # letters of the line that such a block begins with


@dataclass(frozen=True, slots=True)
class Placed:
    block: Block
    line: Line | None  # None where it was not found
    is_vouched: bool = False  # its own markup says that it is the story's, whatever it stands in


def place(blocks: Sequence[Block], lines: Sequence[Line]) -> list[Placed]:
    """Each block with its line; one that ran several lines together (`<br><br>` between them) in its parts."""
    finder = make_finder(lines)
    keys: list[str] = []
    placed, after = [], -1
    for block in blocks:
        line = finder.find(block.text, after)
        if line is not None:
            after = line.position
            placed.append(Placed(block, line))
            continue
        parts = range(0)
        if len(block.text) >= MIN_MERGED and len(lines) <= MAX_LINES:
            keys = keys or [letters_of(line.text) for line in lines]
            parts = _parts(letters_of(block.text), keys)
        placed += [Placed(Block(lines[at].text, block.kind), lines[at]) for at in parts] or [Placed(block, None)]
    return placed


def _parts(text: str, keys: Sequence[str]) -> range:
    """The lines in a row that say just what the block does; none where there are no such."""
    for start, key in enumerate(keys):
        if len(key) >= MIN_KEY and text.startswith(key):
            stop, at = start, 0
            while stop < len(keys) and at < len(text) and text.startswith(keys[stop], at):
                at += len(keys[stop])
                stop += 1
            if at == len(text) and stop - start > 1:
                return range(start, stop)
    return range(0)
