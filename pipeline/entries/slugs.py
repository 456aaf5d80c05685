"""The story and the sequence that a slug names, where a wire gives no id.

The keyword line of a wire story stays the same on all that is sent of it, so that newsrooms can put its leads
together. What a version does stands behind the slug (`BC-US--Harbor Fire, 2nd Ld-Writethru`), before the headline
(`UPDATE 2-`) or on a line of its own (`REFILE`).
"""

import re
from typing import NamedTuple

_KILL = (
    r"(?:(?:bulletin|mandatory|story|item|urgent)\s+)?(?:kill(?:ed)?|withdraw(?:n|al)?|cancel(?:led|ed)?|retract(?:ed|ion)?)"
    r"|eliminat(?:e|ion)|(?:meldung\s+)?zur(?:ü|ue)ck(?:gezogen|ziehen|ziehung)|annul(?:ation|é|ée|la|lare|lat[ao]|eret)"
    r"|anulad[ao]|anulowan[aeoy]|storno"
)
_LEAD = (  # 1st Ld, 2ndLd-Writethru, 2. Zusammenfassung; a "1st Add" is no version, it holds what comes after the story
    r"\d{1,2}\s?(?:st|nd|rd|th|\.)\s?-?(?:ld|lead|writethru|update|zusammenfassung|meldung|neufassung)"
    r"(?:[\s-]*write-?\s?thru)?"
)
_WORDS = (
    rf"{_KILL}|write-?\s?thru|urgent|flash|adds|recasts?|refiled?|correct(?:ed|ion|ions|s)|correx|repeat(?:s|ed|ing)?|rpt"
    r"|wdh|updat(?:es?|ed|ing)|wrap-?up|roundup|lead|advisory|bjt|clarification|embargo(?:ed)?"
    r"|withh(?:o|e)ld|do not use|hfr|hold for release|adv(?:\s?\d{1,2}(?:-\d{1,2})?)?"
    r"|annule et remplace|corrig[eé]|rectificatif|annulla e sostituisce"
    r"|korr(?:ektur)?|berichtigung|neufassung|wiederholung|zusammenfassung|eil(?:meldung)?|sperrfrist"
    r"|rectificati[fv][ao]?|rettifica|correcci[oó]n|corre[cç][aã]o|oprava|korekta|rättelse|rettelse"
    r"|actualiza(?:ci[oó]n|d[ao])|ampliaci[oó]n|atualiza(?:[cç][aã]o|d[ao])|aggiornamento|actualisation|mise à jour"
    r"|aktualizace|aktualizacja|aktualisier(?:t|ung)|uppdatering|opp?datering"
)
_MARK = rf"(?:{_LEAD}|zusammenfassung \d{{4}}|(?:{_WORDS})(?:\s\d{{1,2}})?)"  # dpa counts its summaries by the clock
_MARKS = rf"{_MARK}(?:[\s,;:/+-]+{_MARK})*"

_ALL = re.compile(rf"\W*(?P<marks>{_MARKS})\W*", re.IGNORECASE)
_BEFORE = re.compile(
    rf"\(?(?P<mark>{_MARK})\)?(?P<end>\s*[:/]\s*|\s*[-–—]\s*|\s*\+{{2,}}\s*|(?<=\))\s*)(?=\S)", re.IGNORECASE
)
_BEHIND = re.compile(
    rf"\s*(?:,\s*(?P<listed>{_MARKS})|\((?P<bracketed>{_MARKS})\)"
    rf"|[\s-]+(?P<bare>{_LEAD}|(?-i:(?:(?:BULLETIN|MANDATORY) )?KILL)))\W*$",
    re.IGNORECASE,
)
_AHEAD = re.compile(rf"(?P<mark>{_MARK})\s+(?=[abp][cmp]-)", re.IGNORECASE)  # ADV 15 BC-US--Harbor Fire
_DONE = re.compile(  # "Adds quotes", "Eds: Corrects spelling of name"
    r"\W*(?:(?:eds|editors|note)\W+)?(adds|corrects|recasts|refiles|repeats|restores|updates)\b", re.IGNORECASE
)
_COUNT = re.compile(r"\s*,\s*\d{1,5}\W*$")  # of words
_LONGEST_SLUG = 300
_LONGEST_LINE = 100  # of marks alone
_MOST_MARKS = 5
_CYCLE = re.compile(r"(?:[abp][cmp]|bc)-+(?=\w)", re.IGNORECASE)  # AM-, PM-, BC- (both cycles), AP- (online)
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_ADVANCE = re.compile(r"\badv[\s\d-]*")
_IS_KILL = re.compile(rf"(?:^|[\s,])(?:{_KILL})(?:$|,)", re.IGNORECASE)
_SAYS_KILL = re.compile(
    r"\b(?:kill|withdraw|withdrawn|retract|cancel|eliminate|zur(?:ü|ue)ckziehen|annuler|anular)\b", re.IGNORECASE
)
_IS_HELD = re.compile(
    r"(?:^|[\s,])(?:hfr|hold for release|adv[\s\d-]*|embargo(?:ed)?|sperrfrist)(?:$|,)", re.IGNORECASE
)
_IS_WITHHELD = re.compile(r"(?:^|[\s,])(?:withh(?:o|e)ld|do not use)(?:$|,)", re.IGNORECASE)


