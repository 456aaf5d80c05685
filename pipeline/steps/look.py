"""Looks and small acts that are no run: an article explained, a vocabulary taken in."""

from pathlib import Path

from pipeline.errors import UsageError
from pipeline.settings import Settings
from pipeline.topics.vocabulary import read_iptc
from pipeline.warehouse import topics as topic_verbs
from pipeline.warehouse.engine import Warehouse
from pipeline.warehouse.explain import ExplainedArticle, explain
from pipeline.warehouse.reading import reading


def explain_article(published: Path, what: str) -> list[ExplainedArticle]:
    """What the published file knows of an article: so it can be asked while a run goes on."""
    if not published.is_file():
        raise UsageError(f"There is no published file {published} yet. Run `dateline nightly` first.")
    with reading(published) as conn:
        return explain(conn, what)


def import_vocabulary(settings: Settings, body: bytes) -> int:
    """Takes the topics of a vocabulary into the warehouse; how many it has. Raises `WarehouseBusy` during a run."""
    topics = read_iptc(body)
    settings.data.mkdir(parents=True, exist_ok=True)
    with Warehouse(settings.warehouse_path, "import") as warehouse, warehouse.begin() as conn:
        topic_verbs.record_topics(conn, topics)
    return len(topics)
