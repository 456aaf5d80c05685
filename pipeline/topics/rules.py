"""Topic rules, compiled: which of them match a text, and with which words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.topics.alternation import any_of
from pipeline.topics.vocabulary import RULE_FIELDS
from pipeline.types import TopicRule

_ESCAPED = re.compile(r"\\.|[^\\]+")


@dataclass(frozen=True, slots=True)
class _Matcher:
    """The rules of one field. `any_of` finds where one of them matches; there each is asked, so none hides another."""

    any_of: re.Pattern[str]
    each: tuple[tuple[re.Pattern[str], TopicRule], ...]

    def find(self, text: str) -> Iterator[tuple[TopicRule, str]]:
        position = 0
        while place := self.any_of.search(text, position):
            for pattern, rule in self.each:
                if match := pattern.match(text, place.start()):
                    yield rule, match[0]
            position = place.start() + 1


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """The rules that articles of one language are held against."""

    matchers: dict[str, _Matcher]  # by field

    def find(self, field: str, text: str) -> Iterator[tuple[TopicRule, str]]:
        """Each match of a rule in a text that is the article's `field`, with the words that matched, in lower case.

        Rules on the text are held against the title too.
        """
        matcher = self.matchers.get(field)
        return matcher.find(_folded(text)) if matcher and text else iter(())


class RuleBook:
    """All rules. One that names a language is for articles of that language, and for those of unknown language."""

    def __init__(self, rules: Sequence[TopicRule]) -> None:
        self._unknown = _compiled(rules)
        self._other = _compiled([rule for rule in rules if rule.language is None])
        self._by_language = {
            language: _compiled(
                [rule for rule in rules if rule.language is None or _primary(rule.language) == language]
            )
            for language in {_primary(rule.language) for rule in rules if rule.language}
        }

    def for_language(self, language: str | None) -> LanguageRules:
        if not language:
            return self._unknown
        return self._by_language.get(_primary(language), self._other)


def _compiled(rules: Sequence[TopicRule]) -> LanguageRules:
    matchers: dict[str, _Matcher] = {}
    for field in RULE_FIELDS:
        fields = ("title", "text") if field == "title" else (field,)
        if chosen := [rule for rule in rules if rule.field in fields]:
            patterns = [_lowered(rule.pattern) for rule in chosen]
            matchers[field] = _Matcher(
                any_of=re.compile(rf"\b(?:{any_of(patterns)})\b"),
                each=tuple((re.compile(rf"\b(?:{p})\b"), rule) for p, rule in zip(patterns, chosen, strict=True)),
            )
    return LanguageRules(matchers)


def _folded(text: str) -> str:
    """Lower case, one apostrophe. The patterns get the same: a literal is compared far faster than by IGNORECASE."""
    return unicodedata.normalize("NFC", text).lower().replace("’", "'")


def _lowered(pattern: str) -> str:
    r"""The pattern for folded text: `\B` and `\W` stay what they are."""
    return _ESCAPED.sub(lambda part: part[0] if part[0].startswith("\\") else _folded(part[0]), pattern)


def _primary(language: str) -> str:
    """`en` of `en-GB` (BCP 47)."""
    return language.split("-", 1)[0].lower()
