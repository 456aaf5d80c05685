"""Each kind of evidence, and what is left out."""

from datetime import UTC, datetime

import pytest

from pipeline.topics.tags import MAX_PUBLISHER_TAGS, Tagger
from pipeline.types import LinkInput, Subject, Tag, Topic, TopicRule

TOPICS = [
    Topic("medtop:04000000", "economy, business and finance", None, "2025-03-31", ("subj:04000000",)),
    Topic("medtop:09000000", "labor", None, "2025-03-31", ("subj:09000000",)),
    Topic("medtop:15000000", "sport", None, "2025-03-31", ("subj:15000000",)),
    Topic("medtop:20001065", "soccer", "medtop:15000000", "2025-03-31", ("subj:15054000",)),
    Topic("medtop:20000111", "trial (court)", "medtop:02000000", "2025-03-31"),
]
RULES = [
    TopicRule("medtop:20001065", "text", "goalkeepers?|penalt(?:y|ies)", "en", 0.7),
    TopicRule("medtop:20001065", "title", "cup final", "en", 0.9),
    TopicRule("medtop:15000000", "section", "deportes", None, 0.8),
    TopicRule("medtop:09000000", "tag", "streik", "de", 0.8),
    TopicRule("medtop:15000000", "url", "/sports?/", None, 0.6),
]
TAGGER = Tagger(TOPICS, RULES)


def article(
    *subjects: Subject | str,
    title: str | None = None,
    text: str = "",
    section: str | None = None,
    url: str | None = None,
    language: str | None = "en",
) -> LinkInput:
    named = tuple(Subject(name=subject) if isinstance(subject, str) else subject for subject in subjects)
    at = datetime(2026, 4, 13, tzinfo=UTC)
    return LinkInput("a1", "gazette", url, title, text, language, section, named, at)


def tags(given: LinkInput) -> list[tuple[str, str, str, float]]:
    return [(tag.topic_id, tag.evidence, tag.detail, tag.confidence) for tag in TAGGER.tags(given)]


class TestDelivered:
    def test_a_code_is_a_topic_whatever_its_scheme(self) -> None:
        given = article(
            Subject("sport", "medtop", "15000000", 0.4),
            Subject("earn", "reuters21578", "earn"),
            Subject("Ski", "desk", "SKI"),
        )
        assert tags(given) == [
            ("medtop:15000000", "delivered", "15000000", 0.4),
            ("reuters21578:earn", "delivered", "earn", 1.0),
            ("desk:SKI", "delivered", "SKI", 1.0),
        ]

    def test_the_release_is_that_of_the_vocabulary(self) -> None:
        known, unknown = TAGGER.tags(article(Subject(None, "medtop", "15000000"), Subject(None, "medtop", "20009999")))
        assert (known.release, unknown.release) == ("2025-03-31", None)

    def test_a_code_that_came_twice_is_one_tag_of_the_higher_relevance(self) -> None:
        given = article(Subject("sport", "medtop", "15000000", 0.2), Subject("sport", "medtop", "15000000", 0.9))
        assert tags(given) == [("medtop:15000000", "delivered", "15000000", 0.9)]


class TestMapped:
    @pytest.mark.parametrize(
        ("code", "topic_id", "confidence"),
        [
            pytest.param("15054000", "medtop:20001065", 0.95, id="the topic that means the same"),
            pytest.param("15054001", "medtop:20001065", 0.8, id="a detail: its subject matter's topic"),
            pytest.param("15003000", "medtop:15000000", 0.8, id="a subject matter that no topic means: its subject's"),
        ],
    )
    def test_an_old_subject_code_is_kept_and_mapped(self, code: str, topic_id: str, confidence: float) -> None:
        assert tags(article(Subject(None, "subj", code))) == [
            (f"subj:{code}", "delivered", code, 1.0),
            (topic_id, "mapped", f"subj:{code}", confidence),
        ]

    @pytest.mark.parametrize("subject", [Subject(None, "subj", "99001000"), Subject(None, "desk", "15054000")])
    def test_what_no_topic_means_is_not_mapped(self, subject: Subject) -> None:
        assert [tag.evidence for tag in TAGGER.tags(article(subject))] == ["delivered"]


