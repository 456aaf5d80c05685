"""What kind of page it is, so that a stub or an error is never taken for the article."""

import re
from collections.abc import Sequence

from pipeline.articles.lines import Line, names_of
from pipeline.articles.page import PageFacts
from pipeline.text import count_words
from pipeline.types import Block

STUB_WORDS = 180  # an article behind a wall shows less
STORY_WORDS = 60  # less than this tells no story

_ERROR = re.compile(
    r"\b(?:404|410|page not found|not found|page (?:does not|doesn.t) exist"
    r"|seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada|página não encontrada"
    r"|pagina non trovata|pagina niet gevonden|access denied|forbidden|service unavailable|attention required)\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:cookies?|consent|einwilligung|zustimm\w+|datenschutz|consentement|privacy|tracking|werbung)\b", re.IGNORECASE
)
_CONSENT_TITLE = re.compile(
    r"consent|cookie|privacy|einwilligung|before you continue|bevor sie|wir brauchen", re.IGNORECASE
)
_WALL = re.compile(
    r"paywall|regwall|piano-|subscription-?(?:wall|required)|premium-?(?:box|teaser|layer)|offer-?wall"
    r"|plus-?(?:box|teaser)|abo-?(?:box|layer)"
)
_WALL_WORDS = re.compile(
    r"\b(?:subscribe|subscribers?|log in|sign in|abonn\w+|weiterlesen|jetzt testen|suscr[ií]b\w+|s.abonner"
    r"|abbonati|assine|premium)\b",
    re.IGNORECASE,
)
_LIVE_URL = re.compile(r"/(?:live|liveblog|live-?ticker|en-direct|en-vivo)(?:[/-]|$)", re.IGNORECASE)
_GALLERY_URL = re.compile(
    r"/(?:galler(?:y|ies)|photos?|fotostrecken?|bilder|diaporama|fotos?|slideshow|pictures)(?:[/-]|$)", re.IGNORECASE
)
_VIDEO_URL = re.compile(r"/(?:videos?|watch|mediathek)(?:[/-]|$)", re.IGNORECASE)


def page_kind(facts: PageFacts, blocks: Sequence[Block], lines: Sequence[Line], path: str, captions: int) -> str:
    """article, liveblog, gallery, video, paywall, index, error or consent."""
    words = count_words(" ".join(block.text for block in blocks))
    title = " ".join(filter(None, (facts.og_title, facts.document_title)))
    if words < STUB_WORDS and _is_error(title, words, facts):
        return "error"
    if words < STUB_WORDS and _is_consent(title, blocks, words):
        return "consent"
    if _is_stub(facts, lines, words):
        return "paywall"
    if "LiveBlogPosting" in facts.types or _LIVE_URL.search(path):
        return "liveblog"
    if "ImageGallery" in facts.types or (_GALLERY_URL.search(path) and captions > words / 40):
        return "gallery"
    if words < STUB_WORDS and (facts.types & {"VideoObject", "video.other", "video"} or _VIDEO_URL.search(path)):
        return "video"
    if _is_index(facts, lines, path, words):
        return "index"
    return "article"


def _is_error(title: str, words: int, facts: PageFacts) -> bool:
    return bool(_ERROR.search(title)) and facts.headline is None and words < STORY_WORDS


def _is_consent(title: str, blocks: Sequence[Block], words: int) -> bool:
    about = sum(len(_CONSENT.findall(block.text)) for block in blocks)
    return about >= 3 and about * 25 > words and bool(_CONSENT_TITLE.search(title))


def _is_stub(facts: PageFacts, lines: Sequence[Line], words: int) -> bool:
    """A page that says itself that it isn't free, or that has a wall's box, and shows little of the story."""
    if words >= STUB_WORDS:
        return False
    if facts.is_free is False:
        return True
    return any(
        len(line.text) < 300 and _WALL_WORDS.search(line.text) and _WALL.search(names_of(element))
        for line in lines
        for element in (line.element, line.element.getparent())
        if element is not None
    )


def _is_index(facts: PageFacts, lines: Sequence[Line], path: str, words: int) -> bool:
    """A front page or a section: nothing that says article, an address without a story's name, links above all."""
    if facts.headline or facts.published or path.strip("/").count("/") > 0 or re.search(r"\d{4,}|-\w+-", path):
        return False
    linked = sum(len(line.text) * line.linked for line in lines)
    return linked > 0.5 * sum(len(line.text) for line in lines) and words < 5 * STUB_WORDS
