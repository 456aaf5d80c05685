"""Bylines: persons and agencies apart, without roles, addresses and the word that introduces them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.articles.agencies import agency_named, without_agency
from pipeline.text import squash

MAX_PERSONS = 20
MAX_CHARS = 500  # of one byline
MAX_BARE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Byline:
    persons: tuple[str, ...] = ()
    agency: str | None = None


_BY = re.compile(
    r"^(?:(?:written|words|story|text|texte|texto|testo|tekst|текст|report|reported|posted|published|publié|analysis"
    r"|interview|autor(?:en|in)?|authors?|auteur|autore|автор|ein (?:kommentar|gastbeitrag)|eine (?:analyse|kolumne))"
    r"\b\s*:?\s*(?=\S))?"
    r"(?:(?:by|von|vom|par|por|door|przez)\b\s*:?\s*(?=\S)|(?:di|da|av|af)\s+(?=\S+\s+\S))?",
    re.IGNORECASE,
)
_INTRODUCERS = frozenset({"by", "von", "par", "por", "di", "door", "av", "af", "with", "mit", "avec"})
_CONTACT = re.compile(r"\S+@\S+\.\S+|https?://\S+|www\.\S+|@\w+|\(\s*\)")
_SPLIT = re.compile(
    r"\s*(?:[;|/•·&\n]|,(?!\s*(?:Jr|Sr|MD|PhD|M\.D|Ph\.D)\b)|\s[-–—]\s|\b(?:and|und|et|with|mit|avec|con|og|och|ja)\b"
    r"|(?<=\w) [ye] (?=[A-ZÁÉÍÓÚ]))\s*"
)
_ROLE = re.compile(
    r"\b(?:staff|writers?|reporters?|correspondents?|editors?|editorial|desk|journalist\w*|columnist|contributors?|producer|bureau"
    r"|redakt(?:ion|eur|eurin|or|ør|ör|ie)\w*|korrespondent\w*|chefredakt\w*|volont\w*|autorin|mitarbeiter\w*|rédact\w+|envoyée?"
    r"|journaliste|correspondante?|redac(?:ción|tie|tor|tora|ção|zione)|periodista|corresponsal|jornalista|giornalista|inviato"
    r"|newsroom|nachrichten\w*|team|photographe?r?s?|professor\w*|chief|senior|agencies|agenturen|agencias|agences|online|admin|webmaster|newsdesk)\b",
    re.IGNORECASE,
)
_ROLE_AFTER = re.compile(r"\s*(?:기자|특파원|記者)$|\s*\([^)]*\)\s*$|\s+in\s+[A-Z]\w+$")
_BARE_NAME = r"[^\W\d_a-zà-ž][\w.’'-]+(?: [^\W\d_a-zà-ž][\w.’'-]*){1,3}"
_BARE_NAMES = re.compile(rf"{_BARE_NAME}(?:(?: ?[/,&] ?| and | und | et | y | e | og | och ){_BARE_NAME})*")
_SITE_LIKE = re.compile(r"(?:^|\s)[\w-]{3,}\.[a-z]{2,}(?=$|\s)|\b(?:GmbH|Ltd|Inc)\b", re.IGNORECASE)


def read_byline(raws: Iterable[str], site_names: Sequence[str] = ()) -> Byline:
    """Persons and agency of bylines as written: `Von Anna Meier, dpa` → Anna Meier; dpa. Roles and addresses go."""
    sites = {_bare(name) for name in site_names}
    persons: dict[str, str] = {}
    agency = None
    for raw in raws:
        named = agency_named(raw)
        parts = [] if named else _parts(raw)
        agency = agency or named or next((found for part in parts if (found := agency_named(part))), None)
        has_site = any(_is_site(part, sites) for part in parts)  # "paper.example, Velmar": the rest is an address
        for part in parts:
            if _is_person(part, sites) and (" " in part or not has_site):
                persons.setdefault(_bare(part), part)
    if any(" " in name for name in persons.values()):  # beside a name, `capital` and `red` are no persons
        persons = {key: name for key, name in persons.items() if " " in name or not name.islower()}
    return Byline(tuple(persons.values())[:MAX_PERSONS], agency)


def is_bare_name(text: str) -> bool:
    """Whether a line is nothing but names of persons, as their capitals show: `Anna Meier/Tom Arden`."""
    return len(text) <= MAX_BARE_CHARS and bool(_BARE_NAMES.fullmatch(text)) and not _ROLE.search(text)


def _parts(raw: str) -> list[str]:
    text = _CONTACT.sub(" ", raw[:MAX_CHARS])
    text = _BY.sub("", squash(text))
    parts = [squash(_ROLE_AFTER.sub("", part)).strip(' .,:()[]*–—-"“”') for part in _SPLIT.split(text)]
    parts = [each for part in parts if part for each in without_agency(part) if each]
    if len(parts) == 2 and "," in text and all(" " not in part for part in parts) and not any(map(agency_named, parts)):
        return [f"{parts[1]} {parts[0]}"]  # "Lenharo, Mariana", as catalogues write it
    return parts


def _is_person(part: str, sites: set[str]) -> bool:
    if agency_named(part) or not 2 <= len(part) <= 60 or len(part.split()) > 6:
        return False
    if any(letter.isdigit() for letter in part) or _is_site(part, sites):
        return False
    return not _ROLE.search(part) and part.casefold() not in _INTRODUCERS


def _is_site(part: str, sites: set[str]) -> bool:
    """The site itself, or a desk of it (`MDR Thüringen`)."""
    if _bare(part) in sites or _SITE_LIKE.search(part):
        return True
    first, _, rest = part.partition(" ")
    return bool(rest) and first.isupper() and _bare(first) in sites


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
