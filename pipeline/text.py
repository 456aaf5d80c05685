"""Characters: whitespace, words."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # hints where a line may break or may not; no part of a word
_WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def squash(value: str) -> str:
    """The text in NFC on one line, each run of whitespace one space, none at its ends; soft hyphens are gone."""
    if not value.isascii():
        value = _INVISIBLE.sub("", unicodedata.normalize("NFC", value))
    return _SPACE.sub(" ", value).strip()


def count_words(value: str) -> int:
    """Words as a reader counts them; in scripts without spaces (Chinese, Japanese), two characters make one."""
    unspaced = len(_UNSPACED.findall(value))
    return len(_WORD.findall(_UNSPACED.sub(" ", value))) + (unspaced + 1) // 2
