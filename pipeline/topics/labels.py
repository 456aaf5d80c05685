"""What a plain tag or a section names: a topic of the vocabulary, a tag of the publisher's own, or nothing."""

import re
import unicodedata
from collections.abc import Sequence

from pipeline.types import Topic

MAX_LENGTH = 60  # characters; what is longer is a sentence, or a list of tags in one piece

_WORD = re.compile(r"\w+")
_PARENTHESIS = re.compile(r"\(.*?\)")
_LABEL_PARTS = re.compile(r",\s*|\s+and\s+")
_SECTION_PARTS = re.compile(r"[/>|›»]")

# What publishers' systems put on everything, and what says the form of an article, not its topic.
# fmt: off
_BOILERPLATE = frozenset((
    "all", "article", "articles", "blog", "breaking", "breaking news", "default", "exclusive", "featured",
    "front page", "general", "headlines", "home", "home page", "homepage", "index", "latest", "latest news", "live",
    "main", "main news", "misc", "miscellaneous", "more", "new", "news", "news feed", "newsfeed", "newsletter",
    "no category", "other", "post", "posts", "rss", "stories", "story", "top", "top news", "top stories",
    "trending", "uncategorised", "uncategorized", "update", "updates", "video", "videos", "aktuell", "aktuelles",
    "allgemein", "nachrichten", "startseite", "themen", "übersicht", "a la une", "à la une", "accueil", "actu",
    "actualité", "actualités", "divers", "non classé", "une", "actualidad", "destacado", "inicio", "noticias",
    "portada", "sin categoría", "ultimas noticias", "últimas noticias", "notizie",
))
# fmt: on


class Labels:
    """The topics of a vocabulary by their names.

    A topic's whole label beats what other labels are also called: the label without what stands in parentheses, a part
    of a top topic's label (`economy, business and finance`: Business), the other number (`sport`: Sports), the British
    spelling of labor.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics: dict[str, Topic] = {}
        for spellings in (_whole, _parts, _numbers):
            for topic in topics:
                for name in spellings(topic):
                    self._topics.setdefault(name, topic)

    def topic(self, name: str) -> Topic | None:
        """The topic that a tag names, `tag:<slug>` where the vocabulary has none of that name; None for boilerplate.

        Such a tag's label is made of its slug alone, so that no article's spelling wins by coming first.
        """
        folded = _fold(name)
        if not folded or folded in _BOILERPLATE or len(folded) > MAX_LENGTH or folded.isdigit():
            return None
        return self._topics.get(folded) or Topic(f"tag:{folded.replace(' ', '-')}", folded)


def section_names(section: str | None) -> list[str]:
    """The names of a section: `News > World` has two."""
    return [part.strip() for part in _SECTION_PARTS.split(section or "") if part.strip()]


def _fold(name: str) -> str:
    """A name as its words alone, without case: what is equal in it is one tag."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ").replace("_", " ")
    return " ".join(_WORD.findall(plain))


def _whole(topic: Topic) -> list[str]:
    return [_fold(topic.label)] if topic.label else []


def _parts(topic: Topic) -> list[str]:
    whole = topic.label or ""
    label = _PARENTHESIS.sub("", whole).replace("labor", "labour")
    parts = _LABEL_PARTS.split(whole) if topic.broader_id is None else []
    return [name for part in (label, *parts) if (name := _fold(part))]


def _numbers(topic: Topic) -> list[str]:
    names = {*_whole(topic), *_parts(topic)}
    return sorted(name[:-1] if name.endswith("s") else f"{name}s" for name in names)
