"""Characters: whitespace, words."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # hints where a line may break or may not; no part of a word
_WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
_MAYBE_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")  # no combining mark is a letter, a digit or a space
_MARKS_AT_MOST = 30
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def squash(value: str) -> str:
    """The text in NFC on one line, each run of whitespace one space, none at its ends; soft hyphens are gone."""
    if not value.isascii():
        value = unicodedata.normalize("NFC", _MAYBE_MARKS.sub(_stream_safe, _INVISIBLE.sub("", value)))
    return _SPACE.sub(" ", value).strip()


def _stream_safe(run: re.Match[str]) -> str:
    """UAX #15 12.1: no language has more than 30 combining marks in a row, and to put more in order takes time that
    grows with the square of their number. The others are left out.
    """
    kept: list[str] = []
    marks = 0
    for character in run.group():
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_AT_MOST:
            kept.append(character)
    return "".join(kept)


def count_words(value: str) -> int:
    """Words as a reader counts them; in scripts without spaces (Chinese, Japanese), two characters make one."""
    unspaced = len(_UNSPACED.findall(value))
    return len(_WORD.findall(_UNSPACED.sub(" ", value))) + (unspaced + 1) // 2
