"""What to ask for now, and what an answer makes of a feed's or a page's state. Pure: `now` is an argument."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from pipeline.captures.patience import after_quiet, doubled, is_given_up
from pipeline.types import (
    CaptureRef,
    Delivery,
    Entry,
    Failure,
    Feed,
    FeedDocument,
    FeedState,
    PageDue,
    PageResult,
    Poll,
    PollOutcome,
)

Validators = tuple[str | None, str | None]  # ETag, Last-Modified

_DAY = timedelta(days=1)
_LONGEST_BACKOFF = _DAY  # feeds come back from 404 and from "unknown host": none is ever given up
_WINDOW_AT_MOST = timedelta(days=92)
_FRESH_AT_MOST = _DAY

# A nightly run starts seconds sooner or later than the last: a daily feed must not miss a day over that.
_EARLY_SHARE = 0.05
_EARLY_AT_MOST = timedelta(minutes=10)

# After so many failures at the address that a feed had moved to, the catalogue's own is asked again.
_FAILURES_AT_NEW_ADDRESS = 3

# 19.5% of articles change within a week, 81% of those changes come in the first 24 hours. A night's pages take hours,
# and are due when it begins: one that came late in the last night must not miss this one over that.
_NIGHT = _DAY - timedelta(hours=4)
_REVISITS = (_NIGHT, timedelta(days=2) + _NIGHT, timedelta(days=6) + _NIGHT)
_FIRST_PAGE_BACKOFF = timedelta(hours=1)
_ROBOTS_PAUSE = timedelta(days=6) + _NIGHT


# ------------------------------------------------------------------------------------------------ feeds


def feeds_due(feeds: Iterable[Feed], states: Mapping[str, FeedState], now: datetime) -> tuple[list[Feed], list[Feed]]:
    """The feeds to ask now, and those that are not due. A folder is always due: to look into it asks nobody."""
    due: list[Feed] = []
    not_due: list[Feed] = []
    for feed in feeds:
        (due if _is_due(feed, states.get(feed.id), now) else not_due).append(feed)
    return due, not_due


def _is_due(feed: Feed, state: FeedState | None, now: datetime) -> bool:
    if feed.delivery is Delivery.FOLDER or feed.every_s == 0:
        return True
    return state is None or state.next_due_at is None or state.next_due_at <= now


def next_feed_state(
    feed: Feed,
    state: FeedState | None,
    *,
    capture: CaptureRef | None,
    validators: Validators,
    failure: Failure | None,
    moved_to: str | None,
    fresh_until: datetime | None,
    document: FeedDocument | None,
    now: datetime,
    is_continued: bool = False,
) -> tuple[FeedState, Poll]:
    """The feed's state after one look at it, and the look itself.

    A failure of any stage leaves what is known of the feed as it was. No document and no failure is a 304 (or, of a
    folder, nothing new). One that `is_continued` was asked where the answer before said to go on: nothing lies between
    the two, whatever they share. `Poll.new_entries` is not known here.
    """
    state = state or FeedState(feed.id)
    if failure is not None:
        return _failed(feed, state, failure, moved_to, now), _poll(feed, capture, now, PollOutcome.FAILED, failure)
    etag, last_modified = validators
    answered = replace(
        state,
        moved_to=moved_to or state.moved_to,
        last_polled_at=now,
        last_ok_at=now,
        next_due_at=_next_due(feed, fresh_until, now),
        failures_in_row=0,
    )
    if document is None:
        poll = replace(_poll(feed, capture, now, PollOutcome.NOT_MODIFIED), is_overlapping=True)
        # RFC 9110 15.4.5: a 304 repeats the validators; one that does not leaves them as they were.
        return replace(answered, etag=etag or state.etag, last_modified=last_modified or state.last_modified), poll
    ids = tuple(entry.id for entry in document.entries)
    answered = replace(
        answered,
        etag=etag,
        last_modified=last_modified,
        window_ids=state.window_ids if is_continued and not ids else ids,
        last_digest=capture.digest if capture else None,
        cursor=document.cursor,
    )
    look = _look(feed, state, answered, document, _poll(feed, capture, now, PollOutcome.OK))
    return answered, replace(look, is_overlapping=True, is_overrun=False) if is_continued else look


def _poll(
    feed: Feed, capture: CaptureRef | None, now: datetime, outcome: PollOutcome, failure: Failure | None = None
) -> Poll:
    return Poll(
        feed_id=feed.id,
        source_id=feed.source_id,
        polled_at=now,
        outcome=outcome,
        status=capture.status if capture else None,
        capture_id=capture.id if capture else None,
        reason=failure.reason if failure else None,
        detail=failure.detail if failure else None,
    )


def _failed(feed: Feed, state: FeedState, failure: Failure, moved_to: str | None, now: datetime) -> FeedState:
    failures = state.failures_in_row + 1
    pause = doubled(timedelta(seconds=max(feed.every_s, 60)), failures - 1, _LONGEST_BACKOFF)
    is_lost = failures >= _FAILURES_AT_NEW_ADDRESS
    return replace(
        state,
        moved_to=None if is_lost else moved_to or state.moved_to,
        last_polled_at=now,
        next_due_at=after_quiet(now + _early(pause), failure, now),
        failures_in_row=failures,
    )


def _next_due(feed: Feed, fresh_until: datetime | None, now: datetime) -> datetime:
    at = now + _early(timedelta(seconds=feed.every_s))
    return max(at, min(fresh_until, now + _FRESH_AT_MOST)) if fresh_until else at


def _early(pause: timedelta) -> timedelta:
    return pause - min(pause * _EARLY_SHARE, _EARLY_AT_MOST)


def _look(feed: Feed, before: FeedState, after: FeedState, document: FeedDocument, poll: Poll) -> Poll:
    """What one document proves of the time since the last one. A folder keeps what it was given: it proves all."""
    poll = replace(poll, entries=len(document.entries))
    if feed.delivery is Delivery.FOLDER:
        return replace(poll, is_overlapping=True)
    is_same = after.last_digest is not None and after.last_digest == before.last_digest
    is_overlapping = is_same or not set(before.window_ids).isdisjoint(after.window_ids)
    return replace(
        poll,
        window_since=_window_since(document.entries, poll.polled_at),
        is_overlapping=is_overlapping,
        is_overrun=bool(before.window_ids) and bool(after.window_ids) and not is_overlapping,
    )


def _window_since(entries: tuple[Entry, ...], now: datetime) -> datetime | None:
    """From when on a feed shows everything: its oldest entry, where all are dated and stand newest first.

    Never longer ago than a quarter: a feed that reaches back for years is a selection, and its silence proves nothing.
    """
    stamps: tuple[Callable[[Entry], datetime | None], ...] = (lambda e: e.published_at, lambda e: e.updated_at)
    for stamp in stamps:
        dates = [at for at in map(stamp, entries) if at]
        if dates and len(dates) == len(entries) and all(a >= b for a, b in pairwise(dates)):
            return max(dates[-1], now - _WINDOW_AT_MOST)
    return None


# ------------------------------------------------------------------------------------------------ pages


def page_result(
    due: PageDue, *, capture: CaptureRef | None, validators: Validators, failure: Failure | None, now: datetime
) -> PageResult:
    """What came of a page, and when it is asked for again; never where `next_due_at` is None."""
    if failure is None:
        return _landed(due, capture, validators, now)
    is_gone = is_given_up(failure, due.attempts + 1)
    return PageResult(
        source_id=due.source_id,
        url=due.url,
        state="gone" if is_gone else "failed",
        at=now,
        etag=due.etag,
        last_modified=due.last_modified,
        reason=failure.reason,
        next_due_at=None if is_gone else _page_retry(due, failure, now),
    )


def _landed(due: PageDue, capture: CaptureRef | None, validators: Validators, now: datetime) -> PageResult:
    first_at = due.first_at or now
    etag, last_modified = validators
    is_new = capture is not None and capture.status != 304  # a 304 has no body that could stand for the page
    return PageResult(
        source_id=due.source_id,
        url=due.url,
        state="landed",
        at=now,
        capture_id=capture.id if capture and is_new else None,
        etag=etag if is_new else etag or due.etag,
        last_modified=last_modified if is_new else last_modified or due.last_modified,
        next_due_at=next((first_at + after for after in _REVISITS if first_at + after > now), None),
    )


def _page_retry(due: PageDue, failure: Failure, now: datetime) -> datetime:
    if failure.reason == "robots_disallowed":
        return now + _ROBOTS_PAUSE
    return after_quiet(now + doubled(_FIRST_PAGE_BACKOFF, due.attempts, _NIGHT), failure, now)