class SlugIdentity(NamedTuple):
    wire_id: str | None
    version: int | None  # the number of the lead or the update; None on what carries none
    signal: str | None  # the marks as they stand, in lower case


def wire_id_of_slug(slug: str | None, day: str | None) -> SlugIdentity:
    """The id of a story that has none: its slug without its marks, and its day as far as it is known (ISO 8601:
    `2018-11-21`, or `--11-21` where the year is not).
    """
    story, signal = slug_and_marks(slug or "")
    story = " ".join(without_cycle(story).casefold().split()).strip(" /,-")
    wire_id = ":".join(filter(None, ("slug", story, day))) if story else None
    return SlugIdentity(wire_id, version_in(signal), signal)


def slug_and_marks(slug: str) -> tuple[str, str | None]:
    """The slug without what it says of the version, and that: `Harbor Fire, 2nd Ld-Writethru,640` → `Harbor Fire`, `2nd
    ld-writethru`.
    """
    ahead = _AHEAD.match(slug[:_LONGEST_SLUG])
    story, before = leading_marks(slug[ahead.end() if ahead else 0 : _LONGEST_SLUG])
    story = without_count(story)
    found = _BEHIND.search(story)
    behind = (found["listed"] or found["bracketed"] or found["bare"]) if found else None
    return (story[: found.start()] if found else story).strip(" ,"), joined(
        ahead["mark"] if ahead else None, before, behind
    )


def leading_marks(headline: str) -> tuple[str, str | None]:
    """A headline without what it says of the version, and that: `CORRECTED-UPDATE 2-Oil rises` → `Oil rises`,
    `corrected, update 2`. A word in small letters before a hyphen is no mark.
    """
    rest = headline.strip()
    marks: list[str] = []
    while (found := _BEFORE.match(rest)) and len(marks) < _MOST_MARKS:
        if not found["mark"].isupper() and not {":", "+"} & set(found["end"]):
            break
        marks.append(found["mark"])
        rest = rest[found.end() :]
    return rest, joined(*marks)


def marks_of(line: str) -> str | None:
    """What a line says of the version, where it says nothing else: `1ST LEAD`, `(KORREKTUR)`."""
    found = _ALL.fullmatch(line.strip()) if len(line) <= _LONGEST_LINE else None
    return joined(found["marks"]) if found else None


def mark_in(note: str | None) -> str | None:
    """What a note to editors says first that the version does: `Adds quotes` → `adds`."""
    found = _DONE.match(note or "")
    return found[1].lower() if found else None


def without_count(slug: str) -> str:
    """The slug without the number of words behind it."""
    return _COUNT.sub("", slug.strip()).strip(" ,")


def joined(*marks: str | None) -> str | None:
    """The marks in lower case, each once."""
    return ", ".join(dict.fromkeys(" ".join(mark.lower().split()) for mark in marks if mark)) or None


def without_cycle(slug: str) -> str:
    """The slug without the cycle before it, which changes on a story's way from AM to PM."""
    return _CYCLE.sub("", slug, count=1)


def version_in(signal: str | None) -> int | None:
    """The number of the lead or the update; that of an advance is a day."""
    found = _NUMBER.search(_ADVANCE.sub("", signal or ""))
    return int(found[0]) if found else None


def is_kill(signal: str | None) -> bool:
    """Whether the marks take the story back."""
    return bool(signal and _IS_KILL.search(signal))


def says_kill(text: str) -> bool:
    """Whether a text speaks of taking a story back."""
    return bool(_SAYS_KILL.search(text))


def is_held(signal: str | None) -> bool:
    """Whether the marks hold the story for release."""
    return bool(signal and _IS_HELD.search(signal))


def is_withheld(signal: str | None) -> bool:
    """Whether the marks keep the story back without an end."""
    return bool(signal and _IS_WITHHELD.search(signal))
