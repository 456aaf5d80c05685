"""The language of a text: by its letters, weighed with what page and source say; None where it can't be told."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline.articles.lines import letters

MIN_LETTERS = 60
SURE = 0.9
_SAMPLE_CHARS = 500  # what more would add is certainty that is there already
_SAID = re.compile(r"([a-z]{2,3})(?=$|[-_])", re.IGNORECASE)
# Written so alike, or so rare in the model's own training, that what the page says decides between them.
_ALIKE = (
    {"no", "nb", "nn", "da"},
    {"hr", "sr", "bs"},
    {"id", "ms"},
    {"de", "lb", "als", "gsw"},
    {"gl", "pt", "es"},
    {"zu", "xh", "st", "tn"},
)
_SAME = {"nb": "no", "iw": "he", "in": "id", "ji": "yi"}


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str, said: str | None = None, source_language: str | None = None) -> str | None:
    """The BCP 47 language of a text; `said` is the page's own claim, `source_language` the catalogue's.

    A short text (under 60 letters) is believed to be in the language that the page claims, and in none if it claims
    none. A longer one is in the language that its letters show; a claim decides where they show two alike.
    """
    claims = [claim for claim in (_primary(said), _primary(source_language)) if claim]
    sample = text[:_SAMPLE_CHARS]
    if letters(sample) < MIN_LETTERS:
        return claims[0] if said and claims else None
    seen, probability = _identifier().classify(sample)
    seen = _SAME.get(seen, seen)
    for claim in claims:
        if claim == seen or probability < SURE or any(claim in group and seen in group for group in _ALIKE):
            return claim
    return seen if probability >= SURE else None


def _primary(tag: str | None) -> str | None:
    found = _SAID.match((tag or "").strip())
    code = found[1].lower() if found else None
    return _SAME.get(code, code) if code else None
