"""trace: which version of an agency's story a paper's article runs, and who still runs one that was recalled."""

from collections import defaultdict
from collections.abc import Collection

from pipeline.steps.reread import read_again
from pipeline.steps.run import Run
from pipeline.topics.lineage import trace_copy
from pipeline.topics.stories import sign
from pipeline.types import Article, LinkInput, RunText, Signature, VersionPlace
from pipeline.warehouse import lineage as verbs
from pipeline.warehouse import stories as story_verbs


def trace_copies(run: Run, article_ids: Collection[str], pairs: Collection[tuple[str, str]]) -> None:
    """Keeps the copies in which these articles have a part; `pairs` are the articles that share a band with them.

    The text of a recalled story is read out of the archive for the comparison, and kept nowhere.
    """
    with run.warehouse.begin() as conn:
        candidates = verbs.copy_candidates(conn, article_ids, pairs)
        papers = verbs.standing_texts(conn, {copy for _, copy in candidates})
    versions = versions_of(run, {story for story, _ in candidates})
    found = [trace_copy(papers[copy], versions[story]) for story, copy in candidates if copy in papers]
    with run.warehouse.begin() as conn:
        verbs.record_copies(conn, article_ids, [copy for copy in found if copy])


def versions_of(run: Run, article_ids: Collection[str]) -> dict[str, list[RunText]]:
    """All usable versions of these articles, those that were wiped out of the archive."""
    with run.warehouse.begin() as conn:
        texts, wiped = verbs.texts_of_versions(conn, article_ids)
    by_article: dict[str, list[RunText]] = defaultdict(list)
    for text in texts:
        by_article[text.article_id].append(text)
    again = read_again(run, wiped) if wiped else {}
    for place in wiped:
        if article := again.get(place.version_id):
            by_article[place.article_id].append(run_text(place, article))
    return by_article


def run_text(place: VersionPlace, article: Article) -> RunText:
    """The version as it is compared, under the ids that it has on record."""
    return RunText(
        article_id=place.article_id,
        version_id=place.version_id,
        at=article.version_at or article.published_at,
        seen_at=article.captured_at,
        text=article.text or "",
        authors=article.authors,
        agency=article.agency,
        canonical_url=article.canonical_url,
    )


def trace_recalled(run: Run, linked_code: str) -> int:
    """Looks for the copies of recalled stories that no run has looked for; how many stories it was.

    The signature of such a story is kept, from which nothing can be read, so that copies that come later are found.
    """
    with run.warehouse.begin() as conn:
        last_versions = verbs.recalled_to_trace(conn, linked_code)
    if not last_versions:
        return 0
    signatures = [
        signature
        for texts in versions_of(run, last_versions).values()
        for text in texts
        if text.version_id == last_versions[text.article_id] and (signature := signature_of(text))
    ]
    with run.warehouse.begin() as conn:
        story_verbs.record_signatures(conn, list(last_versions), signatures)
        pairs = story_verbs.near_pairs(conn, signatures)
    trace_copies(run, list(last_versions), pairs)
    with run.warehouse.begin() as conn:
        verbs.mark_traced(conn, last_versions, linked_code)
    return len(last_versions)


def signature_of(text: RunText) -> Signature | None:
    return sign(LinkInput(text.article_id, "", None, None, text.text, None, None, (), text.at or text.seen_at))
