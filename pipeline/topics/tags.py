"""The topics of an article, each with its evidence → Tag.

delivered   a code that came with the article: `<scheme>:<code>`
mapped      the topic that means what a delivered code of another scheme means, such as an old IPTC subject code
publisher   a plain tag or the section, as a topic of the vocabulary where it has that name, else as `tag:<slug>`
rule        a pattern that an analyst wrote
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.text import squash
from pipeline.topics.labels import Labels, section_names
from pipeline.topics.rules import RuleBook
from pipeline.types import LinkInput, Subject, Tag, Topic, TopicRule

MAPPED = 0.95
MAPPED_TO_BROADER = 0.8  # the delivered code is narrower than the topic
PUBLISHER_KNOWN = 0.8
PUBLISHER_OTHER = 0.5
MAX_PUBLISHER_TAGS = 20
MIN_TEXT_MATCHES = 2  # one mention in passing does not make a topic
MAX_DETAIL_WORDS = 5


class Tagger:
    """Finds the topics of articles in a vocabulary and by rules; both are compiled once, and it can be pickled."""

    def __init__(self, topics: Sequence[Topic], rules: Sequence[TopicRule]) -> None:
        self._topics = {topic.id: topic for topic in topics}
        self._labels = Labels(topics)
        self._by_code = {code: topic for topic in reversed(topics) for code in topic.same_as}
        self._rules = RuleBook(rules)

    def tags(self, article: LinkInput) -> list[Tag]:
        """The article's topics: for each topic and kind of evidence the tag of the highest confidence."""
        best: dict[tuple[str, str], Tag] = {}
        for tag in (*self._delivered(article), *self._published(article), *self._ruled(article)):
            held = best.get((tag.topic_id, tag.evidence))
            if held is None or tag.confidence > held.confidence:
                best[tag.topic_id, tag.evidence] = tag
        return list(best.values())

    def topic_of_subject(self, subject: Subject) -> Topic | None:
        """A row for a code or plain tag that the vocabulary lacks; None where it has it or nothing is to be tagged."""
        topic = _topic_of_code(subject) or self._labels.topic(subject.name or "")
        return topic if topic and topic.id not in self._topics else None

    def topics_named(self, article: LinkInput) -> list[Topic]:
        """Rows for all the article's topics that the vocabulary lacks, its section's included; a code that came with
        two names has two.
        """
        subjects = (*article.subjects, *(Subject(name=name) for name in section_names(article.section)))
        return list(dict.fromkeys(topic for subject in subjects if (topic := self.topic_of_subject(subject))))

    def _delivered(self, article: LinkInput) -> Iterator[Tag]:
        for subject in article.subjects:
            if not (topic := _topic_of_code(subject)):
                continue
            relevance = 1.0 if subject.relevance is None else subject.relevance
            yield self._tag(article, topic.id, "delivered", subject.code or "", relevance)
            if mapped := self._mapped(topic.id):
                yield self._tag(article, mapped[0].id, "mapped", topic.id, mapped[1])

    def _mapped(self, topic_id: str) -> tuple[Topic, float] | None:
        """The topic that means the same; for an old subject code also one that means its subject matter or subject.

        IPTC subject codes are SSMMMDDD: subject, subject matter, detail, each narrower than the one before.
        """
        if topic := self._by_code.get(topic_id):
            return topic, MAPPED
        scheme, code = topic_id.split(":", 1)
        if scheme == "subj" and len(code) == 8:
            for broader in (f"subj:{code[:5]}000", f"subj:{code[:2]}000000"):
                if topic := self._by_code.get(broader):
                    return topic, MAPPED_TO_BROADER
        return None

    def _published(self, article: LinkInput) -> list[Tag]:
        tags: dict[str, Tag] = {}
        for name in (*section_names(article.section), *_plain_names(article.subjects)):
            if (topic := self._labels.topic(name)) and topic.id not in tags and len(tags) < MAX_PUBLISHER_TAGS:
                confidence = PUBLISHER_KNOWN if topic.id in self._topics else PUBLISHER_OTHER
                tags[topic.id] = self._tag(article, topic.id, "publisher", squash(name), confidence)
        return list(tags.values())

    def _ruled(self, article: LinkInput) -> Iterator[Tag]:
        """One tag per rule that matches; a rule on text wants one match in the title or two in the text."""
        book = self._rules.for_language(article.language)
        matches = _grouped(book.find("title", article.title or ""))
        for rule, words in _grouped(book.find("text", article.text)).items():
            if rule in matches or len(words) >= MIN_TEXT_MATCHES:
                matches[rule].extend(words)
        for name in section_names(article.section):
            matches.update(_grouped(book.find("section", name)))
        for name in _plain_names(article.subjects):
            matches.update(_grouped(book.find("tag", name)))
        matches.update(_grouped(book.find("url", article.url or "")))
        for rule, words in matches.items():
            detail = ", ".join(list(dict.fromkeys(words))[:MAX_DETAIL_WORDS])
            yield self._tag(article, rule.topic_id, "rule", detail, rule.confidence)

    def _tag(self, article: LinkInput, topic_id: str, evidence: str, detail: str, confidence: float) -> Tag:
        known = self._topics.get(topic_id)
        return Tag(article.article_id, topic_id, evidence, detail, confidence, known.release if known else None)


def _grouped(found: Iterable[tuple[TopicRule, str]]) -> defaultdict[TopicRule, list[str]]:
    groups: defaultdict[TopicRule, list[str]] = defaultdict(list)
    for rule, word in found:
        groups[rule].append(word)
    return groups


def _topic_of_code(subject: Subject) -> Topic | None:
    """The topic that a delivered code is; None for a plain tag."""
    if not subject.scheme or not subject.code:
        return None
    return Topic(f"{subject.scheme}:{subject.code}", subject.name)


def _plain_names(subjects: Iterable[Subject]) -> list[str]:
    return [subject.name for subject in subjects if subject.name and not (subject.scheme and subject.code)]
