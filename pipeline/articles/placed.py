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
    runs: Runs | None = None
    placed, after = [], -1
    for block in blocks:
        line = finder.find(block.text, after)
        if line is not None:
            after = line.position
            placed.append(Placed(block, line))
            continue
        parts = range(0)
        if len(block.text) >= MIN_MERGED and len(lines) <= MAX_LINES:
            runs = runs or make_runs(lines)
            parts = runs.find(letters_of(block.text))
        placed += [Placed(Block(lines[at].text, block.kind), lines[at]) for at in parts] or [Placed(block, None)]
    return placed


@dataclass(frozen=True, slots=True)
class Runs:
    """Finds lines in a row by the letters that they say together."""

    text: str  # the letters of all lines, one after the other
    begins: dict[int, int]  # where in the text a line begins that has enough letters → its position
    ends: dict[int, int]  # where the letters of lines end → the position of the first line after them

    def find(self, letters: str) -> range:
        """The first lines in a row that say just these letters; none where there are no such."""
        at = self.text.find(letters) if letters else -1
        while at >= 0:
            start, stop = self.begins.get(at), self.ends.get(at + len(letters))
            if start is not None and stop is not None and stop - start > 1:
                return range(start, stop)
            at = self.text.find(letters, at + 1)
        return range(0)


def make_runs(lines: Sequence[Line]) -> Runs:
    keys = [letters_of(line.text) for line in lines]
    begins: dict[int, int] = {}
    ends: dict[int, int] = {}
    at = 0
    for position, key in enumerate(keys):
        if len(key) >= MIN_KEY:
            begins[at] = position
        at += len(key)
        ends.setdefault(at, position + 1)
    return Runs("".join(keys), begins, ends)
