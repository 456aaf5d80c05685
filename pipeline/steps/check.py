"""`sources check --fetch`: each feed fetched once, and what to correct in the catalogue. Nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.captures.web import Web, user_agent
from pipeline.catalogue import propose_corrections
from pipeline.entries.detect import parse_document
from pipeline.settings import Settings
from pipeline.types import BadItem, CaptureKind, Delivery, Feed, FeedDocument, Fetched, FetchRequest, Source
from pipeline.workers import WorkerFailure, Workers

LIMIT_S = 60.0
MEMORY_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """What one feed answered."""

    feed_id: str
    answered: str  # "rss, 20 entries", or why there is none
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadTask:
    body: bytes
    url: str
    content_type: str | None
    timezone: str


def check_feeds(settings: Settings, sources: Sequence[Source]) -> list[Finding]:
    """Each HTTP feed of the catalogue, fetched once and read in a worker that can be killed."""
    pairs = [(source, feed) for source in sources for feed in source.feeds if feed.delivery is Delivery.HTTP]
    requests = [_request(source, feed) for source, feed in pairs]
    with Web(user_agent=user_agent(settings.contact), clock=settings.clock, proxy=settings.proxy) as web:
        fetched = web.fetch(requests)[: len(requests)]
    tasks = [
        ReadTask(answer.capture.body, answer.capture.final_url, answer.capture.header("content-type"), source.timezone)
        for (source, _), answer in zip(pairs, fetched, strict=True)
        if answer.capture and not answer.failure
    ]
    with Workers(settings.workers, LIMIT_S, MEMORY_BYTES) as workers:
        read = iter(workers.run(read_feed, tasks, chunk=4))
    documents = [next(read) if answer.capture and not answer.failure else None for answer in fetched]
    return [
        _finding(source, feed, answer, document)
        for (source, feed), answer, document in zip(pairs, fetched, documents, strict=True)
    ]


def read_feed(task: ReadTask) -> FeedDocument | BadItem:
    return parse_document(task.body, url=task.url, content_type=task.content_type, timezone=task.timezone)


def _request(source: Source, feed: Feed) -> FetchRequest:
    return FetchRequest(
        kind=CaptureKind.FEED,
        url=feed.url,
        source_id=source.id,
        feed_id=feed.id,
        headers=feed.headers,
        secrets=feed.secrets,
        politeness=feed.politeness,
        allow_private=source.allow_private,
    )


def _finding(
    source: Source, feed: Feed, answer: Fetched, document: FeedDocument | BadItem | WorkerFailure | None
) -> Finding:
    if isinstance(document, WorkerFailure):
        document = BadItem(-1, document.reason, document.detail)
    if answer.failure:
        says = answer.failure.detail
    elif isinstance(document, FeedDocument):
        says = f"{document.format}, {len(document.entries)} entries"
    else:
        says = document.detail if document else "no answer"
    return Finding(feed.id, says, tuple(propose_corrections(source, feed, answer, document)))
