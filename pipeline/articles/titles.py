"""Which of a page's titles is the article's, without the site's name."""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from pipeline.articles.lines import names_of
from pipeline.articles.page import PageFacts
from pipeline.text import squash

_DIVIDER = re.compile(r"\s+[-–—|·•»«:/]+\s+|\s*[|｜ㅣ]\s*|(?<=[^\x00-\x7f])[：:](?=\S)")
_KICKER = re.compile(
    r"kicker|overline|dachzeile|topline|eyebrow|spitzmarke|roofline|headline-?intro|surtitre|supertitle|rubric|--pre"
)
MAX_CHARS = 500
MAX_CUTS = 3  # `Story - Section - Paper - Group`
_NOT_WORD = re.compile(r"[\W_]+")


def choose_title(facts: PageFacts, host: str) -> tuple[str | None, str | None]:
    """Title and kicker. The title is what the page tells others (OpenGraph, JSON-LD), else what it shows (h1, title).

    A kicker that the page itself puts before its title (`Akkutechnik: …`) stays in it, and stands apart as well.
    """
    heading, kicker = _heading(facts.h1) if facts.h1 is not None else (None, None)
    whole = [facts.og_title, facts.headline, heading, facts.document_title]
    titles = [cut for title in whole if title and (cut := without_site(title, facts.site_names, host, whole))]
    if not titles:
        return None, None
    title = next((other for other in titles[1:] if _is_cut(titles[0], other)), titles[0])
    return title, kicker if kicker and title_key(kicker) != title_key(title) else None


def _is_cut(title: str, other: str) -> bool:
    """Whether a title ends where another has a quotation mark: an attribute that was not escaped."""
    return len(other) > len(title) and other.startswith(title) and other[len(title) :].lstrip()[:1] in "\"'“„"


def without_site(title: str, site_names: Sequence[str], host: str, others: Sequence[str | None] = ()) -> str:
    """The title without what stands for the site at its end or beginning: `Mining blasts - Lesotho Times`."""
    sites = {title_key(name) for name in site_names} | _host_keys(host)
    shorter = {title_key(other) for other in others if other and other != title}
    title = title[:MAX_CHARS]
    for _ in range(MAX_CUTS):
        parts = [(title[: found.start()].strip(), title[found.end() :].strip()) for found in _DIVIDER.finditer(title)]
        ends = (
            before for before, after in reversed(parts) if title_key(after) in sites or title_key(before) in shorter
        )
        beginnings = (after for before, after in parts if title_key(before) in sites)
        cut = next(filter(None, ends), None) or next(filter(None, beginnings), None)
        if cut is None:
            break
        title = cut
    return title


def title_key(title: str | None) -> str:
    """The letters and digits of a title, to compare it by."""
    return _NOT_WORD.sub("", title or "").casefold()


def _host_keys(host: str) -> set[str]:
    labels = [label for label in host.lower().removeprefix("www.").split(".") if label]
    return {"".join(labels), labels[-2] if len(labels) > 1 else "", labels[0] if labels else ""} - {""}


def _heading(h1: HtmlElement) -> tuple[str | None, str | None]:
    """The h1's text, and the kicker that its markup sets apart within or right before it."""
    parts = [child for child in h1.iter() if child is not h1 and _KICKER.search(names_of(child))]
    whole = squash(" ".join(h1.itertext()))
    if parts and (kicker := squash(" ".join(parts[0].itertext()))):
        rest = squash(whole.replace(kicker, "", 1)).lstrip(":-–|· ")
        if rest:
            return rest, kicker.rstrip(":-–|· ") or None
    before = h1.getprevious()
    if before is not None and _KICKER.search(names_of(before)):
        kicker = squash(" ".join(before.itertext()))
        return whole or None, kicker if 0 < len(kicker) <= 80 else None
    return whole or None, None
