"""The paragraphs of plain text, as wires wrap it by hand."""

import re

_INDENTED = re.compile(r" {3}|\t")
_POINT = re.compile(r"[*•] +\S|\((?:Schluss|Ende|END|MORE|Forts\.)\)")  # of a list; an end mark with initials behind
_WRAP_WIDTH = 80  # wires of the teleprinter age wrap at 64 to 79; a modern line that is one paragraph is longer
_SIGN_OFF = re.compile(r"\s*(?:REUTERS?|[Rr]euter|Enditem)(?:\W|\^M)*")  # alone on the last line: an end mark, no text
_SIGN_OFF_BEHIND = re.compile(r"(?<=[.\d)\"'”])\s+(?:REUTER|Enditem)(?:\W|\^M)*$")  # or behind the last sentence


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs, each still with its own line breaks.

    They are parted by empty lines, by lines that are indented, and before each point of a list; where there are none,
    by lines, unless all lines are so short that they were wrapped.
    """
    lines = _without_sign_off(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    is_parted = any(not line.strip() or _INDENTED.match(line) for line in lines[1:])
    is_wrapped = is_parted or all(len(line) <= _WRAP_WIDTH for line in lines)
    found: list[list[str]] = [[]]
    for line in lines:
        if not is_wrapped or not line.strip() or _INDENTED.match(line) or _POINT.match(line):
            found.append([])
        if line.strip():
            found[-1].append(line)
    return tuple("\n".join(paragraph) for paragraph in found if paragraph)


def _without_sign_off(lines: list[str]) -> list[str]:
    last = len(lines)
    while last and not lines[last - 1].strip("\x00\x03 \t"):
        last -= 1
    if last and _SIGN_OFF.fullmatch(lines[last - 1]):
        return lines[: last - 1]
    return [*lines[: last - 1], _SIGN_OFF_BEHIND.sub("", lines[last - 1])] if last else []