class TestPublisher:
    @pytest.mark.parametrize(
        ("name", "topic_id"),
        [
            ("Sport", "medtop:15000000"),
            ("SPORTS", "medtop:15000000"),
            ("Business", "medtop:04000000"),
            ("Economy, Business & Finance", "medtop:04000000"),
            ("Labour", "medtop:09000000"),
            ("trial", "medtop:20000111"),
            ("Trials", "medtop:20000111"),
        ],
    )
    def test_a_tag_of_a_topics_name_is_the_topic(self, name: str, topic_id: str) -> None:
        assert tags(article(name)) == [(topic_id, "publisher", name, 0.8)]

    @pytest.mark.parametrize(
        ("name", "topic_id"),
        [
            ("Harbour Works", "tag:harbour-works"),
            ("harbour_works!", "tag:harbour-works"),
            ("Straßenbahn", "tag:strassenbahn"),
            ("ｷｬﾝﾌﾟ 東京", "tag:キャンプ-東京"),
        ],
    )
    def test_another_tag_is_its_slug(self, name: str, topic_id: str) -> None:
        assert tags(article(name)) == [(topic_id, "publisher", name, 0.5)]

    @pytest.mark.parametrize("name", ["News", "HOME", "latest", "À la une", "Nachrichten", "2026", "—", " ", "x" * 61])
    def test_boilerplate_is_no_topic(self, name: str) -> None:
        assert tags(article(name, section=name)) == []

    def test_each_part_of_a_section_is_a_name(self) -> None:
        assert [tag[0] for tag in tags(article(section="News > Sport / Curling"))] == ["medtop:15000000", "tag:curling"]

    def test_a_publisher_that_tags_everything_is_stopped(self) -> None:
        assert len(tags(article(*(f"word {n}" for n in range(50))))) == MAX_PUBLISHER_TAGS


class TestRule:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            pytest.param(
                article(title="Goalkeeper sold"), [("medtop:20001065", "goalkeeper", 0.7)], id="one in the title"
            ),
            pytest.param(article(text="A goalkeeper spoke."), [], id="one in the text is in passing"),
            pytest.param(
                article(text="The goalkeeper saved. Two penalties; a goalkeeper."),
                [("medtop:20001065", "goalkeeper, penalties", 0.7)],
                id="two in the text",
            ),
            pytest.param(
                article(title="Goalkeeper sold", text="A penalty."),
                [("medtop:20001065", "goalkeeper, penalty", 0.7)],
                id="the words of both",
            ),
            pytest.param(
                article(title="Cup final: goalkeeper hurt"),
                [("medtop:20001065", "cup final", 0.9)],
                id="the surest rule",
            ),
            pytest.param(article(text="A cup final. The cup final."), [], id="a rule on the title reads that alone"),
            pytest.param(article(title="Goalkeeper", language="de"), [], id="another language"),
            pytest.param(
                article(title="Goalkeeper", language=None),
                [("medtop:20001065", "goalkeeper", 0.7)],
                id="unknown language",
            ),
            pytest.param(article(section="Deportes"), [("medtop:15000000", "deportes", 0.8)], id="section"),
            pytest.param(article("Streik", language="de"), [("medtop:09000000", "streik", 0.8)], id="tag"),
            pytest.param(article(url="https://a.example/sport/1"), [("medtop:15000000", "/sport/", 0.6)], id="url"),
        ],
    )
    def test_the_words_that_matched_are_the_detail(
        self, given: LinkInput, expected: list[tuple[str, str, float]]
    ) -> None:
        assert [(t.topic_id, t.detail, t.confidence) for t in TAGGER.tags(given) if t.evidence == "rule"] == expected


def test_one_topic_with_three_kinds_of_evidence_has_three_tags() -> None:
    given = article(Subject(None, "medtop", "15000000"), "Sports", url="https://a.example/sport/1")
    assert TAGGER.tags(given) == [
        Tag("a1", "medtop:15000000", "delivered", "15000000", 1.0, "2025-03-31"),
        Tag("a1", "medtop:15000000", "publisher", "Sports", 0.8, "2025-03-31"),
        Tag("a1", "medtop:15000000", "rule", "/sport/", 0.6, "2025-03-31"),
    ]


class TestTopicsThatTheVocabularyLacks:
    @pytest.mark.parametrize(
        ("subject", "expected"),
        [
            (Subject("earnings", "reuters21578", "earn"), Topic("reuters21578:earn", "earnings")),
            (Subject(None, "reuters21578", "earn"), Topic("reuters21578:earn", None)),
            (Subject("Harbour Works"), Topic("tag:harbour-works", "harbour works")),
            (Subject("HARBOUR-WORKS"), Topic("tag:harbour-works", "harbour works")),
            (Subject("sport", "medtop", "15000000"), None),
            (Subject("Sports"), None),
            (Subject("News"), None),
            (Subject(), None),
        ],
    )
    def test_get_a_row(self, subject: Subject, expected: Topic | None) -> None:
        assert TAGGER.topic_of_subject(subject) == expected

    def test_every_topic_of_an_article_has_a_row_or_is_known(self) -> None:
        given = article(
            Subject(None, "subj", "15054000"), "Curling", "Ice", "Sport", section="Towns/Curling", title="Cup final"
        )
        rows = {topic.id for topic in [*TOPICS, *TAGGER.topics_named(given)]}
        assert {tag.topic_id for tag in TAGGER.tags(given)} <= rows
