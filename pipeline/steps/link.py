"""link: topics with their evidence, near-duplicates, stories. What it made is remade when code, rules or vocabulary are
other than those that made it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline import __version__
from pipeline.settings import PROJECT
from pipeline.steps.run import Run
from pipeline.steps.trace import trace_copies, trace_recalled
from pipeline.topics.stories import group, sign, verify
from pipeline.topics.tags import Tagger
from pipeline.topics.vocabulary import read_rules_csv, read_topics_csv, rules_version
from pipeline.types import StoryEdge
from pipeline.warehouse import stories as story_verbs
from pipeline.warehouse import topics as topic_verbs

SEEDS = PROJECT / "sql" / "seeds"
LINK_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Linker:
    """The tagger of one vocabulary and one set of rules, and the code that says which."""

    tagger: Tagger
    code: str


def open_linker(run: Run) -> Linker:
    """The seeds of `sql/seeds` and the vocabularies that were imported, ready to tag."""
    seeded = read_topics_csv((SEEDS / "topics.csv").read_text("utf-8"))
    with run.warehouse.begin() as conn:
        imported = [topic for topic in topic_verbs.load_topics(conn) if topic.release]
        topics = sorted({topic.id: topic for topic in [*seeded, *imported]}.values(), key=lambda topic: topic.id)
        topic_verbs.record_topics(conn, topics)
    rules = read_rules_csv((SEEDS / "topic_rules.csv").read_text("utf-8"), topics)
    return Linker(Tagger(topics, rules), f"{__version__}:{rules_version(topics, rules)}")


def link_batch(run: Run, linker: Linker) -> int:
    """Topics, stories and copies of the next articles that ask for them; how many there were. 0 when none is left, and
    the copies of recalled stories are known too.
    """
    with run.warehouse.begin() as conn:
        articles = topic_verbs.articles_to_link(conn, linker.code, limit=LINK_BATCH)
    if not articles:
        trace_recalled(run, linker.code)
        return 0
    ids = [article.article_id for article in articles]
    tags = [tag for article in articles for tag in linker.tagger.tags(article)]
    named = {topic for article in articles for topic in linker.tagger.topics_named(article)}
    signatures = [signature for article in articles if (signature := sign(article))]
    with run.warehouse.begin() as conn:
        topic_verbs.record_topics(conn, list(named))
        topic_verbs.record_links(conn, articles=articles, tags=tags, signatures=signatures, linked_code=linker.code)
        pairs = sorted(story_verbs.near_pairs(conn, signatures))
        texts = {article.article_id: article.text for article in articles}
        texts |= story_verbs.texts_of(conn, {article_id for pair in pairs for article_id in pair} - texts.keys())
        story_verbs.record_edges(conn, ids, verified_edges(pairs, texts))
        members, edges = story_verbs.component_of(conn, ids)
        story_verbs.record_members(conn, group(members, edges))
    trace_copies(run, ids, pairs)
    return len(articles)


def verified_edges(pairs: Sequence[tuple[str, str]], texts: Mapping[str, str]) -> list[StoryEdge]:
    """The pairs of which one's text holds the other's; that they share a band only made them candidates."""
    edges = [verify((a, texts[a]), (b, texts[b])) for a, b in pairs if a in texts and b in texts]
    return [edge for edge in edges if edge]
