"""Ids are made of content and of whom it is for, never of order or place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipeline.types import Capture, CaptureKind, Failure, Stage

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
PAGE = Capture(
    kind=CaptureKind.PAGE,
    source_id="harbour",
    feed_id="harbour/main",
    entry_id="1",
    url="https://news.example/a",
    final_url="https://news.example/a",
    status=200,
    headers=(),
    wire_body=b"text",
    body=b"text",
    captured_at=NOW,
)
OTHERS = {
    "another source": {"source_id": "port"},
    "another feed": {"feed_id": "harbour/sport"},
    "another address": {"url": "https://news.example/b"},
    "another time": {"captured_at": NOW + timedelta(microseconds=1)},
    "another status": {"status": 206},
    "another body": {"body": b"texts"},
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_a_capture_is_another_one_by(change: dict[str, object]) -> None:
    assert replace(PAGE, **change).id != PAGE.id


def test_a_capture_is_the_same_in_any_zone_and_coding() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
    assert replace(PAGE, captured_at=elsewhere, wire_body=b"packed").id == PAGE.id


FAILURE = Failure(Stage.FETCH, "timeout", "No answer.", "https://news.example/a", "harbour", NOW)


def test_each_source_has_its_own_failure_of_one_page() -> None:
    assert replace(FAILURE, source_id="port").id != FAILURE.id


def test_what_cannot_be_fetched_is_one_failure_however_often_it_was_asked_for() -> None:
    assert replace(FAILURE, at=NOW + timedelta(days=1), capture_id="c", detail="Still none.").id == FAILURE.id


def test_what_cannot_be_read_is_a_failure_for_each_of_its_bytes() -> None:
    unread = replace(FAILURE, stage=Stage.PARSE, capture_id="a")
    assert replace(unread, capture_id="b").id != unread.id
