"""News agencies: what they are called in bylines, datelines and credits, and what they are called here."""

import re

from pipeline.text import squash

# Their name here → what they are called, compared without case.
_AGENCIES = {
    "AP": "ap|associated press|the associated press|ap news|a.p.",
    "Reuters": "reuters|reuter|thomson reuters|reuters staff|rtr|rtrs",
    "AFP": "afp|agence france-presse|agence france presse|france-presse",
    "dpa": "dpa|deutsche presse-agentur|dpa-afx|dpa-infocom|dpa-tmn|dpa-custom",
    "UPI": "upi|united press international",
    "PA": "pa|pa media|press association|pa wire",
    "Bloomberg": "bloomberg|bloomberg news",
    "EFE": "efe|agencia efe|efe news",
    "Europa Press": "europa press|europapress|ep",
    "ANSA": "ansa",
    "Adnkronos": "adnkronos",
    "Lusa": "lusa|agência lusa",
    "Agência Brasil": "agência brasil|agencia brasil",
    "APA": "apa",
    "Keystone-SDA": "sda|keystone-sda|ats|keystone-ats|awp",
    "KNA": "kna",
    "epd": "epd|evangelischer pressedienst",
    "SID": "sid|sport-informations-dienst",
    "ANP": "anp",
    "Belga": "belga",
    "TT": "tt|tt nyhetsbyrån|tt-reuters",
    "NTB": "ntb|ntb scanpix",
    "Ritzau": "ritzau|/ritzau/",
    "STT": "stt|lännen media",
    "PAP": "pap",
    "ČTK": "čtk|ctk",
    "TASS": "tass|тасс|itar-tass|итар-тасс",
    "RIA Novosti": "ria novosti|риа новости",
    "Interfax": "interfax|интерфакс",
    "Anadolu": "aa|anadolu|anadolu agency|anadolu ajansı",
    "DHA": "dha",
    "Xinhua": "xinhua|新华社|新華社",
    "Kyodo": "kyodo|kyodo news|共同|共同通信",
    "Jiji": "jiji|jiji press|時事",
    "Yonhap": "yonhap|연합뉴스",
    "PTI": "pti|press trust of india",
    "ANI": "ani",
    "IANS": "ians",
    "AAP": "aap|australian associated press",
    "The Canadian Press": "the canadian press|canadian press|cp|la presse canadienne",
    "Télam": "télam|telam",
    "SAnews": "sanews.gov.za|sanews",
}
_NAMES = {alias: name for name, aliases in _AGENCIES.items() for alias in aliases.split("|")}

