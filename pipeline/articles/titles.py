"""Which of a page's titles is the article's, without the site's name."""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from pipeline.articles.lines import names_of
from pipeline.articles.page import PageFacts
from pipeline.text import squash

_DIVIDER = re.compile(
    r"\s+[-–—|·•»«›‹:/]+\s+|\s*[|｜ㅣ]\s*|(?<=[^\x00-\x7f])[：:](?=\S)|\s+\((?=[^()]*\)$)"  # `… (Paper)`
)
_KICKER = re.compile(
    r"kicker|overline|dachzeile|topline|eyebrow|spitzmarke|roofline|headline-?intro|surtitre|supertitle|rubric|--pre"
)
MAX_CHARS = 500
DIVIDERS = "-–—|/·•ㅣ｜"  # a colon, which also parts a sentence, is none of them
CUT_OFF = ("…", "...")
MAX_CUTS = 3  # `Story - Section - Paper - Group`
_NOT_WORD = re.compile(r"[\W_]+")


def choose_title(facts: PageFacts, host: str) -> tuple[str | None, str | None]:
    """Title and kicker. The title is what the page tells others (OpenGraph, JSON-LD), else what it shows (h1, title).

    A kicker that all of these put before the title (`Akkutechnik: …`) stays in it, and stands apart as well; where
    the h1 has another one, neither belongs to the title.
    """
    heading, kicker = _heading(facts.h1) if facts.h1 is not None else (None, None)
    whole = [facts.og_title, facts.headline, heading, facts.document_title]
    bare = [without_site(title, facts.site_names, host, whole) if title else None for title in whole]
    named, headline, shown, document = (_completed(title, bare) if title else None for title in bare)
    if named and headline and title_key(named) != title_key(headline):
        named, headline = _own(named, headline, shown, document)
    title = next((title for title in (named, headline, shown, document) if title), None)
    if title and shown and kicker:
        title = _without_other_kicker(title, shown, kicker)
    return title, kicker if kicker and title_key(kicker) != title_key(title) else None


def _without_other_kicker(title: str, shown: str, kicker: str) -> str:
    """`Iran: The wall` where the h1 is `The wall` under the kicker `Middle East`."""
    before = title.removesuffix(shown).rstrip()
    is_kicker = before != title and before[-1:] in (":", *DIVIDERS)
    return shown if is_kicker and title_key(before) != title_key(kicker) else title


def _own(named: str, headline: str, shown: str | None, document: str | None) -> tuple[str, str]:
    """og:title and the headline of JSON-LD, where they differ, the article's own first.

    The element `title` is written for search engines: of the two, the one that it repeats is a copy of it. Of two that
    differ by a kicker alone, it is the one that the h1 shows.
    """
    if _is_all_of(headline, named):
        is_copy = title_key(named) != title_key(shown)
    else:
        is_copy = title_key(named) == title_key(document)
    return (headline, named) if is_copy and not headline.endswith(CUT_OFF) else (named, headline)


def _is_all_of(headline: str, named: str) -> bool:
    """Whether a title is a headline and, behind a divider, a kicker before it or a section after it."""
    before, _, after = named.partition(headline)
    return bool(before.strip() or after.strip()) and before.rstrip()[-1:] in DIVIDERS and after.lstrip()[:1] in DIVIDERS


def _completed(title: str, others: Sequence[str | None]) -> str:
    return next((other for other in others if other and _is_cut(title, other)), title)


def _is_cut(title: str, other: str) -> bool:
    """Whether a title ends where another goes on: at dots, or at a quotation mark that an attribute didn't escape."""
    if title.endswith(CUT_OFF) and len(other) > len(title):
        return other.startswith(title.rstrip(".… "))
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
        beginnings = (after for before, after in parts if title_key(before) in sites and not after.endswith(")"))
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
