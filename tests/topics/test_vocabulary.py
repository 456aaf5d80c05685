"""The seeds and IPTC's files, read; what can't be used, refused with where and what to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import CatalogueError
from pipeline.topics.vocabulary import read_iptc, read_rules_csv, read_topics_csv, rules_version
from pipeline.types import Topic, TopicRule

SEEDS = Path(__file__).parents[2] / "sql" / "seeds"
TOPICS = "topic_id,label,broader_id,release,same_as\n"
RULES = "topic_id,field,pattern,language,confidence\n"
SPORT = Topic("medtop:15000000", "sport", None, "2025-03-31", ("subj:15000000", "wd:Q349"))


def test_a_topic_row_is_read_with_its_unknowns_as_none() -> None:
    text = TOPICS + 'medtop:15000000,sport,,2025-03-31,subj:15000000|wd:Q349\nx:1,"a, b",medtop:15000000,,\n'
    assert read_topics_csv(text) == [SPORT, Topic("x:1", "a, b", "medtop:15000000")]


def test_a_rule_row_is_read() -> None:
    assert read_rules_csv(RULES + 'a:1,text,"rows?, rifts?",,0.6\na:1,tag,ki,de,1\n') == [
        TopicRule("a:1", "text", "rows?, rifts?", None, 0.6),
        TopicRule("a:1", "tag", "ki", "de", 1.0),
    ]


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_topics_csv, "topic_id,label\n", "topics.csv, line 1: no column broader_id"),
        (read_topics_csv, TOPICS + "sport,sport,,,\n", "line 2, column topic_id: 'sport' is no <scheme>:<code>"),
        (read_topics_csv, TOPICS + "a:1,one,,,\na:1,two,,,\n", "line 3, column topic_id: 'a:1' stands there twice"),
        (read_topics_csv, TOPICS + "a:1,,,,\n", "line 2, column label: '' is empty"),
        (read_topics_csv, TOPICS + "a:1,one,a:2,,\n", "line 2, column broader_id: 'a:2' is no topic of this file"),
        (read_topics_csv, TOPICS + 'a:1,"one,,,\n', "close the double quotes"),
        (
            read_rules_csv,
            RULES + "a:1,body,x,,1\n",
            "topic_rules.csv, line 2, column field: 'body' is no field; write one",
        ),
        (read_rules_csv, RULES + "a:1,text,x,,1\na:1,text,f(oo,,1\n", "line 3, column pattern: 'f(oo' is no regular"),
        (read_rules_csv, RULES + "a:1,text,(x)y,,1\n", "holds a group that captures; write (?:…)"),
        (read_rules_csv, RULES + "a:1,text,x*,,1\n", "matches nothing at all"),
        (read_rules_csv, RULES + "a:1,text,,,1\n", "matches nothing at all"),
        (read_rules_csv, RULES + "a:1,text,x,English,1\n", "column language: 'English' is no language"),
        (read_rules_csv, RULES + "a:1,text,x,,often\n", "column confidence: 'often' is no confidence"),
        (read_rules_csv, RULES + "a:1,text,x,,1.5\n", "column confidence: '1.5' is no confidence"),
        (read_rules_csv, RULES + "a:1,text,x,y,,1\n", "line 2: 5 columns are expected; put a value that holds a comma"),
        (read_rules_csv, RULES + "a:1,text,x\n", "line 2: 5 columns are expected"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_place_and_the_remedy(
    read: Callable[[str], object], text: str, said: str
) -> None:
    with pytest.raises(CatalogueError) as error:
        read(text)
    assert said in str(error.value)


def test_a_rule_for_an_unknown_topic_is_refused() -> None:
    with pytest.raises(
        CatalogueError, match=r"line 2, column topic_id: 'a:1' is no known topic; add it to topics\.csv"
    ):
        read_rules_csv(RULES + "a:1,text,x,,1\n", [SPORT])


def test_the_version_of_the_rules_changes_with_a_rule_and_not_with_their_order() -> None:
    one, two = TopicRule("a:1", "text", "x"), TopicRule("a:1", "text", "y")
    assert rules_version([SPORT], [one, two]) == rules_version([SPORT], [two, one])
    assert rules_version([SPORT], [one, two]) != rules_version([SPORT], [one])
    assert rules_version([SPORT], [one]) != rules_version([], [one])


class TestIptc:
    @staticmethod
    def concept(code: str, label: str, **more: Any) -> dict[str, Any]:
        return {"qcode": f"medtop:{code}", "prefLabel": {"en-GB": label}, **more}

    def read(self, *concepts: dict[str, Any]) -> dict[str, Topic]:
        body = json.dumps({"dateReleased": "2030-01-31T12:00:00+00:00", "conceptSet": concepts}).encode()
        return {topic.id: topic for topic in read_iptc(body)}

    def test_a_concept_has_its_broader_one_and_what_means_the_same(self) -> None:
        topics = self.read(
            self.concept(
                "90000002",
                "kite flying",
                broader=["http://cv.iptc.org/newscodes/mediatopic/90000001"],
                exactMatch=[
                    "http://cv.iptc.org/newscodes/subjectcode/90001000",
                    "http://www.wikidata.org/entity/Q1",
                    "http://vocabulary.example/kites",
                ],
                broadMatch=["http://cv.iptc.org/newscodes/subjectcode/90000000"],
            )
        )
        assert topics["medtop:90000002"] == Topic(
            "medtop:90000002", "kite flying", "medtop:90000001", "2030-01-31", ("subj:90001000", "wd:Q1")
        )

    def test_a_code_that_a_retired_and_a_used_topic_mean_is_the_used_ones(self) -> None:
        same = {"exactMatch": ["http://cv.iptc.org/newscodes/subjectcode/90001000"]}
        retired = self.concept("90000002", "kiting", retired="2020-01-01T12:00:00+00:00", **same)
        topics = self.read(retired, self.concept("90000003", "kite flying", **same))
        assert topics["medtop:90000002"].same_as == ()
        assert topics["medtop:90000003"].same_as == ("subj:90001000",)

    def test_a_close_match_stands_in_where_there_is_no_exact_one(self) -> None:
        match = ["http://cv.iptc.org/newscodes/subjectcode/90001000"]
        close = self.concept("90000002", "toys", closeMatch=match)
        assert self.read(close)["medtop:90000002"].same_as == ("subj:90001000",)
        exact = self.concept("90000003", "kites", exactMatch=match)
        assert self.read(close, exact)["medtop:90000002"].same_as == ()

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"conceptSet": [{}]}'])
    def test_another_file_is_refused(self, body: bytes) -> None:
        with pytest.raises(CatalogueError, match="no IPTC NewsCodes file"):
            read_iptc(body)


class TestTheSeeds:
    topics = read_topics_csv((SEEDS / "topics.csv").read_text("utf-8"))
    rules = read_rules_csv((SEEDS / "topic_rules.csv").read_text("utf-8"), topics)

    def test_all_17_top_topics_are_there(self) -> None:
        top = [topic.id for topic in self.topics if topic.broader_id is None]
        assert top == [f"medtop:{number:02}000000" for number in range(1, 18)]

    def test_every_topic_with_rules_on_text_has_them_in_four_languages(self) -> None:
        languages: dict[str, set[str | None]] = {}
        for rule in self.rules:
            if rule.field == "text":
                languages.setdefault(rule.topic_id, set()).add(rule.language)
        assert len(languages) >= 20
        assert {topic_id for topic_id, found in languages.items() if found != {"en", "de", "fr", "es"}} == set()