# Names that mean nothing else, and short ones that only capitals tell from words: what a sentence may be searched for.
_DISTINCT = sorted((a for a in _NAMES if len(a) > 6 or a in ("afp", "dpa", "reuters")), key=len, reverse=True)
_NAME = "|".join(
    [*map(re.escape, _DISTINCT), "AP", "EFE", "ANSA", "SDA", "APA", "KNA", "epd", "SID", "TT", "NTB", "PAP"]
)
_AT_END = re.compile(
    rf"\s(?:the )?(?:{'|'.join(map(re.escape, _DISTINCT))})$|\s(?:AP|AFP|APA|EFE|ANSA)$", re.IGNORECASE
)
_INTRODUCED = (
    r"^(?:mit material von|mit|source|quelle|fuente|fonte|bron|kilde|källa|źródło|lähde|avec|con informazioni di"
    r"|con información de|com informações da|agenturen|agency"
    r"|via|©|\(c\)|news agency)(?!\w)[\s:]*(?:der |the |de |von )?"
)
_CREDITED = re.compile(rf"(?:{_INTRODUCED}|\bvia |\(\s*|[—–]\s*)({_NAME})(?=[\s/).,;]|$)", re.IGNORECASE)
_PICTURE = re.compile(
    r"(?:\bvia|/|\(|\bphoto[:\s]+(?:by\s+)?|©\s*)"
    r"\s*(AP|AFP|Reuters|REUTERS|dpa|EFE|ANSA|PA|TT|NTB|ANP|APA|Keystone)\b"
)
# One that is not in the list, but says what it is.
_CALLS_ITSELF = re.compile(
    r"\b(?:news agency|press agency|news service|presse-?agentur|nachrichten-?agentur|agence de presse|agencia|agência"
    r"|agenzia|persbureau|nyhetsbyrå|nyhedsbureau|agencja)\b"
)
MAX_NAME_WORDS = 5
_PART = re.compile(r"\s*(?:[/;|+&]|,| - | – |\bund\b|\band\b|\bet\b)\s*")
# A name stands behind `by`, and no sentence: "Reporting by the committee showed …" is text.
_SIGN_OFF = re.compile(
    r"\(?(?i:(?:additional |further )?(?:writing|reporting|editing)|compiled) by (?=[A-ZÀ-ŽА-Я])"
    r"(?:[^.!?]|\b[A-ZÀ-ŽА-Я]\.){0,240}[.)]*\s*$"
)
_END_MARK = re.compile(  # (Schluss) ab/cd
    r"\W*(?:ends?|ende|enditem|schluss|fine?|fim|slutt?|konec|koniec|more|mf|30)(?:\W*|\)\s*[a-z]{2,4}(?:/[a-z]{2,4})*)",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    r"(?P<agency>\S+)(?: [a-z]{2,3}| [a-z]{2,4}(?:/[a-z]{2,4})+){1,4}\W*"
)  # who wrote, who edited: `dpa ab cd`
_PARTED_INITIALS = re.compile(  # ab/cd/ef, bur-ab/cd, ABC // DEF
    r"[a-z]{2,4}(?: ?[/-] ?[a-z]{2,4})* ?//? ?[a-z]{2,4}\W*|[A-Z]{2,4}(?: ?//? ?[A-Z]{2,4})+\W*"
)
_ROUTING = re.compile(r"(?=.*[A-Z]\d)[A-Z\d]{2,8}(?: [A-Z\d]{2,8}){3,}")  # `51 77 03 CRO01 1113 APE4800 GEST`
_BRACKETED = re.compile(r"\([^().!?]{2,40}\)\W*")
MAX_CREDIT_CHARS = 240
MAX_BARE_CHARS = 40  # of a credit line that is nothing but names


def agency_named(name: str) -> str | None:
    """The agency that a part of a byline or a credit names: `dpa/lno` → dpa; None for a person or a paper."""
    key = squash(name).strip(" ()[]./-–—*=©").casefold()
    spellings = (key, key.split("/")[0].strip(), key.removesuffix(" staff"))
    known = next((_NAMES[spelling] for spelling in spellings if spelling in _NAMES), None)
    return known or (squash(name) if _CALLS_ITSELF.search(key) and len(key.split()) <= MAX_NAME_WORDS else None)


def without_agency(signature: str) -> tuple[str, str | None]:
    """A person's name apart from the agency that stands behind it: `Jane Doe Associated Press` → Jane Doe; AP."""
    found = _AT_END.search(signature)
    if not found or " " not in signature[: found.start()].strip():
        return signature, None
    return signature[: found.start()].strip(), agency_named(found[0])


def agency_credited(line: str) -> str | None:
    """The agency that a credit line names: `Mit Material von AFP`, `Source: AP`, `(dpa)`, `© dpa-infocom, dpa:…`."""
    if len(line) > MAX_CREDIT_CHARS:
        return None
    if found := _CREDITED.search(line):
        return agency_named(found[1])
    if len(line) > MAX_BARE_CHARS:
        return None
    named = [agency_named(part) for part in _PART.split(line.strip("()[]. "))]
    return agency_named(line) or (named[0] if all(named) else None)


def agency_of_picture(credit: str) -> str | None:
    """The agency that delivered a picture: `Kremlin Pool Photo via AP`."""
    found = _PICTURE.search(credit)
    return agency_named(found[1]) if found else None


def is_sign_off(line: str) -> bool:
    """Whether the line names the desk: `(Reporting by A; Editing by B)`."""
    return bool(_SIGN_OFF.match(line))


def is_end_mark(line: str) -> bool:
    """Whether the line ends a wire's text and is none of it: `ends`, `-30-`, `(BusinessDesk)`, `dpa ab cd`, `ab/cd`."""
    initials = _INITIALS.fullmatch(line)
    return any(mark.fullmatch(line) for mark in (_END_MARK, _BRACKETED, _ROUTING, _PARTED_INITIALS)) or (
        initials is not None and agency_named(initials["agency"]) is not None
    )
