"""Looks and small acts that are no run: an article explained, a vocabulary taken in, a list of feeds fetched."""

from pathlib import Path

from pipeline.captures.web import Web, user_agent
from pipeline.errors import CatalogueError, UsageError
from pipeline.settings import Settings
from pipeline.topics.vocabulary import read_iptc
from pipeline.types import CaptureKind, FetchRequest, Secret
from pipeline.urls import split_secrets
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


def fetch_once(settings: Settings, url: str) -> bytes:
    """A list of feeds at an address on the public web. Raises `CatalogueError` with the reason where none came. Nothing
    is stored.
    """
    public, found = split_secrets(url)
    secrets = tuple((name, Secret(value)) for name, value in found)
    request = FetchRequest(CaptureKind.FEED, public, source_id="once", secrets=secrets)
    with Web(user_agent=user_agent(settings.contact), clock=settings.clock, proxy=settings.proxy) as web:
        answer = web.fetch([request])[0]
    if answer.failure and answer.failure.reason == "private_address":
        raise CatalogueError(
            f"{public} is not on the public web, where lists are fetched from: save it, and give the file."
        )
    if answer.failure or not answer.capture:
        why = answer.failure.detail if answer.failure else "no answer"
        raise CatalogueError(f"{public} could not be fetched: {why} Save it by other means, and give the file.")
    return answer.capture.body
