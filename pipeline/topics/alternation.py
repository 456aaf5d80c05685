"""One fast regular expression for many.

`re` tries the branches of an alternation one after the other at every word of a text; it skips those fast whose first
letter differs. So branches are unfolded until they begin with a letter, and those with the same letters share them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

_SHARED_LETTERS = 3  # beyond that few branches are left to share
_QUANTIFIERS = ("?", "*", "+", "{")


def any_of(patterns: Iterable[str]) -> str:
    """A pattern that matches wherever one of `patterns` does; which one, and how far, it does not say."""
    return _shared(sorted({branch for pattern in patterns for branch in _unfolded(pattern)}), _SHARED_LETTERS)


def _shared(branches: Iterable[str], letters: int) -> str:
    """The branches as an alternation, those that begin with the same letter behind it."""
    by_letter: dict[str, list[str]] = defaultdict(list)
    others = []
    for branch in branches:
        if letters and branch[:1].isalpha() and not branch.startswith(_QUANTIFIERS, 1):
            by_letter[branch[0]].append(branch[1:])
        else:
            others.append(branch)
    shared = [f"{letter}(?:{_shared(rest, letters - 1)})" for letter, rest in by_letter.items()]
    return "|".join([*shared, *others])


def _unfolded(pattern: str) -> Iterator[str]:
    """The branches of a pattern; `(?:a|b)?c` at the beginning of one is `ac`, `bc` and `c`."""
    for branch in _split(pattern):
        close = _end_of_group(branch) if branch.startswith("(?:") else 0
        inside, rest = branch[3 : close - 1], branch[close:]
        if not close or rest.startswith(("*", "+", "{", "??", "?+")):
            yield branch
            continue
        if rest.startswith("?"):
            rest = rest[1:]
            yield from _unfolded(rest)
        yield from (unfolded + rest for unfolded in _unfolded(inside))


def _split(pattern: str) -> list[str]:
    """The pattern cut at each `|` that stands in no group and no set."""
    cuts = [at for at, character, depth in _outside_sets(pattern) if character == "|" and depth == 0]
    return [pattern[start + 1 : end] for start, end in zip([-1, *cuts], [*cuts, len(pattern)], strict=True)]


def _end_of_group(branch: str) -> int:
    """Where the group that the branch begins with has ended."""
    return next(at + 1 for at, character, depth in _outside_sets(branch) if character == ")" and depth == 0)


def _outside_sets(pattern: str) -> Iterator[tuple[int, str, int]]:
    """Each character that is neither escaped nor in a set `[…]`, with its position and the depth of groups after it."""
    depth, at = 0, 0
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 2
            continue
        if pattern[at] == "[":
            at = _end_of_set(pattern, at)
            continue
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        yield at, pattern[at], depth
        at += 1


def _end_of_set(pattern: str, at: int) -> int:
    """Where a set that begins at `at` has ended; a `]` right behind `[` or `[^` is one of its members."""
    at += 2 if pattern.startswith("[^", at) else 1
    first = at
    while pattern[at] != "]" or at == first:
        at += 2 if pattern[at] == "\\" else 1
    return at + 1
