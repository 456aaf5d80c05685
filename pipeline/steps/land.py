"""land: articles into the warehouse, each with the decision that all versions of it, stored and new, ask for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from pipeline.articles.chains import chain_roots
from pipeline.articles.revisions import decide_revisions
from pipeline.articles.versions import article_id_of
from pipeline.steps.reread import read_again
from pipeline.steps.run import Run
from pipeline.types import Article, Revision, VersionState, WireLink
from pipeline.warehouse import articles as article_verbs
from pipeline.warehouse import boilerplate as boilerplate_verbs
from pipeline.warehouse import chains as chain_verbs
from pipeline.warehouse import recalls as recall_verbs
from pipeline.warehouse.engine import Connection

LANDING_BATCH = 5000


def land(run: Run, articles: Sequence[Article]) -> None:
    """Lands the articles, revisions of one story as one article."""
    join_chains(run, wire_links(articles))
    by_article: dict[str, list[Article]] = {}
    for article in articles:
        by_article.setdefault(article.article_id, []).append(article)
    ids = list(by_article)
    for start in range(0, len(ids), LANDING_BATCH):
        land_batch(
            run, [article for article_id in ids[start : start + LANDING_BATCH] for article in by_article[article_id]]
        )


def land_batch(run: Run, articles: Sequence[Article], *, is_restoring: bool = False) -> None:
    """The batch in one transaction; then the content of those that stand again after a withhold."""
    with run.warehouse.begin() as conn:
        chains = chain_verbs.links_around(conn, {(a.source_id, a.revision_id) for a in articles if a.revision_id})
        articles = in_their_chains(articles, chains)
        article_verbs.forget_other_readings(conn, articles)
        ids = {article.article_id for article in articles}
        revisions = decide(conn, ids, chains, articles)
        counts = article_verbs.record_articles(conn, articles, revisions, run.now, is_restoring=is_restoring)
        boilerplate_verbs.record_sightings(conn, articles)
        wiped = [] if is_restoring else recall_verbs.versions_to_restore(conn, ids)
    for source_id, by_decision in counts.items():
        for what, count in by_decision.items():
            run.tally.add(source_id, what, count)
    if wiped:
        land_batch(run, list(read_again(run, wiped).values()), is_restoring=True)


def restore_versions(run: Run) -> None:
    """Gives back the content of versions that stand again, where a run was killed before it had."""
    with run.warehouse.begin() as conn:
        wiped = recall_verbs.versions_to_restore(conn)
    if wiped:
        land_batch(run, list(read_again(run, wiped).values()), is_restoring=True)


def decide(
    conn: Connection, article_ids: Collection[str], links: Iterable[WireLink], new: Iterable[Article] = ()
) -> list[Revision]:
    """The decisions on every version of these articles, those on record and the new ones."""
    versions: dict[str, list[VersionState]] = {article_id: [] for article_id in article_ids}
    for article_id, stored in article_verbs.version_states(conn, list(versions)).items():
        versions[article_id] += stored
    for article in new:
        versions[article.article_id].append(state_of(article))
    of_articles: dict[str, list[WireLink]] = {}
    links = list(links)
    roots = chain_roots(links)
    for link in links:
        article_id = article_id_of(link.source_id, wire_id=roots[link.source_id, link.wire_id], canonical=None)
        of_articles.setdefault(article_id, []).append(link)
    return [
        revision
        for article_id, known in versions.items()
        for revision in decide_revisions(known, article_id, of_articles.get(article_id, ()))
    ]


def state_of(article: Article) -> VersionState:
    return VersionState(
        version_id=article.version_id,
        captured_at=article.captured_at,
        wire_version=article.wire_version,
        version_at=article.version_at,
        status=article.status,
        page_kind=article.page_kind,
        word_count=article.word_count,
        title=article.title,
        note=article.note,
        revision_id=article.revision_id,
    )


# ------------------------------------------------------------------------------------------------ chains


def wire_links(articles: Iterable[Article]) -> list[WireLink]:
    """What these say of earlier revisions, where each revision has an id of its own."""
    return [
        WireLink(article.source_id, article.revision_id, earlier)
        for article in articles
        if article.revision_id
        for earlier in article.replaces
    ]


def join_chains(run: Run, links: Sequence[WireLink]) -> None:
    """Keeps the links, and makes one article of those that they join, as if they had been known from the first."""
    with run.warehouse.begin() as conn:
        new = chain_verbs.record_links(conn, links)
        if not new:
            return
        chains = chain_verbs.links_around(conn, {(link.source_id, link.wire_id) for link in new})
        chain_verbs.move_articles(conn, moves_of(chains))
        ids = article_verbs.articles_of(conn, {article_id for article_id, _ in story_of(chains).values()})
        article_verbs.record_articles(conn, [], decide(conn, ids, chains), run.now)


def story_of(links: Iterable[WireLink]) -> dict[tuple[str, str], tuple[str, str]]:
    """The article and the wire id of the story of each revision (source id, the agency's id) in these chains."""
    return {
        (source_id, revision): (article_id_of(source_id, wire_id=root, canonical=None), root)
        for (source_id, revision), root in chain_roots(links).items()
    }


def moves_of(links: Iterable[WireLink]) -> dict[str, tuple[str, str]]:
    """Where the versions of each revision's own article go: to the article and under the wire id of their story."""
    moves = {
        article_id_of(source_id, wire_id=revision, canonical=None): story
        for (source_id, revision), story in story_of(links).items()
    }
    return {own: story for own, story in moves.items() if own != story[0]}


def in_their_chains(articles: Sequence[Article], links: Sequence[WireLink]) -> list[Article]:
    """The articles, those of a chain under the article and the wire id of their story."""
    stories = story_of(links)
    placed: list[Article] = []
    for article in articles:
        story = stories.get((article.source_id, article.revision_id or ""))
        placed.append(replace(article, article_id=story[0], wire_id=story[1]) if story else article)
    return placed
