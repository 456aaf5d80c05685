"""Which rules match, where, and that one expression for all of them finds the same places."""

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.topics.alternation import any_of
from pipeline.topics.rules import RuleBook
from pipeline.types import TopicRule


def found(rule: TopicRule, field: str, text: str, language: str | None = None) -> list[str]:
    return [word for _, word in RuleBook([rule]).for_language(language).find(field, text)]


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("strikes?", "Strike after STRIKE, then strikes", ["strike", "strike", "strikes"]),
        ("strikes?", "striker, lightning-strike", ["strike"]),
        ("coup d'état", "Un coup d’État manqué", ["coup d'état"]),
        ("ÖLPREISE?", "Der Ölpreis", ["ölpreis"]),
        (r"\d+\Wjobs", "400 jobs", ["400 jobs"]),
        ("(?:wild|forest) ?fires?", "Wildfires and a forest fire", ["wildfires", "forest fire"]),
        ("/sport/", "https://paper.example/sport/1", ["/sport/"]),
    ],
)
def test_a_pattern_matches_whole_words_in_any_case(pattern: str, text: str, words: list[str]) -> None:
    assert found(TopicRule("a:1", "text", pattern), "text", text) == words


def test_no_rule_hides_another_that_matches_at_the_same_place() -> None:
    book = RuleBook(
        [TopicRule("a:1", "text", "trade war"), TopicRule("a:2", "text", "trade"), TopicRule("a:3", "text", "war")]
    )
    assert [(rule.topic_id, word) for rule, word in book.for_language(None).find("text", "A trade war")] == [
        ("a:1", "trade war"),
        ("a:2", "trade"),
        ("a:3", "war"),
    ]


@pytest.mark.parametrize(
    ("rule_language", "article_language", "applies"),
    [
        ("de", "de", True),
        ("de", "de-AT", True),
        ("de-CH", "de", True),
        ("de", None, True),
        ("de", "nl", False),
        ("de", "en", False),
        (None, "en", True),
        (None, "pl", True),
        (None, None, True),
    ],
)
def test_a_rule_is_for_its_language_and_for_unknown(
    rule_language: str | None, article_language: str | None, applies: bool
) -> None:
    rule = TopicRule("a:1", "text", "die", rule_language)
    book = RuleBook([rule, TopicRule("a:2", "text", "morte", "en")])
    assert bool(list(book.for_language(article_language).find("text", "die"))) is applies


@pytest.mark.parametrize(
    ("rule_field", "field", "applies"),
    [
        ("text", "text", True),
        ("text", "title", True),
        ("title", "title", True),
        ("title", "text", False),
        ("tag", "section", False),
    ],
)
def test_a_rule_on_text_reads_the_title_too(rule_field: str, field: str, applies: bool) -> None:
    assert bool(found(TopicRule("a:1", rule_field, "x"), field, "x")) is applies


def test_a_rule_book_goes_to_another_process() -> None:
    book = pickle.loads(pickle.dumps(RuleBook([TopicRule("a:1", "text", "x")])))
    assert list(book.for_language("en").find("text", "x"))


PATTERNS = st.recursive(
    st.text("abc", min_size=1, max_size=3)
    | st.sampled_from([r"\w", "[ab|)]", r"\|", "a+", "b?c", "[^]a]", "(?=a|b)c"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})")
        | st.builds(lambda part, times: f"(?:{part}){times}", inner, st.sampled_from(["?", "*", "+", "{2}", "??"]))
    ),
    max_leaves=6,
)


@given(patterns=st.lists(PATTERNS, min_size=1, max_size=5), text=st.text("abc |)]", max_size=20))
def test_one_expression_for_all_matches_where_any_of_them_does(patterns: list[str], text: str) -> None:
    plain = re.compile(rf"\b(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})\b")
    one = re.compile(rf"\b(?:{any_of(patterns)})\b")
    assert [bool(one.match(text, at)) for at in range(len(text))] == [
        bool(plain.match(text, at)) for at in range(len(text))
    ]
